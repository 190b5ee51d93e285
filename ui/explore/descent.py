"""Gradient descent where one can see all of it: networks of two parameters, and the engine's ways down their loss."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import plotly

from engine import Network, losses, optimizers, schedules
from figures import palette
from figures.descent import descent
from ui.explore import Pick, Slide, explorer
from ui.prefix import prefix

GRID, EXAMPLES = 45, 64


@dataclass(frozen=True)
class Ground:
    """A network of two parameters and 64 examples: the names of both, their ranges, where descents begin, and from
    where one sees them best."""

    layers: list
    axes: tuple[str, str]
    reach: tuple[tuple[float, float], tuple[float, float]]
    start: tuple[float, float]
    eye: tuple[float, float] = (1.35, -1.35)

    def network(self) -> Network:
        double: Any = np.float64
        return Network({"layers": self.layers}, (1,), dtype=double)


def one(activation: str, bias: bool = True) -> dict:
    return {"kind": "dense", "units": 1, "activation": activation, "bias": bias}


GROUNDS = {
    "valley": Ground([one("linear")], ("w", "b"), ((-1.5, 3.5), (-4, 3)), (-1.0, -3.0)),
    "plateau": Ground([one("sigmoid")], ("w", "b"), ((-6, 10), (-8, 8)), (-4.0, 4.0)),
    "saddle": Ground([one("tanh", False), one("linear", False)], ("w", "v"), ((-2.2, 2.2), (-2.2, 2.2)), (0.05, 2.0),
                     (1.35, 1.35)),
}
NAMES = (("valley", "A valley: a line w·x + b"), ("plateau", "A plateau: σ(w·x + b)"),
         ("saddle", "Two valleys and a saddle: v·tanh(w·x)"))


@cache
def examples(ground: str) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (64, 1), and targets that the network can nearly reach."""
    rng = np.random.default_rng(3)
    x = rng.uniform(0, 3, (EXAMPLES, 1)) if ground == "valley" else rng.uniform(-2, 2, (EXAMPLES, 1))
    truth = {"valley": 1.2 * x - 0.8, "plateau": 1 / (1 + np.exp(-4 * x + 2)), "saddle": np.tanh(1.5 * x)}[ground]
    return x, truth + rng.normal(0, 0.25 if ground == "valley" else 0.1, x.shape)


