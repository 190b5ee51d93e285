"""Makes tests/golden/sequences.npz: recurrent layers and embeddings, computed by PyTorch.

Run `python -m tests.golden.sequences`. Everything in the file is in our orientation: weights (in, gates · units).
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from tests.golden.make import HERE, tensor

LENGTHS = (6, 2, 4)             # of three sequences padded to six steps
UNITS = 4
KINDS = {"rnn": (nn.RNN, nn.RNNCell), "lstm": (nn.LSTM, nn.LSTMCell), "gru": (nn.GRU, nn.GRUCell)}


def parameters(module: nn.Module) -> Iterator[tuple[str, np.ndarray]]:
    """The names and values of our parameters and of their gradients: ("Wx", ...), ..., ("dWx", ...), ..."""
    found = {name.split("_l")[0]: p for name, p in module.named_parameters()}
    for name in ("", "d"):
        Wx, Wh, bx, bh = ((found[key].grad if name else found[key]).detach().numpy()
                          for key in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        yield from ((f"{name}Wx", Wx.T), (f"{name}Wh", Wh.T))
        if isinstance(module, nn.GRU | nn.GRUCell):
            n = 2 * UNITS
            b = bx if name else np.concatenate([bx[:n] + bh[:n], bx[n:]])
            yield from ((f"{name}b", b), (f"{name}bn", bh[n:]))
        else:
            yield f"{name}b", bx if name else bx + bh


def pass_through(kind: str, rng: np.random.Generator, last: bool, lengths: tuple[int, ...] | None) -> dict:
    """A layer over (3, 6, 5): x, y and all gradients; packed where lengths are given."""
    layer, x = KINDS[kind][0](5, UNITS, batch_first=True).double(), tensor(rng.standard_normal((3, 6, 5)))
    if lengths is None:
        y, _ = layer(x)
        y = y[:, -1] if last else y
    else:
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, state = layer(packed)
        h = (state[0] if kind == "lstm" else state)[0]
        y = h if last else nn.utils.rnn.pad_packed_sequence(out, batch_first=True)[0]
    dy = rng.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    return {"x": x, "y": y, "dy": dy, "dx": x.grad} | dict(parameters(layer))


def by_hand(kind: str, rng: np.random.Generator, last: bool, window: int) -> dict:
    """The same from single cells, cut off from the past before every window of steps counted from the end.

    Also the norm of dL/dh for each step.
    """
    cell, x, states = KINDS[kind][1](5, UNITS).double(), tensor(rng.standard_normal((3, 7, 5))), []
    state = None
    for t in range(7):
        if state is not None and window and (7 - t) % window == 0:
            state = tuple(s.detach() for s in state) if kind == "lstm" else state.detach()
        state = cell(x[:, t], state)
        states.append(state[0] if kind == "lstm" else state)
        states[-1].retain_grad()
    y = states[-1] if last else torch.stack(states, 1)
    dy = rng.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    norms = [0.0 if h.grad is None else h.grad.norm().item() for h in states]
    return {"x": x, "y": y, "dy": dy, "dx": x.grad, "norms": norms} | dict(parameters(cell))


def embedding(rng: np.random.Generator) -> dict:
    layer, tokens = nn.Embedding(9, 4).double(), rng.integers(0, 9, (3, 6))
    y = layer(torch.tensor(tokens))
    dy = rng.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    return {"x": tokens, "y": y, "dy": dy, "E": layer.weight, "dE": layer.weight.grad}


def make() -> dict:
    torch.manual_seed(7)
    rng, cases = np.random.default_rng(7), {}
    for kind in KINDS:
        for last in (False, True):
            shown = "last" if last else "sequence"
            cases[f"{kind} {shown}"] = pass_through(kind, rng, last, None)
            cases[f"{kind} {shown} masked"] = pass_through(kind, rng, last, LENGTHS)
            for window in (0, 1, 3):
                cases[f"{kind} {shown} window{window}"] = by_hand(kind, rng, last, window)
    cases["embedding"] = embedding(rng)
    return {f"{name}.{key}": (value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value))
            for name, case in cases.items() for key, value in case.items()}


if __name__ == "__main__":
    np.savez_compressed(HERE / "sequences.npz", **make())
