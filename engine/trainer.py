"""The trainer: takes batches, steps the optimizer, records scores. It never prints or draws."""

from collections.abc import Mapping

import numpy as np

from engine.data import Dataset
from engine.errors import Diverged, SpecError
from engine.history import History
from engine.losses import losses
from engine.network import Network
from engine.optimizers import clip_norm, optimizers
from engine.schedules import schedules
from engine.spec import RunSpec, Training
from engine.tasks import tasks

COLUMNS = ("step", "epoch", "lr", "train_loss", "test_loss", "train_score", "test_score")
EVALUATE_AT_MOST = 2_000          # examples of a split that an evaluation looks at, the same ones each time
BACKUP_BELOW = 50_000             # parameters up to which the last finite weights are kept after every step


def full_network(network: Mapping, dataset: Dataset) -> dict:
    """The person's layers with the task's output layer behind them."""
    return {**network, "layers": [*network["layers"], *tasks[dataset.task].head(dataset)]}


class Trainer:
    """A run: the same spec, data and seed give the same numbers, bit for bit, whatever is being watched.

    spec: a plain dict as in `RunSpec`. dataset: its examples, already split. Stepping raises Diverged when the loss
    is no longer finite, with the weights back at their last finite state.
    """

    def __init__(self, spec: Mapping, dataset: Dataset):
        self.spec = RunSpec.from_dict(spec)
        self.dataset = dataset
        self.task = tasks[dataset.task]
        self.network = Network(full_network(self.spec.network, dataset), dataset.input_shape, self.spec.seed)
        if self.network.error is not None:
            raise self.network.error
        self.set_training(self.spec.training)
        self.rewind()

    # -- settings ------------------------------------------------------------------------------------------------------

    def set_training(self, training: Mapping) -> None:
        """Change how it trains from the next step on. The optimizer keeps its state unless its kind changes."""
        checked = Training(**training)
        loss = self.task.loss if checked.loss == "auto" else checked.loss
        chosen = losses[loss]
        if self.dataset.task not in chosen.tasks:
            fitting = [kind for kind in losses if self.dataset.task in losses[kind].tasks]
            raise SpecError(f"{chosen.label} does not fit this data ({self.task.label.lower()}). "
                            f"Choose {' or '.join(fitting)}.")
        optimizer = optimizers.build(checked.optimizer)
        before = getattr(self, "optimizer", None)
        if before is not None and before.kind == optimizer.kind:
            optimizer.t, optimizer.state = before.t, before.state
        optimizer.decay = self.network.decay
        self.loss, self.optimizer, self.training = chosen, optimizer, checked
        self.schedule = schedules.build(checked.schedule)
        self._pull = bool(checked.l1 or checked.l2)

    def set_data(self, dataset: Dataset) -> None:
        """Go on with other examples of the same kind and shape, such as the same data with more noise."""
        same = (dataset.task, dataset.input_shape, dataset.outputs)
        if same != (self.dataset.task, self.dataset.input_shape, self.dataset.outputs):
            raise SpecError("This data has other inputs or outputs: it needs a network of its own.")
        self.dataset = dataset
        self._order, self._at = None, 0

    def rewind(self) -> None:
        """Back to step 0 and the same initial weights."""
        self.network.initialize()
        self.optimizer.reset()
        self.steps, self._passes, self.diverged = 0, 0, False
        self.history = History(COLUMNS)
        self._rng = np.random.default_rng([self.spec.seed, 2])
        self._order, self._at, self._next_evaluation = None, 0, 0
        self._finite = (0, self.network.theta.copy())
        self._record()

    # -- training ------------------------------------------------------------------------------------------------------

    @property
    def epoch(self) -> float:
        """How many passes over the training examples have been made, as a fraction."""
        return self._passes + self._at / len(self.dataset.x_train)

    @property
    def lr(self) -> float:
        """The learning rate of the next step, schedule included."""
        return self.optimizer.lr * self.schedule.factor(self.epoch)

    def step(self) -> float:
        """One optimizer step on the next batch; returns the batch's loss before the step."""
        net, lr = self.network, self.lr
        x, y = self._batch()
        logits = net.forward(x, train=True, rng=self._rng, copy=False)
        value, dlogits = self.loss(logits, y)
        if value - value != 0:                                    # inf or NaN
            raise self._back_to_finite(value)
        net.backward(dlogits, needs_dx=False)
        if self._pull:
            self._add_penalties()
        if self.training.clip_norm is not None:
            clip_norm(net.grad, self.training.clip_norm)
        if net.theta.size <= BACKUP_BELOW or self.steps % 50 == 0:
            self._keep_finite()
        self.optimizer.step(net.theta, net.grad, lr)
        self.steps += 1
        if self.steps >= self._next_evaluation and self._at == 0:
            self._record()
        return value

    def _batch(self) -> tuple[np.ndarray, np.ndarray]:
        """The next examples; each pass over the data is shuffled anew, the last batch of it may be smaller."""
        data, size = self.dataset, self.training.batch_size
        if self._order is None or self._at == 0:
            self._order = self._rng.permutation(len(data.x_train))
            self._x, self._y = data.x_train[self._order], data.y_train[self._order]
            self._at = 0
        start, stop = self._at, min(self._at + size, len(self._x))
        if stop == len(self._x):
            self._at, self._passes = 0, self._passes + 1
        else:
            self._at = stop
        return self._x[start:stop], self._y[start:stop]

    def _add_penalties(self) -> None:
        net = self.network
        if self.training.l2:
            net.grad += net.theta.dtype.type(self.training.l2) * net.decay * net.theta
        if self.training.l1:
            net.grad += net.theta.dtype.type(self.training.l1) * net.decay * np.sign(net.theta)

    def _keep_finite(self) -> None:
        if not self._finite[1].size == self.network.theta.size:
            self._finite = (self.steps, self.network.theta.copy())
        self._finite[1][...] = self.network.theta
        self._finite = (self.steps, self._finite[1])

    def _back_to_finite(self, value: float) -> Diverged:
        at = self.steps
        self.steps, theta = self._finite
        self.network.theta[...] = theta
        self.optimizer.reset()
        self.diverged = True
        return Diverged(at, f"The loss was no longer a finite number at step {at:,}. The weights are back at step "
                            f"{self.steps:,}. The learning rate ({self.lr:g}) is probably too high: lower it, "
                            "or clip the gradient, then go on or rewind.")

    # -- scores --------------------------------------------------------------------------------------------------------

    def evaluate(self) -> dict[str, dict[str, float]]:
        """Loss and scores on both splits now: `{"train": {"loss", "accuracy" or "r2"}, "test": {...}}`."""
        data = self.dataset
        return {"train": self._scores(data.x_train, data.y_train), "test": self._scores(data.x_test, data.y_test)}

    def _scores(self, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
        logits = self.network.forward(x, copy=False)
        value, _ = self.loss(logits, y)
        return {"loss": value, **self.task.scores(logits, y)}

    def _record(self) -> None:
        """Append a row of scores. Rows grow sparser with time: about 1,000, then 700 for each doubling of the run."""
        with np.errstate(all="ignore"):
            scores = self.evaluate()
        train, test = scores["train"], scores["test"]
        self.history.append(step=self.steps, epoch=self.epoch, lr=self.lr, train_loss=train["loss"],
                            test_loss=test["loss"], train_score=train[self.task.metric],
                            test_score=test[self.task.metric])
        self._next_evaluation = self.steps + self.steps // 1000
