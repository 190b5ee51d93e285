"""Makes tests/golden/images.npz: networks of image layers, computed by PyTorch. Run `python -m tests.golden.images`.

PyTorch keeps the channels first, we keep them last: `Last` turns the axes around PyTorch's modules, and `flat` turns
the kernels, so that everything in the file is in our orientation.
"""

import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tests.golden.make import HERE, tensor


class Last(nn.Module):
    """A module of PyTorch's for (N, C, ...) that takes and gives (N, ..., C)."""

    def __init__(self, *modules: nn.Module):
        super().__init__()
        self.inner = nn.Sequential(*modules)

    def forward(self, x):
        return self.inner(x.movedim(-1, 1)).movedim(1, -1)


class Block(nn.Module):
    """y = g(x + f(x)), with a projection of x."""

    def __init__(self, f: nn.Module, projection: nn.Module, g: nn.Module):
        super().__init__()
        self.f, self.projection, self.g = f, projection, g

    def forward(self, x):
        return self.g(self.f(x) + self.projection(x))


def conv(inputs: int, filters: int, kernel: int, stride: int = 1, pad: int = 0) -> nn.Conv2d:
    return nn.Conv2d(inputs, filters, kernel, stride, pad)


def block(inputs: int, filters: int, stride: int) -> nn.Module:
    f = [conv(inputs, filters, 3, stride, 1), nn.BatchNorm2d(filters), nn.ReLU(), conv(filters, filters, 3, 1, 1),
         nn.BatchNorm2d(filters)]
    return Last(Block(nn.Sequential(*f), conv(inputs, filters, 1, stride), nn.ReLU()))


def preact(inputs: int, filters: int, stride: int) -> nn.Module:
    f = [nn.BatchNorm2d(inputs), nn.ReLU(), conv(inputs, filters, 3, stride, 1), nn.BatchNorm2d(filters), nn.ReLU(),
         conv(filters, filters, 3, 1, 1)]
    return Last(Block(nn.Sequential(*f), conv(inputs, filters, 1, stride), nn.Identity()))


def conv2d(filters: int, kernel: int, stride: int = 1, padding: str = "same", activation: str = "linear") -> dict:
    return {"kind": "conv2d", "filters": filters, "kernel": kernel, "stride": stride, "padding": padding,
            "activation": activation}


#: Name: (our layers, PyTorch's module, shape of one example)
CASES = {
    "conv same 3": ([conv2d(4, 3)], Last(conv(3, 4, 3, 1, 1)), (6, 5, 3)),
    "conv same 5 stride 2": ([conv2d(2, 5, 2)], Last(conv(3, 2, 5, 2, 2)), (7, 8, 3)),
    "conv valid 2 stride 3": ([conv2d(5, 2, 3, "valid", "tanh")], Last(conv(1, 5, 2, 3), nn.Tanh()), (9, 7, 1)),
    "conv valid 4 relu": ([conv2d(3, 4, 1, "valid", "relu")], Last(conv(2, 3, 4), nn.ReLU()), (4, 6, 2)),
    "conv 1": ([conv2d(3, 1, 2)], Last(conv(4, 3, 1, 2)), (5, 4, 4)),
    "max 2": (["max_pool2d"], Last(nn.MaxPool2d(2)), (7, 5, 2)),
    "max 3 stride 2": ([{"kind": "max_pool2d", "size": 3, "stride": 2}], Last(nn.MaxPool2d(3, 2)), (8, 7, 2)),
    "max 2 stride 3": ([{"kind": "max_pool2d", "size": 2, "stride": 3}], Last(nn.MaxPool2d(2, 3)), (8, 7, 2)),
    "average 2": (["avg_pool2d"], Last(nn.AvgPool2d(2)), (7, 5, 2)),
    "average 3 stride 1": ([{"kind": "avg_pool2d", "size": 3, "stride": 1}], Last(nn.AvgPool2d(3, 1)), (5, 6, 2)),
    "global": (["global_avg_pool"], Last(nn.AdaptiveAvgPool2d(1), nn.Flatten(1)), (5, 6, 3)),
    "batch norm vectors": ([{"kind": "batch_norm", "momentum": 0.3}], Last(nn.BatchNorm1d(4, momentum=0.3)), (4,)),
    "batch norm sequences": (["batch_norm"], Last(nn.BatchNorm1d(4)), (5, 4)),
    "batch norm pictures": ([{"kind": "batch_norm", "eps": 0.1}], Last(nn.BatchNorm2d(3, eps=0.1)), (4, 5, 3)),
    "layer norm vectors": (["layer_norm"], nn.LayerNorm(6), (6,)),
    "layer norm sequences": ([{"kind": "layer_norm", "eps": 0.01}], nn.LayerNorm(6, eps=0.01), (5, 6)),
    "layer norm pictures": (["layer_norm"], nn.LayerNorm(3), (4, 5, 3)),
    "basic block": ([{"kind": "basic_block", "filters": 4, "stride": 2}], block(3, 4, 2), (5, 6, 3)),
    "preact block": ([{"kind": "preact_block", "filters": 4, "stride": 2}], preact(3, 4, 2), (5, 6, 3)),
    "network": ([conv2d(4, 3, activation="relu"), "max_pool2d", "batch_norm", conv2d(6, 3, activation="tanh"),
                 "avg_pool2d", "flatten", {"kind": "dense", "units": 3, "activation": "linear"}],
                nn.Sequential(Last(conv(1, 4, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2), nn.BatchNorm2d(4),
                                   conv(4, 6, 3, 1, 1), nn.Tanh(), nn.AvgPool2d(2)), nn.Flatten(), nn.Linear(24, 3)),
                (8, 9, 1)),
}


