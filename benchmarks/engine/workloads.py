"""The workloads: the same training step (forward, backward, optimizer; float32) for each rival.

A workload is a class with a method for each rival that returns a function of no arguments: one step. A rival that is
not installed raises ImportError and is left out. To add one, write a class here and put it into WORKLOADS.
"""

import numpy as np

import engine
from benchmarks.engine.steps import Step, engine_step, torch_step


class Workload:
    """Names, and which ratio to PyTorch must be reached and is hoped for."""

    title = ""
    must, goal = float("inf"), float("inf")
    rivals = ("engine", "trainer", "pytorch", "scikit_learn", "gemms")
    against = "pytorch"                                         # the rival that the ratio compares with


class MLP(Workload):
    """A multilayer perceptron: sizes, hidden activation, optimizer and batch size are what differs."""

    sizes: tuple[int, ...] = ()
    activation, optimizer, lr, batch = "tanh", "sgd", 0.03, 10
    batches = 32                                                # in a pass

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        rng, outputs = np.random.default_rng(0), self.sizes[-1]
        x = rng.standard_normal((self.batches * self.batch, self.sizes[0])).astype(np.float32)
        return x, rng.integers(0, max(outputs, 2), len(x))

    @property
    def hidden(self) -> list[dict]:
        return [{"kind": "dense", "units": n, "activation": self.activation} for n in self.sizes[1:-1]]

    def engine(self) -> Step:
        x, y = self.data()
        loss, outputs = "cross_entropy", self.sizes[-1]
        if outputs == 1:
            loss, y = "binary_cross_entropy", y.astype(np.float32)[:, None]
        layers = [*self.hidden, {"kind": "dense", "units": outputs, "activation": "linear"}]
        return engine_step(layers, loss, x, y, self.batch, {"kind": self.optimizer, "lr": self.lr})

    def trainer(self) -> Step:
        """The whole of `Trainer.step`: batches, schedule, checks and the scores once in a pass on 64 examples, too."""
        x, y = self.data()
        task = "binary" if self.sizes[-1] == 1 else "multiclass"
        names = tuple(str(i) for i in range(max(self.sizes[-1], 2)))
        data = engine.Dataset("noise", task, x, y, x[:64], y[:64], class_names=names)
        trainer = engine.Trainer({"network": {"layers": self.hidden}, "training": {
            "batch_size": self.batch, "optimizer": {"kind": self.optimizer, "lr": self.lr}}}, data)
        return trainer.step

    def pytorch(self) -> Step:
        """Eager mode, as its tutorials write it."""
        import torch
        from torch import nn

        torch.set_num_threads(1)
        x, y = (torch.tensor(a) for a in self.data())
        hidden = {"tanh": nn.Tanh, "relu": nn.ReLU}[self.activation]
        parts: list[nn.Module] = []
        for i in range(len(self.sizes) - 1):
            parts += [nn.Linear(self.sizes[i], self.sizes[i + 1]), hidden()]
        net = nn.Sequential(*parts[:-1])
        judge = nn.CrossEntropyLoss()
        if self.sizes[-1] == 1:
            judge, y = nn.BCEWithLogitsLoss(), y.float()[:, None]
        optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[self.optimizer](net.parameters(), lr=self.lr)
        return torch_step(net, judge, optimizer, x, y, self.batch)

    def scikit_learn(self) -> Step:
        from sklearn.neural_network import MLPClassifier

        x, y = self.data()
        model = MLPClassifier(self.sizes[1:-1], activation=self.activation, solver=self.optimizer, alpha=0.0,
                              batch_size=self.batch, learning_rate_init=self.lr, momentum=0.0, shuffle=False)
        classes, at = np.unique(y), 0

        def step():
            nonlocal at
            model.partial_fit(x[at:at + self.batch], y[at:at + self.batch], classes=classes)
            at = (at + self.batch) % len(x)

        return step

    def gemms(self) -> Step:
        """The floor: the step's matrix products and nothing else."""
        rng, pairs = np.random.default_rng(0), []
        for i in range(len(self.sizes) - 1):
            n, a, b = self.batch, self.sizes[i], self.sizes[i + 1]
            x, W, dz = (rng.standard_normal(shape).astype(np.float32) for shape in ((n, a), (a, b), (n, b)))
            pairs += [(x, W, np.empty((n, b), np.float32)), (x.T, dz, np.empty((a, b), np.float32))]
            if i:
                pairs.append((dz, W.T, np.empty((n, a), np.float32)))

        def step():
            for left, right, out in pairs:
                np.dot(left, right, out=out)

        return step


class W1(MLP):
    title, must, goal = "MLP 2-8-8-1 tanh, SGD, batch 10", 0.06, 0.03
    sizes = (2, 8, 8, 1)


class W1b(W1):
    title, batch = "MLP 2-8-8-1 tanh, SGD, batch 32", 32


class W2(MLP):
    title, must, goal = "MLP 784-128-64-10 ReLU, Adam, batch 64", 0.50, 0.36
    sizes = (784, 128, 64, 10)
    activation, optimizer, lr, batch, batches = "relu", "adam", 0.001, 64, 100


WORKLOADS: dict[str, type[Workload]] = {cls.__name__: cls for cls in (W1, W1b, W2)}
