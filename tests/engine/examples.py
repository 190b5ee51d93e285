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

EXAMPLES: dict[str, list[tuple[tuple[int, ...], dict, dict]]] = {
    "dense": [
        (VECTOR, {"units": 4}, {}),
        (VECTOR, {"units": 1, "bias": False, "activation": "relu"}, {}),
        (VECTOR, {"units": 3, "activation": "linear"}, {}),
        (VECTOR, {"units": 3, "activation": "softmax"}, {}),
        (SEQUENCE, {"units": 4, "activation": "gelu"}, {}),
        (IMAGE, {"units": 2, "activation": "linear"}, {}),
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
    ],
    "cross_attention": [
        ((5, 6), {"heads": 2}, {"memory": (7, 6)}),
        ((5, 6), {"heads": 3}, {"memory": (7, 6), "memory_mask": True}),
    ],
}
