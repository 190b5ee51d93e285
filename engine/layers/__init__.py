"""The layers, one file each. Importing a file registers what it declares."""

from engine.layers import (
    activation,
    additive_attention,
    conv,
    dense,
    dropout,
    embedding,
    gru,
    lstm,
    norm,
    over_time,
    pool,
    positional,
    recurrent,
    residual,
    self_attention,
    shape,
    transformer,
)
from engine.layers.base import Context, Layer, layers

__all__ = ["Context", "Layer", "activation", "additive_attention", "conv", "dense", "dropout", "embedding", "gru",
           "layers", "lstm", "norm", "over_time", "pool", "positional", "recurrent", "residual", "self_attention",
           "shape", "transformer"]
