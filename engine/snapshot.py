"""A snapshot is everything that a run needs to go on from a step, bit for bit as it once did."""

from typing import NamedTuple, Protocol

import numpy as np

from engine.batches import Batches, Place
from engine.history import History
from engine.network import Network
from engine.optimizers import Optimizer
from engine.seq2seq import Seq2Seq
from engine.stopping import Best

BESIDE = 2_100            # bytes of the few numbers that every snapshot holds beside its long vectors, about


class Run(Protocol):
    """What is kept of a run, and how its targets are laid out: a `Trainer`."""

    network: Network | Seq2Seq
    optimizer: Optimizer
    batches: Batches
    history: History
    steps: int
    next_evaluation: int
    best: Best | None
    validation: float
    ended: str
    diverged: bool

    def targets(self, y: np.ndarray) -> np.ndarray: ...


class Snapshot(NamedTuple):
    """A run at one step. theta, state and the optimizer's slots are copies, one flat vector each;
    Adam's betas stand beside its own.

    place: where it was in its data. rows: how long the history was. best: what early stopping goes back to, whose
    arrays nobody writes to.
    """

    step: int
    theta: np.ndarray
    state: np.ndarray
    optimizer: str
    t: int
    slots: dict[str, np.ndarray]
    place: Place
    rows: int
    next_evaluation: int
    best: Best | None = None
    validation: float = float("nan")
    ended: str = ""

    @property
    def nbytes(self) -> int:
        """The memory that it takes, in bytes."""
        order = 0 if self.place.order is None else self.place.order.nbytes
        slots = sum(vector.nbytes for vector in self.slots.values() if vector.size == self.theta.size)
        return self.theta.nbytes + self.state.nbytes + slots + order + BESIDE


def take(run: Run) -> Snapshot:
    """The run as it is now. Nothing of it is changed, nor any random number drawn."""
    net, optimizer = run.network, run.optimizer
    return Snapshot(
        step=run.steps, theta=net.theta.copy(), state=net.state.copy(), optimizer=optimizer.kind, t=optimizer.t,
        slots={name: vector.copy() for name, vector in optimizer.state.items()}, place=run.batches.state(),
        rows=len(run.history), next_evaluation=run.next_evaluation, best=run.best, validation=run.validation,
        ended=run.ended)


def size_of(run: Run) -> int:
    """Bytes that a snapshot of this run would take, once its optimizer has made its slots."""
    vectors, net = 1 + len(run.optimizer.slots), run.network
    return vectors * net.theta.nbytes + net.state.nbytes + 8 * len(run.batches.x) + BESIDE


def restore(run: Run, snapshot: Snapshot) -> None:
    """Put the run back where the snapshot was taken; its history stays, since the steps behind may be wanted again.

    Settings and data are those of now: where the optimizer has become another it begins without memory, and where the
    number of examples has changed, a pass over them begins.
    """
    net, optimizer = run.network, run.optimizer
    net.theta[...], net.state[...] = snapshot.theta, snapshot.state
    recall(optimizer, snapshot)
    run.steps, run.next_evaluation, run.diverged = snapshot.step, snapshot.next_evaluation, False
    run.batches.restore(snapshot.place, run.targets)
    holding = run.batches.held is not None
    run.best, run.validation, run.ended = (
        snapshot.best, snapshot.validation, snapshot.ended) if holding else (None, np.nan, "")


def recall(optimizer: Optimizer, snapshot: Snapshot) -> None:
    """Give an optimizer the memory that it had, if it is of the same kind, or none."""
    optimizer.reset()
    if optimizer.kind == snapshot.optimizer:
        optimizer.t = snapshot.t
        optimizer.state = {name: vector.copy() for name, vector in snapshot.slots.items()}
