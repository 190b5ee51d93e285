"""A race: several optimizers from one seed, with the same first weights and the same batches."""

import time
from collections.abc import Iterator

import numpy as np

from engine import Diverged, SpecError, Trainer
from engine.knobs import Flag, Int, Stack
from engine.optimizers import optimizers
from explain.landscape import SLICE, Losses, frame, in_slices, widest_plane
from live.instruments.question import Question
from live.instruments.registry import Answer, instrument

MARKS = 60                # points of a racer's curve, and places of its way;
BYTES = 16_000_000        # fewer where one racer's weights would take more than this
GRID = 31


class Racer:
    """One optimizer's run: its trainer, and its weights and losses at the marks that it has passed."""

    def __init__(self, trainer: Trainer, losses: Losses):
        self.trainer, self.losses = trainer, losses
        self.steps: list[int] = []
        self.values: list[float] = []
        self.thetas: list[np.ndarray] = []
        self.fell = ""                                    # why it is out, if it is
        self.note()

    def note(self) -> None:
        theta = self.trainer.network.theta
        self.steps.append(self.trainer.steps)
        self.values.append(self.losses.at(theta))
        self.thetas.append(theta.copy())

    def run_to(self, mark: int) -> Iterator[None]:
        """Step by step up to a mark; out of the race where its numbers grow without bound."""
        try:
            while self.trainer.steps < mark:
                self.trainer.step()
                yield
            self.note()
        except Diverged as error:
            self.fell = f"out at step {error.step:,}: its numbers grew without bound"


class Race(Question):
    """Who races, and how far."""

    racers = Stack((), optimizers, "Racers", "Optimizers with their learning rates.", longest=4)
    steps = Int(200, 10, 2000, "Steps", "How far the race goes.", step=10)
    stop = Flag(False, "Stop", "End the race that runs.")


@instrument("race", Race)
def race(run, asked: Race) -> Iterator[Answer]:
    """Of the racers only kind and learning rate count. The person's own run is not touched.

    Answers: who runs; then each racer's newest "marks" (K, 3) of racer, step and loss; then the plane on which their
    ways differ most, "a", "b", and each racer's "path.<i>" on it; then the losses over it, as for a landscape.
    """
    if asked.stop:
        return
    if not asked.racers:
        raise SpecError("At least one optimizer must race.")
    chosen, steps = [{"kind": racer["kind"], "lr": racer["lr"]} for racer in asked.racers], asked.steps
    racers = [Racer(trainer, Losses(trainer)) for trainer in starters(run, chosen)]
    yield ({"phase": "start", "steps": steps, "racers": [
        {"kind": spec["kind"], "label": optimizers[spec["kind"]].label, "lr": spec["lr"]} for spec in chosen]}, {})
    sent = [0] * len(racers)
    for _ in paced(lap(racers, steps)):
        yield {"phase": "running"}, {"marks": newest(racers, sent)}
    yield {"phase": "running", "fell": [racer.fell for racer in racers]}, {"marks": newest(racers, sent)}
    yield from ground(racers)
    yield {"phase": "done"}, {}


def starters(run, chosen: list[dict]) -> list[Trainer]:
    """A trainer for each of the chosen optimizers; one of the run's own kind takes the run's other settings, too."""
    training, made = run.spec["training"], []
    for spec in chosen:
        own = training["optimizer"] if training["optimizer"]["kind"] == spec["kind"] else {}
        settings = run.spec | {"training": training | {"optimizer": own | spec}}
        made.append(Trainer(settings, run.trainer.dataset))
    return made


def lap(racers: list[Racer], steps: int) -> Iterator[None]:
    """All racers side by side from mark to mark, so that their curves grow together."""
    room = BYTES // max(racers[0].trainer.network.theta.nbytes, 1)
    for mark in np.unique(np.linspace(0, steps, int(np.clip(room, 4, MARKS)) + 1).astype(int))[1:]:
        for racer in racers:
            if not racer.fell:
                yield from racer.run_to(int(mark))


def paced(work: Iterator[None]) -> Iterator[None]:
    """Do the work; yield each time that SLICE seconds of it have passed."""
    began = time.perf_counter()
    for _ in work:
        if time.perf_counter() - began > SLICE:
            yield
            began = time.perf_counter()


def newest(racers: list[Racer], sent: list[int]) -> np.ndarray:
    """Marks (K, 3) that have not been sent yet: racer, step, loss."""
    rows = []
    for i, racer in enumerate(racers):
        rows += [(i, step, value) for step, value in zip(racer.steps[sent[i]:], racer.values[sent[i]:], strict=True)]
        sent[i] = len(racer.steps)
    return np.array(rows, np.float32).reshape(-1, 3)


def ground(racers: list[Racer]) -> Iterator[Answer]:
    """The plane on which the racers' ways differ most, and the loss over it."""
    thetas = np.concatenate([racer.thetas for racer in racers])
    plane = widest_plane(thetas, thetas.mean(axis=0, dtype=np.float64))
    paths = [plane.shadows(np.stack(racer.thetas)) for racer in racers]
    a, b = frame(np.concatenate(paths), GRID)
    yield ({"phase": "plane", "share": plane.share},
           {"a": a.astype(np.float32), "b": b.astype(np.float32),
            **{f"path.{i}": path.astype(np.float32) for i, path in enumerate(paths)}})
    start = 0
    for part in in_slices(racers[0].losses.over(plane, a, b)):
        yield {"phase": "losses", "start": start}, {"losses": part}
        start += len(part)
