"""Recurrent layers unrolled in time: fast paths for a layer's `step`, forth, and `step_back`, back, of all steps.

Plain: `through_time` and `back_through_time` of `engine.layers.recurrent`; tests hold the two together. Here the
features come first and the examples last, and each step is one product of all weights with the column [h; 1; x].
"""

from typing import ClassVar

import numpy as np

from engine.kernels.sequence import Tape, cuts, minus_product, slope_of_sigmoid, slope_of_tanh, stack

TAPES = 4                # shapes of batches whose memory is kept for the next time,
LARGE = 4_000_000        # unless the states and inputs of one of them take more bytes than this


class Unrolled:
    """What the layers below share: the tape, the walk over its stretches, padding and truncation."""

    blocks: ClassVar[int] = 1                         #: how many (H, N) blocks a step of the tape has

    def __init__(self, units: int):
        self.units, self.tape, self.tapes = units, None, {}

    def forward(self, x: np.ndarray, mask: np.ndarray | None, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray,
                bn: np.ndarray | None = None) -> np.ndarray:
        """States h (T, H, N) after each step of x (N, T, in). mask (N, T): False where a step is padding."""
        self.tape = tape = self.tape_for(x)
        self.Wx, self.Wh, self.b, self.bn = Wx, Wh, b, bn
        tape.x[...] = x.transpose(1, 2, 0)                                                        # (T, in, N)
        self.real, self.padded = (None, None) if mask is None else (mask.T, ~mask.T)              # (T, N)
        self.run(tape)
        return tape.h[1:]

    def backward(self, dy: np.ndarray, truncate: int, needs_dx: bool, **gradients: np.ndarray) -> np.ndarray | None:
        """dx (N, T, in) from dL/dh of the last step (N, H), or of every step (N, T, H); fills dWx, dWh, db, dbn."""
        tape = self.tape
        self.cut, self.sequence = cuts(self.real, tape.T, truncate), dy.ndim == 3
        if self.sequence:
            tape.dy[...] = dy.transpose(1, 2, 0)                                                  # (T, H, N)
            self.silence_padding(0, tape.T, tape.dy)
            tape.dh[-1] = tape.dy[-1]
        else:
            tape.dh[-1] = dy.T
        dx = np.empty((tape.x.shape[1], tape.T, tape.N), dy.dtype) if needs_dx else None          # (in, T, N)
        for start, stop in tape.stretches:
            self.prepare_slopes(tape, start, stop)
            self.run_back(tape, start, stop)
            hx, dz = tape.columns(start, stop)                                # (H+1+in, B·N), (G·H, B·N)
            tape.first = stop == tape.T
            sums = self.products(hx, dz)
            if needs_dx:
                dx[:, start:stop] = self.input_gradient(dz).reshape(-1, stop - start, tape.N)
        self.set_gradients(*sums, **gradients)
        return dx.transpose(2, 1, 0) if needs_dx else None                    # (N, T, in)

    # -- what differs from layer to layer ------------------------------------------------------------------------------

    def prepare(self, tape: Tape) -> None:
        """Slice a new tape into what each step's loop turns over: slicing takes as long as multiplying."""
        raise NotImplementedError

    def run(self, tape: Tape) -> None:
        """Fill h[1:] and whatever `run_back` needs, from h[0] = 0 and x."""
        raise NotImplementedError

    def prepare_slopes(self, tape: Tape, start: int, stop: int) -> None:
        """For steps start to stop, put into dz what of the derivatives doesn't depend on the gradient."""
        raise NotImplementedError

    def run_back(self, tape: Tape, start: int, stop: int) -> None:
        """From step stop - 1 down to start: dz = dL/d(x Wx + h Wh + b), and dh = dL/dh of the step before."""
        raise NotImplementedError

    def products(self, hx: np.ndarray, dz: np.ndarray) -> list[np.ndarray]:
        """What a stretch adds to the gradients of the weights, from its columns hx and dz."""
        return [self.tape.product(0, hx, dz)]                                    # (H+1+in, G·H)

    def set_gradients(self, dW: np.ndarray, dWx: np.ndarray, dWh: np.ndarray, db: np.ndarray) -> None:
        """Hand the sums of `products` to the parameters."""
        h = self.units
        dWh[...], db[...], dWx[...] = dW[:h], dW[h], dW[h + 1:]

    def input_gradient(self, dz: np.ndarray) -> np.ndarray:
        """dL/dx (in, B·N) of a stretch."""
        return np.dot(self.Wx, dz)

    # -- for both ways -------------------------------------------------------------------------------------------------

    def skip_padding(self, t: int, new: np.ndarray, old: np.ndarray) -> None:
        """Where step t is padding, a state (H, N), or on the way back its gradient, goes through unchanged."""
        if self.padded is not None:
            np.copyto(new, old, where=self.padded[t])

    def silence_padding(self, start: int, stop: int, *slopes: np.ndarray) -> None:
        """What is (B, ..., N) for steps start to stop becomes zero at padded ones."""
        if self.padded is not None:
            for slope in slopes:
                np.moveaxis(slope, -1, 1)[self.padded[start:stop]] = 0

    def pass_on(self, t: int, *gradients: np.ndarray) -> None:
        """Finish the gradients (dh, ...) that leave step t: none crosses a cut, and dh gains its own step's dy."""
        if self.cut is not None:
            for gradient in gradients:
                gradient *= ~self.cut[t]
        if self.sequence:
            gradients[0][...] += self.tape.dy[t - 1]

    def tape_for(self, x: np.ndarray) -> Tape:
        tape = self.tapes.get((x.shape, x.dtype))
        if tape is None:
            if len(self.tapes) >= TAPES or any(old.hx.nbytes > LARGE for old in self.tapes.values()):
                self.tapes.clear()
            tape = self.tapes[x.shape, x.dtype] = Tape(x.shape, self.units, self.blocks, x.dtype)
            self.prepare(tape)
        return tape


