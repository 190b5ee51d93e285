"""Workloads on sequences: recurrent networks on noise, and sentiment from an embedding's mean."""

import numpy as np

from benchmarks.engine.steps import Step, engine_step, torch_step
from benchmarks.engine.workloads import Workload


class Sequences(Workload):
    """A recurrent layer over 32 steps of 32 numbers, 64 units, the last state into 10 classes; Adam, batch 32."""

    kind, module = "", ""
    N, T, F, H = 32, 32, 32, 64

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(0)
        x = rng.standard_normal((4 * self.N, self.T, self.F)).astype(np.float32)
        return x, rng.integers(0, 10, len(x))

    def engine(self) -> Step:
        head = {"kind": "dense", "units": 10, "activation": "linear"}
        return engine_step([{"kind": self.kind, "units": self.H}, head], "cross_entropy", *self.data(), self.N)

    def pytorch(self) -> Step:
        """Eager mode, as its tutorials write it."""
        import torch
        from torch import nn

        torch.set_num_threads(1)
        x, y = (torch.tensor(a) for a in self.data())
        layer, head = getattr(nn, self.module)(self.F, self.H, batch_first=True), nn.Linear(self.H, 10)
        optimizer = torch.optim.Adam([*layer.parameters(), *head.parameters()])
        return torch_step(lambda x: head(layer(x)[0][:, -1]), nn.CrossEntropyLoss(), optimizer, x, y, self.N)

    def gemms(self) -> Step:
        """The floor: the step's matrix products and nothing else."""
        rng, wide = np.random.default_rng(0), self.H * {"rnn": 1, "lstm": 4, "gru": 3}[self.kind]
        K, M = self.F + self.H + 1, self.N * self.T
        W, column, Wh, dz = (rng.standard_normal(shape).astype(np.float32)
                             for shape in ((wide, K), (K, self.N), (self.H, wide), (wide, self.N)))
        columns, dzs = (rng.standard_normal(shape).astype(np.float32) for shape in ((K, M), (wide, M)))
        z, dh, dW = np.empty_like(dz), np.empty((self.H, self.N), np.float32), np.empty((K, wide), np.float32)

        def step():
            for _ in range(self.T):
                np.dot(W, column, out=z)
            for _ in range(self.T - 1):
                np.dot(Wh, dz, out=dh)
            np.dot(columns, dzs.T, out=dW)

        return step


class W4r(Sequences):
    title, must, goal = "RNN, 32 steps of 32, 64 units, Adam, batch 32", 0.30, 0.20
    kind, module = "rnn", "RNN"


class W4l(Sequences):
    title, must, goal = "LSTM, the same sizes", 0.95, 0.72
    kind, module = "lstm", "LSTM"


class W4g(Sequences):
    title = "GRU, the same sizes"
    kind, module = "gru", "GRU"


class W7(Workload):
    """Reviews of 200 words from 10,000, each a vector of 100; their mean into 64 ReLU units and one answer."""

    title, must, goal = "Sentiment: vocabulary 10,000 × 100, 200 words, mean, 64, 1; Adam, batch 64", 0.60, 0.45
    N, T, V, D, H = 64, 200, 10_000, 100, 64

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(0)
        return rng.integers(0, self.V, (4 * self.N, self.T)), rng.integers(0, 2, 4 * self.N)

    def engine(self) -> Step:
        layers = [{"kind": "embedding", "dim": self.D, "vocab": self.V}, {"kind": "mean_over_time"},
                  {"kind": "dense", "units": self.H, "activation": "relu"},
                  {"kind": "dense", "units": 1, "activation": "linear"}]
        return engine_step(layers, "binary_cross_entropy", *self.data(), self.N)

    def pytorch(self) -> Step:
        """Eager mode, as its tutorials write it."""
        import torch
        from torch import nn

        torch.set_num_threads(1)
        x, y = (torch.tensor(a) for a in self.data())
        words, head = nn.Embedding(self.V, self.D), nn.Sequential(nn.Linear(self.D, self.H), nn.ReLU(),
                                                                  nn.Linear(self.H, 1))
        optimizer, y = torch.optim.Adam([*words.parameters(), *head.parameters()]), y.float()[:, None]
        return torch_step(lambda x: head(words(x).mean(1)), nn.BCEWithLogitsLoss(), optimizer, x, y, self.N)


SEQUENCES: dict[str, type[Workload]] = {cls.__name__: cls for cls in (W4r, W4l, W4g, W7)}
