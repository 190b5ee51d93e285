"""The trainer: takes batches, steps the optimizer, records scores. It never prints or draws."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from engine.batches import Batches
from engine.data import Dataset
from engine.errors import Diverged, SpecError
from engine.evaluation import Answers, Parts, answering, chosen, enough, finish, scoring, some
from engine.history import History
from engine.losses import Loss, losses
from engine.network import Network
from engine.optimizers import Optimizer, clip_norm, optimizers
from engine.sane import LARGE, Sane
from engine.schedules import schedules
from engine.seq2seq import Seq2Seq
from engine.spec import RunSpec, Training, check_stacks, same_but_switches
from engine.stopping import Best, hold_back, verdict
from engine.switches import hold, put_back
from engine.tasks import Task, tasks

COLUMNS = ("step", "epoch", "lr", "train_loss", "test_loss", "train_score", "test_score", "validation_loss")


def full_network(network: Mapping, dataset: Dataset) -> dict:
    """The person's layers with the task's output layer behind them, in a decoder where there is one."""
    task, stack = tasks[dataset.task], "decoder" if "decoder" in network else "layers"
    if task.encodes != (stack == "decoder"):
        raise SpecError(f"This data ({task.label.lower()}) needs " + (
            "an encoder and a decoder: {'encoder': [...], 'decoder': [...]}." if task.encodes else
            "one stack of layers: {'layers': [...]}, without an encoder and a decoder."))
    return {**network, stack: [*network[stack], *task.head(dataset)]}


def network_for(network: Mapping, dataset: Dataset, seed: int = 0, arrays: bool = True) -> Network | Seq2Seq:
    """The network that a spec makes for this data, output layer included; arrays=False makes its plan only."""
    full = full_network(network, dataset)
    if tasks[dataset.task].encodes:
        return Seq2Seq(full, dataset.input_shape, dataset.y_train.shape[1:], seed, arrays=arrays)
    return Network(full, dataset.input_shape, seed, arrays=arrays)


def loss_for(kind: str, dataset: Dataset) -> Loss:
    """The loss of this kind, "auto" being the usual one for the task; SpecError where it does not fit the data."""
    task = tasks[dataset.task]
    loss = losses[task.loss if kind == "auto" else kind]
    if dataset.task not in loss.tasks:
        fitting = [kind for kind in losses if dataset.task in losses[kind].tasks]
        raise SpecError(f"{loss.label} does not fit this data ({task.label.lower()}). Choose {' or '.join(fitting)}.")
    return loss


class Trainer:
    """A run: the same spec, data and seed give the same numbers, bit for bit, whatever is being watched.

    spec: a plain dict as in `RunSpec`. dataset: its examples, already split. Stepping raises Diverged when the loss
    is no longer finite, with the run back at its last sane step (`engine.sane`). `ended` says in a sentence why it has
    ended by itself (see `engine.stopping`), until it goes on. `between` is called in the middle of a step's
    evaluation, after each part (not in that of a rewind, which is whole only at its end): whoever draws the run can do
    so there, and must not change it. `evaluation_took` is in seconds.
    """

    task: Task
    loss: Loss
    optimizer: Optimizer
    between: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, spec: Mapping, dataset: Dataset):
        self.spec = RunSpec.from_dict(spec)
        self.task = tasks[dataset.task]
        self._holds, self.batches = self.spec.training["patience"] > 0, Batches(self.spec.seed)
        self._take(dataset)
        self.network = network_for(self.spec.network, dataset, self.spec.seed)
        if self.network.error is not None:
            raise self.network.error
        self.task.check(self.network, dataset)
        self._frozen = self.network.frozen()
        self.set_training(self.spec.training)
        self.rewind()

    # -- settings ------------------------------------------------------------------------------------------------------

    def set_training(self, training: Mapping) -> None:
        """Change how it trains from the next step on. The optimizer keeps its state unless its kind changes."""
        checked = Training(**training)
        chosen = loss_for(checked.loss, self.dataset)
        optimizer = optimizers.build(checked.optimizer)
        before = getattr(self, "optimizer", None)
        if before is not None and before.kind == optimizer.kind:
            optimizer.t, optimizer.state = before.t, before.state
        optimizer.decay = self.network.decay
        self.loss, self.optimizer, self.training = chosen, optimizer, checked
        self.schedule = schedules.build(checked.schedule)
        self._pull = bool(checked.l1 or checked.l2)
        if self._holds != (checked.patience > 0):                 # other examples train from now on
            self._holds = checked.patience > 0
            self._take(self.dataset)

    def set_switches(self, network: Mapping) -> None:
        """Go on with the same weights where only switches of the network differ: what is frozen, off or cut."""
        checked = check_stacks(network)
        if not same_but_switches(checked, self.spec.network):
            raise SpecError("This is another network: it needs weights of its own.")
        built = network_for(checked, self.dataset, self.spec.seed)
        built.load_state(self.network)
        self.spec, self.network = replace(self.spec, network=checked), built
        self.optimizer.decay, self._frozen = built.decay, built.frozen()
        self._sane.begin(self)

    def set_data(self, dataset: Dataset) -> None:
        """Go on with other examples of the same kind and shape, such as the same data with more noise."""
        same = (dataset.task, dataset.input_shape, dataset.outputs)
        if same != (self.dataset.task, self.dataset.input_shape, self.dataset.outputs):
            raise SpecError("This data has other inputs or outputs: it needs a network of its own.")
        self._take(dataset)
        self._sane.begin(self)

    def _take(self, dataset: Dataset) -> None:
        """Make this the data from the next batch on, which starts a new pass over it."""
        if not len(dataset.x_train):
            raise SpecError("There are no examples to train on. Take a larger share of the data for training.")
        self.dataset = dataset
        self._plain = not self.task.prepares(dataset)
        at_most = enough(dataset)
        x, y, held = dataset.x_train, dataset.y_train, None
        if self._holds:
            x, y, held = hold_back(dataset, self.spec.seed, 2 * at_most)
        self.batches.take(x, y, held)
        self.learned = len(x)                                     # examples that train: not those held back
        self.best, self.validation, self.ended = None, np.nan, ""
        self._watched = tuple(some(x, y, at_most) for x, y in ((x, y), (dataset.x_test, dataset.y_test)))

    def rewind(self) -> None:
        """Back to step 0 and the same initial weights."""
        self.network.initialize()
        self.optimizer.reset()
        self.batches.rewind()
        self.steps, self.next_evaluation, self.diverged = 0, 0, False
        self.history = History(COLUMNS)
        self.best, self.validation, self.ended = None, np.nan, ""
        self._record()
        self._sane = Sane()
        self._sane.begin(self)

    # -- training ------------------------------------------------------------------------------------------------------

    @property
    def epoch(self) -> float:
        """How many passes over the training examples have been made, as a fraction."""
        return self.batches.epoch

    @property
    def lr(self) -> float:
        """The learning rate of the next step, schedule included."""
        return self.optimizer.lr * self.schedule.factor(self.epoch)

    @np.errstate(all="ignore")                                    # numbers that grow too large end in Diverged
    def step(self) -> float:
        """One optimizer step on the next batch; returns the batch's loss before the step."""
        net, lr, batches = self.network, self.lr, self.batches
        if batches.at == 0:
            self.ended = ""
        x, y = batches.next(self.training.batch_size, self.targets)
        if self._plain:
            logits = net.forward(x, train=True, rng=batches.generator, copy=False)
            value, dlogits = self.loss(logits, y)
        else:
            value, dlogits = self._forward_prepared(x, y)
        if not (math.isfinite(value) and self._finite()):
            raise self._back_to_sane()
        sane = self._sane
        sane.losses[self.steps % sane.stretch] = value
        net.backward(dlogits, needs_dx=False)
        if self._pull:
            self._add_penalties()
        kept = hold(net, self._frozen) if self._frozen else None
        if self.training.clip_norm is not None:
            clip_norm(net.grad, self.training.clip_norm)
        self.optimizer.step(net.theta, net.grad, lr)
        if kept is not None:
            put_back(net, self._frozen, kept)
        self.steps += 1
        self.diverged = False
        if batches.at == 0:
            if batches.held is not None:
                self._judge()
            if self.steps >= self.next_evaluation or self.ended:
                self._record()
        elif batches.passes == 0 and self.steps & (self.steps - 1) == 0:
            self._record()
        if self.steps % sane.stretch == 0:
            sane.keep(self)
        return value

    def _forward_prepared(self, x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
        """Loss and dL/dlogits for examples that the task has to make a batch of first."""
        rng = self.batches.generator
        batch = self.task.prepare(x, y, self.dataset, rng)
        logits = self.network.forward(batch.x, train=True, rng=rng, copy=False, **batch.inputs)
        return self.loss(logits, *batch.targets)

    def targets(self, y: np.ndarray) -> np.ndarray:
        """Targets in the form that the loss works with."""
        return self.loss.prepared(y, self.network.dtype)

    def _judge(self) -> None:
        """After a pass: is it better on what was held back? If not for too long, end with the best weights."""
        net = self.network
        found = finish(scoring(net, self.task, self.loss, self.dataset, *self.batches.held), self.between)
        loss = self.validation = found["loss"]
        if self.best is None or loss < self.best.loss:
            self.best = Best(loss, self.steps, self.batches.passes, 0, net.theta.copy(), net.state.copy())
            return
        self.best = replace(self.best, waited=self.best.waited + 1)
        if self.best.waited >= self.training.patience:
            self.ended, best = verdict(self.best), self.best
            net.theta[...], net.state[...] = best.theta, best.state
            self.optimizer.reset()
            self.best, self.validation = replace(best, waited=0), best.loss

    def _add_penalties(self) -> None:
        net = self.network
        if self.training.l2:
            net.grad += self.training.l2 * net.decay * net.theta
        if self.training.l1:
            net.grad += self.training.l1 * net.decay * np.sign(net.theta)

    def _finite(self) -> bool:
        """Whether the weights are finite, of a large network now and then: a loss can be so although they are not."""
        theta = self.network.theta
        return bool(theta.size > LARGE and self.steps % 50) or math.isfinite(theta.dot(theta))

    def branch(self) -> None:
        """It has been put back to an earlier step and goes on from there: what came later did not happen."""
        self._sane.branch(self)

    def _back_to_sane(self) -> Diverged:
        step, lr, loss = self.steps, self.lr, self._sane.back(self)
        self.diverged, row = True, self.history.last()
        return Diverged(step, self.steps, row["train_loss"] if row["step"] == self.steps else loss, lr)

    # -- scores --------------------------------------------------------------------------------------------------------

    @np.errstate(all="ignore")
    def evaluate(self) -> dict[str, dict[str, float]]:
        """Loss and scores on both splits now: `{"train": {"loss", "accuracy" or "r2"}, "test": {...}}`.

        Of a large split, the same examples and the same hidden tokens each time (`engine.evaluation`); NaN where a
        split has none.
        """
        began = time.perf_counter()
        found = finish(self.evaluating(self.network), self.between if self.steps else lambda: None)
        self.evaluation_took = time.perf_counter() - began
        return found

    def evaluating(self, network: Network | Seq2Seq) -> Parts:
        """The same of the run's network or a copy of it, part by part; it remembers the last part's pass."""
        found = {}
        for split, (x, y) in zip(("train", "test"), self._watched, strict=True):
            found[split] = yield from scoring(network, self.task, self.loss, self.dataset, x, y)
        return found

    @property
    def tested(self) -> np.ndarray:
        """Which test examples the scores are of, by their places in the test split."""
        return chosen(len(self.dataset.x_test), enough(self.dataset))

    def answering(self, network: Network | Seq2Seq) -> Answers:
        """What the run's network or a copy of it answers to these, as the scores are computed from it."""
        return answering(network, self.task, self.dataset, *self._watched[1])

    def _record(self) -> None:
        """Append a row of scores: in the first pass after 1, 2, 4, 8 … steps, then after each pass, growing sparser
        with time: 1,000 at most, then as many for each doubling."""
        scores = self.evaluate()
        train, test = scores["train"], scores["test"]
        if self.steps and not np.isfinite(train["loss"]):
            return                                                # the next step says that it has diverged
        self.history.append(step=self.steps, epoch=self.epoch, lr=self.lr, train_loss=train["loss"],
                            test_loss=test["loss"], train_score=train[self.task.metric],
                            test_score=test[self.task.metric], validation_loss=self.validation)
        self.next_evaluation = self.steps + self.steps // 1000
