"""The loss around the weights of now, over a plane through the space of all weights, with the run's own way on it."""

from collections.abc import Iterator

import numpy as np

from engine.knobs import Choice, Float, Int
from explain.landscape import Losses, frame, in_slices, random_plane, widest_plane
from live.instruments.question import Question
from live.instruments.registry import Answer, instrument

MOST_PLACES = 80          # of the run's way
AXES = {"random": ("first random direction", "second random direction"),
        "path": ("first principal direction", "second principal direction")}


class Landscape(Question):
    """A plane through the space of weights."""

    directions = Choice("random", AXES, "Directions", "Random ones, or those in which the run has moved most.")
    resolution = Int(31, 21, 41, "Resolution", "Points on each side.", step=10)
    reach = Float(1.0, 0.05, 4.0, "Range", "How far the grid goes, 1 being usual.", scale="log", slider=(0.1, 4.0))
    seed = Int(0, 0, 2**32 - 1, "Seed", "Of the random directions.")


@instrument("landscape", Landscape)
def landscape(run, asked: Landscape) -> Iterator[Answer]:
    """First an answer with the grid lines "a" and "b" (n,), the place of the weights of now, "here" (2,), and the run's
    way, "path" (K, 2) and "path.step" (K,); then slices of the losses (n·n), row by row, and of "path.loss" (K,), each
    with its `start`.
    """
    kind, count, reach = asked.directions, asked.resolution, asked.reach
    trainer = run.trainer
    losses = Losses(trainer)
    steps, thetas = way(run)
    origin = trainer.network.theta.copy()
    plane = random_plane(trainer.network, asked.seed) if kind == "random" else widest_plane(thetas, origin)
    places = plane.shadows(thetas)
    if kind == "random":
        a = b = np.linspace(-reach, reach, count)
    else:
        a, b = frame(places, count, reach)
    yield ({"phase": "plane", "directions": kind, "step": trainer.steps, "share": plane.share, "axes": AXES[kind],
            "examples": len(losses.batch.x), "value": losses.at(origin)},
           {"a": a.astype(np.float32), "b": b.astype(np.float32), "path": places.astype(np.float32),
            "here": plane.shadows(origin[None])[0].astype(np.float32), "path.step": np.array(steps, np.int32)})
    for phase, values in (("losses", losses.over(plane, a, b)), ("path.loss", map(losses.at, thetas))):
        start = 0
        for part in in_slices(values):
            yield {"phase": phase, "start": start}, {phase: part}
            start += len(part)
    yield {"phase": "done"}, {}


def way(run) -> tuple[list[int], np.ndarray]:
    """Steps (K,) of the run, spread over what is kept of it, and the weights (K, P) at each; now among them."""
    kept = {step: snapshot.theta for step, snapshot in run.timeline.spread.items()}
    kept[run.trainer.steps] = run.trainer.network.theta
    steps = sorted(kept)
    if len(steps) > MOST_PLACES:
        steps = [steps[i] for i in np.linspace(0, len(steps) - 1, MOST_PLACES).round().astype(int)]
    return steps, np.stack([kept[step] for step in steps])
