"""Optimizers: a handful of vector operations on one flat theta, whatever the architecture.

Update rules and defaults are PyTorch's (`torch.optim`). `step` works in place, in chunks that stay in cache.
"""

import numpy as np

from engine.kernels.basic import number
from engine.knobs import Declared, Float, Floats
from engine.registry import Registry

optimizers = Registry("optimizer")

CHUNK = 49_152          # elements at a time: few enough to stay near the processor, enough to make few calls
TINY = 1e-30            # moments smaller than this are set to zero: denormals make a step 20 to 40 times slower


def lr_knob(default: float) -> Float:
    return Float(default, 0.0, 1000.0, "Learning rate", "How far each step goes against the gradient.",
                 scale="log", slider=(1e-5, 10.0))


def eps_knob(default: float) -> Float:
    return Float(default, 1e-12, 1.0, "Epsilon", "A small number that keeps the division finite.",
                 scale="log", slider=(1e-10, 1e-2))


def decay_knob(default: float = 0.0, help: str = "Adds this share of each weight to its gradient, which pulls the "
                                                 "weight towards zero.") -> Float:
    return Float(default, 0.0, 10.0, "Weight decay", help, slider=(0.0, 0.1), step=0.001)


MOMENTUM = "How much of its speed each weight keeps from step to step."


class Optimizer(Declared):
    """Changes theta against the gradient. State vectors are made at the first step.

    `decay`, where set, is a vector like theta with 1 where weight decay applies and 0 where it doesn't.
    """

    #: Names of the state vectors; `update` gets a chunk of each.
    slots: tuple[str, ...] = ()

    def __init__(self, **settings):
        super().__init__(**settings)
        self.decay: np.ndarray | None = None
        self.reset()

    def reset(self) -> None:
        """Forget all state, as if no step had been made."""
        self.t = 0
        self.state: dict[str, np.ndarray] = {}
        self._ready: tuple = (None, None, None)

    def step(self, theta: np.ndarray, grad: np.ndarray, lr: float | None = None) -> None:
        """One update of theta (P,) in place. lr overrides the knob, as schedules do. grad is left as it is."""
        lr = self.lr if lr is None else float(lr)
        ready = self._ready
        if ready[0] is not theta or ready[1] is not grad or ready[2] is not self.state:
            self._prepare(theta, grad)
        self.t += 1
        decays = self.coupled_decay
        for part, w, g, *arrays in self._chunks:
            self.update(w, self.with_decay(w, g, part) if decays else g, lr, part, *arrays)

    def _prepare(self, theta: np.ndarray, grad: np.ndarray) -> None:
        """Cut theta, grad and the state into chunks once, with two buffers t and u for what `update` works out."""
        for name in self.slots:
            if name not in self.state or self.state[name].size != theta.size:
                self.state[name] = np.zeros_like(theta)
        t, u = np.empty((2, min(theta.size, CHUNK)), theta.dtype)
        parts = [slice(start, min(start + CHUNK, theta.size)) for start in range(0, theta.size, CHUNK)]
        self._chunks = [(part, theta[part], grad[part], t[:part.stop - part.start], u[:part.stop - part.start],
                         *(self.state[name][part] for name in self.slots)) for part in parts]
        self._ready = (theta, grad, self.state)

    def memory(self, at: int) -> dict[str, float]:
        """What it remembers of the weight theta[at], by the names and in the units of the rule as it is written."""
        return {slot: float(self.state[slot][at]) if slot in self.state else 0.0 for slot in self.slots}

    @property
    def coupled_decay(self) -> float:
        """Weight decay that is added to the gradient (0 where the rule decays theta itself)."""
        return self.weight_decay

    def with_decay(self, theta, g, part):
        pull = theta * self.coupled_decay
        if self.decay is not None:
            pull *= self.decay[part]
        pull += g
        return pull

    def update(self, theta: np.ndarray, g: np.ndarray, lr: float, part: slice, t: np.ndarray, u: np.ndarray,
               *state: np.ndarray) -> None:
        """The rule itself, on the chunk `part`; t and u are free to write to, state is the slots' chunks."""
        raise NotImplementedError


@optimizers.register("sgd", "SGD")
class SGD(Optimizer):
    """Goes straight down the gradient. With momentum, like a ball that keeps its speed (Robbins and Monro, 1951)."""

    lr = lr_knob(0.03)
    momentum = Float(0.0, 0.0, 0.999, "Momentum", MOMENTUM, step=0.01)
    weight_decay = decay_knob()
    nesterov = False

    def __init__(self, **settings):
        super().__init__(**settings)
        self.slots = ("v",) if self.momentum else ()

    def update(self, theta, g, lr, part, t, u, v=None):
        lr = number(lr, g.dtype)
        if not self.momentum:
            np.multiply(g, lr, t)
            theta -= t
            return
        momentum = number(self.momentum, g.dtype)
        v *= momentum
        v += g                                      # PyTorch: v = momentum·v + g, then theta -= lr·v
        flush(v, self.t)
        if self.nesterov:
            np.multiply(v, momentum, t)
            t += g
            t *= lr
        else:
            np.multiply(v, lr, t)
        theta -= t


@optimizers.register("momentum", "Momentum")
class Momentum(SGD):
    """SGD that keeps most of its speed, so that it rolls through small bumps (Polyak, 1964)."""

    momentum = Float(0.9, 0.0, 0.999, "Momentum", MOMENTUM, step=0.01)


