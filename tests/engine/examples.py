"""Example inputs for every registered layer: add rows here for a new layer, and `test_layers.py` tests it.

A row is (input_shape, knobs, options): the shape of one example without the batch axis, the layer's settings, and

    tokens=V         the input is integers from 0 to V - 1
    mask=True        a mask (N, T) with padding at the end of some sequences is passed, (N, T) from input_shape
    memory=(S, D)    an encoder's output (N, S, D) is passed; with memory_mask=True its padding (N, S) too
    train=True       also test the layer in training mode, with the same random numbers in each pass
    after=[...]      layers that stand before it, where it cannot be the first one
    tolerance=1e-6   relative error of the gradients that is still right, where 1e-6 cannot be reached
    mixes=True       an example's output depends on the others of its batch even when not training

Prefer odd, different sizes: they tell the axes apart. Give a layer a row for each knob that changes its code path.
"""

VECTOR = (5,)               # (F,)
SEQUENCE = (7, 5)           # (T, F)
IMAGE = (7, 6, 3)           # (H, W, C)
TOKENS = (7,)               # (T,)



def recurrent_examples() -> list[tuple[tuple[int, ...], dict, dict]]:
    """For rnn, lstm and gru. Truncation changes the gradient on purpose: `test_sequences.py` tests it."""
    return [
        (SEQUENCE, {"units": 4}, {}),
        (SEQUENCE, {"units": 3, "return_sequences": True}, {}),
        (SEQUENCE, {"units": 4}, {"mask": True}),
        (SEQUENCE, {"units": 3, "return_sequences": True}, {"mask": True}),
        ((1, 2), {"units": 3}, {}),
    ]


