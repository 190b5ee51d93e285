"""A snapshot is everything that a run needs to go on from a step, bit for bit as it once did."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.stopping import Best

if TYPE_CHECKING:
    from engine.optimizers import Optimizer
    from engine.trainer import Trainer

BESIDE = 2_100            # bytes of the few numbers that every snapshot holds beside its long vectors, about


class Snapshot(NamedTuple):
    """A run at one step. theta, state and the optimizer's slots are copies, one flat vector each;
    Adam's betas stand beside its own.

    order: the examples in the order of the pass that is under way, which nobody writes to; None between two passes.
    rows: how long the history was. best: what early stopping goes back to, whose arrays nobody writes to.
    """

    step: int
    theta: np.ndarray
    state: np.ndarray
    optimizer: str
    t: int
    slots: dict[str, np.ndarray]
    passes: int
    at: int
    order: np.ndarray | None
    generator: dict
    rows: int
    next_evaluation: int
    best: Best | None = None
    validation: float = float("nan")
    ended: str = ""

    @property
    def nbytes(self) -> int:
        """The memory that it takes, in bytes."""
        order = 0 if self.order is None else self.order.nbytes
        slots = sum(vector.nbytes for vector in self.slots.values() if vector.size == self.theta.size)
        return self.theta.nbytes + self.state.nbytes + slots + order + BESIDE


def take(trainer: Trainer) -> Snapshot:
    """The run as it is now. Nothing of it is changed, nor any random number drawn."""
    net, optimizer = trainer.network, trainer.optimizer
    return Snapshot(
        step=trainer.steps, theta=net.theta.copy(), state=net.state.copy(), optimizer=optimizer.kind, t=optimizer.t,
        slots={name: vector.copy() for name, vector in optimizer.state.items()}, passes=trainer._passes,
        at=trainer._at, order=trainer._order if trainer._at else None, generator=trainer._rng.bit_generator.state,
        rows=len(trainer.history), next_evaluation=trainer._next_evaluation,
        best=trainer._best, validation=trainer._validation, ended=trainer.ended)


def size_of(trainer: Trainer) -> int:
    """Bytes that a snapshot of this run would take, once its optimizer has made its slots."""
    vectors = 1 + len(trainer.optimizer.slots)
    return vectors * trainer.network.theta.nbytes + trainer.network.state.nbytes + 8 * len(
        trainer._x) + BESIDE


def restore(trainer: Trainer, snapshot: Snapshot) -> None:
    """Put the run back where the snapshot was taken; its history stays, since the steps behind may be wanted again.

    Settings and data are those of now: where the optimizer has become another it begins without memory, and where the
    number of examples has changed, a pass over them begins.
    """
    net, optimizer = trainer.network, trainer.optimizer
    net.theta[...], net.state[...] = snapshot.theta, snapshot.state
    recall(optimizer, snapshot)
    trainer.steps, trainer.diverged = snapshot.step, False
    trainer._rng.bit_generator.state = snapshot.generator
    trainer._passes, trainer._at, trainer._next_evaluation = snapshot.passes, snapshot.at, snapshot.next_evaluation
    fits = snapshot.order is not None and len(snapshot.order) == len(trainer._x)
    trainer._order = snapshot.order if fits else None
    if fits:
        trainer._lay_out()
    else:
        trainer._at = 0
    holding = trainer._held is not None
    trainer._best, trainer._validation, trainer.ended = (
        snapshot.best, snapshot.validation, snapshot.ended) if holding else (None, np.nan, "")


def recall(optimizer: Optimizer, snapshot: Snapshot) -> None:
    """Give an optimizer the memory that it had, if it is of the same kind, or none."""
    optimizer.reset()
    if optimizer.kind == snapshot.optimizer:
        optimizer.t = snapshot.t
        optimizer.state = {name: vector.copy() for name, vector in snapshot.slots.items()}
