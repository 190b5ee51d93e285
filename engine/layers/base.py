"""A layer is five verbs: shape, build, forward, backward, views. It knows no optimizer, loss or plot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from engine.initializers import Initializer, uniform_fan_in
from engine.knobs import Declared, Flag
from engine.registry import Registry
from engine.switches import Off, switch
from engine.views import View

layers = Registry("layer")
MEANINGS = {"E": "Table", "P": "Table", "Wx": "Weights of the input", "Wh": "Weights of the state",
            "Wq": "Weights of the queries", "Wk": "Weights of the keys", "Wv": "Weights of the values",
            "Wo": "Weights of the output"}


@dataclass
class Context:
    """What forward may need beyond x.

    train: dropout and batch statistics are on. rng: source of all randomness. mask: (N, T) bool, True where a token
    is real, False where it is padding. memory: (N, S, D) what an encoder hands to a decoder; memory_mask: (N, S).
    """

    train: bool = False
    rng: np.random.Generator | None = None
    mask: np.ndarray | None = None
    memory: np.ndarray | None = None
    memory_mask: np.ndarray | None = None


@dataclass(frozen=True)
class Parameter:
    """A trainable array that a layer asks for. `decay` says whether weight decay and L1/L2 apply to it."""

    name: str
    shape: tuple[int, ...]
    initial: Initializer
    fan_in: int
    fan_out: int
    decay: bool


@dataclass
class Plan:
    """What a layer declared in `build`: its own parameters and buffers (running statistics)."""

    parameters: list[Parameter] = field(default_factory=list)
    state: dict[str, np.ndarray] = field(default_factory=dict)


class Layer(Declared):
    """Base of all layers. After `build` the network gives each parameter `W` as `self.W` and its gradient `self.dW`.

    Both are views into the network's flat vectors. `backward` overwrites the gradients; it does not add to them.
    """

    #: True for a layer whose input is integer tokens rather than numbers.
    takes_tokens: ClassVar[bool] = False
    #: True for a layer that reads an encoder's output: `backward` leaves dL/dmemory in its `dmemory`.
    takes_memory: ClassVar[bool] = False
    #: Shape (S, D) of that output, given by the network before `shape` is asked; None where there is no encoder.
    memory_shape: tuple[int, ...] | None = None
    #: For the palette: basic, image, sequence, attention, norm.
    group: ClassVar[str] = "basic"
    #: What the layer computes, in LaTeX; empty if no short formula says it.
    formula: ClassVar[str] = ""
    #: The knob that says how large the layer is, such as "units"; empty if there is none.
    size_knob: ClassVar[str] = ""
    #: False while nobody asks for dL/dx: `backward` may then leave it out and return None.
    needs_dx: bool = True
    #: Units that are switched off; a layer that has single units to switch declares `Indices` here.
    off: ClassVar[tuple[int, ...]] = ()
    #: A layer that never has weights says `frozen = False`: it needs no such switch.
    frozen = switch(Flag(False, "Frozen", "Its weights stay as they are while the other layers go on learning."))

    def __init__(self, **settings):
        super().__init__(**settings)
        self.plan = Plan()
        self._scratch: dict[Any, Any] = {}
        if self.off:
            self.switch_off([i for i in self.off if i < getattr(self, self.knobs["off"].of)])

    # -- the five verbs ------------------------------------------------------------------------------------------

    def shape(self, in_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Output shape for an input shape, both without the batch axis. Raises ShapeError if the layer doesn't fit."""
        return in_shape

    def build(self, in_shape: tuple[int, ...]) -> None:
        """Declare parameters with `self.parameter`, running statistics with `self.state`."""

    def forward(self, x: np.ndarray, ctx: Context) -> np.ndarray:
        """Output for x; keeps what backward needs."""
        raise NotImplementedError

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """dL/dx from dy = dL/dy; fills the gradients of this layer's parameters."""
        raise NotImplementedError

    def views(self) -> list[View]:
        """What can be drawn of this layer after a forward pass (and, for gradients, a backward pass).

        Here what every layer can show with no further work: weights, their gradients, activations, and the views of
        the layers inside it.
        """
        inner = (view.inside(prefix) for prefix, child in self.children().items() for view in child.views())
        return [*(view for p in self.plan.parameters for view in self.parameter_views(p)), *self.answer_views(), *inner]

    def parameter_views(self, p: Parameter) -> Iterator[View]:
        """A parameter as a picture, and how its values and their gradients are spread."""
        def value():
            return getattr(self, p.name)

        if len(p.shape) == 2:
            yield View("matrix", p.name, f"{MEANINGS.get(p.name, 'Weights')} {p.name}", ("input", "unit"), value,
                       parameter=p.name)
        if len(p.shape) == 4:
            yield View("kernels", "kernels", f"Kernels of {self.label}", ("row", "column", "input", "filter"), value,
                       parameter=p.name)
        yield View("distribution", f"{p.name}.values", f"Values of {p.name}", ("value", "count"), value)
        yield View("distribution", f"{p.name}.gradient", f"Gradient of {p.name}", ("gradient", "count"),
                   lambda: getattr(self, "d" + p.name))

    def answer_views(self) -> Iterator[View]:
        """What it answered in the last forward pass, `a`, if it keeps that."""
        output = getattr(self, "a", None)
        if output is None:
            return
        yield View("distribution", "activations", "Activations", ("activation", "count"), lambda: self.a)
        if output.ndim == 2:
            yield View("neurons", "neurons", "What each neuron answers", ("example", "neuron"), lambda: self.a)
        if output.ndim == 4:
            yield View("maps", "maps", "What each channel answers, pixel by pixel",
                       ("example", "row", "column", "channel"), lambda: self.a)

    def switch_off(self, units: list[int]) -> None:
        """Keep these units at zero: those of the last axis, unless a layer has others."""
        Off(self, units)

    # -- for build -----------------------------------------------------------------------------------------------

    def parameter(self, name: str, shape: tuple[int, ...], initial: Initializer = uniform_fan_in, *,
                  fan_in: int | None = None, fan_out: int | None = None, decay: bool | None = None) -> None:
        """Ask for a trainable array. Vectors do not decay unless told to; fans default to the first and last axis."""
        self.plan.parameters.append(Parameter(
            name, shape, initial, fan_in if fan_in is not None else shape[0],
            fan_out if fan_out is not None else shape[-1], len(shape) > 1 if decay is None else decay))

    def state(self, name: str, value: np.ndarray) -> None:
        """Ask for an array that is carried along but not trained, such as a running mean; it becomes `self.name`."""
        self.plan.state[name] = value

    def children(self) -> dict[str, Layer]:
        """The layers inside this one, by the prefix that their parameters get."""
        return {}

    def named(self, name: str) -> Iterator[tuple[str, Layer]]:
        """This layer under a name, and those inside it under theirs behind it: "0", "0.attention"."""
        yield name, self
        for part, child in self.children().items():
            yield from child.named(f"{name}.{part}")

    # -- for forward and backward ----------------------------------------------------------------------------------

    def scratch(self, key: Any, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """An uninitialised array that is the same one for the same key and shape: what one step wrote, the next may
        overwrite. Nothing handed out by `Network.forward` is scratch."""
        full = (key, shape, dtype)
        array = self._scratch.get(full)
        if array is None:
            if len(self._scratch) > 64:
                self._scratch.clear()
            array = self._scratch[full] = np.empty(shape, dtype)
        return array

    def scratch_like(self, key: Any, x: np.ndarray) -> np.ndarray:
        """Scratch that lies in memory as x does. Pictures come with the batch innermost: mixed layouts are slow."""
        if x.flags.c_contiguous:
            return self.scratch(key, x.shape, x.dtype)
        order = np.argsort([-abs(stride) for stride in x.strides], kind="stable")
        return self.scratch(key, tuple(x.shape[i] for i in order), x.dtype).transpose(np.argsort(order))

    def own_parameters(self) -> dict[str, np.ndarray]:
        return {p.name: getattr(self, p.name) for p in self.plan.parameters}
