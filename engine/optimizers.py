"""Optimizers: a handful of vector operations on one flat theta, whatever the architecture.

Update rules and defaults are PyTorch's (`torch.optim`). `step` works in place, in chunks that stay in cache.
"""

import numpy as np

from engine.knobs import Declared, Float, Floats
from engine.registry import Registry

optimizers = Registry("optimizer")

CHUNK = 32_768          # elements at a time: theta, gradient and moments of a chunk fit in the second-level cache
TINY = 1e-30            # moments smaller than this are set to zero: denormals make a step 20 to 40 times slower


def lr_knob(default: float) -> Float:
    return Float(default, 0.0, 1000.0, "Learning rate", "How far each step goes along the gradient.",
                 scale="log", slider=(1e-5, 10.0))


def eps_knob(default: float) -> Float:
    return Float(default, 0.0, 1.0, "Epsilon", "A small number that keeps the division finite.",
                 scale="log", slider=(1e-10, 1e-2))


def decay_knob(default: float = 0.0) -> Float:
    return Float(default, 0.0, 10.0, "Weight decay", "Pulls every weight towards zero by this share of itself.",
                 slider=(0.0, 0.1), step=0.001)


MOMENTUM = "How much of the last step's direction is kept."


class Optimizer(Declared):
    """Changes theta against the gradient. State vectors are made at the first step.

    `decay`, where set, is a vector like theta with 1 where weight decay applies and 0 where it doesn't.
    """

    slots: tuple[str, ...] = ()

    def __init__(self, **settings):
        super().__init__(**settings)
        self.decay: np.ndarray | None = None
        self.reset()

    def reset(self) -> None:
        """Forget all state, as if no step had been made."""
        self.t = 0
        self.state: dict[str, np.ndarray] = {}
        self._buffers: tuple = ()

    def step(self, theta: np.ndarray, grad: np.ndarray, lr: float | None = None) -> None:
        """One update of theta (P,) in place. lr overrides the knob, as schedules do. grad is left as it is."""
        lr = self.lr if lr is None else lr
        if not self._buffers or self._buffers[0].size != min(theta.size, CHUNK) or self._buffers[0].dtype != theta.dtype:
            self._buffers = tuple(np.empty(min(theta.size, CHUNK), theta.dtype) for _ in range(2))
        if any(name not in self.state or self.state[name].size != theta.size for name in self.slots):
            self.state = {name: np.zeros_like(theta) for name in self.slots}
        self.t += 1
        for start in range(0, theta.size, CHUNK):
            part = slice(start, min(start + CHUNK, theta.size))
            g = grad[part]
            if self.coupled_decay:
                g = self.with_decay(theta[part], g, part)
            self.update(theta[part], g, lr, part)

    @property
    def coupled_decay(self) -> float:
        """Weight decay that is added to the gradient (0 where the rule decays theta itself)."""
        return self.weight_decay

    def with_decay(self, theta, g, part):
        pull = theta * theta.dtype.type(self.coupled_decay)
        if self.decay is not None:
            pull *= self.decay[part]
        pull += g
        return pull

    def update(self, theta: np.ndarray, g: np.ndarray, lr: float, part: slice) -> None:
        """The rule itself, on one chunk."""
        raise NotImplementedError

    def buffer(self, i: int, size: int) -> np.ndarray:
        return self._buffers[i][:size]


