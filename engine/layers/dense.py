"""The dense layer: every output is a weighted sum of every input, plus a bias, through an activation."""

import math

import numpy as np

from engine.activations import activations
from engine.errors import ShapeError
from engine.initializers import uniform_fan_in
from engine.kernels.basic import affine
from engine.knobs import Choice, Flag, Int
from engine.layers.base import Layer, layers
from engine.switches import Indices, switch


@layers.register("dense", "Dense")
class Dense(Layer):
    """Connects every input to every unit: a = f(x @ W + b).

    x (N, ..., in) -> a (N, ..., units). W (in, units), b (units,). Rosenblatt, 1958; Rumelhart et al., 1986.
    """

    formula = r"a = f(x W + b)"
    size_knob = "units"
    units = Int(8, 1, 16384, "Units", "How many neurons the layer has.", slider=(1, 32))
    activation = Choice("tanh", activations, "Activation", "The function that bends each neuron's sum.")
    bias = Flag(True, "Bias", "Gives each neuron a constant that it can add to its sum.")
    off = switch(Indices("units", "Switched off", "Neurons that answer zero and learn nothing."))

    def shape(self, in_shape):
        if not in_shape:
            raise ShapeError("Dense needs at least one feature for each example.")
        return (*in_shape[:-1], self.units)

    def build(self, in_shape):
        features = in_shape[-1]
        self.parameter("W", (features, self.units), uniform_fan_in)
        if self.bias:
            self.parameter("b", (self.units,), uniform_fan_in, fan_in=features)
        else:
            self.b = self.db = None
        self.f = activations.build(self.activation)

    def forward(self, x, ctx):
        self.buffers = self._scratch.get(x.shape) or self.allocate(x.shape, x.dtype)
        sums, z, a, _, _ = self.buffers
        sums.forward(x if x.ndim == 2 else x.reshape(-1, x.shape[-1]), z)         # z = x @ W + b (N·..., units)
        if z is not a:
            self.f.forward(z, a)
        self.z, self.a = z, a if x.ndim == 2 else a.reshape(*x.shape[:-1], self.units)       # (N, ..., units)
        return self.a

    def backward(self, dy):
        sums, z, a, dz, dx = self.buffers
        if dy.ndim != 2:
            dy = dy.reshape(a.shape)
        dz = dy if z is a else self.f.backward(dy, z, a, dz)
        sums.backward(dz)                                                         # dW = x.T @ dz, db = sum of dz
        if not self.needs_dx:
            return None
        dz.dot(self.W.T, out=dx if dx.ndim == 2 else dx.reshape(len(dz), -1))       # dx = dz @ W.T
        return dx

    def allocate(self, shape, dtype):
        """The sum x @ W + b and buffers z, a, dz, dx for inputs of this shape; with a linear activation a is z."""
        if len(self._scratch) > 16:
            self._scratch.clear()
        count = math.prod(shape[:-1])
        z, dz = np.empty((2, count, self.units), dtype)
        a = z if self.activation == "linear" else np.empty_like(z)
        sums = affine(count, self.W, self.b, self.dW, self.db)
        self._scratch[shape] = buffers = (sums, z, a, dz, np.empty(shape, dtype))
        return buffers
