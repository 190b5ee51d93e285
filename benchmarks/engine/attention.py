"""Attention: one transformer block, and a small GPT on characters."""

import numpy as np

import engine
from benchmarks.engine.steps import Step
from benchmarks.engine.workloads import Workload


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


class W5(Workload):
    title, must, goal = "Transformer block d 64, 4 heads, ff 128, T 32, Adam, batch 32", 0.90, 0.63
    n, t, d, heads, ff = 32, 32, 64, 4, 128

    def engine(self) -> Step:
        block = {"kind": "transformer_block", "heads": self.heads, "ff": self.ff, "norm_first": False,
                 "activation": "relu"}
        net, adam = engine.Network({"layers": [block]}, (self.t, self.d)), engine.optimizers["adam"]()
        x, dy = random(self.n, self.t, self.d), random(self.n, self.t, self.d)

        def step():
            net.forward(x, train=True, copy=False)
            net.backward(dy, copy=False)
            adam.step(net.theta, net.grad)

        return step

    def pytorch(self) -> Step:
        """nn.TransformerEncoderLayer as it comes, without dropout."""
        import torch

        torch.set_num_threads(1)
        block = torch.nn.TransformerEncoderLayer(self.d, self.heads, self.ff, dropout=0.0, batch_first=True)
        adam = torch.optim.Adam(block.parameters())
        x, dy = (torch.tensor(random(self.n, self.t, self.d)) for _ in range(2))
        x.requires_grad_()

        def step():
            adam.zero_grad()
            x.grad = None
            block(x).backward(dy)
            adam.step()

        return step

    def gemms(self) -> Step:
        return products(block_products(self.n, self.t, self.d, self.heads, self.ff))


class W6(Workload):
    title, must, goal = "Character GPT: 4 blocks, d 64, ff 256, T 64, vocabulary 65, AdamW, batch 16", 1.15, 0.92
    n, t, d, heads, ff, vocabulary, blocks = 16, 64, 64, 4, 256, 65, 4

    def data(self) -> np.ndarray:
        return np.random.default_rng(0).integers(0, self.vocabulary, (200 * self.n, self.t + 1))

    def engine(self) -> Step:
        """The whole of `Trainer.step`: batches, loss, checks, and the scores once in a pass."""
        x, y = engine.next_token_pairs(self.data())
        names = engine.Vocabulary(tuple(map(chr, range(self.vocabulary))))
        data = engine.Dataset("noise", "next_token", x, y, x[:64], y[:64], vocabulary=names)
        block = {"kind": "transformer_block", "heads": self.heads, "ff": self.ff, "causal": True, "activation": "gelu"}
        layers = [{"kind": "embedding", "dim": self.d, "vocab": self.vocabulary},
                  {"kind": "positional", "encoding": "learned"}, *[block] * self.blocks, {"kind": "layer_norm"}]
        return engine.Trainer({"network": {"layers": layers}, "training": {
            "batch_size": self.n, "optimizer": "adamw"}}, data).step

    def pytorch(self) -> Step:
        """Eager mode with scaled_dot_product_attention and one linear layer for q, k and v, as nanoGPT writes it."""
        import torch
        from torch import nn
        from torch.nn import functional as F

        torch.set_num_threads(1)
        d, heads, ff, t, vocabulary = self.d, self.heads, self.ff, self.t, self.vocabulary

        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
                self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
                self.ff1, self.ff2 = nn.Linear(d, ff), nn.Linear(ff, d)

            def forward(self, x):
                q, k, v = (a.unflatten(2, (heads, -1)).transpose(1, 2) for a in self.qkv(self.norm1(x)).split(d, 2))
                y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
                x = x + self.out(y.transpose(1, 2).flatten(2))
                return x + self.ff2(F.gelu(self.ff1(self.norm2(x)), approximate="tanh"))

        class GPT(nn.Module):
            def __init__(self, blocks):
                super().__init__()
                self.E, self.P = nn.Embedding(vocabulary, d), nn.Parameter(torch.zeros(t, d))
                self.blocks = nn.Sequential(*(Block() for _ in range(blocks)))
                self.norm, self.out = nn.LayerNorm(d), nn.Linear(d, vocabulary)

            def forward(self, tokens):
                return self.out(self.norm(self.blocks(self.E(tokens) + self.P)))

        net, tokens, at = GPT(self.blocks), torch.tensor(self.data()), 0
        adamw = torch.optim.AdamW(net.parameters())

        def step():
            nonlocal at
            batch = tokens[at:at + self.n]
            adamw.zero_grad()
            loss = F.cross_entropy(net(batch[:, :-1]).flatten(0, 1), batch[:, 1:].flatten())
            loss.backward()
            adamw.step()
            at = (at + self.n) % len(tokens)
            return loss.item()

        return step

    def gemms(self) -> Step:
        pairs = block_products(self.n, self.t, self.d, self.heads, self.ff) * self.blocks
        return products(pairs + linear_products(self.n * self.t, self.d, self.vocabulary))


def linear_products(rows: int, inputs: int, outputs: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The three products of a linear layer's forward and backward pass."""
    x, W, dz = random(rows, inputs), random(inputs, outputs), random(rows, outputs)
    return [(x, W), (x.T, dz), (dz, W.T)]


def block_products(n: int, t: int, d: int, heads: int, ff: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """All products of a block's forward and backward pass."""
    q, weights = random(n, heads, t, d // heads), random(n, heads, t, t)
    turned = weights.swapaxes(2, 3)
    attention = [(q, q.swapaxes(2, 3)), (weights, q), (turned, q), (q, q.swapaxes(2, 3)), (weights, q), (turned, q)]
    return [*attention, *(pair for inputs, outputs in ((d, 3 * d), (d, d), (d, ff), (ff, d))
                          for pair in linear_products(n * t, inputs, outputs))]


def products(pairs: list[tuple[np.ndarray, np.ndarray]]) -> Step:
    """The floor: these matrix products and nothing else."""
    rooms = [np.matmul(a, b) for a, b in pairs]

    def step():
        for (a, b), out in zip(pairs, rooms, strict=True):
            np.matmul(a, b, out=out)

    return step


ATTENTION: dict[str, type[Workload]] = {cls.__name__: cls for cls in (W5, W6)}
