"""Attention by hand: a query, keys and values as vectors to move; and why scores are divided by √d."""

from typing import Any

import numpy as np

from engine import layers
from engine.kernels.attention import attend_plain
from figures.palette import CLASSES, NEGATIVE, POSITIVE
from ui.explore import Numbers, Pick, Slide, explorer

KEYS = 3
VECTORS = (
    Pick("score", "Score", (("scaled", "q · k / √d"), ("dot", "q · k, without √d"),
                            ("additive", "Additive: v · tanh(q Wq + k Wk)")), "scaled"),
    Numbers("query", (1.6, 1.0), -3, 3),
    Numbers("keys", (2.0, 0.6, -0.6, 2.0, -1.6, -1.2), -3, 3),
    Numbers("values", (2.4, -1.4, 0.6, -2.4, -2.4, 1.0), -3, 3),
)


def vectors() -> None:
    """The figure with vectors to move."""
    explorer("vectors", "vectors", VECTORS, attended,
             "Drag the tips. Turn the query towards a key and that key's weight grows; the answer moves towards its "
             "value. Make the query longer and the choice becomes harder.")


def attended(score: str, query: list, keys: list, values: list) -> dict:
    """Scores, weights and the answer, by the engine's own functions."""
    q, k, v = np.array(query).reshape(1, 1, 2), np.array(keys).reshape(1, KEYS, 2), np.array(values).reshape(KEYS, 2)
    if score == "additive":
        layer: Any = layers.build({"kind": "additive_attention", "units": 2})
        layer.Wq, layer.Wk, layer.v = np.eye(2), np.eye(2), np.ones(2)
        layer.attend(q, k, None)
        weights = layer.weights[0, 0]
        scores = layer.u[0, 0] @ layer.v
    else:
        asked = q / np.sqrt(2) if score == "scaled" else q
        scores = (asked @ k.swapaxes(1, 2))[0, 0]
        weights = attend_plain(asked[None], k[None], v[None, None])[0][0, 0, 0]
    return {"query": query, "keys": k[0].tolist(), "values": v.tolist(), "scores": scores.tolist(),
            "weights": weights.tolist(), "answer": (weights @ v).tolist(),
            "entropy": float(entropy(weights))}


def entropy(weights: np.ndarray) -> np.ndarray:
    """In bits, along the last axis."""
    return -(weights * np.log2(np.maximum(weights, 1e-300))).sum(axis=-1)


WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
WIDTH = (Slide("keys", "Keys to choose from", 2, 64, 1, 16),)


def root_d() -> None:
    """Entropy of the weights for growing d, with and without √d."""
    explorer("root_d", "lines", WIDTH, entropies,
             "Queries and keys drawn at random from N(0, 1), 200 queries for each width d; nothing is trained. At 0 "
             "bits all weight lies on one key, and the softmax passes on no gradient.")


def entropies(keys: float) -> dict:
    """The mean entropy of attention weights between random queries and keys, computed now."""
    count, rng = int(keys), np.random.default_rng(0)
    with_root, without, slopes = [], [], []
    for d in WIDTHS:
        q, k = rng.standard_normal((200, 1, 1, d)), rng.standard_normal((200, 1, count, d))
        scaled, plain = (attend_plain(asked, k, k)[0] for asked in (q / np.sqrt(d), q))
        with_root.append(float(entropy(scaled).mean()))
        without.append(float(entropy(plain).mean()))
        slopes.append([float((w * (1 - w)).mean()) for w in (scaled, plain)])
    scaled, plain = slopes[-1]
    return {"lines": [{"name": "With √d", "values": with_root, "color": POSITIVE},
                      {"name": "Without √d", "values": without, "color": NEGATIVE},
                      {"name": "All keys alike", "values": [float(np.log2(count))] * len(WIDTHS), "color": CLASSES[8]}],
            "at": [str(d) for d in WIDTHS], "x": "d", "y": "entropy in bits", "log": False,
            "range": [0, float(np.log2(count))],
            "facts": [["entropy at d = 512, with √d", f"{with_root[-1]:.2f} bits"],
                      ["without", f"{without[-1]:.2f} bits"],
                      ["mean slope w (1 − w) of the softmax, with √d", f"{scaled:.4f}"], ["without", f"{plain:.4f}"]]}