@optimizers.register("sgd", "SGD")
class SGD(Optimizer):
    """Goes straight down the gradient. With momentum, like a ball that keeps its speed (Robbins and Monro, 1951)."""

    lr = lr_knob(0.03)
    momentum = Float(0.0, 0.0, 0.999, "Momentum", MOMENTUM, step=0.01)
    weight_decay = decay_knob()
    nesterov = False
    slots = ("v",)

    def __init__(self, **settings):
        super().__init__(**settings)
        self.slots = ("v",) if self.momentum else ()

    def update(self, theta, g, lr, part):
        if not self.momentum:
            t = self.buffer(0, g.size)
            np.multiply(g, theta.dtype.type(lr), out=t)
            theta -= t
            return
        v, t = self.state["v"][part], self.buffer(0, g.size)
        v *= v.dtype.type(self.momentum)
        v += g                                      # PyTorch: v = momentum·v + g, then theta -= lr·v
        if self.nesterov:
            np.multiply(v, v.dtype.type(self.momentum), out=t)
            t += g
            t *= v.dtype.type(lr)
        else:
            np.multiply(v, v.dtype.type(lr), out=t)
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

    def update(self, theta, g, lr, part):
        s, t, u = self.state["s"][part], self.buffer(0, g.size), self.buffer(1, g.size)
        kind = theta.dtype.type
        np.multiply(g, g, out=t)
        t *= kind(1 - self.alpha)
        s *= kind(self.alpha)
        s += t
        flush(s, self.t)
        np.sqrt(s, out=t)
        t += kind(self.eps)
        np.divide(g, t, out=u)
        if self.momentum:
            v = self.state["v"][part]
            v *= kind(self.momentum)
            v += u
            np.multiply(v, kind(lr), out=u)
        else:
            u *= kind(lr)
        theta -= u


@optimizers.register("adagrad", "AdaGrad")
class AdaGrad(Optimizer):
    """Divides each step by the size of all that weight's past gradients (Duchi et al., 2011)."""

    lr = lr_knob(0.01)
    eps = eps_knob(1e-10)
    weight_decay = decay_knob()
    slots = ("s",)

    def update(self, theta, g, lr, part):
        s, t, u = self.state["s"][part], self.buffer(0, g.size), self.buffer(1, g.size)
        np.multiply(g, g, out=t)
        s += t
        np.sqrt(s, out=t)
        t += theta.dtype.type(self.eps)
        np.divide(g, t, out=u)
        u *= theta.dtype.type(lr)
        theta -= u


@optimizers.register("adam", "Adam")
class Adam(Optimizer):
    """Momentum, and a step size of its own for every weight (Kingma and Ba, 2014, algorithm 1)."""

    lr = lr_knob(0.001)
    betas = Floats((0.9, 0.999), 0.0, 0.99999, "Betas",
                   "How slowly the averages of the gradient and of its square move.")
    eps = eps_knob(1e-8)
    weight_decay = decay_knob()
    slots = ("m", "s")

    def update(self, theta, g, lr, part):
        m, s = self.state["m"][part], self.state["s"][part]
        t, u = self.buffer(0, g.size), self.buffer(1, g.size)
        kind, (b1, b2) = theta.dtype.type, self.betas
        m *= kind(b1)
        np.multiply(g, kind(1 - b1), out=t)
        m += t
        s *= kind(b2)
        np.multiply(g, g, out=t)
        t *= kind(1 - b2)
        s += t
        flush(m, self.t)
        flush(s, self.t)
        np.sqrt(s, out=t)                                       # theta -= lr · (m / c1) / (sqrt(s / c2) + eps)
        t *= kind(1 / (1 - b2 ** self.t) ** 0.5)
        t += kind(self.eps)
        np.divide(m, t, out=u)
        u *= kind(lr / (1 - b1 ** self.t))
        theta -= u


@optimizers.register("adamw", "AdamW")
class AdamW(Adam):
    """Adam whose weight decay acts on the weights themselves (Loshchilov and Hutter, 2017)."""

    weight_decay = decay_knob(0.01)

    @property
    def coupled_decay(self):
        return 0.0

    def update(self, theta, g, lr, part):
        if self.weight_decay and self.decay is None:
            theta *= theta.dtype.type(1 - lr * self.weight_decay)
        elif self.weight_decay:
            theta *= 1 - theta.dtype.type(lr * self.weight_decay) * self.decay[part]
        super().update(theta, g, lr, part)


def flush(moments: np.ndarray, t: int) -> None:
    """Now and then, set what has all but vanished to zero, before it becomes denormal."""
    if t % 64 == 0:
        moments[np.abs(moments) < moments.dtype.type(TINY)] = 0


def clip_norm(grad: np.ndarray, limit: float) -> float:
    """Scale grad in place so that its norm is at most `limit`; returns the norm before (as PyTorch's clip_grad_norm_)."""
    norm = float(np.sqrt(np.dot(grad, grad)))
    if norm > limit:
        grad *= grad.dtype.type(limit / (norm + 1e-6))
    return norm