def flat(module: nn.Module, gradient: bool = False) -> np.ndarray:
    """Parameters or gradients in the order and orientation of our theta: kernels (k, k, in, filters)."""
    turn = {4: lambda a: a.transpose(2, 3, 1, 0), 2: lambda a: a.T, 1: lambda a: a}
    arrays = [(p.grad if gradient else p).detach().numpy() for p in module.parameters()]
    return np.concatenate([np.zeros(0), *(turn[a.ndim](a).ravel() for a in arrays)])


def statistics(module: nn.Module) -> np.ndarray:
    """Running means and variances, in the order of our state."""
    return np.concatenate([np.zeros(0), *(b.numpy() for b in module.buffers() if b.ndim)])


def run(name: str, spec: list, module: nn.Module, shape: tuple[int, ...], rng: np.random.Generator) -> dict:
    """A training pass with all gradients, a second one that moves the statistics again, and a pass without training."""
    module.double().train()
    with torch.no_grad():
        for p in module.parameters():
            p += 0.1 * torch.tensor(rng.standard_normal(p.shape))
    x = rng.standard_normal((4, *shape))
    if name.startswith("max"):
        x = np.round(x)                                           # ties: who gets the gradient?
    found = {"spec": json.dumps(spec), "theta": flat(module), "x": x}
    t = tensor(x)
    y = module(t)
    dy = rng.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    found |= {"y": y.detach().numpy(), "dy": dy, "dx": t.grad.numpy(), "grad": flat(module, gradient=True)}
    module(torch.tensor(2 * x + 1))
    found["state"] = statistics(module)
    found["eval"] = module.eval()(torch.tensor(x)).detach().numpy()
    return {f"{name}.{key}": np.asarray(value) for key, value in found.items()}


def training() -> dict:
    """Losses of 15 Adam steps of a small convolutional network with batch normalisation."""
    torch.manual_seed(8)
    rng = np.random.default_rng(8)
    spec, module, shape = CASES["network"]
    module.double().train()
    x, y = rng.standard_normal((24, *shape)), rng.integers(0, 3, 24)
    found = {"x": x, "y": y, "theta": flat(module), "spec": json.dumps(spec), "state": statistics(module)}
    optimizer, losses = torch.optim.Adam(module.parameters(), lr=0.01), []
    for step in range(15):
        rows = slice(8 * (step % 3), 8 * (step % 3) + 8)
        loss = F.cross_entropy(module(torch.tensor(x[rows])), torch.tensor(y[rows]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    found |= {"losses": losses, "final": flat(module), "final state": statistics(module)}
    return {f"training.{key}": np.asarray(value) for key, value in found.items()}


if __name__ == "__main__":
    torch.manual_seed(7)
    rng, found = np.random.default_rng(7), {}
    for name, case in CASES.items():
        found |= run(name, *case, rng)
    np.savez_compressed(HERE / "images.npz", **found, **training())
