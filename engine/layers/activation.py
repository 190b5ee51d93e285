"""An activation as a layer of its own."""

from engine.activations import activations
from engine.knobs import Choice, Float
from engine.layers.base import Layer, layers


@layers.register("activation", "Activation")
class ActivationLayer(Layer):
    """Bends every number with the chosen function; it has no weights."""

    formula = r"a = f(x)"
    frozen = False
    function = Choice("relu", activations, "Function", "The function applied to every number.")
    alpha = Float(0.01, 0.0, 1.0, "Alpha", "For leaky ReLU: the slope below zero. For ELU: how deep it goes.",
                  slider=(0.0, 1.0), step=0.01)

    def build(self, in_shape):
        function = activations[self.function]
        settings = {"alpha": self.alpha} if "alpha" in function.knobs else {}
        self.f = function(**settings)

    def forward(self, x, ctx):
        self.z = x
        self.a = self.f.forward(x, out=self.scratch_like("a", x))
        return self.a

    def backward(self, dy):
        return self.f.backward(dy, self.z, self.a, out=self.scratch_like("dz", dy))
