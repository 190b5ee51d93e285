"""What is wrong with a run, where, why, and what would help: a table of checks over numbers that were measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.paths import at
from explain.cures import Cures
from explain.remedies import (
    Remedy,
    adam,
    adaptive,
    bend,
    calmer,
    clipping,
    faster,
    from_the_beginning,
    hidden,
    learning_rate,
    start,
    stopping,
    straighten,
)

DEAD = 0.25               # share of a layer's units that answer zero to everything
SATURATED = 0.6           # share of answers on the flat parts of a function
VANISHED = 1e-3           # gradient of a first layer relative to the last one's, per weight; through time: of the steps
EXPLODED = 100.0          # length of the whole gradient
FAST, SLOW = 0.2, 1e-5    # an update relative to the weights it changes: a thousandth is usual
STILL = 0.01              # of its value: a loss that falls by less, over half of the run, stands still
APART = 1.3               # test loss relative to its best so far, and to the train loss
ROOTS = ("diverged", "alike")
ROWS = 20                 # evaluations that must be there before a curve says anything


@dataclass(frozen=True)
class LayerHealth:
    """What was measured of one layer; `spec` is its place in the run's network, None for the task's output layer.

    slope: gradient per weight that has one (its length over the root of their count). ratio: planned update relative
    to the weights. dead, flat: shares of units and of answers. through_time: gradient of the first step relative to
    the largest.
    """

    name: str
    title: str
    spec: list | None = None
    slope: float = float("nan")
    ratio: float = float("nan")
    dead: float = 0.0
    units: int = 0
    flat: float = 0.0
    through_time: float | None = None


@dataclass(frozen=True)
class Measured:
    """A run as the checks see it: its spec, its layers in order, its history, and if it has left the finite numbers,
    what cures it."""

    spec: dict
    layers: list[LayerHealth]
    step: int = 0
    lr: float = 0.0
    gradient: float = 0.0
    examples: int = 0
    diverged: bool = False
    cures: Cures | None = None
    train_loss: np.ndarray = field(default_factory=lambda: np.zeros(0))
    test_loss: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Finding:
    kind: str
    title: str
    where: str
    why: str
    remedies: list[Remedy]


Check = Callable[[Measured], Iterator[tuple[str, str, list[Remedy]]]]
checks: dict[str, tuple[str, Check]] = {}


def check(kind: str, title: str) -> Callable[[Check], Check]:
    """Register a generator of (where, why, remedies) as something that may be found."""

    def add(function: Check) -> Check:
        checks[kind] = (title, function)
        return function

    return add


def examine(run: Measured) -> list[Finding]:
    """Everything that is wrong, the gravest first. What is at the root of all else is named alone."""
    found = [Finding(kind, title, *parts) for kind, (title, function) in checks.items() for parts in function(run)]
    return found[:1] if found and found[0].kind in ROOTS else agreeing(run.spec, found)


def agreeing(spec: dict, findings: list[Finding]) -> list[Finding]:
    """The findings without the remedies that contradict those of a graver one: a setting is given one value only."""
    advised: dict[tuple, Any] = {}
    kept = []
    for finding in findings:
        claims = [(remedy, remedy.claims(spec)) for remedy in finding.remedies]
        agree = [(remedy, claim) for remedy, claim in claims
                 if all(advised.get(path, value) == value for path, value in claim.items())]
        for _, claim in agree:
            advised = claim | advised
        kept.append(replace(finding, remedies=[remedy for remedy, _ in agree]))
    return kept


# -- the checks ------------------------------------------------------------------------------------------------------


@check("diverged", "The numbers grew without bound")
def diverged(run):
    if run.diverged:
        found = run.cures.found if run.cures else []
        done = run.cures is None or run.cures.done
        yield "the whole run", (
            f"A step was so long that it overshot, and each one after it overshot further. The learning rate was "
            f"{run.lr:g}; the run is back at step {run.step:,}, where its loss was still sane. " + (
                "What may help is being tried on a copy of it." if not done else
                "What is offered here has been tried on a copy of it." if found else
                "Nothing that was tried on a copy of it helped: it needs another network, or other data.")), found


@check("alike", "All units are alike")
def alike(run):
    if run.spec["network"]["initializer"] == "zeros" and len(run.layers) > 1:
        yield "the whole network", (
            "All weights began at zero, so every unit of a layer computes the same and gets the same gradient: nothing "
            "can ever tell them apart."), [Remedy("Begin with the default weights", ["network", "initializer"],
                                                  "default", restarts=True)]


@check("dead", "Dead units")
def dead(run):
    for layer in run.layers:
        if layer.dead >= DEAD:
            yield layer.title, (
                f"{round(layer.dead * layer.units)} of {layer.units} units answer zero to all {run.examples} training "
                "examples that were looked at. Their slope is zero too, so no gradient can wake them. A long step has "
                "pushed their sums below zero, or they began there."), calmer(run.spec) or [
                *bend(run.spec, layer.spec, "leaky_relu", "leaky ReLU"),
                *start(run.spec, "he_normal", "He's initial weights"),
                *map(from_the_beginning, learning_rate(run.spec, 0.1))]


@check("saturated", "Saturated units")
def saturated(run):
    for layer in run.layers:
        if layer.flat >= SATURATED and layer.dead < DEAD:
            yield layer.title, (
                f"{layer.flat:.0%} of its answers lie where its function is nearly flat. There a change of the weights "
                "changes almost nothing, so almost no gradient comes through."), calmer(run.spec) or [
                *bend(run.spec, layer.spec, "relu", "ReLU"),
                *start(run.spec, "glorot_uniform", "Glorot's initial weights"),
                *learning_rate(run.spec, 0.3)]


@check("vanishing", "The gradient vanishes on its way back")
def vanishing(run):
    trained = [layer for layer in run.layers if np.isfinite(layer.slope)]
    if any(layer.dead >= DEAD for layer in run.layers):           # that is why, and it has been said
        return
    if len(trained) > 2 and trained[-1].slope > 0 and trained[0].slope < VANISHED * trained[-1].slope:
        yield f"from {trained[-1].title} to {trained[0].title}", (
            f"A weight of the first layer gets {trained[0].slope / trained[-1].slope:.1e} times the gradient of one in "
            "the last. Each layer multiplies it by its weights and slopes, and many small factors leave nothing: the "
            "first layers hardly learn."), [
            *straighten(run.spec), *adam(run.spec)]


@check("forgetting", "The gradient vanishes through time")
def forgetting(run):
    for layer in run.layers:
        old = at(run.spec, layer.spec) if layer.spec else {}
        if old.get("kind") == "rnn" and layer.through_time is not None and layer.through_time < VANISHED:
            keep = {name: old[name] for name in ("units", "return_sequences", "truncate")}
            yield layer.title, (
                f"The loss depends on the first step {layer.through_time:.1e} times as much as on the step that counts "
                "most: what was read early cannot be learned from. An LSTM has a cell that can "
                "learn to keep it."), [
                Remedy("Replace it with an LSTM", layer.spec, {"kind": "lstm", **keep}, restarts=True)]


@check("exploding", "The gradient explodes")
def exploding(run):
    if run.gradient > EXPLODED:
        worst = max(run.layers, key=lambda layer: np.nan_to_num(layer.slope))
        yield worst.title, (
            f"The gradient is {run.gradient:.3g} long, and here it is largest. The next step may throw the weights far "
            "away."), [*clipping(run.spec), *learning_rate(run.spec, 0.1)]


@check("fast", "The steps are too long")
def fast(run):
    layer = max(run.layers, key=lambda layer: np.nan_to_num(layer.ratio), default=None)
    if layer is not None and layer.ratio > FAST:
        yield layer.title, (
            f"The next step would change its weights by {layer.ratio:.0%} of their size; about 0.1 % is usual. What "
            "was learned is overwritten, and the loss jumps."), calmer(run.spec) or [
                *learning_rate(run.spec, 0.1), *([] if adaptive(run.spec) else clipping(run.spec))]


@check("slow", "The steps are too short")
def slow(run):
    ratios = [layer.ratio for layer in run.layers if np.isfinite(layer.ratio)]
    if ratios and 0 < max(ratios) < SLOW and unlearned(run):
        yield "the whole network", (
            f"The next step would change the weights by {max(ratios):.1e} of their size; about a thousandth is usual. "
            "At this pace, learning takes for ever."), [*faster(run.spec, 10), *adam(run.spec)]


@check("plateau", "The loss stands still")
def plateau(run):
    loss = run.train_loss
    if len(loss) >= 2 * ROWS and unlearned(run):
        early, late = np.median(loss[len(loss) // 2:][:ROWS // 2]), np.median(loss[-ROWS // 2:])
        if abs(early - late) < STILL * abs(early):
            yield "the train loss", (
                f"For half of the run it has stayed near {late:.3g}, and it is not small. The weights are on a flat "
                "stretch, or the network is too small for this data."), hidden(run.spec) or [
                    *adam(run.spec), *faster(run.spec, 3)]


@check("overfitting", "It learns the examples by heart")
def overfitting(run):
    train, test = run.train_loss, run.test_loss
    if len(test) < ROWS or not np.isfinite(test).all():
        return
    smooth = np.array([np.median(test[max(0, i - 2):i + 3]) for i in range(len(test))])
    best = int(smooth.argmin())
    if smooth[-1] > APART * smooth[best] and smooth[-1] > APART * train[-1] and train[-1] < train[best]:
        l2 = run.spec["training"]["l2"]
        pull = [Remedy("Add L2: small weights make smooth answers", ["training", "l2"], 0.003)] if not l2 else []
        yield "the test loss", (
            f"Its median over five evaluations was {smooth[best]:.3g} at best and is {smooth[-1]:.3g} now, while the "
            f"train loss went on falling, to {train[-1]:.3g} at the last one: what is learned now holds for the "
            "training examples only."), [
            *pull, *stopping(run.spec)]


def unlearned(run: Measured) -> bool:
    """Whether there is still something to learn: the loss is not small beside what it began with."""
    return len(run.train_loss) >= ROWS and run.train_loss[-1] > 0.3 * run.train_loss[0]
