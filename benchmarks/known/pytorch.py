"""A network of ours, built again from PyTorch's parts with the same weights and fed the same batches."""

from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from benchmarks.known.run import Run

NAMES = {nn.Embedding: ("E", ""), nn.LayerNorm: ("gamma", "beta"), nn.Linear: ("W", "b")}


class Block(nn.Module):
    """Causal self-attention and two dense layers, each behind a norm and beside a residual path."""

    def __init__(self, width: int, heads: int, ff: int):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.ff1, self.ff2 = nn.Linear(width, ff), nn.Linear(ff, width)

    def forward(self, x):
        N, T, D = x.shape
        y = self.norm1(x)
        q, k, v = (part(y).view(N, T, self.heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)     # padding stands behind, where none looks
        x = x + self.out(y.transpose(1, 2).reshape(N, T, D))
        return x + self.ff2(F.gelu(self.ff1(self.norm2(x)), approximate="tanh"))


class GPT(nn.Module):
    """Embedding, learned positions, blocks, a last norm, and an output layer."""

    def __init__(self, layers: list[dict], places: int):
        super().__init__()
        width, blocks = layers[0]["dim"], [layer for layer in layers if layer["kind"] == "transformer_block"]
        self.E, self.P = nn.Embedding(layers[0]["vocab"], width), nn.Parameter(torch.zeros(places, width))
        self.blocks = nn.ModuleList(Block(width, layer["heads"], layer["ff"]) for layer in blocks)
        self.norm, self.out = nn.LayerNorm(width), nn.Linear(width, layers[0]["vocab"])

    def forward(self, tokens):
        x = self.E(tokens) + self.P
        for block in self.blocks:
            x = block(x)
        return self.out(self.norm(x))

    def take(self, parameters: dict[str, np.ndarray]) -> None:
        """Weights by our names; our matrices are (in, out), PyTorch's (out, in)."""
        modules = {"0": self.E, str(len(self.blocks) + 2): self.norm, str(len(self.blocks) + 3): self.out}
        for i, block in enumerate(self.blocks, 2):
            modules |= {f"{i}.{name}": getattr(block, name) for name in ("norm1", "norm2", "ff1", "ff2")}
        state = {id(self.P): parameters["1.P"]}
        for prefix, module in modules.items():
            weight, bias = NAMES[type(module)]
            state[id(module.weight)] = parameters[f"{prefix}.{weight}"].T if weight == "W" else (
                parameters[f"{prefix}.{weight}"])
            if bias:
                state[id(module.bias)] = parameters[f"{prefix}.{bias}"]
        for i, block in enumerate(self.blocks, 2):
            for letter, module in zip("qkvo", (block.query, block.key, block.value, block.out), strict=True):
                state |= {id(module.weight): parameters[f"{i}.attention.W{letter}"].T,
                          id(module.bias): parameters[f"{i}.attention.b{letter}"]}
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.tensor(np.ascontiguousarray(state[id(parameter)])))


def gpt_twin(run: Run) -> tuple[Callable[[], None], Callable[[np.ndarray, np.ndarray], float]]:
    """How to train the twin of a run that has not begun, as the run will; and how to get its loss on examples.

    Weight decay on matrices only, as ours. The order of the examples is drawn as the trainer draws it.
    """
    torch.set_num_threads(1)
    spec, pad = run.trainer.spec, run.data.vocabulary.pad
    net = GPT(spec.network["layers"], run.data.input_shape[0])
    net.take(run.trainer.network.parameters())
    settings = spec.training["optimizer"]
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in net.parameters() if p.ndim > 1]},
         {"params": [p for p in net.parameters() if p.ndim == 1], "weight_decay": 0.0}],
        lr=settings["lr"], betas=settings["betas"], eps=settings["eps"], weight_decay=settings["weight_decay"])
    rng, schedule = np.random.default_rng([spec.seed, 2]), run.trainer.schedule
    x, y = (torch.tensor(a.astype(np.int64)) for a in (run.data.x_train, run.data.y_train))
    size = spec.training["batch_size"]

    def judge(tokens, truth):
        return F.cross_entropy(net(tokens).flatten(0, 1), truth.flatten(), ignore_index=pad)

    def train():
        for epoch in range(run.recipe.epochs):
            order = torch.tensor(rng.permutation(len(x)))
            for start in range(0, len(x), size):
                rows = order[start:start + size]
                for group in optimizer.param_groups:
                    group["lr"] = settings["lr"] * schedule.factor(epoch + start / len(x))
                optimizer.zero_grad()
                judge(x[rows], y[rows]).backward()
                optimizer.step()

    @torch.no_grad()
    def loss(tokens: np.ndarray, truth: np.ndarray) -> float:
        return judge(*(torch.tensor(a.astype(np.int64)) for a in (tokens, truth))).item()

    return train, loss