@cache
def surface(ground: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both parameters' values and the loss on all examples over them, cut off where it soars."""
    about, (x, y) = GROUNDS[ground], examples(ground)
    net, (a, b) = about.network(), (np.linspace(*reach, GRID) for reach in about.reach)
    mse: Any = losses["mse"]
    found = np.empty((GRID, GRID))
    for row in range(GRID):
        for column in range(GRID):
            net.theta[...] = a[column], b[row]
            found[row, column] = mse(net.forward(x, copy=False), y)[0]
    net.theta[...] = about.start
    return a, b, np.minimum(found, max(np.quantile(found, 0.8), 1.1 * mse(net.forward(x), y)[0]))


def way(ground: str, kind: str, lr: float, batch: int, steps: int, schedule: dict | str = "constant", every: int = 1,
        **knobs) -> dict:
    """A descent's places and losses, at `every` step: so many steps of an optimizer on batches of so many examples."""
    about, (x, y), rng = GROUNDS[ground], examples(ground), np.random.default_rng(1)
    net, optimizer, order = about.network(), optimizers.lookup(kind)(lr=lr, **knobs), np.zeros(0, int)
    loss: Any = losses["mse"]
    bend: Any = schedules.build(schedule)
    net.theta[...] = about.start
    places = [net.theta.copy()]
    for step in range(steps):
        if len(order) < batch:                                                  # another pass, in another order
            order = rng.permutation(EXAMPLES)
        rows, order = order[:batch], order[batch:]
        _, dy = loss(net.forward(x[rows]), y[rows])
        net.backward(dy)
        optimizer.step(net.theta, net.grad, lr * bend.factor(step * batch / EXAMPLES))
        if not np.abs(net.theta).max() < 1e6:
            break
        if (step + 1) % every == 0:
            places.append(net.theta.copy())
    values = []
    for place in places:
        net.theta[...] = place
        values.append(loss(net.forward(x), y)[0])
    return {"a": [p[0] for p in places], "b": [p[1] for p in places], "loss": values}


VIEW = Pick("view", "Look at it as", (("surface", "A surface (drag to turn)"), ("map", "A map")), "surface")
GROUND = Pick("ground", "Loss", NAMES, "valley")
DESCENT = (
    GROUND, VIEW,
    Pick("batch", "A step sees", (("64", "All 64 examples"), ("8", "A mini-batch of 8"), ("1", "One example")), "64"),
    Slide("lr", "Learning rate", 0.001, 10, 0.001, 0.05, log=True),
    Slide("steps", "Steps", 0, 120, 1, 60),
)


def descents() -> None:
    """One descent, with its learning rate, batches and steps."""
    explorer("descent", "plot", DESCENT, one_way,
             "The cross is the start. Drag the learning rate: too small, and the steps are timid; larger, and they "
             "cross the valley from side to side; too large, and they climb out of it.")


def one_way(ground: str, view: str, batch: str, lr: float, steps: float) -> dict:
    """A descent on its surface."""
    found = way(ground, "sgd", lr, int(batch), int(steps)) | {"name": "SGD"}
    least = float(surface(ground)[2].min())
    return drawn(ground, view, [found]) | {"facts": [
        ["w, b" if ground != "saddle" else "w, v", f"{found['a'][-1]:.3f}, {found['b'][-1]:.3f}"],
        ["L, on all examples", f"{found['loss'][-1]:.4g}"], ["least L on this map", f"{least:.4g}"],
        ["examples seen", f"{int(batch) * (len(found['a']) - 1):,}"]]}


def drawn(ground: str, view: str, paths: list[dict]) -> dict:
    a, b, loss = surface(ground)
    return descent(GROUNDS[ground].axes, (a, b), loss, paths, view == "surface", GROUNDS[ground].eye) | {
        "plotly": f"{prefix()}/plotly.js?{plotly.__version__}", "label": "The loss over two parameters, and ways down"}


RACERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam")
RACE = (
    GROUND, Pick("view", VIEW.label, VIEW.options, "map"),
    Slide("lr", "Learning rate of all", 0.001, 3, 0.001, 0.05, log=True),
    Slide("momentum", "Momentum, and Adam's first β", 0.0, 0.99, 0.01, 0.9),
    Slide("steps", "Steps", 0, 200, 1, 60),
)


def race() -> None:
    """Five optimizers from one start."""
    explorer("descent_race", "plot", RACE, many_ways,
             "Every step sees all examples, so nothing here is chance. Momentum overshoots and comes back; RMSProp and "
             "Adam begin with steps of the same length in both directions, however steep each is.")


def many_ways(ground: str, view: str, lr: float, momentum: float, steps: float) -> dict:
    """The ways of five optimizers, and where each has come to."""
    paths = []
    for i, kind in enumerate(RACERS):
        knobs: dict[str, Any] = ({"betas": [momentum, 0.999]} if kind == "adam" else
                                 {"momentum": momentum} if kind in ("momentum", "nesterov") else {})
        paths.append(way(ground, kind, lr, EXAMPLES, int(steps), **knobs)
                     | {"name": optimizers.lookup(kind).label, "color": palette.CLASSES[i]})
    return drawn(ground, view, paths) | {"facts": [[path["name"], f"L = {path['loss'][-1]:.4g}"] for path in paths]}


SHAPES = (
    Pick("kind", "Schedule", tuple((kind, schedules.lookup(kind).label) for kind in schedules), "cosine"),
    Slide("lr", "Learning rate at full", 0.001, 0.3, 0.001, 0.2, log=True),
    Slide("epochs", "Epochs", 5, 60, 1, 40),
)


def shapes() -> None:
    """A schedule's learning rate, and the loss of a descent on single examples with and without it."""
    explorer("schedule", "lines", SHAPES, with_schedule,
             "The valley again, one example a step, 64 steps an epoch. A constant rate keeps jumping about the bottom, "
             "because each example pulls elsewhere; a rate that shrinks lets the jumps die down.")


def with_schedule(kind: str, lr: float, epochs: float) -> dict:
    """Learning rate and excess loss by epoch."""
    knobs = {"cosine": {"length": epochs}, "step": {"every": max(1, epochs / 4)}, "exponential": {"gamma": 0.9},
             "warmup": {"length": max(1, epochs / 4)}}.get(kind, {})
    schedule = {"kind": kind, **knobs}
    bend: Any = schedules.build(schedule)
    rates = [lr * bend.factor(epoch) for epoch in range(int(epochs) + 1)]
    x, y = examples("valley")
    best = np.linalg.lstsq(np.hstack([x, np.ones_like(x)]), y, rcond=None)[1][0] / EXAMPLES
    plain, bent = (way("valley", "sgd", lr, 1, int(epochs) * EXAMPLES, s, every=EXAMPLES)
                   for s in ("constant", schedule))

    def above(path: dict) -> list:
        found = [max(value - best, 1e-9) for value in path["loss"]]
        return found + [None] * (len(rates) - len(found))

    return {"lines": [{"name": "learning rate", "values": rates, "color": palette.CLASSES[2]},
                      {"name": "L above its least, constant rate", "values": above(plain), "color": palette.CLASSES[0]},
                      {"name": "L above its least, with the schedule", "values": above(bent),
                       "color": palette.CLASSES[1]}],
            "at": [str(epoch) for epoch in range(int(epochs) + 1)], "x": "epoch", "y": "rate and loss", "log": True,
            "range": [1e-6, 100],
            "facts": [["the least loss", f"{best:.4f}"],
                      ["above it at the end, constant", f"{plain['loss'][-1] - best:.1e}"],
                      ["with the schedule", f"{bent['loss'][-1] - best:.1e}"]]}
