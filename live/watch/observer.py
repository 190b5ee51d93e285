"""Looking at a run: a second network with the run's weights, forward and backward over fixed probes.

It never touches the training network, its generator or its running statistics, so that watching changes nothing.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import datasets
from engine import Dataset, Network, SpecError, Trainer, View
from engine.evaluation import Parts
from engine.seq2seq import Seq2Seq
from engine.snapshot import Snapshot
from live.protocol import Arrays
from live.watch.background import Background
from live.watch.encoding import DETAILED, encode_view
from live.watch.picture import pictures
from live.watch.probe import Probe

SHARE = 0.08              # at most this share of a run's time goes into any one picture
LONG = 0.02               # seconds of work after which a frame of a run that plays leaves the rest to the next
SCORES = ("train_loss", "test_loss", "train_score", "test_score")
WHOLE = {"matrix", "kernels", "points"}                           # kinds that show weights: no pass is needed


class Throttle:
    """Lets a thing be done at once where it is cheap, and rarely where it costs much."""

    def __init__(self, cost: float = 0.0):
        self.cost, self.spent, self.done_at = cost, 0.0, -1e9

    def due(self, now: float) -> bool:
        return now - self.done_at >= self.cost / SHARE

    def done(self, now: float) -> None:
        """It is done, at the cost of what was spent on it."""
        self.done_at, self.cost, self.spent = now, self.spent, 0.0


class Observer:
    """A second network that follows the trainer's weights and looks at a probe."""

    def __init__(self, trainer: Trainer):
        self.trainer, self.task = trainer, trainer.task
        self.follow()
        self.set_data(trainer.dataset)
        self._outdated = 0                                # rows of the history that do not tell how it is now
        self._rows = 0                                    # rows that the scores have been taken from

    def follow(self) -> None:
        """The trainer has another network with the same weights: layers were frozen, units switched off."""
        self.network = self.trainer.network.copy()
        self.aside = Background(self.trainer.network.copy())
        self.version = 0                                  # of the weights that are looked at
        self.layers = dict(self.network.named_layers())
        self._passes: dict[str, Arrays] = {}              # what the layers answered belonged to the one before
        self._last = ""
        self.outdate()

    def set_data(self, dataset: Dataset) -> None:
        """Take the probes from other data."""
        self.dataset, self.probe = dataset, Probe(dataset)
        self._throttles: dict[str, Throttle] = {}
        self._news: dict[str, Any] = {}
        self._scores: dict[str, float] = {}
        self.aside.forget()
        self.outdate()
        self._passes = {}
        self._began = time.thread_time()                  # of the work for the frame that is being made
        self._last = ""
        self._kinds: dict[str, str] = {}                  # of the views that were asked for
        self.hurry = False                                # another example is looked at: its pictures come first
        self.unfinished = False                           # something that is watched is not ready for these weights

    def look_at(self, command: Mapping, spec: dict) -> None:
        """Look at the test example "index", or at the person's "own"; what can't be used leaves a sentence."""
        index, own = command.get("index"), command.get("own")
        trouble = ""
        try:
            if isinstance(index, int):
                self.probe.choose(index)
            elif own is not None:
                self.probe.choose_own(datasets.encode_input(spec["data"], own, spec["seed"]),
                                      own if self.dataset.plane else None)
        except SpecError as error:
            trouble = str(error)
        self._news = {"probe": self.probe.describe(), "probe_trouble": trouble}
        self.hurry = True

    def news(self) -> dict[str, Any]:
        """What the page must hear once about the example that is looked at."""
        news, self._news = self._news, {}
        return news

    def observe(self, names: list[str], playing: bool, source: Network | Seq2Seq | None = None) -> Arrays:
        """The arrays of the named pictures ("boundary") and views ("view:0.W"), for the weights as they are now.

        While the run plays, a picture that costs much is left out of most frames; the one that was made longest ago
        comes first. Those of many examples get a part of theirs at the end: as long as one is not ready for these
        weights, `unfinished` says so. In a hurry, only those of the example in detail are made, all at once, so that
        none is of another example; the others have their turn in the next frame.
        """
        self.look(source or self.trainer.network)
        arrays: Arrays = {}
        with np.errstate(all="ignore"):
            for name in sorted(names, key=self.turn):
                throttle, now, began = self._throttles[name], time.perf_counter(), time.thread_time()
                if self.hurry and not self.of_one(name):
                    continue
                if playing and not self.hurry and not (throttle.due(now) and (self.short() or in_parts(name))):
                    continue
                found = self.make(name)
                throttle.spent += time.thread_time() - began
                if found is not None:
                    arrays |= found
                    throttle.done(now)
        return arrays

    def look(self, source: Network | Seq2Seq | Snapshot) -> None:
        """Take over the weights of a network, or of a moment, and begin the work for a frame."""
        if not all(np.array_equal(mine, its) for mine, its in ((self.network.theta, source.theta),
                                                               (self.network.state, source.state))):
            self.network.load_state(source)
            self.version += 1
        self._passes, self.unfinished = {}, False
        self._began = time.thread_time()

    def turn(self, name: str) -> tuple[bool, float]:
        """When a picture's turn in a frame is: those that have waited longest come first, long ones at the end."""
        return in_parts(name), self._throttles.setdefault(name, Throttle()).done_at

    def make(self, name: str) -> Arrays | None:
        """The arrays of a picture or view; None of one that is not finished yet."""
        if name.startswith("view:"):
            return self.view(name.removeprefix("view:"))
        if in_parts(name):
            found = self.find(name, lambda: pictures[name].make(self))
            return found and found[1]
        return pictures[name].make(self)

    def find(self, name: str, begin: Callable[[], Parts], whole: bool = False) -> tuple[int, dict] | None:
        """What is asked of many examples and of which weights: if not `whole`, no more than there is time for."""
        enough = None if whole else lambda: not self.short()
        found = self.aside.find(name, begin, self.network, self.version, enough)
        self.unfinished = self.unfinished or found is None or found[0] != self.version
        return found

    def short(self) -> bool:
        """Whether there is time for more in this frame."""
        return time.thread_time() - self._began < LONG

    def of_one(self, name: str) -> bool:
        """Whether a picture or a view shows the example in detail."""
        if name.startswith("view:"):
            return self._kinds.get(name, "maps") in DETAILED
        return pictures[name].of_one

    # -- passes ------------------------------------------------------------------------------------------------------

    def run(self, which: str, backward: bool = False) -> Arrays:
        """What every layer answers to a part of the probe ("many", "one", "sample"), by the layer's name.

        "input" is what goes in, "output" the logits. Run once a frame and part; with `backward`, gradients are left
        in the network.
        """
        key = f"{which} backward" if backward else which
        if key not in self._passes:
            batch = getattr(self.probe, which)
            logits = self.network.forward(batch.x, **batch.inputs)
            if backward:
                _, dlogits = self.trainer.loss(logits, *batch.targets)
                self.network.backward(dlogits)
            self._passes[key] = {"input": batch.x, "output": logits} | {
                name: layer.a for name, layer in self.layers.items()}
            self._last = key
        return self._passes[key]

    def leave(self, which: str) -> Arrays:
        """The same with `backward`, and it is this part whose numbers the layers and gradients hold afterwards."""
        if self._last != f"{which} backward":             # another pass has left other numbers in the layers
            self._passes.pop(f"{which} backward", None)
        return self.run(which, backward=True)

    def share_of_inputs(self) -> np.ndarray:
        """Gradient × input of the example in detail, shaped as it is: of the logit of its likeliest class."""
        logits = self.run("one")["output"]
        toward = np.zeros_like(logits)
        likeliest = int(self.task.classes(logits)[0])
        toward[0, likeliest if logits.shape[1] > 1 else 0] = 1 if likeliest or logits.shape[1] > 1 else -1
        one = self.probe.one
        self.network.forward(one.x, **one.inputs)          # another pass may have left other numbers in the layers
        dx = self.network.backward(toward)
        self._last = "one saliency"
        return dx * one.x

    def views(self) -> list[View]:
        """Everything that the network's layers can show, after one pass."""
        self.run("one", backward=True)
        return self.network.views()

    def view(self, name: str) -> Arrays:
        """One of the layers' own views as "view:<name>", float32; histograms as counts with their range."""
        found = next((view for view in self.views() if view.name == name), None)
        if found is None:
            return {}
        self._kinds[f"view:{name}"] = found.kind
        if found.kind not in WHOLE:
            self.leave("one" if found.kind in DETAILED else "sample")
        return encode_view(found, self.probe.lengths(name.split(".")[0]))

    # -- scores ------------------------------------------------------------------------------------------------------

    def outdate(self) -> None:
        """What the history says of this step is of other weights, another network, loss or data."""
        self._outdated, self._scored = len(self.trainer.history), -1

    def scores(self, playing: bool) -> dict[str, float]:
        """Loss and score of both splits, as the history has them (`Trainer.evaluate`): from there if it has a row of
        this step, or a new one where an evaluation costs much; else evaluated anew, while the run plays as often as
        that costs little."""
        throttle = self._throttles.setdefault("scores", Throttle(self.trainer.evaluation_took))
        now, began = time.perf_counter(), time.thread_time()
        rows, row = len(self.trainer.history), self.trainer.history.last()
        news = playing and throttle.cost > LONG and rows != self._rows
        if rows > self._outdated and (news or row["step"] == self.trainer.steps):
            self._scores, self._rows, self._scored = {name: row[name] for name in SCORES}, rows, self.version
            throttle.done_at = now
        elif not self._scores or (self._scored != self.version and not self.hurry
                                  and (not playing or throttle.due(now))):
            with np.errstate(all="ignore"):
                found = self.find("scores", lambda: self.trainer.evaluating(self.aside.network), not self._scores)
            throttle.spent += time.thread_time() - began
            if found is not None:
                self._scored, splits = found
                self._scores = {f"{split}_{name}": value for split, scores in splits.items()
                                for name, value in (("loss", scores["loss"]), ("score", scores[self.task.metric]))}
                throttle.done(now)
        return self._scores


def in_parts(name: str) -> bool:
    """Whether a picture is made over several frames; a layer's view never is."""
    return name in pictures and pictures[name].in_parts
