"""Recurrence: the same weights at every step, and a state that carries what was seen from one step to the next."""

from typing import ClassVar

import numpy as np

from engine.errors import ShapeError
from engine.initializers import uniform_over
from engine.kernels.sequence import Tape, checked_mask, cuts, slope_of_tanh, stack
from engine.knobs import Flag, Int
from engine.layers.base import Layer, layers
from engine.views import View

TAPES = 4                # shapes of batches whose memory is kept for the next time,
LARGE = 4_000_000        # unless the states and inputs of one of them take more bytes than this


class Recurrent(Layer):
    """What rnn, lstm and gru share: x (N, T, in) -> y (N, T, H), or the last state (N, H). The first state is zero.

    Wx (in, G·H), Wh (H, G·H), b (G·H,): G gates side by side; b is PyTorch's b_ih + b_hh. By default all
    begin as U(±1/√H); to another initializer each gate is a layer of its own, with fans in and H (Wx) or H and H (Wh).

    Inside, the features come first and the examples last, see `Tape`: each step is one product of all weights with the
    column [h; 1; x]. `step` is the same for one step, as a textbook writes it.

    With a mask, a padded step leaves the state as it was, and its output in a sequence is zero.

    truncate=k cuts the sequence, counted from its last real step, into windows of k steps. The state goes on from
    window to window but the gradient does not, as if `h.detach()` stood between them in PyTorch (Williams and Peng,
    1990): the gradient of the last step reaches exactly the last k inputs.
    """

    group = "sequence"
    gates: ClassVar[tuple[str, ...]] = ()             #: their names, in the order in which the parameters hold them
    blocks: ClassVar[int] = 1                         #: how many (H, N) blocks a step of the tape has

    size_knob = "units"
    units = Int(32, 1, 2048, "Units", "How many numbers the memory holds from one step to the next.", slider=(1, 64))
    return_sequences = Flag(False, "Return sequences", "Hands on the state of every step instead of the last one only.")
    truncate = Int(0, 0, 10000, "Truncate after", "How many steps back the gradient may flow. 0 is all the way.",
                   slider=(0, 100))

    def __init__(self, **settings):
        super().__init__(**settings)
        self._tapes: dict[tuple, Tape] = {}

    def shape(self, in_shape):
        if len(in_shape) != 2:
            raise ShapeError(f"{self.label} reads a sequence: it needs steps and features, (T, F), not {in_shape}. "
                             "For text, put an embedding before it.")
        return (in_shape[0], self.units) if self.return_sequences else (self.units,)

    def build(self, in_shape):
        h, wide = self.units, max(len(self.gates), 1) * self.units
        for name, shape in (("Wx", (in_shape[1], wide)), ("Wh", (h, wide)), ("b", (wide,))):
            self.parameter(name, shape, uniform_over(h), fan_in=shape[0], fan_out=h)

    # -- one step, as a textbook writes it -----------------------------------------------------------------------------

    def first_state(self, n: int) -> tuple[np.ndarray, ...]:
        """The state before the first step, for n examples."""
        return (np.zeros((n, self.units), self.Wh.dtype),)

    def step(self, x: np.ndarray, state: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
        """The state (h (N, H), ...) after x (N, in). Computes what `forward` does for all steps; keeps nothing."""
        raise NotImplementedError

    # -- all steps -----------------------------------------------------------------------------------------------------

    def forward(self, x, ctx):
        self.tape = tape = self.tape_for(x)
        tape.x[...] = x.transpose(1, 2, 0)                                                        # (T, in, N)
        mask = checked_mask(ctx.mask, x.shape[:2])
        self.real, self.padded = (None, None) if mask is None else (mask.T, ~mask.T)              # (T, N)
        self.run(tape)
        h = tape.h[1:]                                                                            # (T, H, N)
        if not self.return_sequences:
            self.a = h[-1].T                                                                      # (N, H)
        else:
            self.a = (h if mask is None else h * self.real[:, None]).transpose(2, 0, 1)           # (N, T, H)
        return self.a

    def backward(self, dy):
        tape = self.tape
        self.cut = cuts(self.real, tape.T, self.truncate)
        if self.return_sequences:
            tape.dy[...] = dy.transpose(1, 2, 0)                                                  # (T, H, N)
            self.silence_padding(0, tape.T, tape.dy)
            tape.dh[-1] = tape.dy[-1]
        else:
            tape.dh[-1] = dy.T
        dx = np.empty((tape.x.shape[1], tape.T, tape.N), dy.dtype) if self.needs_dx else None     # (in, T, N)
        for start, stop in tape.stretches:
            self.prepare_slopes(tape, start, stop)
            self.run_back(tape, start, stop)
            hx, dz = tape.columns(start, stop)                                # (H+1+in, B·N), (G·H, B·N)
            tape.first = stop == tape.T
            sums = self.products(hx, dz)
            if self.needs_dx:
                dx[:, start:stop] = self.input_gradient(dz).reshape(-1, stop - start, tape.N)
        self.set_gradients(*sums)
        return dx.transpose(2, 1, 0) if self.needs_dx else None               # (N, T, in)

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
        return [self.product(0, hx, dz)]                                         # (H+1+in, G·H)

    def product(self, key: int, hx: np.ndarray, dz: np.ndarray) -> np.ndarray:
        """hx @ dz.T, added to what it was for the stretches before."""
        first, total = self.tape.first, self.scratch(("sum", key), (len(hx), len(dz)), dz.dtype)
        part = total if first else self.scratch(("part", key), total.shape, dz.dtype)
        np.dot(hx, dz.T, out=part)
        if not first:
            total += part
        return total

    def set_gradients(self, dW: np.ndarray) -> None:
        """Hand the sums of `products` to the parameters."""
        h = self.units
        self.dWh[...], self.db[...], self.dWx[...] = dW[:h], dW[h], dW[h + 1:]

    def input_gradient(self, dz: np.ndarray) -> np.ndarray:
        """dL/dx (in, B·N) of a stretch."""
        return np.dot(self.Wx, dz)

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
        if self.return_sequences:
            gradients[0][...] += self.tape.dy[t - 1]

    def tape_for(self, x: np.ndarray) -> Tape:
        tape = self._tapes.get((x.shape, x.dtype))
        if tape is None:
            if len(self._tapes) >= TAPES or any(old.hx.nbytes > LARGE for old in self._tapes.values()):
                self._tapes.clear()
            tape = self._tapes[x.shape, x.dtype] = Tape(x.shape, self.units, self.blocks, x.dtype)
            self.prepare(tape)
        return tape

    def prepare(self, tape: Tape) -> None:
        """Slice a new tape into what each step's loop turns over: slicing takes as long as multiplying."""
        raise NotImplementedError

    # -- looking inside ------------------------------------------------------------------------------------------------

    def views(self):
        views = super().views()
        if getattr(self, "tape", None) is None:
            return views
        views.append(View("gates", "hidden", "State over time", ("example", "step", "state", "unit"),
                          lambda: over_time(self.tape.h[1:])))
        if self.gates:
            views.append(View("gates", "gates", "Gates over time", ("example", "step", ", ".join(self.gates), "unit"),
                              self.gate_values, "How far each gate is open, in the order " + ", ".join(self.gates)))
        views.append(View("curve", "gradient_through_time", "Gradient through time", ("step", "norm of dL/dh"),
                          lambda: norm_by_step(self.tape.dh),
                          "How much the loss still depends on the state of each step, after a backward pass"))
        return views

    def gate_values(self) -> np.ndarray:
        """(N, T, G, H), gates in the order of `gates`."""
        raise NotImplementedError


def over_time(h: np.ndarray) -> np.ndarray:
    """(T, H, N) of the tape as (N, T, 1, H)."""
    return h.transpose(2, 0, 1)[:, :, None]


def norm_by_step(dh: np.ndarray) -> np.ndarray:
    """(T, H, N) -> (T,): Euclidean norms over units and examples."""
    flat = dh.reshape(len(dh), -1)
    return np.sqrt(np.einsum("tk,tk->t", flat, flat))


@layers.register("rnn", "RNN")
class RNN(Recurrent):
    """Reads a sequence step by step; each state is made of the new input and the state before.

    h' = tanh(x Wx + h Wh + b). Elman, 1990; back-propagation through time: Werbos, 1990.
    """

    formula = r"h_t = \tanh(x_t W_x + h_{t-1} W_h + b)"
    def step(self, x, state):
        (h,) = state
        return (np.tanh(x @ self.Wx + h @ self.Wh + self.b),)

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
