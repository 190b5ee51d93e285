"""The dense layer: every output is a weighted sum of every input, plus a bias, through an activation."""

import numpy as np

from engine.activations import activations
from engine.errors import ShapeError
from engine.initializers import uniform_fan_in
from engine.kernels.affine import Affines
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
        self.linear = self.activation == "linear"
        self.affines = Affines()

    def forward(self, x, ctx):
        self.affine = affine = self.affines[x.shape]
        self.z = z = affine.forward(x, self.W, self.b)                      # z = x @ W + b (N, ..., units)
        self.a = z if self.linear else self.f.forward(z, affine.a)          # a = f(z)
        return self.a

    def backward(self, dy):
        affine = self.affine
        if dy.ndim > 2:
            dy = np.ascontiguousarray(dy)                                   # not in the order of a layer behind
        dz = dy if self.linear else self.f.backward(dy, self.z, self.a, affine.dz)          # dz = dy · f'(z)
        affine.backward_weights(dz, self.dW, self.db)                       # dW = x.T @ dz, db = sum of dz
        return affine.backward_input(dz, self.W) if self.needs_dx else None                 # dx = dz @ W.T
