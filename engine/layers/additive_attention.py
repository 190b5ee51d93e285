"""Additive attention: a small network scores how well each step answers a question, and the best are mixed."""

import numpy as np

from engine.errors import ShapeError
from engine.initializers import uniform_fan_in
from engine.knobs import Int
from engine.layers.base import Layer, layers
from engine.layers.self_attention import check_memory
from engine.views import View


class Additive(Layer):
    """What the two layers below share: the score of Bahdanau et al., 2014 (equation 5 and appendix A.1.2).

    score(q, k) = v · tanh(q Wq + k Wk), weights = softmax of the scores over the keys, answer = weights @ keys.
    Wq (features of q, units), Wk (features of k, units), v (units,).
    """

    group = "attention"
    formula = r"a = \text{softmax}(v \tanh(q W_q + k W_k)) k"
    units = Int(16, 1, 1024, "Units", "How many numbers a question and a step are compared by.", slider=(1, 64))

    def declare(self, queries: int, keys: int) -> None:
        self.parameter("Wq", (queries, self.units), uniform_fan_in)
        self.parameter("Wk", (keys, self.units), uniform_fan_in)
        self.parameter("v", (self.units,), uniform_fan_in, fan_out=1, decay=True)

    def attend(self, q, k, mask):
        """Answers (N, T, D) for queries q (N, T, F) and keys k (N, S, D); mask (N, S), False where a key is padding."""
        self.q, self.k = q, k
        u = (q @ self.Wq)[:, :, None] + (k @ self.Wk)[:, None]                          # (N, T, S, units)
        self.u = np.tanh(u, out=u)
        scores = u @ self.v                                                             # (N, T, S)
        if mask is not None:
            np.copyto(scores, -np.inf, where=~mask[:, None])
        top = scores.max(axis=2, keepdims=True)
        top[top == -np.inf] = 0                                     # nothing but padding to look at: no weights at all
        self.weights = np.exp(scores - top, out=scores)
        total = scores.sum(axis=2, keepdims=True)
        scores /= total + (total == 0)
        return scores @ k

    def attend_backward(self, dy):
        """dq, dk from dy (N, T, D); fills dWq, dWk, dv."""
        dweights = dy @ self.k.swapaxes(1, 2)                                           # (N, T, S)
        inner = np.einsum("nts,nts->nt", dweights, self.weights)[..., None]
        dscores = self.weights * (dweights - inner)
        dz = 1 - self.u * self.u                                                        # (N, T, S, units)
        dz *= self.v
        dz *= dscores[..., None]
        dzq, dzk = dz.sum(axis=2), dz.sum(axis=1)                            # (N, T, units), (N, S, units)
        self.project_backward(dscores, dzq, dzk)
        return dzq @ self.Wq.T, dzk @ self.Wk.T + self.weights.swapaxes(1, 2) @ dy

    def project_backward(self, dscores, dzq, dzk):
        """Fill dv from dscores (N, T, S), dWq from dzq (N, T, units), dWk from dzk (N, S, units)."""
        np.dot(dscores.reshape(-1), flat(self.u), out=self.dv)
        np.dot(flat(self.q).T, flat(dzq), out=self.dWq)
        np.dot(flat(self.k).T, flat(dzk), out=self.dWk)

    def views(self):
        found = super().views()
        if hasattr(self, "weights"):
            found.append(View("attention", "attention", "Where each question looks",
                              ("example", "head", "query", "source" if self.takes_memory else "key"),
                              lambda: self.weights[:, None]))
        return found


@layers.register("additive_attention", "Additive attention")
class AdditiveAttention(Additive):
    """Sums up a sequence in one vector: the last state asks, and the steps that answer best count most.

    x (N, T, F) -> (N, F). The query is the last step that ctx.mask (N, T) calls real; padding gets no weight.
    Wq, Wk (F, units), v (units,). Score by Bahdanau et al., 2014; the last state as the query as in Luong et al., 2015.
    """

    def shape(self, in_shape):
        if len(in_shape) != 2:
            raise ShapeError(f"Additive attention needs a sequence (steps, features), not {in_shape}. "
                             "Put an embedding or a recurrent layer that returns sequences before it.")
        return in_shape[1:]

    def build(self, in_shape):
        self.declare(in_shape[1], in_shape[1])

    def forward(self, x, ctx):
        N, T = x.shape[:2]
        last = np.full(N, T - 1) if ctx.mask is None else T - 1 - ctx.mask[:, ::-1].argmax(axis=1)
        self.last = np.arange(N), last
        self.a = self.attend(x[self.last][:, None], x, ctx.mask)[:, 0]
        return self.a

    def backward(self, dy):
        dq, dx = self.attend_backward(dy[:, None])
        dx[self.last] += dq[:, 0]
        return dx


@layers.register("additive_cross_attention", "Additive cross-attention")
class AdditiveCrossAttention(Additive):
    """Each step of the decoder asks the encoder's output, and carries the answer on beside its own state.

    x (N, T, F), memory (N, S, D) -> (N, T, F + D): [x, answer]. Wq (F, units), Wk (D, units), v (units,).
    Score by Bahdanau et al., 2014. As in Luong et al., 2015, it stands behind the decoder's recurrent layer, so that
    the state h_t asks, where Bahdanau's h_{t-1} asks and the answer enters the recurrence. A dense layer with tanh
    behind it makes Luong's attentional state. Leaves dL/dmemory in `dmemory`.
    """

    takes_memory = True

    def shape(self, in_shape):
        check_memory(self)
        if len(in_shape) != 2:
            raise ShapeError(f"Additive cross-attention needs a sequence (steps, features), not {in_shape}. "
                             "Put a recurrent layer that returns sequences before it.")
        return (in_shape[0], in_shape[1] + self.memory_shape[-1])

    def build(self, in_shape):
        self.declare(in_shape[1], self.memory_shape[-1])

    def forward(self, x, ctx):
        self.a = np.concatenate([x, self.attend(x, ctx.memory, ctx.memory_mask)], axis=2)
        return self.a

    def backward(self, dy):
        width = self.q.shape[2]
        dq, self.dmemory = self.attend_backward(dy[:, :, width:])
        return dq + dy[:, :, :width]


def flat(x: np.ndarray) -> np.ndarray:
    """(N, ..., F) as (N·..., F)."""
    return x.reshape(-1, x.shape[-1])
