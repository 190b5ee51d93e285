"""GRU: an LSTM's idea with two gates and no separate cell."""

import numpy as np

from engine.initializers import uniform_fan_in
from engine.kernels.basic import sigmoid
from engine.kernels.recurrent import UnrolledGRU
from engine.layers.base import layers
from engine.layers.recurrent import Recurrent


@layers.register("gru", "GRU")
class GRU(Recurrent):
    """Reads a sequence; one gate decides how much of the old state to keep, another how much of it the new one sees.

    r = σ(x Wxr + h Whr + br)                   reset gate
    z = σ(x Wxz + h Whz + bz)                   update gate
    n = tanh(x Wxn + b_n + r (h Whn + bn))      candidate
    h' = (1 - z) n + z h

    Cho et al., 2014, with the reset gate behind the product as in PyTorch. bn (H,) is the candidate's second bias.
    """

    formula = r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}"
    gates = ("reset", "update", "candidate")
    fast = UnrolledGRU

    def build(self, in_shape):
        super().build(in_shape)
        self.parameter("bn", (self.units,), uniform_fan_in, fan_in=self.units)

    def gates_at(self, x, h):
        """r and z: how far each gate is open; h Whn + bn; and the candidate n. (N, H) each."""
        H = self.units
        r, z = np.split(sigmoid(x @ self.Wx[:, :2 * H] + h @ self.Wh[:, :2 * H] + self.b[:2 * H]), 2, axis=1)
        hn = h @ self.Wh[:, 2 * H:] + self.bn
        return r, z, hn, np.tanh(x @ self.Wx[:, 2 * H:] + self.b[2 * H:] + r * hn)

    def step(self, x, state):
        (h,) = state
        _, z, _, n = self.gates_at(x, h)
        return ((1 - z) * n + z * h,)

    def step_back(self, x, state, dstate):
        (h,), (dh_new,) = state, dstate
        r, z, hn, n = self.gates_at(x, h)
        dn = dh_new * (1 - z) * (1 - n ** 2)                                  # candidate: tanh' = 1 - tanh²
        dz = dh_new * (h - n) * z * (1 - z)                                   # update gate: σ' = σ (1 - σ)
        dr = dn * hn * r * (1 - r)                                            # reset gate
        of_x, of_h = np.hstack([dr, dz, dn]), np.hstack([dr, dz, dn * r])     # of x Wx + b, of h Wh  (N, 3·H) each
        gradients = {"Wx": x.T @ of_x, "Wh": h.T @ of_h, "b": of_x.sum(axis=0), "bn": (dn * r).sum(axis=0)}
        return of_x @ self.Wx.T, (dh_new * z + of_h @ self.Wh.T,), gradients

    def gate_values(self):
        return self.tape.gates[:, 1:].transpose(3, 0, 1, 2)
