"""LSTM: a cell that keeps what it holds until a gate tells it to forget, so that gradients live for many steps."""

import numpy as np

from engine.kernels.basic import sigmoid
from engine.kernels.recurrent import UnrolledLSTM
from engine.layers.base import layers
from engine.layers.recurrent import Recurrent, norm_by_step, over_time
from engine.views import View


@layers.register("lstm", "LSTM")
class LSTM(Recurrent):
    """Reads a sequence with a memory cell: three gates decide what to write, what to keep and what to show.

    i, f, g, o = x Wx + h Wh + b        input gate, forget gate, candidate, output gate
    c' = σ(f) c + σ(i) tanh(g)          the cell: forgets a share, adds a share of the candidate
    h' = σ(o) tanh(c')                  what the cell shows of itself

    Hochreiter and Schmidhuber, 1997; the forget gate: Gers, Schmidhuber and Cummins, 2000.
    """

    formula = r"c_t = f_t \odot c_{t-1} + i_t \odot g_t, \quad h_t = o_t \odot \tanh(c_t)"
    gates = ("input", "forget", "candidate", "output")
    fast = UnrolledLSTM

    def first_state(self, n):
        return (*super().first_state(n), *super().first_state(n))

    def gates_at(self, x, h):
        """How far each gate is open, and the candidate, (N, H) each."""
        i, f, g, o = np.split(x @ self.Wx + h @ self.Wh + self.b, 4, axis=1)
        return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)

    def step(self, x, state):
        h, c = state
        i, f, g, o = self.gates_at(x, h)
        c = f * c + i * g
        return o * np.tanh(c), c

    def step_back(self, x, state, dstate):
        (h, c), (dh_new, dc_new) = state, dstate
        i, f, g, o = self.gates_at(x, h)
        shown = np.tanh(f * c + i * g)                                        # tanh(c')
        dc_new = dc_new + dh_new * o * (1 - shown ** 2)                       # what reaches c' through h' = o tanh(c')
        dz = np.hstack([dc_new * g * i * (1 - i),                             # input gate: σ' = σ (1 - σ)
                        dc_new * c * f * (1 - f),                             # forget gate
                        dc_new * i * (1 - g ** 2),                            # candidate: tanh' = 1 - tanh²
                        dh_new * shown * o * (1 - o)])                        # output gate                  (N, 4·H)
        gradients = {"Wx": x.T @ dz, "Wh": h.T @ dz, "b": dz.sum(axis=0)}
        return dz @ self.Wx.T, (dz @ self.Wh.T, dc_new * f), gradients        # dc' f: the way on which gradients last

    def gate_values(self):
        return self.tape.gates.transpose(3, 0, 1, 2)[:, :, (0, 1, 3, 2)]

    def views(self):
        views = super().views()
        if self.tape is not None:
            views.append(View("gates", "cell", "Cell over time", ("example", "step", "cell", "unit"),
                              lambda: over_time(self.tape.c[1:]), "What the memory cell holds after each step"))
            views.append(View("curve", "cell_gradient_through_time", "Gradient of the cell through time",
                              ("step", "norm of dL/dc"), lambda: norm_by_step(self.tape.dc),
                              "How much the loss still depends on the cell of each step, after a backward pass"))
        return views
