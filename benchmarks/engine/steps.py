"""One training step, batch after batch of the same examples: the engine's, and as PyTorch's tutorials write it."""

from collections.abc import Callable

import numpy as np

import engine

Step = Callable[[], object]


def engine_step(layers: list, loss: str, x: np.ndarray, y: np.ndarray, batch: int,
                optimizer: str | dict = "adam") -> Step:
    """Forward, loss, backward, optimizer; no scores in between, as on PyTorch's side."""
    net = engine.Network({"layers": layers}, x.shape[1:])
    judge, optimizer, at = engine.losses[loss], engine.optimizers.build(optimizer), 0

    def step():
        nonlocal at
        rows = slice(at, at + batch)
        value, dlogits = judge(net.forward(x[rows], train=True, copy=False), y[rows])
        net.backward(dlogits, needs_dx=False)
        optimizer.step(net.theta, net.grad)
        at = (at + batch) % len(x)
        return value

    return step


def torch_step(net: Callable, judge: Callable, optimizer, x, y, batch: int) -> Step:
    """The same in eager mode; x, y are tensors, and net gives the logits of a batch of x."""
    at = 0

    def step():
        nonlocal at
        rows = slice(at, at + batch)
        optimizer.zero_grad()
        loss = judge(net(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        at = (at + batch) % len(x)
        return loss.item()

    return step
