"""The loss around the weights of now, over a plane through the space of all weights, with the run's own way on it."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine import SpecError
from explain.landscape import Losses, frame, in_slices, random_plane, widest_plane
from live.instruments.registry import Answer, instrument

RESOLUTIONS = (21, 31, 41)
REACH = (0.05, 4.0)
MOST_PLACES = 80          # of the run's way
AXES = {"random": ("first random direction", "second random direction"),
        "path": ("first principal direction", "second principal direction")}


@instrument("landscape")
def landscape(run, command: Mapping[str, Any]) -> Iterator[Answer]:
    """directions: "random" (with a `seed`) or "path"; resolution; reach: how far the grid goes, 1 being usual.

    First an answer with the grid lines "a" and "b" (n,), the place of the weights of now, "here" (2,), and the run's
    way, "path" (K, 2) and "path.step" (K,); then slices of the losses (n·n), row by row, and of "path.loss" (K,), each
    with its `start`.
    """
    kind, count, reach, seed = checked(command)
    trainer = run.trainer
    losses = Losses(trainer)
    steps, thetas = way(run)
    origin = trainer.network.theta.copy()
    plane = random_plane(trainer.network, seed) if kind == "random" else widest_plane(thetas, origin)
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


def checked(command: Mapping[str, Any]) -> tuple[str, int, float, int]:
    """(directions, resolution, reach, seed) of a command; SpecError where it asks for something else."""
    kind, count = command.get("directions", "random"), command.get("resolution", 31)
    reach, seed = command.get("reach", 1.0), command.get("seed", 0)
    if not isinstance(kind, str) or kind not in AXES or count not in RESOLUTIONS:
        raise SpecError("A landscape has random directions or those of the path, and 21, 31 or 41 points a side.")
    if isinstance(reach, bool) or not isinstance(reach, int | float) or not REACH[0] <= reach <= REACH[1]:
        raise SpecError(f"The range of a landscape is a number from {REACH[0]} to {REACH[1]:g}.")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise SpecError("The seed of the directions is a whole number from 0.")
    return kind, count, float(reach), seed
