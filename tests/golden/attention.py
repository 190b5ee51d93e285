"""Makes tests/golden/attention.npz: attention and transformers by PyTorch. Run `python -m tests.golden.attention`.

Everything in the file is in our orientation (x @ W + b) and under our names; `ours` turns PyTorch's modules around.
PyTorch's own GELU is exact and ours the tanh form, so its modules are given the tanh form here.
"""

import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tests.golden.make import HERE, tensor

N, T, S, D, HEADS, FF = 3, 5, 7, 8, 2, 12
LENGTHS = np.array([5, 3, 1])
ACTIVATIONS = {"relu": F.relu, "gelu": lambda z: F.gelu(z, approximate="tanh")}


def projections(module: nn.MultiheadAttention) -> dict:
    """Parameters of attention by our names: PyTorch keeps Wq, Wk and Wv as one matrix."""
    found = {"Wo": module.out_proj.weight, "bo": module.out_proj.bias}
    for i, name in enumerate("qkv"):
        part = slice(i * D, (i + 1) * D)
        found |= {f"W{name}": module.in_proj_weight[part], f"b{name}": module.in_proj_bias[part]}
    return found


def gradients(module: nn.MultiheadAttention) -> dict:
    found = {"Wo": module.out_proj.weight.grad, "bo": module.out_proj.bias.grad}
    for i, name in enumerate("qkv"):
        part = slice(i * D, (i + 1) * D)
        found |= {f"W{name}": module.in_proj_weight.grad[part], f"b{name}": module.in_proj_bias.grad[part]}
    return found


PARTS = {"self_attn": "attention", "multihead_attn": "cross", "linear1": "ff1", "linear2": "ff2",
         "norm1": "norm1", "norm2": "norm2", "norm3": "norm3"}
NAMES = {nn.Linear: ("W", "b"), nn.LayerNorm: ("gamma", "beta"), nn.Embedding: ("E",)}


def ours(module: nn.Module, grad: bool = False) -> dict:
    """Parameters (or their gradients) of a module of PyTorch's, by our names and in our orientation."""
    if isinstance(module, nn.MultiheadAttention):
        found = (gradients if grad else projections)(module)
    elif type(module) in NAMES:
        arrays = [module.weight, getattr(module, "bias", None)]
        found = dict(zip(NAMES[type(module)], [a.grad if grad else a for a in arrays if a is not None], strict=True))
    else:
        return {f"{PARTS[name]}.{inner}": array for name, child in module.named_children() if name in PARTS
                for inner, array in ours(child, grad).items()}
    turned = isinstance(module, nn.Linear | nn.MultiheadAttention)
    return {name: (a.T if turned and a.ndim == 2 else a).detach().numpy().copy() for name, a in found.items()}


def spread(module: nn.Module) -> None:
    """Give every parameter a value that is no round number: biases begin at zero, scales at one."""
    for p in module.parameters():
        nn.init.normal_(p, 0.1, 0.4)


def record(name: str, module: nn.Module, spec: dict, forward, inputs: dict, real: np.ndarray) -> dict:
    """Output and gradients of a module; dL/dy is zero where a query is padding."""
    spread(module)
    tensors = {key: tensor(value) for key, value in inputs.items()}
    y = forward(**tensors)
    dy = np.random.default_rng(9).standard_normal(y.shape) * real[..., None]
    y.backward(torch.tensor(dy))
    found = {"spec": np.array(json.dumps(spec)), "y": y.detach().numpy(), "dy": dy, "real": real}
    found |= inputs | {f"d{key}": t.grad.numpy() for key, t in tensors.items()}
    found |= {f"theta.{key}": a for key, a in ours(module).items()} | {
        f"grad.{key}": a for key, a in ours(module, True).items()}
    return {f"{name}/{key}": value for key, value in found.items()}


def blocked(lengths: np.ndarray, length: int) -> torch.Tensor:
    """PyTorch's padding mask, as numbers to add: 0 where a token is real."""
    return torch.tensor(np.where(np.arange(length) < lengths[:, None], 0.0, -np.inf))