class UnrolledRNN(Unrolled):
    """All steps of `RNN`."""

    def prepare(self, tape):
        tape.steps = list(zip(tape.hx[:-1], tape.h[:-1], tape.h[1:], strict=True))
        tape.dz_steps, tape.dh_steps = list(tape.dz), list(tape.dh)

    def run(self, tape):
        W = stack(self.Wh, self.b, self.Wx).T                                 # (H, H+1+in)
        for t, (hx, h, h_new) in enumerate(tape.steps):
            np.dot(W, hx, out=h_new)
            np.tanh(h_new, out=h_new)
            self.skip_padding(t, h_new, h)

    def prepare_slopes(self, tape, start, stop):
        slopes = slope_of_tanh(tape.h[start + 1:stop + 1], out=tape.dz[:stop - start])
        self.silence_padding(start, stop, slopes)

    def run_back(self, tape, start, stop):
        for t in range(stop - 1, start - 1, -1):
            dz, dh = tape.dz_steps[t - start], tape.dh_steps[t]
            np.multiply(dz, dh, out=dz)                                       # dz held tanh'
            if t:
                dh_before = np.dot(self.Wh, dz, out=tape.dh_steps[t - 1])
                self.skip_padding(t, dh_before, dh)
                self.pass_on(t, dh_before)


class UnrolledLSTM(Unrolled):
    """All steps of `LSTM`. On the tape the gates stand as i, f, o, g, so that the three with a σ are one block."""

    blocks = 4

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


class UnrolledGRU(Unrolled):
    """All steps of `GRU`. The blocks of a step are h Whn + bn, r, z, n."""

    blocks = 4

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
        return [self.tape.product(0, hx, dz[H:3 * H]),                                    # r, z:       (H+1+in, 2·H)
                self.tape.product(1, hx[:H + 1], dz[:H]),                                 # h Whn + bn: (H+1, H)
                self.tape.product(2, hx[H:], dz[3 * H:])]                                 # x Wxn + b_n: (1+in, H)

    def set_gradients(self, rz, hn, xn, dWx, dWh, db, dbn):
        H = self.units
        dWh[:, :2 * H], db[:2 * H], dWx[:, :2 * H] = rz[:H], rz[H], rz[H + 1:]
        dWh[:, 2 * H:], dbn[...] = hn[:H], hn[H]
        db[2 * H:], dWx[:, 2 * H:] = xn[0], xn[1:]

    def input_gradient(self, dz):
        return np.dot(self.Wx, dz[self.units:])
