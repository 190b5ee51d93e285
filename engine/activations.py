"""Activation functions: f(z) and the gradient that flows back through them.

Each computes `a = f(z)` and, given dL/da = dy, returns dL/dz. Definitions are PyTorch's.
`out` arrays may be reused between steps; none of the functions keeps state.
"""

import math

import numpy as np

from engine.kernels.basic import in_pieces, sigmoid, zeros_like
from engine.knobs import Declared, Float
from engine.registry import Registry

activations = Registry("activation")


class Activation(Declared):
    """A function applied to every element of z."""

    formula = ""

    def forward(self, z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        raise NotImplementedError

    def backward(self, dy: np.ndarray, z: np.ndarray, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """dL/dz from dy = dL/da, where a = forward(z)."""
        raise NotImplementedError

    def __call__(self, z: np.ndarray) -> np.ndarray:
        return self.forward(np.asarray(z))


@activations.register("linear", "Linear")
class Linear(Activation):
    """Passes its input on unchanged. Stacked linear layers are still one linear layer."""

    formula = r"f(z) = z"

    def forward(self, z, out=None):
        if out is None:
            return z.copy()
        out[...] = z
        return out

    def backward(self, dy, z, a, out=None):
        if out is None:
            return dy.copy()
        out[...] = dy
        return out


@activations.register("relu", "ReLU")
class ReLU(Activation):
    """Keeps what is positive and cuts the rest to zero (Nair and Hinton, 2010)."""

    formula = r"f(z) = \max(0, z)"

    def forward(self, z, out=None):
        return np.maximum(z, zeros_like(z), out=out)

    def backward(self, dy, z, a, out=None):
        return np.multiply(dy, a > 0, out=out)


@activations.register("leaky_relu", "Leaky ReLU")
class LeakyReLU(Activation):
    """ReLU that lets a little through below zero, so that no unit dies (Maas et al., 2013)."""

    formula = r"f(z) = \max(0, z) + \alpha \min(0, z)"
    alpha = Float(0.01, 0.0, 1.0, "Slope below zero", "How much of a negative input passes through.")

    def slope(self, z):
        return (z > 0) * z.dtype.type(1 - self.alpha) + self.alpha

    def forward(self, z, out=None):
        return np.multiply(z, self.slope(z), out=out)

    def backward(self, dy, z, a, out=None):
        return np.multiply(dy, self.slope(z), out=out)


@activations.register("elu", "ELU")
class ELU(Activation):
    """Like ReLU, but bends smoothly to -alpha below zero (Clevert et al., 2015)."""

    formula = r"f(z) = z \text{ if } z > 0 \text{ else } \alpha(e^z - 1)"
    alpha = Float(1.0, 0.01, 5.0, "Depth below zero", "The value that large negative inputs approach is minus this.")

    def forward(self, z, out=None):
        low = np.expm1(np.minimum(z, 0))
        low *= self.alpha
        return np.add(np.maximum(z, 0), low, out=out)

    def backward(self, dy, z, a, out=None):
        slope = np.where(z > 0, 1, a + self.alpha)
        return np.multiply(dy, slope, out=out)


@activations.register("sigmoid", "Sigmoid")
class Sigmoid(Activation):
    """Squashes any number into 0 to 1. Saturates on both sides."""

    formula = r"f(z) = 1 / (1 + e^{-z})"

    def forward(self, z, out=None):
        return sigmoid(z, out)

    def backward(self, dy, z, a, out=None):
        slope = 1 - a
        slope *= a
        return np.multiply(dy, slope, out=out)


@activations.register("tanh", "Tanh")
class Tanh(Activation):
    """Squashes any number into -1 to 1, centred on zero."""

    formula = r"f(z) = \tanh(z)"

    def forward(self, z, out=None):
        return np.tanh(z, out=out)

    def backward(self, dy, z, a, out=None):
        t = dy * a                                    # dy · (1 - a²), without a slow Python number
        t *= a
        return np.subtract(dy, t, out=out)


@activations.register("gelu", "GELU")
class GELU(Activation):
    """Weighs the input by how likely a normal variable is below it, in its tanh form (Hendrycks and Gimpel, 2016)."""

    formula = r"f(z) = \tfrac12 z (1 + \tanh(\sqrt{2/\pi}\,(z + 0.044715 z^3)))"
    C = math.sqrt(2 / math.pi)

    def forward(self, z, out=None):
        return in_pieces(self.value, z, out=out)

    def backward(self, dy, z, a, out=None):
        return in_pieces(self.slope, dy, z, out=out)

    def inner(self, z):
        t = z * z                                     # products: z**3 is about 100 times slower
        t *= 0.044715 * self.C
        t += self.C
        t *= z
        return np.tanh(t, out=t)

    def value(self, z, out=None):
        t = self.inner(z)
        t += 1
        t *= 0.5
        return np.multiply(t, z, out=out)

    def slope(self, dy, z, out=None):
        t = self.inner(z)
        d = z * z                                     # derivative of the inner polynomial, times z / 2
        d *= 3 * 0.044715 * self.C
        d += self.C
        d *= z
        d *= 1 - t * t
        d += t
        d += 1
        d *= 0.5
        return np.multiply(dy, d, out=out)


@activations.register("silu", "SiLU")
class SiLU(Activation):
    """The input weighed by its own sigmoid, also called swish (Elfwing et al., 2017)."""

    formula = r"f(z) = z\,\sigma(z)"

    def forward(self, z, out=None):
        return np.multiply(z, sigmoid(z), out=out)

    def backward(self, dy, z, a, out=None):
        s = sigmoid(z)
        slope = 1 - s
        slope *= z
        slope += 1
        slope *= s
        return np.multiply(dy, slope, out=out)


@activations.register("softplus", "Softplus")
class Softplus(Activation):
    """A smooth ReLU whose slope is the sigmoid (Dugas et al., 2001)."""

    formula = r"f(z) = \ln(1 + e^z)"

    def forward(self, z, out=None):
        return np.logaddexp(z, 0, out=out)

    def backward(self, dy, z, a, out=None):
        return np.multiply(dy, sigmoid(z), out=out)


@activations.register("softmax", "Softmax")
class Softmax(Activation):
    """Turns the numbers of each example into shares that are positive and add up to one."""

    formula = r"f(z)_i = e^{z_i} / \sum_j e^{z_j}"

    def forward(self, z, out=None):
        a = np.subtract(z, z.max(axis=-1, keepdims=True), out=out)
        np.exp(a, out=a)
        a /= a.sum(axis=-1, keepdims=True)
        return a

    def backward(self, dy, z, a, out=None):
        inner = np.einsum("...i,...i->...", dy, a)[..., None]
        dz = np.subtract(dy, inner, out=out)
        dz *= a
        return dz
