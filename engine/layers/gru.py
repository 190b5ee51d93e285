"""GRU: an LSTM's idea with two gates and no separate cell."""

import numpy as np

from engine.initializers import uniform_fan_in
from engine.kernels.basic import sigmoid
from engine.kernels.sequence import slope_of_sigmoid, slope_of_tanh, stack
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
    blocks = 4                                          # of a step on the tape: h Whn + bn, r, z, n

    def build(self, in_shape):
        super().build(in_shape)
        self.parameter("bn", (self.units,), uniform_fan_in, fan_in=self.units)

    def step(self, x, state):
        (h,) = state
        H = self.units
        r, z = np.split(sigmoid(x @ self.Wx[:, :2 * H] + h @ self.Wh[:, :2 * H] + self.b[:2 * H]), 2, axis=1)
        n = np.tanh(x @ self.Wx[:, 2 * H:] + self.b[2 * H:] + r * (h @ self.Wh[:, 2 * H:] + self.bn))
        return ((1 - z) * n + z * h,)

    def prepare(self, tape):
        H = self.units
        hn, r, z, n = tape.gates.transpose(1, 0, 2, 3)
        rz = tape.gates.reshape(tape.T, -1, tape.N)[:, H:3 * H]
        hx = tape.hx[:-1]
        tape.steps = list(zip(hx, hx[:, :H + 1], hx[:, H:], hn, rz, r, z, n, tape.h[:-1], tape.h[1:], strict=True))
        tape.back = list(zip(z, tape.dh, strict=True))
        tape.dgates = tape.dz.reshape(-1, 4, H, tape.N)
        tape.stretch = list(zip(tape.dz[:, :3 * H], *tape.dgates.transpose(1, 0, 2, 3), strict=True))

    def run(self, tape):
        H, half, spare = self.units, np.array(0.5, tape.h.dtype), tape.spare
        Wrz = (stack(self.Wh, self.b, self.Wx)[:, :2 * H] * half).T           # (2·H, H+1+in), σ(z) = (1 + tanh(z/2))/2
        Whn = stack(self.Wh[:, 2 * H:], self.bn).T                            # (H, H+1)
        Wxn = stack(self.b[2 * H:], self.Wx[:, 2 * H:]).T                     # (H, 1+in)
        for t, (hx, h1, x1, hn, rz, r, z, n, h, h_new) in enumerate(tape.steps):
            np.dot(Wrz, hx, out=rz)
            np.tanh(rz, out=rz)
            np.multiply(rz, half, out=rz)
            np.add(rz, half, out=rz)
            np.dot(Whn, h1, out=hn)
            np.dot(Wxn, x1, out=n)
            np.multiply(r, hn, out=spare)
            np.add(n, spare, out=n)
            np.tanh(n, out=n)
            np.subtract(h, n, out=spare)
            np.multiply(spare, z, out=spare)
            np.add(n, spare, out=h_new)                                       # h' = n + z (h - n)
            self.skip_padding(t, h_new, h)

    def prepare_slopes(self, tape, start, stop):
        now, size = slice(start, stop), stop - start
        hn, r, z, n = tape.gates[now].transpose(1, 0, 2, 3)                   # (B, H, N) each
        dhn, dr, dz, dn = tape.dgates[:size].transpose(1, 0, 2, 3)
        slope_of_tanh(n, out=dn)
        dn *= 1 - z                                                           # dh'/dz_n = (1 - z) tanh'(z_n)
        np.multiply(dn, r, out=dhn)
        slope_of_sigmoid(r, out=dr)
        dr *= hn
        dr *= dn
        slope_of_sigmoid(z, out=dz)
        dz *= tape.h[now] - n                                                 # dh'/dz_z = (h - n) σ'(z_z)
        self.silence_padding(start, stop, tape.dz[:size])

    def run_back(self, tape, start, stop):
        H, spare = self.units, tape.spare
        Wh = np.concatenate([self.Wh[:, 2 * H:], self.Wh[:, :2 * H]], axis=1)                     # n, r, z
        for t in range(stop - 1, start - 1, -1):
            dz_h, dhn, dr, dz, dn = tape.stretch[t - start]
            z, dh = tape.back[t]
            np.multiply(dhn, dh, out=dhn)                                     # these held their slopes
            np.multiply(dr, dh, out=dr)
            np.multiply(dz, dh, out=dz)
            np.multiply(dn, dh, out=dn)
            if t:
                dh_before = np.dot(Wh, dz_h, out=tape.back[t - 1][1])
                np.multiply(dh, z, out=spare)
                np.add(dh_before, spare, out=dh_before)                       # h' = z h: the way on which they last
                self.skip_padding(t, dh_before, dh)
                self.pass_on(t, dh_before)

    def products(self, hx, dz):
        H = self.units
        return [self.product(0, hx, dz[H:3 * H]),                                    # r, z:       (H+1+in, 2·H)
                self.product(1, hx[:H + 1], dz[:H]),                                 # h Whn + bn: (H+1, H)
                self.product(2, hx[H:], dz[3 * H:])]                                 # x Wxn + b_n: (1+in, H)

    def set_gradients(self, rz, hn, xn):
        H = self.units
        self.dWh[:, :2 * H], self.db[:2 * H], self.dWx[:, :2 * H] = rz[:H], rz[H], rz[H + 1:]
        self.dWh[:, 2 * H:], self.dbn[...] = hn[:H], hn[H]
        self.db[2 * H:], self.dWx[:, 2 * H:] = xn[0], xn[1:]

    def input_gradient(self, dz):
        return np.dot(self.Wx, dz[self.units:])

    def gate_values(self):
        return self.tape.gates[:, 1:].transpose(3, 0, 1, 2)
