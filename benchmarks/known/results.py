"""One function for each known result: trains, and tells what was measured beside what was hoped for."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import datasets
import engine
from benchmarks.known.run import Run
from datasets.text.corpus import corpus
from datasets.text.words import filled_up, is_word, numbers_of
from live.watch.reliability import reliability


@dataclass(frozen=True)
class Result:
    """measured: a name to what was reached. hoped: the same names to what is enough."""

    title: str
    measured: dict[str, float]
    hoped: dict[str, float]
    seconds: float
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether all of it was; of an "excess" or "error" less is better, of everything else more."""
        return all(self.measured[name] <= least if "excess" in name or "error" in name else self.measured[name] >= least
                   for name, least in self.hoped.items())


def trained(name: str, seed: int) -> Run:
    run = Run(name, seed)
    run.train()
    return run


def told(run: Run, measured: dict[str, float], hoped: dict[str, float], note: str = "") -> Result:
    note = note or f"{len(run.data.x_test):,} held out, {run.epochs} epochs"
    return Result(run.recipe.title, measured, hoped, run.seconds, note)


def digits(seed: int = 0) -> Result:
    run = trained("digits", seed)
    return told(run, {"accuracy": run.scores()["accuracy"]}, {"accuracy": 0.98})


def mnist(seed: int = 0) -> Result:
    run = trained("mnist", seed)
    return told(run, {"accuracy": run.scores()["accuracy"]}, {"accuracy": 0.97})


def sentiment(seed: int = 0) -> Result:
    return judged_sentiment(trained("sentiment", seed))


def judged_sentiment(run: Run) -> Result:
    """Precision, recall and F1 are those of the positive class. The errors are those of calibration: of the held-out
    reviews, and of sentences from elsewhere, which are much shorter."""
    logits, _ = run.logits(run.data.x_test, run.data.y_test)
    said, true = logits[:, 0] > 0, run.data.y_test == 1
    precision, recall = (said & true).sum() / said.sum(), (said & true).sum() / true.sum()
    measured = {"accuracy": float((said == true).mean()), "precision": float(precision), "recall": float(recall),
                "F1": float(2 * precision * recall / (precision + recall)),
                "error": calibration_error(run, run.data.x_test, run.data.y_test),
                "error on Rotten Tomatoes": calibration_error(run, *rotten_tomatoes(run.data))}
    return told(run, measured, {"accuracy": 0.873, "F1": 0.873, "error on Rotten Tomatoes": 0.1})


def calibration_error(run: Run, x: np.ndarray, y: np.ndarray) -> float:
    """The expected calibration error on texts x (N, T) of two classes y (N,)."""
    return reliability(run.trainer.task, run.logits(x, y)[0], y)[1]


def rotten_tomatoes(data: engine.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """All sentences of Rotten Tomatoes (N, T) in the words of this data, and their labels (N,)."""
    found, words = corpus("rotten_tomatoes"), data.vocabulary
    real = np.array([is_word(piece) for piece in found.pieces])
    table = np.full(len(real), -1)
    table[real] = numbers_of(filter(is_word, found.pieces), words)
    texts = [table[found.text(i)] for i in range(len(found))]
    x = filled_up((text[text >= 0] for text in texts), len(found), max(map(len, texts)), words.pad)
    return x, found.labels


def names(seed: int = 0) -> Result:
    """Beside the score: of 1,000 names that it invents, how many are new, and how many are nothing but letters."""
    run = trained("names", seed)
    scores, words = run.scores(), run.data.vocabulary
    written = engine.generate(run.trainer.network, np.full((1000, 1), words.start), run.data.input_shape[0],
                              np.random.default_rng(seed), end=words.end, at_least=1)
    invented = [datasets.decode(row, words) for row in written]
    known = {datasets.decode(row, words) for x in (run.data.x_train, run.data.x_test) for row in x}
    measured = {"loss": scores["loss"], "perplexity": scores["perplexity"],
                "new": float(np.mean([name not in known for name in invented])),
                "well formed": float(np.mean([name.isalpha() and name.isascii() for name in invented]))}
    return told(run, measured, {"new": 0.6, "well formed": 1.0}, "for instance " + ", ".join(invented[:6]))


def names_beside_pytorch(seed: int = 0) -> Result:
    """The same network in PyTorch, from the same weights, on the same batches."""
    from benchmarks.known.pytorch import gpt_twin

    run = Run("names", seed)
    train_twin, loss_of_twin = gpt_twin(run)
    run.train()
    ours = run.loss(run.data.x_test, run.data.y_test)
    train_twin()
    theirs = loss_of_twin(run.data.x_test, run.data.y_test)
    return told(run, {"loss": ours, "PyTorch's loss": theirs, "excess": ours / theirs - 1}, {"excess": 0.03})


def blank(seed: int = 0) -> Result:
    """Beside it, what always guessing the commonest word reaches."""
    run = trained("blank", seed)
    _, batch = run.logits(run.data.x_test, run.data.y_test)
    commonest = np.bincount(run.data.x_train[run.data.x_train > 0]).argmax()
    accuracy, unigram = run.scores()["accuracy"], float((batch.y == commonest)[batch.counts].mean())
    return told(run, {"accuracy": accuracy, "commonest word": unigram, "times": accuracy / unigram}, {"times": 3.0})


def dates(seed: int = 0) -> Result:
    """Greedy decoding of every held-out date, compared letter by letter."""
    run = trained("dates", seed)
    x, words = run.data.x_test, run.data.written
    written = engine.greedy(run.trainer.network, x, words.start, words.end, run.data.y_test.shape[1],
                            mask=x != run.data.vocabulary.pad)
    right = [datasets.decode(said, words) == datasets.decode(true, words)
             for said, true in zip(written, run.data.y_test, strict=True)]
    return told(run, {"exact": float(np.mean(right))}, {"exact": 0.98})


RESULTS: dict[str, Callable[[int], Result]] = {function.__name__: function for function in (
    digits, mnist, sentiment, names, names_beside_pytorch, blank, dates)}
