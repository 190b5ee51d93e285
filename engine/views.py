"""Looking inside: what a layer has to show, as small records from a closed set of kinds.

Hand-written backpropagation already keeps activations, gates and attention weights, so a view only points at them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

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

    def inside(self, prefix: str) -> "View":
        """The same view under the name of the layer that contains it."""
        parameter = f"{prefix}.{self.parameter}" if self.parameter else ""
        return replace(self, name=f"{prefix}.{self.name}", parameter=parameter)