EXAMPLES: dict[str, list[tuple[tuple[int, ...], dict, dict]]] = {
    "dense": [
        (VECTOR, {"units": 4}, {}),
        (VECTOR, {"units": 1, "bias": False, "activation": "relu"}, {}),
        (VECTOR, {"units": 3, "activation": "linear"}, {}),
        (VECTOR, {"units": 3, "activation": "softmax"}, {}),
        (SEQUENCE, {"units": 4, "activation": "gelu"}, {}),
        (IMAGE, {"units": 2, "activation": "linear"}, {}),
        (VECTOR, {"units": 4, "activation": "softmax", "off": [1, 2, 9]}, {}),
        (SEQUENCE, {"units": 3, "activation": "linear", "off": [0], "frozen": True}, {}),
    ],
    "activation": [
        (VECTOR, {"function": "leaky_relu", "alpha": 0.2}, {}),
        (SEQUENCE, {"function": "softmax"}, {}),
        (IMAGE, {"function": "elu", "alpha": 0.5}, {}),
    ],
    "dropout": [
        (VECTOR, {"rate": 0.4}, {"train": True}),
        (IMAGE, {"rate": 0.4}, {"train": True}),
        (SEQUENCE, {"rate": 0.0}, {"train": True}),
    ],
    "positional": [
        (SEQUENCE, {"encoding": "sinusoidal"}, {}),
        (SEQUENCE, {"encoding": "learned"}, {}),
    ],
    "self_attention": [
        ((7, 6), {"heads": 3}, {}),
        ((7, 6), {"heads": 2, "causal": True}, {"mask": True}),
        ((7, 6), {"heads": 1}, {"mask": True}),
        ((1, 4), {"heads": 2, "causal": True}, {}),
        ((7, 6), {"heads": 3, "off": [1]}, {"mask": True}),
    ],
    "cross_attention": [
        ((5, 6), {"heads": 2}, {"memory": (7, 6)}),
        ((5, 6), {"heads": 3}, {"memory": (7, 6), "memory_mask": True}),
        ((5, 6), {"heads": 3, "off": [0, 2]}, {"memory": (7, 6)}),
    ],
    "conv2d": [
        (IMAGE, {"filters": 2, "kernel": 3, "activation": "tanh"}, {}),
        (IMAGE, {"filters": 4, "kernel": 2, "stride": 2, "padding": "valid"}, {}),
        (IMAGE, {"filters": 2, "kernel": 5, "stride": 3, "activation": "linear"}, {}),
        (IMAGE, {"filters": 2, "kernel": 1, "activation": "softmax"}, {}),
        (IMAGE, {"filters": 3, "activation": "softmax", "off": [2]}, {}),
        (IMAGE, {"filters": 3, "activation": "linear", "off": [0, 1]}, {}),
        ((2, 9, 1), {"filters": 3, "kernel": 7, "activation": "gelu"}, {}),
    ],
    "max_pool2d": [
        (IMAGE, {}, {}),
        (IMAGE, {"size": 3, "stride": 2}, {}),
        (IMAGE, {"size": 2, "stride": 3}, {}),
        (IMAGE, {"size": 1}, {}),
    ],
    "avg_pool2d": [
        (IMAGE, {}, {}),
        (IMAGE, {"size": 3, "stride": 1}, {}),
    ],
    "flatten": [
        (IMAGE, {}, {}),
        (IMAGE, {}, {"after": [{"kind": "conv2d", "filters": 2, "activation": "tanh"}]}),
        (SEQUENCE, {}, {}),
    ],
    "global_avg_pool": [(IMAGE, {}, {})],
    "batch_norm": [
        (VECTOR, {}, {"train": True}),
        (SEQUENCE, {"momentum": 0.5}, {"train": True}),
        (IMAGE, {"eps": 0.1}, {"train": True}),
    ],
    "layer_norm": [
        (VECTOR, {}, {}),
        (SEQUENCE, {"eps": 0.1}, {}),
        (IMAGE, {}, {}),
    ],
    "residual": [
        (VECTOR, {"layers": [{"kind": "dense", "units": 5}, {"kind": "dense", "units": 5, "activation": "linear"}],
                  "projection": False}, {}),
        (SEQUENCE, {"layers": [{"kind": "dense", "units": 3}], "activation": "relu"}, {}),
        (IMAGE, {"layers": [{"kind": "conv2d", "filters": 2, "stride": 2, "activation": "tanh"}]}, {}),
        (VECTOR, {"layers": [{"kind": "residual", "layers": [{"kind": "dropout"}]}, "batch_norm"]}, {"train": True}),
        (VECTOR, {"layers": []}, {}),
        (VECTOR, {"layers": [{"kind": "dense", "units": 3}], "paths": "shortcut"}, {}),
        (IMAGE, {"layers": [{"kind": "conv2d", "filters": 2, "activation": "tanh"}], "paths": "layers"}, {}),
    ],
    "basic_block": [
        (IMAGE, {"filters": 3}, {"train": True}),
        (IMAGE, {"filters": 4, "stride": 2}, {"train": True}),
    ],
    "preact_block": [(IMAGE, {"filters": 4, "stride": 2}, {"train": True})],
    "additive_attention": [
        (SEQUENCE, {"units": 3}, {}),
        (SEQUENCE, {"units": 4}, {"mask": True}),
        ((1, 4), {}, {}),
    ],
    "additive_cross_attention": [
        (SEQUENCE, {"units": 3}, {"memory": (4, 6)}),
        (SEQUENCE, {"units": 2}, {"memory": (6, 3), "memory_mask": True}),
    ],
    "transformer_block": [
        ((7, 6), {"heads": 2, "ff": 9, "norm_first": True, "activation": "gelu"}, {"mask": True}),
        ((7, 6), {"heads": 3, "ff": 5, "norm_first": False, "activation": "relu", "causal": True}, {}),
        ((3, 4), {"heads": 2, "ff": 5, "dropout": 0.3}, {"train": True}),
        ((1, 4), {"heads": 1, "ff": 3, "causal": True}, {}),
        ((7, 6), {"heads": 2, "ff": 5, "off": [0], "paths": "layers"}, {}),
        ((7, 6), {"heads": 3, "ff": 5, "off": [0, 2], "norm_first": False}, {"mask": True}),
        ((7, 6), {"heads": 3, "ff": 5, "paths": "shortcut"}, {}),
    ],
    "decoder_block": [
        ((5, 6), {"heads": 2, "ff": 9}, {"memory": (7, 6), "memory_mask": True}),
        ((5, 6), {"heads": 3, "ff": 7, "norm_first": False, "dropout": 0.2}, {"memory": (3, 6), "train": True}),
    ],
    "embedding": [
        (TOKENS, {"dim": 4, "vocab": 9}, {"tokens": 9}),
        (TOKENS, {"dim": 3, "vocab": 70_000}, {"tokens": 3}),
        ((1,), {"dim": 1, "vocab": 2}, {"tokens": 2}),
    ],
    "rnn": recurrent_examples(),
    "lstm": recurrent_examples(),
    "gru": recurrent_examples(),
    "mean_over_time": [
        (SEQUENCE, {}, {}),
        (SEQUENCE, {}, {"mask": True}),
        (SEQUENCE, {}, {"after": [{"kind": "dense", "units": 3}]}),
    ],
    "last_step": [(SEQUENCE, {}, {}), (SEQUENCE, {}, {"mask": True})],
}
