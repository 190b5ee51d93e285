"""LSTM: a cell that keeps what it holds until a gate tells it to forget, so that gradients live for many steps."""

import numpy as np

from engine.kernels.basic import sigmoid
from engine.kernels.sequence import minus_product, stack
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
    blocks = 4

    def first_state(self, n):
        return (*super().first_state(n), *super().first_state(n))

    def step(self, x, state):
        h, c = state
        i, f, g, o = np.split(x @ self.Wx + h @ self.Wh + self.b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c

    def prepare(self, tape):
        tape.c = np.zeros_like(tape.h)                                        # (T+1, H, N)
        tape.kept, tape.written, tape.tanh_c, tape.dc = np.zeros((4, *tape.dh.shape), tape.c.dtype)
        z = tape.gates.reshape(tape.T, -1, tape.N)                            # (T, 4·H, N), here it is i, f, o, g
        i, f, o, g = tape.gates.transpose(1, 0, 2, 3)
        tape.steps = list(zip(tape.hx[:-1], z, z[:, :3 * self.units], i, f, o, g, tape.kept, tape.written, tape.tanh_c,
                              tape.c[:-1], tape.c[1:], tape.h[:-1], tape.h[1:], strict=True))
        tape.back = list(zip(f, tape.dh, tape.dc, strict=True))
        tape.slope = np.empty((len(tape.dz), self.units, tape.N), tape.c.dtype)
        tape.dgates = tape.dz.reshape(-1, 4, self.units, tape.N)              # in the order of the parameters
        tape.stretch = list(zip(tape.dz, *tape.dgates.transpose(1, 0, 2, 3), tape.slope, strict=True))

    def run(self, tape):
        W, half = self.weights(), np.array(0.5, tape.c.dtype)
        for t, (hx, z, s, i, f, o, g, kept, written, tanh_c, c, c_new, h, h_new) in enumerate(tape.steps):
            np.dot(W, hx, out=z)
            np.tanh(z, out=z)                           # all gates at once, since σ(z) = (1 + tanh(z/2)) / 2
            np.multiply(s, half, out=s)
            np.add(s, half, out=s)                      # s is i, f, o
            np.multiply(f, c, out=kept)
            np.multiply(i, g, out=written)
            np.add(kept, written, out=c_new)            # c' = f c + i g
            np.tanh(c_new, out=tanh_c)
            np.multiply(o, tanh_c, out=h_new)           # h' = o tanh(c')
            self.skip_padding(t, h_new, h)
            self.skip_padding(t, c_new, c)

    def weights(self) -> np.ndarray:
        """All weights as (4·H, H+1+in), in the tape's order i, f, o, g, with the half that goes into each σ."""
        W = stack(self.Wh, self.b, self.Wx).reshape(-1, 4, self.units)[:, (0, 1, 3, 2)]
        W[:, :3] *= 0.5
        return W.reshape(len(W), -1).T

    def prepare_slopes(self, tape, start, stop):
        now, size = slice(start, stop), stop - start
        i, f, o, g = tape.gates[now].transpose(1, 0, 2, 3)                    # (B, H, N) each
        di, df, dg, do = tape.dgates[:size].transpose(1, 0, 2, 3)
        kept, written, tanh_c, h = tape.kept[now], tape.written[now], tape.tanh_c[now], tape.h[start + 1:stop + 1]
        slope = tape.slope[:size]                                             # with f c, i g and h' known, shorter:
        minus_product(written, written, i, out=di)                            # dc'/dz_i = i (1 - i) g
        minus_product(kept, kept, f, out=df)                                  # dc'/dz_f = f (1 - f) c
        minus_product(i, written, g, out=dg)                                  # dc'/dz_g = i (1 - g²)
        minus_product(h, h, o, out=do)                                        # dh'/dz_o = o (1 - o) tanh(c')
        minus_product(o, h, tanh_c, out=slope)                                # dh'/dc'  = o (1 - tanh²(c'))
        self.silence_padding(start, stop, tape.dz[:size], slope)

    def run_back(self, tape, start, stop):
        spare = tape.spare
        if stop == tape.T:
            tape.dc[-1] = 0
        for t in range(stop - 1, start - 1, -1):
            dz, di, df, dg, do, slope = tape.stretch[t - start]
            f, dh, dc = tape.back[t]
            np.multiply(dh, slope, out=spare)
            np.add(dc, spare, out=dc)                   # dL/dc' gains what reaches it through h' = o tanh(c')
            np.multiply(di, dc, out=di)                 # these held their slopes
            np.multiply(df, dc, out=df)
            np.multiply(dg, dc, out=dg)
            np.multiply(do, dh, out=do)
            if t:
                _, dh_before, dc_before = tape.back[t - 1]
                np.multiply(dc, f, out=dc_before)       # c' = f c: the way on which gradients last
                np.dot(self.Wh, dz, out=dh_before)
                self.skip_padding(t, dh_before, dh)
                self.skip_padding(t, dc_before, dc)
                self.pass_on(t, dh_before, dc_before)

    def gate_values(self):
        return self.tape.gates.transpose(3, 0, 1, 2)[:, :, (0, 1, 3, 2)]

    def views(self):
        views = super().views()
        if getattr(self, "tape", None) is not None:
            views.append(View("gates", "cell", "Cell over time", ("example", "step", "cell", "unit"),
                              lambda: over_time(self.tape.c[1:]), "What the memory cell holds after each step"))
            views.append(View("curve", "cell_gradient_through_time", "Gradient of the cell through time",
                              ("step", "norm of dL/dc"), lambda: norm_by_step(self.tape.dc),
                              "How much the loss still depends on the cell of each step, after a backward pass"))
        return views
