"""The layers, one file each. Importing a file registers what it declares."""

from engine.layers import activation, conv, dense, dropout, norm, pool, positional, residual, self_attention, shape
from engine.layers.base import Context, Layer, layers

__all__ = ["Context", "Layer", "activation", "conv", "dense", "dropout", "layers", "norm", "pool", "positional",
           "residual", "self_attention", "shape"]
