"""Is the run well? Measures it on a sample of the training examples, and says what is wrong and what would help."""

import dataclasses
from collections.abc import Iterator

import numpy as np

from engine import Layer
from explain.health import LayerHealth, Measured, examine
from explain.titles import is_own, layer_title
from live.instruments.registry import Answer, instrument
from live.watch.layer_measures import bends, flat_share, layer_lengths


@instrument("health")
def health(run, command) -> Iterator[Answer]:
    """{step, examples, trying, findings}; a finding has title, where, why, and remedies as `explain.remedies.Remedy`.

    trying: what helps a run that diverged is still being tried out; the remedies come with the last answer.
    """
    run.observer.observe([], False)
    with np.errstate(all="ignore"):
        measured = measure(run)
    while measured.cures and not measured.cures.done:
        yield answer(measured, trying=True)
        measured.cures.work()
    yield answer(measured, trying=False)


def answer(measured: Measured, trying: bool) -> Answer:
    findings = [dataclasses.asdict(finding) for finding in examine(measured)]
    return {"step": measured.step, "examples": measured.examples, "trying": trying, "findings": findings}, {}


def measure(run) -> Measured:
    """The numbers that the checks need, after a pass over the sample."""
    observer, trainer = run.observer, run.trainer
    observer.leave("sample")
    history = trainer.history
    return Measured(
        run.spec, list(layers(run)), trainer.steps, trainer.lr,
        float(np.linalg.norm(observer.network.grad)), len(observer.probe.sample.x), run.status == "diverged",
        run.cures if run.status == "diverged" else None,
        history.column("train_loss"), history.column("test_loss"))


def layers(run) -> Iterator[LayerHealth]:
    observer, stacks = run.observer, run.spec["network"]
    lengths, gradients = layer_lengths(observer), observer.network.gradients()
    for name, layer in observer.layers.items():
        moved = sum(np.count_nonzero(g) for parameter, g in gradients.items() if parameter.startswith(f"{name}."))
        stack, _, place = name.rpartition(".")
        own = is_own(name, stacks)
        gradient, ratio = lengths[name]
        asleep = np.concatenate([np.zeros(0), *(dead_units(a) for _, _, a in bends(layer))])
        yield LayerHealth(
            name, layer_title(name, layer, own), ["network", stack or "layers", int(place)] if own else None,
            gradient / np.sqrt(moved) if moved else float("nan"), ratio, float(asleep.sum()) / max(len(asleep), 1),
            len(asleep), flat_share(layer), through_time(layer))


def dead_units(a: np.ndarray) -> np.ndarray:
    """For each unit, the last axis, whether it answers zero to everything."""
    return (a.reshape(-1, a.shape[-1]) == 0).all(axis=0)


def through_time(layer: Layer) -> float | None:
    """How much the loss depends on the first step of a recurrent layer, beside the step that it depends on most."""
    view = next((view for view in layer.views() if view.name == "gradient_through_time"), None)
    if view is None or len(view.data) < 8 or layer.truncate:
        return None
    most = float(view.data.max())
    return float(view.data[0]) / most if most > 0 else None
