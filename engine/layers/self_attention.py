"""Attention in several heads: every place of a sequence asks a question and gathers what answers it."""

import math

import numpy as np

from engine.errors import ShapeError
from engine.initializers import glorot_uniform, uniform_fan_in, zeros
from engine.kernels.attention import Joints, attend, attend_backward, room_for
from engine.kernels.basic import sum_rows
from engine.knobs import Flag, Int
from engine.layers.base import Layer, layers
from engine.switches import Indices, switch
from engine.views import View


class MultiHead(Layer):
    """What self-attention and cross-attention share: heads, parameters, and the way from q, k, v to the output.

    weights = softmax(q kᵀ / √d_head) for each head, y = [weights v of all heads] @ Wo + bo. Vaswani et al., 2017.
    """

    formula = r"a = \text{softmax}(Q K^T / \sqrt{d}) V W_o"
    group = "attention"
    causal = False
    heads = Int(4, 1, 64, "Heads", "How many questions each place asks at once. Must divide the width.",
                slider=(1, 8))
    off = switch(Indices("heads", "Switched off", "Heads that add nothing and learn nothing."))

    def check(self, in_shape):
        if len(in_shape) != 2:
            raise ShapeError(f"{self.label} needs a sequence (steps, features), not {in_shape}. "
                             "Put an embedding or a recurrent layer that returns sequences before it.")
        if in_shape[1] % self.heads:
            raise ShapeError(f"{self.heads} heads do not divide the width {in_shape[1]} of the sequence. "
                             f"Choose heads that do: {', '.join(map(str, divisors(in_shape[1])))}.")
        return in_shape

    def build(self, in_shape):
        d = in_shape[1]
        self.scale, self.joints, self.joint = 1 / math.sqrt(d // self.heads), Joints(), {}
        for name in ("Wq", "Wk", "Wv"):                 # PyTorch draws the three as one matrix (3d, d)
            self.parameter(name, (d, d), glorot_uniform, fan_in=d, fan_out=3 * d)
        self.parameter("Wo", (d, d), uniform_fan_in)
        for name in ("bq", "bk", "bv", "bo"):
            self.parameter(name, (d,), zeros)

    def views(self):
        found = super().views()
        if hasattr(self, "e"):
            found.append(View("attention", "attention", "Where each place looks",
                              ("example", "head", "query", "source" if self.takes_memory else "key"), self.weights,
                              causal=self.causal))
        return found

    def weights(self):
        """Attention weights (N, heads, T, S) of the last forward; they sum to one over the keys."""
        return self.e / self.total

    # -- from a sequence to queries, keys and values -------------------------------------------------------------------

    def project(self, x, names):
        """q, k and v, (N, heads, T, d_head) each, of a sequence x (N, T, D), or those that `names` lists, as "kv".

        q = (x @ Wq + bq) / √d_head, k = x @ Wk + bk, v = x @ Wv + bv, each cut into heads: one product for all.
        """
        self.joint[names] = joint = self.joints[names, x.shape]
        return self.split(joint.forward(x, self.maps(names)), len(x), len(names))

    def project_backward(self, x, dz, names):
        """dx from dz = [dq | dk | dv] (N·T, 3·D); fills dWq = x.T @ dq / √d_head, dWk = x.T @ dk, …"""
        return self.joint[names].backward(x, dz, self.maps(names, "d"))

    def maps(self, names, d=""):
        """W, b and a factor for each of the names, or with "d" their gradients.

        The softmax is of scores / √d_head; dividing the query comes to the same, and there are fewer of its numbers.
        """
        return [(getattr(self, f"{d}W{name}"), getattr(self, f"{d}b{name}"), self.scale if name == "q" else 1)
                for name in names]

    def split(self, z, N, count):
        """Cut (N·T, count·D) into count parts and these into heads: views (N, heads, T, d_head)."""
        z = z.reshape(N, len(z) // N, count, self.heads, -1)
        return [z[:, :, i].transpose(0, 2, 1, 3) for i in range(count)]

    # -- heads that are off ------------------------------------------------------------------------------------------

    def switch_off(self, units):
        self.silent = units

    def silence(self, mixed):
        """Put zeros where (N·T, D) holds what the switched-off heads have gathered, or its gradient."""
        mixed.reshape(len(mixed), self.heads, -1)[:, self.silent] = 0

    # -- the attention itself -----------------------------------------------------------------------------------------

    def mix(self, x, q, k, v, causal, mask):
        """Output (N, T, D) from the projections; keeps what `mix_backward` needs."""
        (N, T, D), S = x.shape, k.shape[2]
        self.q, self.k, self.v = q, k, v
        self.e = self.scratch("e", (N, self.heads, T, S), x.dtype)
        self.total = self.scratch("total", (N, self.heads, T, 1), x.dtype)
        self.share, self.mixed, a = (self.scratch(key, (N * T, D), x.dtype) for key in ("share", "mixed", "a"))
        attend(q, k, v, self.e, self.total, self.share, self.mixed, causal, mask)      # mixed = softmax(q kᵀ) v
        if self.off:
            self.silence(self.mixed)
        np.dot(self.mixed, self.Wo, out=a)                                             # a = mixed @ Wo + bo
        a += self.bo
        self.a = a.reshape(N, T, D)
        return self.a

    def mix_backward(self, dy, dq, dk, dv):
        """Gradients of Wo, bo, and of the projections into dq, dk, dv."""
        dy = dy.reshape(self.mixed.shape)
        np.dot(self.mixed.T, dy, out=self.dWo)                                         # dWo = mixed.T @ dy
        sum_rows(dy, out=self.dbo)                                                     # dbo = sum of dy
        dmixed = np.dot(dy, self.Wo.T, out=self.scratch("dmixed", dy.shape, dy.dtype))          # dmixed = dy @ Wo.T
        if self.off:
            self.silence(dmixed)
        room = self.scratch("room", (max(room_for(self.e.shape), dy.size),), dy.dtype)
        attend_backward(dmixed, self.q, self.k, self.v, self.e, self.share, self.mixed, dq, dk, dv, room)


@layers.register("self_attention", "Self-attention")
class SelfAttention(MultiHead):
    """Every place of the sequence looks at all of them and takes over what fits its question.

    x (N, T, D) -> (N, T, D). Wq, Wk, Wv, Wo (D, D), bq, bk, bv, bo (D,); as PyTorch's nn.MultiheadAttention.
    Places that ctx.mask (N, T) calls padding get no weight. Vaswani et al., 2017, section 3.2.
    """

    causal = Flag(False, "Causal", "Each place may look only at itself and what came before, as when writing a text.")

    def shape(self, in_shape):
        return self.check(in_shape)

    def forward(self, x, ctx):
        self.x = x
        return self.mix(x, *self.project(x, "qkv"), self.causal, ctx.mask)

    def backward(self, dy):
        N, T, D = dy.shape
        dz = self.scratch("dz", (N * T, 3 * D), dy.dtype)
        self.mix_backward(dy, *self.split(dz, N, 3))
        return self.project_backward(self.x, dz, "qkv")


@layers.register("cross_attention", "Cross-attention")
class CrossAttention(MultiHead):
    """Every place of the decoder's sequence looks at what the encoder made of the source.

    x (N, T, D), memory (N, S, D) -> (N, T, D): queries come from x, keys and values from the memory. Parameters as in
    self-attention. Leaves dL/dmemory in `dmemory`. Vaswani et al., 2017, section 3.2.3.
    """

    takes_memory = True

    def shape(self, in_shape):
        check_memory(self)
        if len(in_shape) == 2 and self.memory_shape[-1] != in_shape[1]:
            raise ShapeError(f"Cross-attention needs a memory as wide as its input: the encoder gives "
                             f"{self.memory_shape[-1]} features, the decoder has {in_shape[1]}. Make them equal.")
        return self.check(in_shape)

    def forward(self, x, ctx):
        self.x, self.memory = x, ctx.memory
        (q,), (k, v) = self.project(x, "q"), self.project(ctx.memory, "kv")
        return self.mix(x, q, k, v, False, ctx.memory_mask)

    def backward(self, dy):
        (N, T, D), S = dy.shape, self.memory.shape[1]
        dq = self.scratch("dq", (N * T, D), dy.dtype)
        dkv = self.scratch("dkv", (N * S, 2 * D), dy.dtype)
        self.mix_backward(dy, *self.split(dq, N, 1), *self.split(dkv, N, 2))
        self.dmemory = self.project_backward(self.memory, dkv, "kv")
        return self.project_backward(self.x, dq, "q")


def check_memory(layer: Layer) -> None:
    """ShapeError when a layer that reads an encoder's output has none to read."""
    if layer.memory_shape is None:
        raise ShapeError(f"{layer.label} looks at an encoder's output, and this network has no encoder. "
                         "Use it in the decoder of an encoder–decoder network.")


def divisors(width: int) -> list[int]:
    return [n for n in range(1, min(width, 64) + 1) if width % n == 0]
