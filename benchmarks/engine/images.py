"""Workloads with pictures: a small convolutional network, and one convolution against plain loops."""

import numpy as np

import engine
from benchmarks.engine.steps import Step, engine_step, torch_step
from benchmarks.engine.workloads import Workload
from engine.kernels.image import naive_conv2d


class W3(Workload):
    """Two convolutions with ReLU, each followed by max pooling, and a dense layer."""

    title, must, goal = "CNN 28×28: conv 8, pool, conv 16, pool, dense; Adam, batch 32", 0.55, 0.35
    size, batch, batches = 28, 32, 32

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        rng, count = np.random.default_rng(0), self.batches * self.batch
        x = rng.standard_normal((count, self.size, self.size, 1)).astype(np.float32)
        return x, rng.integers(0, 10, count)

    def engine(self) -> Step:
        return engine_step([
            {"kind": "conv2d", "filters": 8}, "max_pool2d", {"kind": "conv2d", "filters": 16}, "max_pool2d", "flatten",
            {"kind": "dense", "units": 10, "activation": "linear"}], "cross_entropy", *self.data(), self.batch)

    def pytorch(self) -> Step:
        """Eager mode on pictures in PyTorch's default memory format."""
        import torch
        from torch import nn

        torch.set_num_threads(1)
        x, y = (torch.tensor(a) for a in self.data())
        x = x.movedim(-1, 1).clone(memory_format=torch.contiguous_format)
        net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                            nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                            nn.Flatten(), nn.Linear(16 * (self.size // 4) ** 2, 10))
        return torch_step(net, nn.CrossEntropyLoss(), torch.optim.Adam(net.parameters()), x, y, self.batch)

    def gemms(self) -> Step:
        """The floor: the products of the whole batch, with all windows already laid out as columns."""
        rng, calls = np.random.default_rng(0), []
        for side, inputs, filters in ((self.size, 1, 8), (self.size // 2, 8, 16)):
            columns, W, dz = (rng.standard_normal(shape).astype(np.float32) for shape in (
                (9 * inputs, side * side * self.batch), (filters, 9 * inputs), (filters, side * side * self.batch)))
            calls += [(W, columns), (columns, dz.T)]
            if inputs > 1:
                calls.append((rng.standard_normal((inputs, 9 * filters)).astype(np.float32),
                              rng.standard_normal((9 * filters, side * side * self.batch)).astype(np.float32)))
        outs = [np.empty((a.shape[0], b.shape[1]), np.float32) for a, b in calls]

        def step():
            for (left, right), out in zip(calls, outs, strict=True):
                np.dot(left, right, out=out)

        return step


class W3s(W3):
    title, must, goal = "the same on 8×8", 0.25, 0.13
    size = 8


class W8(Workload):
    title, must, goal = "conv forward, one 28×28 image, 8 filters 3×3, against plain loops", 1 / 500, 1 / 3000
    rivals, against = ("engine", "loops"), "loops"

    def network(self) -> tuple[engine.Network, np.ndarray]:
        x = np.random.default_rng(0).standard_normal((1, 28, 28, 1)).astype(np.float32)
        return engine.Network({"layers": [{"kind": "conv2d", "filters": 8, "activation": "linear"}]}, (28, 28, 1)), x

    def engine(self) -> Step:
        net, x = self.network()
        return lambda: net.forward(x, copy=False)

    def loops(self) -> Step:
        net, x = self.network()
        W, b = net.parameters().values()
        return lambda: naive_conv2d(x, W, b, pad=1)


IMAGES: dict[str, type[Workload]] = {cls.__name__: cls for cls in (W3, W3s, W8)}
