"""Recurrence: the same weights at every step, and a state that carries what was seen from one step to the next."""

from typing import ClassVar

import numpy as np

from engine.errors import ShapeError
from engine.initializers import uniform_over
from engine.kernels.recurrent import Unrolled, UnrolledRNN
from engine.kernels.sequence import Tape, checked_mask, cuts
from engine.knobs import Flag, Int
from engine.layers.base import Layer, layers
from engine.views import View

State = tuple[np.ndarray, ...]             # what a layer carries from step to step: h (N, H); an LSTM's cell, too
Gradients = dict[str, np.ndarray]          # by the parameter's name


class Recurrent(Layer):
    """What rnn, lstm and gru share: x (N, T, in) -> y (N, T, H), or the last state (N, H). The first state is zero.

    Wx (in, G·H), Wh (H, G·H), b (G·H,): G gates side by side; b is PyTorch's b_ih + b_hh. By default all
    begin as U(±1/√H); to another initializer each gate is a layer of its own, with fans in and H (Wx) or H and H (Wh).

    `step` and `step_back` are one step as a textbook writes it, and `through_time` and `back_through_time` all of them,
    one after the other. `forward` and `backward` compute the same faster, see `engine.kernels.recurrent`.

    With a mask, a padded step leaves the state as it was, and its output in a sequence is zero.

    truncate=k cuts the sequence, counted from its last real step, into windows of k steps. The state goes on from
    window to window but the gradient does not, as if `h.detach()` stood between them in PyTorch (Williams and Peng,
    1990): the gradient of the last step reaches exactly the last k inputs.
    """

    group = "sequence"
    gates: ClassVar[tuple[str, ...]] = ()             #: their names, in the order in which the parameters hold them
    fast: ClassVar[type[Unrolled]]                    #: what computes all steps at once

    size_knob = "units"
    units = Int(32, 1, 2048, "Units", "How many numbers the memory holds from one step to the next.", slider=(1, 64))
    return_sequences = Flag(False, "Return sequences", "Hands on the state of every step instead of the last one only.")
    truncate = Int(0, 0, 10000, "Truncate after", "How many steps back the gradient may flow. 0 is all the way.",
                   slider=(0, 100))

    def __init__(self, **settings):
        super().__init__(**settings)
        self.unrolled = self.fast(self.units)

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

    def first_state(self, n: int) -> State:
        """The state before the first step, for n examples."""
        return (np.zeros((n, self.units), self.Wh.dtype),)

    def step(self, x: np.ndarray, state: State) -> State:
        """The state (h (N, H), ...) after x (N, in)."""
        raise NotImplementedError

    def step_back(self, x: np.ndarray, state: State, dstate: State) -> tuple[np.ndarray, State, Gradients]:
        """From dL/d(state after the step): dL/dx, dL/d(state before it), and what the step adds to the gradients.

        x and state are those that `step` was given.
        """
        raise NotImplementedError

    # -- all steps, by the fast path -----------------------------------------------------------------------------------

    def forward(self, x, ctx):
        mask = checked_mask(ctx.mask, x.shape[:2])
        h = self.unrolled.forward(x, mask, **self.own_parameters())                               # (T, H, N)
        if not self.return_sequences:
            self.a = h[-1].T                                                                      # (N, H)
        else:
            self.a = (h if mask is None else h * mask.T[:, None]).transpose(2, 0, 1)              # (N, T, H)
        return self.a

    def backward(self, dy):
        gradients = {f"d{p.name}": getattr(self, f"d{p.name}") for p in self.plan.parameters}
        return self.unrolled.backward(dy, self.truncate, self.needs_dx, **gradients)

    # -- looking inside ------------------------------------------------------------------------------------------------

    @property
    def tape(self) -> Tape | None:
        """What was kept of the last pass through time; None before the first."""
        return self.unrolled.tape

    def views(self):
        views = super().views()
        if self.tape is None:
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


# -- all steps, as a textbook writes them ------------------------------------------------------------------------------


def through_time(layer: Recurrent, x: np.ndarray, mask: np.ndarray | None = None) -> list[State]:
    """The T + 1 states before, between and after the steps of x (N, T, in); mask (N, T), False at padding."""
    states = [layer.first_state(len(x))]
    for t in range(x.shape[1]):
        old, new = states[-1], layer.step(x[:, t], states[-1])
        real = True if mask is None else mask[:, t, None]
        states.append(tuple(np.where(real, n, o) for n, o in zip(new, old, strict=True)))
    return states


def back_through_time(layer: Recurrent, x: np.ndarray, dy: np.ndarray,
                      mask: np.ndarray | None = None) -> tuple[np.ndarray, Gradients]:
    """dL/dx (N, T, in) and dL/d(parameters) from dL/dy of the last state (N, H) or of every state (N, T, H).

    The chain rule from the last step to the first; the same weights work at every step, so their gradients add up.
    """
    (N, T), states = x.shape[:2], through_time(layer, x, mask)
    mask = np.ones((N, T), bool) if mask is None else mask
    cut = cuts(mask.T, T, layer.truncate)
    dx, total = np.zeros_like(x), {name: np.zeros_like(p) for name, p in layer.own_parameters().items()}
    dstate = tuple(np.zeros_like(part) for part in states[0])
    for t in reversed(range(T)):
        real = mask[:, t, None]
        reaching = dy[:, t] * real if dy.ndim == 3 else dy * (t == T - 1)        # straight from the layer above
        dstate = dstate[0] + reaching, *dstate[1:]
        dx[:, t], before, gradients = layer.step_back(x[:, t], states[t], tuple(part * real for part in dstate))
        for name in total:
            total[name] += gradients[name]
        dstate = tuple(np.where(real, new, old) for new, old in zip(before, dstate, strict=True))
        if cut is not None:
            dstate = tuple(part * ~cut[t][:, None] for part in dstate)
    return dx, total


@layers.register("rnn", "RNN")
class RNN(Recurrent):
    """Reads a sequence step by step; each state is made of the new input and the state before.

    h' = tanh(x Wx + h Wh + b). Elman, 1990; back-propagation through time: Werbos, 1990.
    """

    formula = r"h_t = \tanh(x_t W_x + h_{t-1} W_h + b)"
    fast = UnrolledRNN

    def step(self, x, state):
        (h,) = state
        return (np.tanh(x @ self.Wx + h @ self.Wh + self.b),)

    def step_back(self, x, state, dstate):
        (h,), (dh_new,) = state, dstate
        (h_new,) = self.step(x, state)
        dz = dh_new * (1 - h_new ** 2)                                        # tanh' = 1 - tanh²
        gradients = {"Wx": x.T @ dz, "Wh": h.T @ dz, "b": dz.sum(axis=0)}
        return dz @ self.Wx.T, (dz @ self.Wh.T,), gradients
