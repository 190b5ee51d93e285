"""What a step costs: time forward, backward and for the optimizer, and each layer's parameters, work and memory."""

import math
import time
from collections.abc import Callable, Iterator

import numpy as np

from explain.titles import is_own, layer_title
from live.instruments.registry import Answer, instrument

REPEATS = 15


@instrument("cost")
def cost(run, command) -> Iterator[Answer]:
    """Milliseconds of a step's parts (medians), and {title, parameters, activations, multiply_adds} of each layer."""
    trainer = run.trainer
    if trainer is None:
        return
    network = trainer.network.copy()
    size = trainer.training.batch_size
    batch = run.observer.probe.batch(trainer.dataset.x_train[:size], trainer.dataset.y_train[:size])
    logits = network.forward(batch.x, **batch.inputs)
    _, dlogits = trainer.loss(logits, *batch.targets)
    optimizer = type(trainer.optimizer)(**{name: getattr(trainer.optimizer, name) for name in trainer.optimizer.knobs})
    with np.errstate(all="ignore"):
        times = {
            "forward": median_ms(lambda: network.forward(batch.x, copy=False, **batch.inputs)),
            "loss": median_ms(lambda: trainer.loss(logits, *batch.targets)),
            "backward": median_ms(lambda: network.backward(dlogits, needs_dx=False)),
            "optimizer": median_ms(lambda: optimizer.step(network.theta, network.grad)),
        }
    yield {"times": times, "batch": len(batch.x), "layers": layer_costs(network, run.spec["network"])}, {}


def median_ms(work: Callable[[], object]) -> float:
    """Median time of `work` in milliseconds."""
    spans = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        spans.append(time.perf_counter() - began)
    return float(np.median(spans)) * 1000


def layer_costs(network, spec: dict) -> list[dict]:
    """For one example: parameters, activations (numbers kept), and multiply–adds of each layer's weight matrices."""
    counts, shapes = network.parameter_counts(), network.shapes()
    rows = []
    for (name, layer), count, shape in zip(network.named_layers(), counts, shapes, strict=True):
        rows.append({"title": layer_title(name, layer, is_own(name, spec)), "parameters": count,
                     "activations": math.prod(shape), "multiply_adds": multiply_adds(layer, shape)})
    return rows


def multiply_adds(layer, shape: tuple[int, ...]) -> int:
    """Every weight of a matrix is used once for each place of the output: pixels of a picture, steps of a series."""
    places = math.prod(shape[:-1]) if len(shape) > 1 else 1
    own = sum(math.prod(p.shape) for p in layer.plan.parameters if len(p.shape) > 1 and p.name != "E")
    return own * places + sum(multiply_adds(child, shape) for child in layer.children().values())
