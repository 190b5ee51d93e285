"""The next step of a run, made on copies: every number of it can be looked at, and the run itself is untouched."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.layers.base import Layer
from engine.network import Network
from engine.optimizers import Optimizer, clip_norm
from engine.seq2seq import Seq2Seq
from engine.snapshot import Snapshot, recall
from engine.tasks import Batch
from engine.trainer import Trainer
from explain.factors import Factors, Tap, factors, tap

NUDGE = 1e-5             # of a weight, in float64: shorter ones drown in rounding, longer ones see the curvature


@dataclass
class Rehearsal:
    """The next step of a trainer, up to but without the optimizer.

    batch: the examples that come next. network: a copy after forward and backward on it. value: the batch's loss.
    raw, pulled, used: the gradient as backpropagation gives it, with L1 and L2 added, and after clipping; norm is its
    length before clipping. taps: what each layer, inner ones included, was given, by its name.
    """

    trainer: Trainer
    batch: Batch
    network: Network | Seq2Seq
    logits: np.ndarray
    value: float
    raw: np.ndarray
    pulled: np.ndarray
    used: np.ndarray
    norm: float
    lr: float
    layers: dict[str, Layer]
    taps: dict[str, Tap]
    generator: np.random.Generator             # as the forward pass finds it

    def factors(self, parameter: str, index: tuple[int, ...]) -> Factors | None:
        """What the gradient of this weight is the sum of, where its layer says so."""
        owner, _, name = parameter.rpartition(".")
        return factors(self.layers[owner], name, index, self.taps[owner])

    def finite_difference(self, parameter: str, index: tuple[int, ...]) -> tuple[float, float]:
        """dL/dw of one weight in float64: by backpropagation, and (L(w + h) - L(w - h)) / 2h by nudging it."""
        net = self.trainer.network.copy(np.float64)
        dlogits = self._loss(net)[1]
        net.backward(dlogits)
        analytic = float(net.gradients()[parameter][index])
        weights = net.parameters()[parameter]
        before = weights[index]
        sides = []
        for nudge in (NUDGE, -NUDGE):
            weights[index] = before + nudge
            sides.append(self._loss(net)[0])
        return analytic, (sides[0] - sides[1]) / (2 * NUDGE)

    def _loss(self, net) -> tuple[float, np.ndarray]:
        logits = net.forward(self.batch.x, train=True, rng=SameDraws(self.generator), **self.batch.inputs)
        return self.trainer.loss(logits, *self.batch.targets)


class SameDraws:
    """The draws of a generator as a float32 network gets them, so that in float64 the same numbers drop out."""

    def __init__(self, generator: np.random.Generator):
        self.generator = copy.deepcopy(generator)

    def random(self, shape, dtype=None):
        return self.generator.random(shape, dtype=np.float32)


def rehearse(trainer: Trainer) -> Rehearsal:
    """The trainer's next step on copies. Nothing of the trainer changes, and no randomness is used up."""
    task: Any = trainer.task
    size: Any = trainer.training.batch_size
    batches, data = trainer.batches.peek(), trainer.dataset
    x, y = batches.next(size, trainer.targets)
    batch = task.prepare(x, y, data, batches.generator) if task.prepares(data) else Batch(x, y)
    network = trainer.network.copy()
    layers = dict(network.named_layers(inner=True))
    taps = {name: tap(layer) for name, layer in layers.items()}
    generator = copy.deepcopy(batches.generator)
    with np.errstate(all="ignore"):
        logits = network.forward(batch.x, train=True, rng=batches.generator, **batch.inputs)
        value, dlogits = trainer.loss(logits, *batch.targets)
        network.backward(dlogits)
        raw = network.grad.copy()
        pulled, norm, used = finished(trainer, network.theta, raw)
    return Rehearsal(trainer, batch, network, logits, value, raw, pulled, used, norm, trainer.lr, layers, taps,
                     generator)


def finished(trainer: Trainer, theta: np.ndarray, raw: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """What the trainer makes of a gradient: with L1 and L2 added, its length then, and clipped.

    What is frozen has none.
    """
    settings: Any = trainer.training
    decay = trainer.network.decay
    pulled = raw + settings.l2 * decay * theta + settings.l1 * decay * np.sign(theta)
    pulled = pulled.astype(raw.dtype)
    for part in trainer.network.frozen():
        pulled[part] = 0
    used = pulled.copy()
    norm = float(np.sqrt(np.dot(pulled, pulled)))
    if settings.clip_norm is not None:
        clip_norm(used, settings.clip_norm)
    return pulled, norm, used


def planned_update(trainer: Trainer, theta: np.ndarray, raw: np.ndarray) -> np.ndarray:
    """How the trainer's optimizer would change theta for the gradient `raw`, in its state as it is."""
    _, _, used = finished(trainer, theta, raw)
    own: Any = trainer.optimizer
    optimizer = copy_of(own)
    after = theta.copy()
    optimizer.step(after, used, trainer.lr)
    for part in trainer.network.frozen():
        after[part] = theta[part]
    return after - theta


def copy_of(optimizer: Optimizer) -> Optimizer:
    """An optimizer with the same settings and memory, which can be stepped without a trace."""
    twin = type(optimizer)(**{name: getattr(optimizer, name) for name in optimizer.knobs})
    twin.t, twin.decay = optimizer.t, optimizer.decay
    twin.state = {name: array.copy() for name, array in optimizer.state.items()}
    return twin


def as_it_was(trainer: Trainer, snapshot: Snapshot, training: Mapping) -> Trainer:
    """The trainer at an earlier step, with its settings then: its loss, its learning rate, its optimizer's memory.

    The network is that of now: whoever looks has the snapshot's weights in one of their own. It must not be stepped.
    """
    twin = copy.copy(trainer)
    twin.batches = trainer.batches.peek()
    twin.set_training(training)
    own: Any = twin.optimizer
    recall(own, snapshot)
    twin.steps, twin.batches.passes, twin.batches.at = snapshot.step, snapshot.place.passes, snapshot.place.at
    return twin
