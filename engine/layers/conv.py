"""Convolution: small kernels slide over a picture, and each looks for its own pattern everywhere."""

from engine.activations import activations
from engine.errors import ShapeError
from engine.initializers import uniform_fan_in
from engine.kernels.image import Convolution, Shelf, inside, outside, windows_along
from engine.knobs import Choice, Int
from engine.layers.base import Layer, layers
from engine.switches import Indices, switch
from engine.views import View


@layers.register("conv2d", "Convolution")
class Conv2D(Layer):
    """Slides small kernels over a picture; each filter answers where it finds its own pattern.

    a[n, i, j, f] = g(b[f] + sum over u, v, c of x[n, s·i + u - p, s·j + v - p, c] · W[u, v, c, f])

    x (N, H, W, C) -> a (N, H', W', filters) with H' = floor((H + 2p - k) / s) + 1; outside the picture x is zero.
    `same` pads p = k // 2 and needs an odd kernel, `valid` pads nothing. W (k, k, C, filters), b (filters,).
    As in PyTorch the kernel is not flipped (a cross-correlation). Fukushima, 1980; LeCun et al., 1989.
    """

    formula = r"a_{ij} = f(b + \sum_{u,v,c} x_{i+u,\,j+v,\,c} W_{u,v,c})"
    group = "image"
    size_knob = "filters"
    filters = Int(8, 1, 512, "Filters", "How many patterns the layer looks for: one output channel for each.",
                  slider=(1, 32))
    kernel = Int(3, 1, 31, "Kernel size", "Height and width of the window that each filter looks through.",
                 slider=(1, 9))
    stride = Int(1, 1, 16, "Stride", "How far the window moves from one place to the next.", slider=(1, 4))
    padding = Choice("same", ("same", "valid"), "Padding",
                     "Same adds zeros around the picture so that its size stays. Valid uses real pixels only.")
    activation = Choice("relu", activations, "Activation", "The function that bends each filter's answer.")
    off = switch(Indices("filters", "Switched off", "Filters that answer zero and learn nothing."))

    @property
    def pad(self) -> int:
        """How many zeros are added on each side."""
        return self.kernel // 2 if self.padding == "same" else 0

    def shape(self, in_shape):
        height, width, _ = picture("Convolution", in_shape)
        if self.padding == "same" and self.kernel % 2 == 0:
            raise ShapeError(f"Padding 'same' needs an odd kernel size, not {self.kernel}: only then does the window "
                             "have a middle. Choose an odd size, or padding 'valid'.")
        out = [windows_along(size, self.kernel, self.pad, self.stride) for size in (height, width)]
        if min(out) < 1:
            raise ShapeError(f"The kernel ({self.kernel} × {self.kernel}) is larger than the picture that reaches it "
                             f"({height} × {width}). Use a smaller kernel, padding 'same', or fewer pools before it.")
        return (*out, self.filters)

    def build(self, in_shape):
        k, channels = self.kernel, in_shape[-1]
        fan_in = k * k * channels
        self.parameter("W", (k, k, channels, self.filters), uniform_fan_in,
                       fan_in=fan_in, fan_out=k * k * self.filters)
        self.parameter("b", (self.filters,), uniform_fan_in, fan_in=fan_in)
        self.f = activations.build(self.activation)
        self.linear = self.activation == "linear"
        self.shelf = Shelf()

    def forward(self, x, ctx):
        x = inside(x)                                                                # (H, C, W, N)
        self.work = self.shelf.get((x.shape, x.dtype), lambda: Convolution(
            x.shape, self.kernel, self.filters, self.pad, self.stride, x.dtype))
        self.z = outside(self.work.forward(x, self.W, self.b))                       # (N, H', W', F)
        self.a = self.z if self.linear else self.f.forward(self.z, out=outside(self.work.a))
        return self.a

    def backward(self, dy):
        self.f.backward(outside(inside(dy)), self.z, self.a, out=outside(self.work.dz))
        self.work.backward_weights(self.dW, self.db)
        return outside(self.work.backward_input(self.W)) if self.needs_dx else None

    def views(self):
        views = super().views()
        if hasattr(self, "z"):
            views.append(View("maps", "pre-activations", "What each filter finds, before the activation",
                              ("example", "row", "column", "channel"), lambda: self.z))
        return views


def picture(label: str, in_shape: tuple[int, ...]) -> tuple[int, int, int]:
    """(height, width, channels) of what reaches a layer of pictures; ShapeError if it is something else."""
    if len(in_shape) == 3:
        return in_shape
    reaching = {0: "a single number", 1: "a vector of {} numbers", 2: "a sequence of {} steps with {} numbers each"}
    what = reaching.get(len(in_shape), "an array with {} axes").format(*(in_shape if len(in_shape) < 3
                                                                         else [len(in_shape)]))
    raise ShapeError(f"{label} needs a picture (height, width, channels), but what reaches it is {what}. "
                     "Put it before any layer that flattens, and use data made of pictures.")
