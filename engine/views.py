"""Looking inside: what a layer has to show, as small records from a closed set of kinds.

Hand-written backpropagation already keeps activations, gates and attention weights, so a view only points at them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.layers.base import Layer

#: Every kind of picture there is, and what its data means.
KINDS = {
    "curve": "(N,) values over an axis",
    "bars": "(N,) values, one a bar",
    "distribution": "any shape; drawn as a histogram",
    "matrix": "(rows, columns) signed values",
    "kernels": "(k, k, in, filters) signed values",
    "points": "(vocab, 2) a place on a plane for each token",
    "maps": "(N, H, W, C) one picture a channel",
    "neurons": "(N, units) activations; over the input plane a map for each neuron",
    "boundary": "(N, outputs) what the network answers over the input plane",
    "attention": "(N, heads, T_query, T_key) weights that sum to one along the last axis",
    "gates": "(N, T, gates, units)",
    "tokens": "(N, T) a value for each token",
}


#: What the rows of a parameter are weights for, where its name needs a word.
MEANINGS = {"E": "Table", "P": "Table", "Wx": "Weights of the input", "Wh": "Weights of the state",
            "Wq": "Weights of the queries", "Wk": "Weights of the keys", "Wv": "Weights of the values",
            "Wo": "Weights of the output"}


@dataclass(frozen=True)
class View:
    """One thing that can be drawn. `read()` returns its data now, as KINDS describes; `axes` names its axes.

    parameter: the name of the parameter whose numbers these are, place by place, so that they can be changed by hand.
    causal: of attention, whether a place may not look at what comes after it. Axes over the places of an example are
    called "step", "token", "query" or "key", and "source" where they are those of what an encoder has read.
    """

    kind: str
    name: str
    title: str
    axes: tuple[str, ...]
    read: Callable[[], np.ndarray]
    note: str = ""
    parameter: str = ""
    causal: bool = False

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"'{self.kind}' is not a kind of view. Known: {', '.join(KINDS)}.")

    @property
    def data(self) -> np.ndarray:
        return self.read()

    def inside(self, prefix: str) -> View:
        """The same view under the name of the layer that contains it."""
        parameter = f"{prefix}.{self.parameter}" if self.parameter else ""
        return replace(self, name=f"{prefix}.{self.name}", parameter=parameter)


def layer_views(layer: Layer) -> list[View]:
    """What every layer can show with no further work: weights, their gradients, activations, those of its children."""
    views = []
    for p in layer.plan.parameters:
        if len(p.shape) == 2:
            views.append(View("matrix", p.name, f"{MEANINGS.get(p.name, 'Weights')} {p.name}", ("input", "unit"),
                              lambda name=p.name: getattr(layer, name), parameter=p.name))
        if len(p.shape) == 4:
            views.append(View("kernels", "kernels", f"Kernels of {layer.label}", ("row", "column", "input", "filter"),
                              lambda name=p.name: getattr(layer, name), parameter=p.name))
        views.append(View("distribution", f"{p.name}.values", f"Values of {p.name}", ("value", "count"),
                          lambda name=p.name: getattr(layer, name)))
        views.append(View("distribution", f"{p.name}.gradient", f"Gradient of {p.name}", ("gradient", "count"),
                          lambda name=p.name: getattr(layer, "d" + name)))
    output = getattr(layer, "a", None)
    if output is not None:
        views.append(View("distribution", "activations", "Activations", ("activation", "count"), lambda: layer.a))
        if output.ndim == 2:
            views.append(View("neurons", "neurons", "What each neuron answers", ("example", "neuron"),
                              lambda: layer.a))
        if output.ndim == 4:
            views.append(View("maps", "maps", "What each channel answers, pixel by pixel",
                              ("example", "row", "column", "channel"), lambda: layer.a))
    for prefix, child in layer.children().items():
        views += [view.inside(prefix) for view in child.views()]
    return views
