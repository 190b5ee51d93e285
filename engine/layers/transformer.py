"""The transformer's blocks: attention gathers, two dense layers think, and each adds to what was there."""

import numpy as np

from engine.knobs import Choice, Flag, Float, Int
from engine.layers.base import Layer, layers
from engine.switches import Indices, paths_knob, switch, through


class Branch:
    """One residual step: y = x + f(norm(x)) with the norm first, or norm(x + f(x)) with the norm last."""

    def __init__(self, steps: list[Layer], norm: Layer, norm_first: bool, paths: str):
        self.steps, self.norm, self.norm_first, self.paths = steps, norm, norm_first, paths

    def forward(self, x, ctx, out):
        y = self.norm.forward(x, ctx) if self.norm_first else x
        for step in self.steps:
            y = step.forward(y, ctx)
        y = np.add(through(self.paths, "shortcut", x), through(self.paths, "layers", y), out=out)
        return y if self.norm_first else self.norm.forward(y, ctx)

    def backward(self, dy, out):
        if not self.norm_first:
            dy = self.norm.backward(dy)
        dx, dskip = through(self.paths, "layers", dy), through(self.paths, "shortcut", dy)
        for step in reversed(self.steps):
            dx = step.backward(dx)
        if self.norm_first:
            dx = self.norm.backward(dx)
        return np.add(dskip, dx, out=out)


@layers.register("transformer_block", "Transformer block")
class TransformerBlock(Layer):
    """Self-attention and a small dense network, each with a residual path and a layer norm.

    x (N, T, D) -> (N, T, D). Parameters of its parts: attention.Wq … attention.bo, norm1.gamma, norm1.beta,
    ff1.W (D, ff), ff1.b, ff2.W (ff, D), ff2.b, norm2.gamma, norm2.beta. As PyTorch's nn.TransformerEncoderLayer, but
    for dropout, which leaves the attention weights alone. Vaswani et al., 2017; norm first: Xiong et al., 2020.
    """

    formula = r"y = x + \text{attention}(x), \quad a = y + \text{feed-forward}(y) \quad \text{(norms left out)}"
    group = "attention"
    heads = Int(4, 1, 64, "Heads", "How many questions each place asks at once. Must divide the width.", slider=(1, 8))
    ff = Int(128, 1, 8192, "Feed-forward", "How many neurons the dense network has inside.", slider=(8, 512))
    causal = Flag(False, "Causal", "Each place may look only at itself and what came before, as when writing a text.")
    norm_first = Flag(True, "Norm first", "Normalise before each part, which learns more steadily, or after, as in the "
                      "first transformer.")
    dropout = Float(0.0, 0.0, 0.95, "Dropout", "The share of numbers that is switched off in each training step.",
                    step=0.05)
    activation = Choice("gelu", ("relu", "gelu"), "Activation", "The function that bends the dense network's sums.")
    off = switch(Indices("heads", "Switched off", "Heads of self-attention that add nothing and learn nothing."))
    paths = paths_knob()

    def __init__(self, **settings):
        super().__init__(**settings)
        self.parts = self.attentions()
        self.gathering = tuple(self.parts)
        self.parts |= {f"norm{i + 1}": layers["layer_norm"]() for i in range(len(self.parts) + 1)}
        self.parts["ff1"] = layers["dense"](units=self.ff, activation=self.activation)

    def attentions(self) -> dict[str, Layer]:
        """The parts that gather, in their order, by the prefix of their parameters."""
        return {"attention": layers["self_attention"](heads=self.heads, causal=self.causal, off=self.off)}

    def switch_off(self, units):
        """Its heads are those of the attention inside, which gets them from `attentions`."""

    def children(self):
        return self.parts

    def shape(self, in_shape):
        for name in self.gathering:
            self.parts[name].shape(in_shape)
        return in_shape

    def build(self, in_shape):
        T, D = in_shape
        self.parts["ff2"] = layers["dense"](units=D, activation="linear")
        for name, part in self.parts.items():
            part.build((T, self.ff) if name == "ff2" else in_shape)
        self.branches = []
        for i, names in enumerate([*([name] for name in self.gathering), ["ff1", "ff2"]]):
            steps = [step for name in names for step in (self.parts[name], *self.drop())]
            self.branches.append(Branch(steps, self.parts[f"norm{i + 1}"], self.norm_first, self.paths))

    def drop(self) -> list[Layer]:
        return [layers["dropout"](rate=self.dropout)] if self.dropout else []

    def forward(self, x, ctx):
        for i, branch in enumerate(self.branches):
            x = branch.forward(x, ctx, self.scratch(("y", i), x.shape, x.dtype))
        self.a = x
        return x

    def backward(self, dy):
        for i, branch in reversed(list(enumerate(self.branches))):
            dy = branch.backward(dy, self.scratch(("dx", i), dy.shape, dy.dtype))
        return dy


@layers.register("decoder_block", "Decoder block")
class DecoderBlock(TransformerBlock):
    """A transformer block for a decoder: between its two parts it looks at what the encoder made of the source.

    x (N, T, D), memory (N, S, D) -> (N, T, D). The parts of a transformer block, and between them cross.Wq … cross.bo;
    norm2 belongs to cross-attention and norm3 to the dense network. As PyTorch's nn.TransformerDecoderLayer.
    """

    formula = r"y = x + \text{attention}(x), \quad z = y + \text{cross}(y, m), \quad a = z + \text{feed-forward}(z)"
    causal = Flag(True, "Causal", "Each place may look only at itself and what came before, as when writing a text.")

    def attentions(self):
        return super().attentions() | {"cross": layers["cross_attention"](heads=self.heads)}
