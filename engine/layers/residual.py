"""Residual connections: layers learn what to add to their input, and the input itself takes a shortcut past them."""

import numpy as np

from engine.activations import activations
from engine.errors import ShapeError
from engine.knobs import Choice, Flag, Int, Stack
from engine.layers.base import Layer
from engine.layers.base import layers as registry
from engine.layers.conv import Conv2D, picture
from engine.layers.dense import Dense
from engine.switches import paths_knob, through
from engine.views import View


class Shortcut(Layer):
    """y = g(x + f(x)), f the layers from `inner`. Where f changes the shape, a projection brings x to it.

    Parameters are named by the place in f, "0.W", and "projection.W". He et al., 2016.
    """

    formula = r"a = g(x + f(x))"
    group = "norm"
    projection = True
    activation = "linear"
    paths = paths_knob()

    def __init__(self, **settings):
        super().__init__(**settings)
        self.parts: list[Layer] = [registry.build(spec) for spec in self.inner()]
        self.bridge: Layer | None = None
        self.g = activations.build(self.activation)

    def inner(self) -> list[dict]:
        """Specs of the layers that the shortcut goes past."""
        raise NotImplementedError

    def children(self):
        parts = {str(i): part for i, part in enumerate(self.parts)}
        return parts if self.bridge is None else parts | {"projection": self.bridge}

    def shapes(self, in_shape: tuple[int, ...]) -> list[tuple[int, ...]]:
        """What reaches each inner layer, and what leaves the last."""
        shapes = [in_shape]
        for i, part in enumerate(self.parts):
            try:
                shapes.append(part.shape(shapes[-1]))
            except ShapeError as error:
                raise ShapeError(f"Its part {i + 1} {part.label} does not fit. {error}") from None
        return shapes

    def shape(self, in_shape):
        out = self.shapes(in_shape)[-1]
        self.bridge_to(in_shape, out)
        return out

    def bridge_to(self, shape: tuple[int, ...], out: tuple[int, ...]) -> Layer | None:
        """The layer that maps x to the shape of f(x): none, dense on the last axis, or a 1 × 1 convolution."""
        if shape == out:
            return None
        if not self.projection:
            raise ShapeError(f"{self.label} adds its input {shape} to what its layers make of it {out}: both must "
                             "have the same shape. Choose layers that keep the shape, or switch the projection on.")
        if len(shape) == len(out) == 3:
            stride = next((s for s in range(1, Conv2D.knobs["stride"].high + 1)
                           if tuple(-(-size // s) for size in shape[:2]) == out[:2]), None)
            if stride:
                return Conv2D(filters=out[-1], kernel=1, stride=stride, padding="valid", activation="linear")
        elif len(shape) == len(out) and shape[:-1] == out[:-1]:
            return Dense(units=out[-1], activation="linear")
        raise ShapeError(f"{self.label} cannot bring its input {shape} to the shape {out} that its layers make of it. "
                         "For pictures use padding 'same'; for the rest, layers that change the last axis only.")

    def build(self, in_shape):
        shapes = self.shapes(in_shape)
        for part, shape in zip(self.parts, shapes, strict=False):
            part.build(shape)
        self.bridge = self.bridge_to(in_shape, shapes[-1])
        if self.bridge is not None:
            self.bridge.build(in_shape)

    def forward(self, x, ctx):
        branch = x
        for part in self.parts:
            branch = part.forward(branch, ctx)
        skip = x if self.bridge is None else self.bridge.forward(x, ctx)
        self.branch, self.skip = through(self.paths, "layers", branch), through(self.paths, "shortcut", skip)
        self.z = self.branch + self.skip
        self.a = self.z if self.activation == "linear" else self.g.forward(self.z)
        return self.a

    def backward(self, dy):
        for first in (*self.parts[:1], *([self.bridge] if self.bridge else [])):
            first.needs_dx = self.needs_dx
        dz = dy if self.activation == "linear" else self.g.backward(dy, self.z, self.a)
        dx, dskip = through(self.paths, "layers", dz), through(self.paths, "shortcut", dz)
        if self.bridge is not None:
            dskip = self.bridge.backward(dskip)
        for part in reversed(self.parts):
            dx = part.backward(dx)
        return dx + dskip if self.needs_dx else None

    def views(self):
        views = super().views()
        if hasattr(self, "branch"):
            views.append(View("bars", "paths", "Mean size of what the shortcut and the layers bring",
                              ("path (shortcut, layers)", "mean size"),
                              lambda: np.array([np.abs(self.skip).mean(), np.abs(self.branch).mean()])))
        return views


@registry.register("residual", "Residual")
class Residual(Shortcut):
    """Adds its input to what its inner layers make of it, so that they learn only the difference: y = g(x + f(x)).

    Where f changes the shape, a projection maps x: dense on the last axis of vectors and sequences, a 1 × 1 convolution
    with the stride needed for pictures. Parameters: "0.W" by the place in f, "projection.W". He et al., 2016.
    """

    layers = Stack(({"kind": "dense", "units": 8, "activation": "tanh"},), registry, "Layers",
                   "The layers that the shortcut goes past.")
    projection = Flag(True, "Projection", "Maps the input where the inner layers change its shape.")
    activation = Choice("linear", activations, "Activation", "The function that bends the sum.")

    def inner(self):
        return self.layers


class ImageBlock(Shortcut):
    """A ready residual block for pictures: two 3 × 3 convolutions, each with batch normalisation."""

    group = "image"
    filters = Int(8, 1, 512, "Filters", "Output channels of both convolutions.", slider=(1, 32))
    stride = Int(1, 1, 4, "Stride", "How far the first convolution moves: 2 halves height and width.")

    def shape(self, in_shape):
        picture(self.label, in_shape)
        return super().shape(in_shape)

    def convolution(self, stride: int = 1) -> dict:
        return {"kind": "conv2d", "filters": self.filters, "kernel": 3, "stride": stride, "padding": "same",
                "activation": "linear"}


@registry.register("basic_block", "ResNet block")
class BasicBlock(ImageBlock):
    """Convolution, normalisation, ReLU, convolution, normalisation; plus the input; ReLU.

    x (N, H, W, C) -> (N, H', W', filters). The building block of ResNet-18 and 34 (He et al., 2016a), with a plain
    1 × 1 convolution where the shortcut must change its shape.
    """

    activation = "relu"

    def inner(self):
        return [self.convolution(self.stride), {"kind": "batch_norm"}, {"kind": "activation", "function": "relu"},
                self.convolution(), {"kind": "batch_norm"}]


@registry.register("preact_block", "Pre-activation ResNet block")
class PreactBlock(ImageBlock):
    """Normalisation and ReLU before each convolution, nothing behind the sum: the shortcut stays free.

    x (N, H, W, C) -> (N, H', W', filters). He et al., 2016b, figure 4e.
    """

    def inner(self):
        half = [{"kind": "batch_norm"}, {"kind": "activation", "function": "relu"}]
        return [*half, self.convolution(self.stride), *half, self.convolution()]
