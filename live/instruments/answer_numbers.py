"""From logits to an answer and its loss, in numbers: exponentials, their sum and shares; a sigmoid; or a value."""

import math
from typing import Any

import numpy as np

SHOWN = 10                # classes that are listed, the likeliest first where there are more


def describe_answer(run, logits: np.ndarray) -> dict[str, Any]:
    """The example in detail, of whose `logits` (1, ...) this is the way to the answer. `how` says which way it is.

    softmax: `rows` {name, logit, exp, p, truth}, `rest` for what is not listed, and `sum`; of a text at `place`, the
    last one that counts. sigmoid: `logit` and `p`. number: `rows` {name, value, own, truth} in standardised and own
    units. All: `truth`, `loss` and its formula; truth and loss are None where nobody knows what is true.
    """
    observer, loss = run.observer, run.trainer.loss
    data, one, known = observer.dataset, observer.probe.one, observer.probe.index >= 0
    about = {"loss": loss(logits, *one.targets)[0] if known else None, "loss_label": loss.label,
             "loss_formula": loss.formula}
    if data.task == "regression":
        return about | number(data, logits[0], one.y[0] if known else None)
    if data.task == "binary":
        return about | sigmoid(data, float(logits.reshape(-1)[0]), int(np.ravel(one.y)[0]) if known else None)
    return about | softmax(data, one, logits[0], known)


def number(data, values: np.ndarray, truth) -> dict[str, Any]:
    mean, std = data.target_scale
    truths = [None] * values.size if truth is None else np.ravel(truth)
    rows = [{"name": data.target_name or "answer", "value": float(v), "own": float(v * std + mean),
             "truth": None if t is None else float(t), "truth_own": None if t is None else float(t * std + mean)}
            for v, t in zip(values.ravel(), truths, strict=True)]
    return {"how": "number", "rows": rows[:SHOWN], "mean": float(mean), "std": float(std)}


def sigmoid(data, logit: float, truth: int | None) -> dict[str, Any]:
    names = [*data.class_names, "0", "1"][:2] if len(data.class_names) < 2 else list(data.class_names[:2])
    return {"how": "sigmoid", "logit": logit, "exp": math.exp(min(-logit, 700.0)),
            "p": 1 / (1 + math.exp(min(-logit, 700.0))), "names": names, "truth": truth}


def softmax(data, one, logits: np.ndarray, known: bool) -> dict[str, Any]:
    names = data.written.tokens if data.written is not None else data.class_names
    place = None
    if logits.ndim > 1:                                           # a class at each place of a text: look at the last
        counts = np.flatnonzero(one.counts[0]) if one.counts is not None else np.arange(len(logits))
        place = int(counts[-1]) if len(counts) else len(logits) - 1
        logits = logits[place]
    truth = int(np.ravel(one.y[0])[place or 0]) if known else None
    top = float(logits.max())
    exps = np.exp(logits.astype(np.float64) - top)
    order = np.arange(len(exps)) if len(exps) <= SHOWN else np.argsort(-exps, kind="stable")[:SHOWN]
    if truth is not None and truth not in order:
        order[-1] = truth
    rows = [{"name": names[i] if i < len(names) else str(i), "logit": float(logits[i]), "exp": float(exps[i]),
             "p": float(exps[i] / exps.sum()), "truth": i == truth} for i in map(int, order)]
    left = float(exps.sum() - exps[order].sum())
    return {"how": "softmax", "rows": rows, "top": top, "sum": float(exps.sum()), "place": place, "truth": truth,
            "rest": {"count": len(exps) - len(order), "exp": left, "p": left / float(exps.sum())},
            "own_loss": None if truth is None else -math.log(max(float(exps[truth] / exps.sum()), 1e-300))}
