"""The pictures that a page can watch beside the layers' own views. Each is computed only while a page shows it."""

import numpy as np

from engine import metrics
from engine.evaluation import Parts
from live.protocol import Arrays
from live.watch.observer import Observer
from live.watch.picture import picture
from live.watch.probe import GRID
from live.watch.reliability import reliabilities

EDGES = 20_000            # weights sent for the edges of the diagram, at most
CHANNELS = 24             # feature maps of one layer that the diagram shows
CURVE = 200               # points of a curve that are sent
MEASURED = ("accuracy", "precision", "recall", "f1", "auc", "examples")      # the numbers of "measured"


def quantise(maps: np.ndarray, floor: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    """(P, units) signed values as uint8, 128 for zero, and each unit's scale (the value of 255).

    A unit's scale is its own largest value, but at least `floor` of the layer's, so that a faint unit looks faint.
    """
    maps = np.nan_to_num(maps, nan=0.0, posinf=3e38, neginf=-3e38)
    scale = np.maximum(maps.max(axis=0), -maps.min(axis=0))
    scale = np.maximum(scale, max(floor * float(scale.max(initial=0)), 1e-12)).astype(np.float32)
    return (maps * (127 / scale) + 128.5).astype(np.uint8), scale


@picture("neurons")
def neurons(observer: Observer) -> Arrays:
    """For each layer that answers with vectors, "neurons.<layer>" (units, P) uint8 and its scale (units,).

    Over the input plane P is a square of points, elsewhere one place for each probed example.
    """
    arrays: Arrays = {}
    for name, values in observer.run("many").items():
        if values.ndim != 2 or name == "output" or np.issubdtype(values.dtype, np.integer):
            continue
        if observer.dataset.plane is not None:
            values = values.reshape(GRID // 2, 2, GRID // 2, 2, -1)[:, 0, :, 0].reshape((GRID // 2) ** 2, -1)
        maps, scale = quantise(values)
        arrays |= {f"neurons.{name}": maps.T, f"neurons.{name}.scale": scale}
    return arrays


@picture("maps", of_one=True)
def maps(observer: Observer) -> Arrays:
    """For the example in detail: "maps.<layer>" (C, H, W) of pictures, "steps.<layer>" (F, T) of series, as uint8.

    Of a text T are its own words, without what fills it up.
    """
    if observer.dataset.x_test.ndim == 2 and observer.dataset.vocabulary is None:
        return {}
    arrays: Arrays = {}
    for name, values in observer.run("one").items():
        if name == "output" or values.ndim not in (3, 4) or np.issubdtype(values.dtype, np.integer):
            continue
        kind = "maps" if values.ndim == 4 else "steps"
        if kind == "steps":
            values = values[:, :observer.probe.lengths(name.split(".")[0]).get("step")]
        flat = values[0].reshape(-1, values.shape[-1])[:, :CHANNELS if kind == "maps" else None]
        quantised, scale = quantise(flat, floor=0.2 if kind == "maps" else 1.0)
        shape = (-1, *values.shape[1:-1])                                      # (C, H, W) or (F, T)
        arrays |= {f"{kind}.{name}": quantised.T.reshape(shape), f"{kind}.{name}.scale": scale}
    return arrays


@picture("answer", of_one=True)
def answer(observer: Observer) -> Arrays:
    """What the network says of the example in detail: "answer" and "answer.logits", both (outputs,) or (T, outputs)."""
    logits = observer.run("one")["output"][0]
    return {"answer": observer.task.answers(logits[None])[0].astype(np.float32), "answer.logits": logits}


@picture("series", of_one=True)
def series(observer: Observer) -> Arrays:
    """Of a series, the example in detail: "series" (T, F) in its own units.

    For numbers to predict also "series.forecast" and "series.truth" (outputs,), in the target's own units; the truth of
    a person's own example is empty, since nobody knows it.
    """
    data, probe = observer.dataset, observer.probe
    if data.vocabulary is not None or data.x_test.ndim != 3:
        return {}
    mean, std = (0.0, 1.0) if data.input_scale is None else data.input_scale
    arrays = {"series": (probe.one.x[0] * std + mean).astype(np.float32)}
    if data.task == "regression":
        mean, std = data.target_scale
        forecast = observer.run("one")["output"][0] * std + mean
        truth = probe.one.y.reshape(-1) * std + mean if probe.index >= 0 else np.empty(0)
        arrays |= {"series.forecast": forecast.astype(np.float32),
                   "series.truth": truth.astype(np.float32)}
    return arrays


@picture("saliency", of_one=True)
def saliency(observer: Observer) -> Arrays:
    """Of a picture in detail, how much each pixel counts: "saliency" (H, W), gradient × input of the answer's logit.

    The gradient says how the logit of the likeliest class would change with each pixel (Simonyan et al., 2014); times
    the pixel itself it is what that pixel adds to it (Shrikumar et al., 2016). Summed over colours.
    """
    if observer.dataset.task not in ("binary", "multiclass") or observer.dataset.x_test.ndim != 4:
        return {}
    return {"saliency": observer.share_of_inputs()[0].sum(axis=-1).astype(np.float32)}


@picture("weights")
def weights(observer: Observer) -> Arrays:
    """The matrices and biases that the diagram draws, "weights.<parameter>", as float32."""
    return drawn(observer.network.parameters(), "weights")


@picture("gradients")
def gradients(observer: Observer) -> Arrays:
    """Their gradients on a sample of the training examples, "gradients.<parameter>"."""
    observer.leave("sample")
    return drawn(observer.network.gradients(), "gradients")


def drawn(arrays: Arrays, prefix: str) -> Arrays:
    """Those of the parameters' arrays that the diagram draws as edges: small matrices, and biases."""
    found: Arrays = {}
    total = 0
    for name, value in arrays.items():
        if name.rsplit(".", 1)[1] in ("W", "b") and value.ndim <= 2 and total + value.size <= EDGES:
            found[f"{prefix}.{name}"] = value.astype(np.float32)
            total += value.size
    return found


@picture("boundary")
def boundary(observer: Observer) -> Arrays:
    """What the network answers over the plane: "boundary" (GRID², ) uint8 and, for several classes, "boundary.class".

    Two classes: the logit on a scale that is finest around zero (`squeezed`), so that the page can draw a sharp edge
    between the grid's points. Several: confidence in the likeliest class. Regression: 128 is zero, 255 is one, in the
    target's standardised units.
    """
    if observer.dataset.plane is None:
        return {}
    logits = np.nan_to_num(observer.run("many")["output"], nan=0.0)
    if observer.dataset.task == "binary":
        return {"boundary": squeezed(logits[:, 0])}
    if observer.dataset.task == "multiclass":
        p = observer.task.answers(logits)
        return {"boundary": (p.max(axis=1) * 255).astype(np.uint8), "boundary.class": p.argmax(axis=1).astype(np.uint8)}
    return {"boundary": (np.clip(logits[:, 0], -1, 1) * 127 + 128.5).astype(np.uint8)}


LOGIT = 64.0              # logits beyond this are drawn as this


def squeezed(logits: np.ndarray) -> np.ndarray:
    """Logits as uint8, 128 for zero: sign · ln(1 + |logit|) / ln(1 + LOGIT), which colors.js undoes."""
    size = np.log1p(np.minimum(np.abs(logits), LOGIT)) / np.log1p(LOGIT)
    return (np.sign(logits) * size * 127 + 128.5).astype(np.uint8)


@picture("predictions", in_parts=True)
def predictions(observer: Observer) -> Parts:
    """Of the test examples that the scores are of (`Trainer.tested`), so that the numbers agree: "confusion" (C, C)
    counts, or "predicted" and "true" (N,) in the target's own units.

    Made part by part, by the network of `observer.aside`. Of classes, also how reliable it is (`reliability`).

    Two classes: also the curve "roc.false", "roc.true" (K,), and the numbers of MEASURED.
    """
    data = observer.dataset
    if data.written is not None or not len(data.x_test):
        return {}
    batch, logits = yield from observer.trainer.answering(observer.aside.network)
    if data.task != "regression":
        said = observer.task.classes(logits)
        counts = metrics.confusion(said, batch.y, max(data.outputs, 2))
        sure = yield from reliabilities(observer.aside.network, observer.task, data, observer.trainer.tested, logits)
        return {"confusion": counts.astype(np.int32)} | sure | (two_classes(logits[:, 0], said, batch.y)
                                                                if data.task == "binary" else {})
    mean, std = data.target_scale
    truth = batch.y.reshape(len(batch.y), -1)[:, 0]
    predicted = logits[:, 0] * std + mean
    return {"predicted": predicted.astype(np.float32), "true": (truth * std + mean).astype(np.float32)}


def two_classes(logits: np.ndarray, said: np.ndarray, y: np.ndarray) -> Arrays:
    """The scores that only two classes have."""
    false, true, area = metrics.roc(logits, y)
    shown = np.unique(np.linspace(0, len(false) - 1, min(CURVE, len(false))).round().astype(int))
    measured = [metrics.accuracy(said, y), *metrics.precision_recall_f1(said, y), area, len(y)]
    return {"roc.false": false[shown].astype(np.float32), "roc.true": true[shown].astype(np.float32),
            "measured": np.array(measured)}
