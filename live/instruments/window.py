"""What a convolution or a pool does with one example: its input, its kernels, its sums and its answers, as numbers."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from engine import Layer, activations
from engine.layers.conv import Conv2D
from engine.layers.pool import MaxPool2D, Pool2D
from explain.titles import titles
from live.instruments.registry import Answer, instrument


@instrument("window")
def window(run, command: Mapping[str, Any]) -> Iterator[Answer]:
    """For the layer of this name (or the first one with a window) and the example in detail.

    Header: the layers that have windows, and of this one its kind, size, stride, pad and activation. Arrays: "x"
    (H, W, C) what reaches it, "a" (H', W', F) what it answers; of a convolution also "W" (k, k, C, F), "b" (F,) and
    "z" (H', W', F), its sums.
    """
    network = run.trainer.network.copy()
    found = {name: layer for name, layer in network.named_layers(inner=True) if isinstance(layer, Conv2D | Pool2D)}
    called = titles(network, run.spec["network"])
    listed = [{"name": name, "title": called[name]} for name in found]
    if not found:
        yield {"layers": []}, {}
        return
    wanted = command.get("layer")
    name = wanted if isinstance(wanted, str) and wanted in found else next(iter(found))
    layer, one = found[name], run.observer.probe.one
    x = reaching(layer, lambda: network.forward(one.x, **one.inputs))
    arrays = {"x": x, "a": layer.a}
    about = {"layers": listed, "name": name, "kind": layer.kind, "step": run.trainer.steps}
    if isinstance(layer, Conv2D):
        about |= {"size": layer.kernel, "stride": layer.stride, "pad": layer.pad, "off": layer.off,
                  "activation": activations[layer.activation].label}
        arrays |= {"z": layer.z}
        parameters = {"W": layer.W, "b": layer.b}
    else:
        about |= {"size": layer.size, "stride": layer.step, "pad": 0, "largest": isinstance(layer, MaxPool2D)}
        parameters = {}
    yield about, {key: value[0].astype(np.float32) for key, value in arrays.items()} | parameters


def reaching(layer: Layer, work: Callable[[], object]) -> np.ndarray:
    """What reaches a layer while `work` runs its network."""
    seen = []

    whole = layer.forward

    def forward(x, ctx):
        seen.append(x.copy())
        return whole(x, ctx)

    layer.forward = forward
    work()
    layer.forward = whole
    return seen[-1]