def layers() -> dict:
    """Self-attention, encoder blocks and decoder blocks with all masks and both orders of the norm."""
    torch.manual_seed(0)
    rng, found = np.random.default_rng(0), {}
    x, memory = rng.standard_normal((N, T, D)), rng.standard_normal((N, S, D))
    ahead = torch.triu(torch.full((T, T), -np.inf, dtype=torch.float64), 1)
    everything = np.ones((N, T), bool)
    for causal in (False, True):
        for real in (everything, np.arange(T) < LENGTHS[:, None]):
            name = f"{'causal' if causal else 'both ways'}, {'whole' if real.all() else 'padded'}"
            masks = {"attn_mask": ahead if causal else None, "key_padding_mask": blocked(real.sum(1), T)}
            mha = nn.MultiheadAttention(D, HEADS, batch_first=True)
            found |= record(f"self_attention {name}", mha, {"kind": "self_attention", "heads": HEADS, "causal": causal},
                            lambda x, mha=mha, masks=masks: mha(x, x, x, **masks)[0], {"x": x}, real)
            for norm_first in (False, True) if causal == real.all() else ():          # causal or padded: half the file
                for activation, function in ACTIVATIONS.items():
                    common = {"heads": HEADS, "ff": FF, "norm_first": norm_first, "activation": activation}
                    settings = {"dropout": 0.0, "activation": function, "batch_first": True, "norm_first": norm_first}
                    block = nn.TransformerEncoderLayer(D, HEADS, FF, **settings)
                    found |= record(f"block {name}, {'pre' if norm_first else 'post'}, {activation}", block,
                                    {"kind": "transformer_block", "causal": causal, **common},
                                    lambda x, block=block, masks=masks: block(
                                        x, src_mask=masks["attn_mask"], src_key_padding_mask=masks["key_padding_mask"]),
                                    {"x": x}, real)
    for norm_first in (False, True):
        block = nn.TransformerDecoderLayer(D, HEADS, FF, 0.0, ACTIVATIONS["gelu"], batch_first=True,
                                           norm_first=norm_first)
        found |= record(f"decoder {'pre' if norm_first else 'post'}", block,
                        {"kind": "decoder_block", "heads": HEADS, "ff": FF, "norm_first": norm_first},
                        lambda x, memory, block=block: block(
                            x, memory, tgt_mask=ahead, memory_key_padding_mask=blocked(LENGTHS, S)),
                        {"x": x, "memory": memory}, everything)
    return found


class GPT(nn.Module):
    """Two causal blocks between an embedding with learned positions and an output layer."""

    def __init__(self, vocabulary: int):
        super().__init__()
        self.E, self.P = nn.Embedding(vocabulary, D), nn.Parameter(0.02 * torch.randn(T, D))
        self.blocks = nn.ModuleList(nn.TransformerEncoderLayer(D, HEADS, FF, 0.0, ACTIVATIONS["gelu"], batch_first=True,
                                                               norm_first=True) for _ in range(2))
        self.norm, self.out = nn.LayerNorm(D), nn.Linear(D, vocabulary)

    def forward(self, tokens):
        x = self.E(tokens) + self.P
        ahead = torch.triu(torch.full((T, T), -np.inf, dtype=x.dtype), 1)
        for block in self.blocks:
            x = block(x, src_mask=ahead)
        return self.out(self.norm(x))

    def ours(self) -> dict:
        found = {"1.P": self.P.detach().numpy().copy()}
        for i, module in {0: self.E, 2: self.blocks[0], 3: self.blocks[1], 4: self.norm, 5: self.out}.items():
            found |= {f"{i}.{name}": array for name, array in ours(module).items()}
        return found


def gpt() -> dict:
    """Losses and parameters of 20 AdamW steps; weight decay on matrices only, as ours."""
    torch.manual_seed(1)
    vocabulary, rng = 11, np.random.default_rng(1)
    net, tokens = GPT(vocabulary), rng.integers(0, vocabulary, (20, 4, T + 1))
    found = {f"gpt/start.{name}": array for name, array in net.ours().items()}
    optimizer = torch.optim.AdamW([{"params": [p for p in net.parameters() if p.ndim > 1]},
                                   {"params": [p for p in net.parameters() if p.ndim == 1], "weight_decay": 0.0}],
                                  lr=0.01, weight_decay=0.1)
    values = []
    for batch in torch.tensor(tokens):
        loss = F.cross_entropy(net(batch[:, :-1]).flatten(0, 1), batch[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        values.append(loss.item())
    return found | {"gpt/tokens": tokens, "gpt/losses": np.array(values)} | {
        f"gpt/end.{name}": array for name, array in net.ours().items()}


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    np.savez_compressed(HERE / "attention.npz", **layers(), **gpt())
