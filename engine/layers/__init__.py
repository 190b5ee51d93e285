"""The layers, one file each. Importing a file registers what it declares."""

from engine.layers import activation, dense, dropout
from engine.layers.base import Context, Layer, layers

__all__ = ["Context", "Layer", "activation", "dense", "dropout", "layers"]