@optimizers.register("nesterov", "Nesterov")
class Nesterov(SGD):
    """Momentum that looks ahead to where it is going (Nesterov, 1983; Sutskever et al., 2013)."""

    momentum = Float(0.9, 0.0, 0.999, "Momentum", MOMENTUM, step=0.01)
    nesterov = True


@optimizers.register("rmsprop", "RMSProp")
class RMSProp(Optimizer):
    """Divides each step by the recent size of that weight's gradient (Hinton's lecture 6, 2012)."""

    lr = lr_knob(0.01)
    alpha = Float(0.99, 0.0, 0.9999, "Smoothing", "How slowly the average of squared gradients moves.")
    momentum = Float(0.0, 0.0, 0.999, "Momentum", MOMENTUM, step=0.01)
    eps = eps_knob(1e-8)
    weight_decay = decay_knob()
    slots = ("s", "v")

    def update(self, theta, g, lr, part, t, u, s, v):
        kind = g.dtype
        np.multiply(g, g, t)
        t *= number(1 - self.alpha, kind)
        s *= number(self.alpha, kind)
        s += t
        flush(s, self.t)
        np.sqrt(s, t)
        t += number(self.eps, kind)
        np.divide(g, t, u)
        if self.momentum:
            v *= number(self.momentum, kind)
            v += u
            flush(v, self.t)
            np.multiply(v, number(lr, kind), u)
        else:
            u *= number(lr, kind)
        theta -= u


@optimizers.register("adagrad", "AdaGrad")
class AdaGrad(Optimizer):
    """Divides each step by the size of all that weight's past gradients (Duchi et al., 2011)."""

    lr = lr_knob(0.01)
    eps = eps_knob(1e-10)
    weight_decay = decay_knob()
    slots = ("s",)

    def update(self, theta, g, lr, part, t, u, s):
        np.multiply(g, g, t)
        s += t
        np.sqrt(s, t)
        t += number(self.eps, g.dtype)
        np.divide(g, t, u)
        u *= number(lr, g.dtype)
        theta -= u


@optimizers.register("adam", "Adam")
class Adam(Optimizer):
    """Momentum, and a step size of its own for every weight (Kingma and Ba, 2014, algorithm 1).

    The paper's averages are b1·m + (1 - b1)·g and b2·s + (1 - b2)·g². The slots hold sums instead, b1·m + g and
    b2·s + g², which take two operations less: (1 - b1) and (1 - b2) go into the numbers that they are divided by.
    """

    lr = lr_knob(0.001)
    betas = Floats((0.9, 0.999), 0.0, 0.99999, "Betas",
                   "How slowly the averages of the gradient and of its square move.")
    eps = eps_knob(1e-8)
    weight_decay = decay_knob()
    slots = ("m", "s")

    def update(self, theta, g, lr, part, t, u, m, s):
        (b1, b2), kind = self.betas, g.dtype
        m *= number(b1, kind)                                   # m = b1·m + g
        m += g
        s *= number(b2, kind)                                   # s = b2·s + g²
        np.multiply(g, g, t)
        s += t
        flush(m, self.t)
        flush(s, self.t)
        c1 = (1 - b1 ** self.t) / (1 - b1)                      # 1 + b1 + b1² + ...: m / c1 is a mean of gradients,
        c2 = ((1 - b2 ** self.t) / (1 - b2)) ** 0.5             # s / c2² one of their squares
        np.sqrt(s, t)                                           # theta -= lr · (m / c1) / (sqrt(s) / c2 + eps)
        t += number(self.eps * c2, kind)
        np.divide(m, t, t)
        t *= number(lr * c2 / c1, kind)
        theta -= t

    def _prepare(self, theta, grad):
        super()._prepare(theta, grad)
        before = self.state.setdefault("betas", np.array(self.betas))
        for slot, old, new in zip(self.slots, before, self.betas, strict=True):
            if old != new:                                      # the averages stay as they are, so the sums change
                self.state[slot] *= (1 - old) / (1 - new)
        self.state["betas"] = np.array(self.betas)

    def memory(self, at):
        sums, betas = super().memory(at), self.state.get("betas", self.betas)
        return {slot: float(1 - beta) * sums[slot] for slot, beta in zip(self.slots, betas, strict=True)}


@optimizers.register("adamw", "AdamW")
class AdamW(Adam):
    """Adam whose weight decay acts on the weights themselves (Loshchilov and Hutter, 2017)."""

    weight_decay = decay_knob(0.01, "Each step shrinks every weight by this share of itself, times the learning rate; "
                                    "the gradient stays as it is.")

    @property
    def coupled_decay(self):
        return 0.0

    def update(self, theta, g, lr, part, *arrays):
        if self.weight_decay and self.decay is None:
            theta *= 1 - lr * self.weight_decay
        elif self.weight_decay:
            theta *= 1 - lr * self.weight_decay * self.decay[part]
        super().update(theta, g, lr, part, *arrays)


def flush(moments: np.ndarray, t: int) -> None:
    """Now and then, set what has all but vanished to zero: it would become denormal and, by rounding, stay so."""
    if t % 64 == 0:
        moments[np.abs(moments) < TINY] = 0


def clip_norm(grad: np.ndarray, limit: float) -> float:
    """Scale grad in place so that its norm is at most `limit`; returns the norm before (PyTorch's clip_grad_norm_)."""
    norm = float(np.sqrt(np.dot(grad, grad)))
    if norm > limit:
        grad *= limit / (norm + 1e-6)
    return norm
