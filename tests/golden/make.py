"""Makes the golden files: numbers that PyTorch computed, for tests that need no PyTorch.

Run from the root of the repository, with PyTorch installed (any 2.x, CPU):

    python -m tests.golden.make              # all families
    python -m tests.golden.make losses       # one of them

A family is a function that returns {"name": array}; it is written to tests/golden/<family>.npz. Everything is float64
unless said otherwise. A new layer adds its own function here, or in a module that imports `family` from here.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

HERE = Path(__file__).parent
FAMILIES: dict[str, Callable[[], dict]] = {}


def family(make: Callable[[], dict]) -> Callable[[], dict]:
    """Decorator: write what this function returns into a file of its name."""
    FAMILIES[make.__name__] = make
    return make


def tensor(array) -> torch.Tensor:
    """A float64 tensor that gathers a gradient."""
    return torch.tensor(np.asarray(array, np.float64), requires_grad=True)


ACTIVATIONS = {
    "linear": lambda z: z * 1, "relu": F.relu, "leaky_relu": F.leaky_relu, "elu": F.elu, "sigmoid": torch.sigmoid,
    "tanh": torch.tanh, "gelu": lambda z: F.gelu(z, approximate="tanh"), "silu": F.silu, "softplus": F.softplus,
    "softmax": lambda z: F.softmax(z, dim=-1),
}


@family
def activations() -> dict:
    """Value a and gradient dz of every activation for z (4, 7), dL/da = dy."""
    rng = np.random.default_rng(0)
    z, dy = 3 * rng.standard_normal((4, 7)), rng.standard_normal((4, 7))
    z[0, :5] = [0.0, -0.0, 20.0, -20.0, 1e-3]
    found = {"z": z, "dy": dy}
    for kind, function in ACTIVATIONS.items():
        t = tensor(z)
        a = function(t)
        a.backward(torch.tensor(dy))
        found |= {f"{kind}.a": a.detach().numpy(), f"{kind}.dz": t.grad.numpy()}
    return found


LOSSES = {
    "mse": F.mse_loss, "mae": F.l1_loss, "huber": F.huber_loss,
    "huber delta 0.3": lambda p, y: F.huber_loss(p, y, delta=0.3),
    "binary_cross_entropy": F.binary_cross_entropy_with_logits,
}


@family
def losses() -> dict:
    """Value and gradient of every loss on several shapes; the masked cross-entropy, too."""
    rng, found = np.random.default_rng(1), {}

    def case(name, function, logits, y):
        z = tensor(logits)
        value = function(z, torch.tensor(y))
        value.backward()
        found.update({f"{name}.logits": logits, f"{name}.y": y, f"{name}.value": value.detach().numpy(),
                      f"{name}.dlogits": z.grad.numpy()})

    for name, function in LOSSES.items():
        for shape in [(1, 1), (5, 1), (4, 3)]:
            y = rng.standard_normal(shape)
            if name == "binary_cross_entropy":
                y = (y > 0).astype(np.float64)
            case(f"{name} {shape}", function, 4 * rng.standard_normal(shape), y)
    for shape in [(1, 2), (6, 10), (3, 5, 7)]:
        logits, y = 5 * rng.standard_normal(shape), rng.integers(0, shape[-1], shape[:-1])
        case(f"cross_entropy {shape}", lambda z, y: F.cross_entropy(z.flatten(0, -2), y.flatten()), logits, y)
    mask = np.arange(5) < np.array([5, 2, 4])[:, None]
    found["mask"] = mask
    ignored = torch.tensor(~mask)
    case("masked", lambda z, y: F.cross_entropy(z.flatten(0, 1), y.masked_fill(ignored, -100).flatten()), logits, y)
    for shape in [(1, 1), (6, 1)]:
        y = rng.integers(0, 2, shape[0]).astype(np.float64)
        case(f"brier {shape}", lambda z, y: F.mse_loss(torch.sigmoid(z[:, 0]), y), 4 * rng.standard_normal(shape), y)
    for shape in [(1, 2), (6, 10)]:
        case(f"brier {shape}", squared_shares, 5 * rng.standard_normal(shape), rng.integers(0, shape[1], shape[0]))
    return found


def squared_shares(z, y):
    """The Brier score of several classes: squared differences from the truth, summed over the classes."""
    return ((torch.softmax(z, 1) - F.one_hot(y, z.shape[1])) ** 2).sum(1).mean()


def optimizer_cases() -> dict:
    """Name: (kind and knobs of ours, PyTorch's class, its arguments)."""
    adam = {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-6}
    rmsprop = {"lr": 0.02, "alpha": 0.9, "eps": 1e-6, "momentum": 0.7}
    o = torch.optim
    return {
        "sgd": ({}, o.SGD, {"lr": 0.1}),
        "sgd_momentum": ({"kind": "sgd", "momentum": 0.5}, o.SGD, {"lr": 0.1, "momentum": 0.5}),
        "sgd_decay": ({"kind": "sgd"}, o.SGD, {"lr": 0.1, "weight_decay": 0.1}),
        "momentum": ({}, o.SGD, {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.03}),
        "nesterov": ({}, o.SGD, {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.03, "nesterov": True}),
        "rmsprop": ({}, o.RMSprop, rmsprop | {"weight_decay": 0.02}),
        "rmsprop_plain": ({"kind": "rmsprop"}, o.RMSprop, rmsprop | {"momentum": 0.0}),
        "adagrad": ({}, o.Adagrad, {"lr": 0.3, "eps": 1e-7, "weight_decay": 0.02}),
        "adam": ({}, o.Adam, adam | {"weight_decay": 0.05}),
        "adam_defaults": ({"kind": "adam"}, o.Adam, {"lr": 0.001}),
        "adamw": ({}, o.AdamW, adam | {"weight_decay": 0.3}),
    }


def our_knobs(name: str, ours: dict, theirs: dict) -> dict:
    """The same optimizer as a spec of ours."""
    knobs = {key: list(value) if isinstance(value, tuple) else value for key, value in theirs.items()}
    knobs.pop("nesterov", None)
    return {"kind": name} | knobs | ours


@family
def optimizers() -> dict:
    """theta (P,) after each of 25 steps (25, P) for the same gradients (25, P)."""
    rng = np.random.default_rng(2)
    theta, grads = rng.standard_normal(6), rng.standard_normal((25, 6)) * [1, 1e-3, 30, 1, 0, 1]
    found = {"theta": theta, "grads": grads}
    for name, (ours, cls, theirs) in optimizer_cases().items():
        w = nn.Parameter(torch.tensor(theta))
        optimizer, path = cls([w], **theirs), []
        for g in grads:
            w.grad = torch.tensor(g)
            optimizer.step()
            path.append(w.detach().numpy().copy())
        found |= {f"{name}.path": np.array(path), f"{name}.spec": np.array(json.dumps(our_knobs(name, ours, theirs)))}
    return found


def mlp(sizes: list[int], activation: type[nn.Module]) -> nn.Sequential:
    parts: list[nn.Module] = []
    for i in range(len(sizes) - 1):
        parts += [nn.Linear(sizes[i], sizes[i + 1]), activation()]
    return nn.Sequential(*parts[:-1]).double()


def flat(net: nn.Module, gradient: bool = False) -> np.ndarray:
    """Parameters, or their gradients, in the order and orientation of our theta: W (in, units), then b."""
    arrays = [(p.grad if gradient else p).detach().numpy() for p in net.parameters()]
    return np.concatenate([(a.T if a.ndim == 2 else a).ravel() for a in arrays])


@family
def dense() -> dict:
    """Outputs and all gradients of a 5-4-3 network for vectors (N, F) and for sequences (N, T, F)."""
    torch.manual_seed(3)
    rng, found = np.random.default_rng(3), {}
    for name, shape in {"vectors": (6, 5), "sequences": (2, 3, 5)}.items():
        net, x = mlp([5, 4, 3], nn.Tanh), tensor(rng.standard_normal(shape))
        y = net(x)
        dy = rng.standard_normal(tuple(y.shape))
        y.backward(torch.tensor(dy))
        found |= {f"{name}.{key}": value for key, value in {
            "theta": flat(net), "x": x.detach().numpy(), "y": y.detach().numpy(), "dy": dy, "dx": x.grad.numpy(),
            "grad": flat(net, gradient=True)}.items()}
    return found


@family
def trajectories() -> dict:
    """Loss and theta over 20 mini-batch steps of a 4-6-3 classifier with each optimizer; decay on weights only."""
    torch.manual_seed(4)
    rng = np.random.default_rng(4)
    x, y = rng.standard_normal((60, 4)), rng.integers(0, 3, 60)
    start = mlp([4, 6, 3], nn.Tanh)
    found = {"x": x, "y": y, "theta": flat(start)}
    for name, (ours, cls, theirs) in optimizer_cases().items():
        net = mlp([4, 6, 3], nn.Tanh)
        net.load_state_dict(start.state_dict())
        groups = [{"params": [p for p in net.parameters() if p.ndim == 2]},
                  {"params": [p for p in net.parameters() if p.ndim == 1], "weight_decay": 0.0}]
        optimizer, values = cls(groups, **theirs), []
        for step in range(20):
            rows = slice(12 * (step % 5), 12 * (step % 5) + 12)
            loss = F.cross_entropy(net(torch.tensor(x[rows])), torch.tensor(y[rows]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            values.append(loss.item())
        found |= {f"{name}.losses": np.array(values), f"{name}.theta": flat(net),
                  f"{name}.spec": np.array(json.dumps(our_knobs(name, ours, theirs)))}
    return found


@family
def full_batch() -> dict:
    """Losses of 20 full-batch steps with penalties, clipping and each kind of task: what our Trainer should repeat."""
    torch.manual_seed(5)
    rng, found = np.random.default_rng(5), {}
    x = rng.standard_normal((40, 3))
    targets = {"regression": np.sin(x[:, :2]), "binary": (x[:, 0] > x[:, 1]).astype(int),
               "multiclass": np.digitize(x[:, 0], [-0.5, 0.5])}
    judges = {"regression": F.mse_loss, "multiclass": F.cross_entropy,
              "binary": lambda z, y: F.binary_cross_entropy_with_logits(z[:, 0], y.double())}
    for task, y in targets.items():
        outputs = {"regression": 2, "binary": 1, "multiclass": 3}[task]
        net = mlp([3, 8, 8, outputs], nn.SiLU)
        found |= {f"{task}.x": x, f"{task}.y": y, f"{task}.theta": flat(net)}
        optimizer, values = torch.optim.Adam(net.parameters(), lr=0.03), []
        for _ in range(20):
            loss = judges[task](net(torch.tensor(x)), torch.tensor(y))
            values.append(loss.item())
            weights = [p for p in net.parameters() if p.ndim == 2]
            penalty = sum(0.01 * w.abs().sum() + 0.5 * 0.02 * (w * w).sum() for w in weights)
            optimizer.zero_grad()
            (loss + penalty).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 0.3)
            optimizer.step()
        found |= {f"{task}.losses": np.array(values), f"{task}.final": flat(net)}
    return found


@family
def schedules() -> dict:
    """Learning-rate factors at the start of 30 epochs."""
    s, found = torch.optim.lr_scheduler, {}
    for name, make in {"step": lambda o: s.StepLR(o, 7, 0.5), "exponential": lambda o: s.ExponentialLR(o, 0.9),
                       "cosine": lambda o: s.CosineAnnealingLR(o, 30, eta_min=0.1)}.items():
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
        scheduler, factors = make(optimizer), []
        for _ in range(30):
            factors.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        found[name] = np.array(factors)
    return found


if __name__ == "__main__":
    for name in sys.argv[1:] or FAMILIES:
        np.savez_compressed(HERE / f"{name}.npz", **FAMILIES[name]())
