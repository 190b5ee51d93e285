"""A kernel that slides over a picture: classic filters, learned ones, stride, padding and pooling."""

from typing import Any

import numpy as np
import streamlit as st

import datasets
from datasets.pictures.photos import photo
from engine import Network, Trainer, layers
from ui.explore import Numbers, Pick, Slide, explorer

CLASSIC = {
    "edge": ("Edges (Laplace)", (0, 1, 0, 1, -4, 1, 0, 1, 0)),
    "sobel_x": ("Vertical edges (Sobel)", (-1, 0, 1, -2, 0, 2, -1, 0, 1)),
    "sobel_y": ("Horizontal edges (Sobel)", (-1, -2, -1, 0, 0, 0, 1, 2, 1)),
    "blur": ("Blur (mean of nine)", (1 / 9,) * 9),
    "gauss": ("Soft blur (Gauss)", tuple(w / 16 for w in (1, 2, 1, 2, 4, 2, 1, 2, 1))),
    "sharpen": ("Sharpen", (0, -1, 0, -1, 5, -1, 0, -1, 0)),
    "identity": ("Nothing (identity)", (0, 0, 0, 0, 1, 0, 0, 0, 0)),
}
LEARNED = 8
STEPS = 300
SIDE = 16                  # of the person's own drawing
CROSS = tuple(float(r in (7, 8) or c in (7, 8)) for r in range(SIDE) for c in range(SIDE))

CONTROLS = (
    Pick("picture", "Picture", (("temple", "Photograph: temple"), ("flower", "Photograph: flower"),
                                ("digit", "Handwritten digit"), ("drawing", "Draw your own")), "temple"),
    Pick("filter", "Kernel", (*((kind, title) for kind, (title, _) in CLASSIC.items()),
                              *((f"learned{i}", f"Learned from digits, {i + 1}") for i in range(LEARNED)),
                              ("own", "Your own numbers")), "sobel_x"),
    Slide("stride", "Stride", 1, 4, 1, 1),
    Pick("padding", "Padding", (("same", "Same: zeros around"), ("valid", "Valid: none")), "same"),
    Pick("activation", "Activation", (("linear", "None"), ("relu", "ReLU")), "linear"),
    Pick("pool", "Pooling", (("none", "None"), ("max_pool2d", "Max 2 × 2"), ("avg_pool2d", "Average 2 × 2")), "none"),
    Numbers("kernel", CLASSIC["sobel_x"][1], -20, 20),
    Numbers("drawing", CROSS, 0, 1),
)


def slide() -> None:
    """The figure."""
    explorer("convolution", "convolution", CONTROLS, slid,
             "Move over either picture, or press Slide: the window on the left makes the marked pixel on the right. "
             "Blue is positive, orange negative. Click a number of the kernel to change it.")


def slid(picture: str, filter: str, stride: float, padding: str, activation: str, pool: str, kernel: list,
         drawing: list) -> dict:
    """What the engine's own layers make of the picture with this kernel."""
    x = picture_of(picture, drawing)                                                  # (H, W)
    W, bias = kernel_of(filter, kernel)
    specs = [{"kind": "conv2d", "filters": 1, "kernel": 3, "stride": int(stride), "padding": padding,
              "activation": activation}]
    if pool != "none":
        specs.append({"kind": pool, "size": 2})
    network = Network({"layers": specs}, (*x.shape, 1))
    named = network.parameters()
    named["0.W"][...], named["0.b"][...] = W.reshape(3, 3, 1, 1), bias
    network.forward(x[None, :, :, None])
    conv: Any = network.layers[0]
    pooled: Any = network.layers[-1]
    size = int(np.prod(conv.a.shape))
    return {"picture": plain(x), "kernel": [round(float(w), 3) for w in W.ravel()], "bias": round(float(bias), 4),
            "stride": int(stride), "pad": conv.pad, "z": plain(conv.z[0, :, :, 0]), "a": plain(conv.a[0, :, :, 0]),
            "pooled": plain(pooled.a[0, :, :, 0]) if pool != "none" else None, "activation": activation,
            "drawable": picture == "drawing", "parameters": int(network.theta.size),
            "dense": dense_parameters(x.size, size)}


def dense_parameters(inputs: int, units: int) -> int:
    """How many parameters the engine's dense layer would ask for."""
    dense: Any = layers.build({"kind": "dense", "units": units})
    dense.build((inputs,))
    return sum(int(np.prod(p.shape)) for p in dense.plan.parameters)


def picture_of(name: str, drawing: list) -> np.ndarray:
    if name == "drawing":
        return np.array(drawing, np.float32).reshape(SIDE, SIDE)
    if name == "digit":
        return datasets.load("mnist").x_test[3, :, :, 0]
    return photo(name)


def kernel_of(name: str, own: list) -> tuple[np.ndarray, float]:
    """W (3, 3) and b."""
    if name.startswith("learned"):
        W, b = learned()
        i = int(name.removeprefix("learned"))
        return W[:, :, i], float(b[i])
    return np.array(own if name == "own" else CLASSIC[name][1], np.float32).reshape(3, 3), 0.0


@st.cache_data(show_spinner=False)
def learned() -> tuple[np.ndarray, np.ndarray]:
    """Kernels W (3, 3, LEARNED) and b (LEARNED,) of a network after STEPS steps on the small digits."""
    data = datasets.load("digits")
    trainer = Trainer({"network": {"layers": [{"kind": "conv2d", "filters": LEARNED}, {"kind": "max_pool2d"},
                                              {"kind": "flatten"}]},
                       "training": {"batch_size": 32, "optimizer": {"kind": "adam", "lr": 0.01}}}, data)
    for _ in range(STEPS):
        trainer.step()
    named = trainer.network.parameters()
    return named["0.W"][:, :, 0].copy(), named["0.b"].copy()


def plain(picture: np.ndarray) -> list[list[float]]:
    return np.asarray(picture, float).round(3).tolist()
