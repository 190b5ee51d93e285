"""The layers, one file each. Importing a file registers what it declares; the order here is the palette's."""

# isort: off
from engine.layers.base import Context, Layer, layers
from engine.layers import (
    dense, activation, dropout, residual, norm,                                    # noqa: F401
    conv, pool, shape,                                                             # noqa: F401
    embedding, recurrent, lstm, gru, over_time,                                    # noqa: F401
    positional, self_attention, additive_attention, transformer,                   # noqa: F401
)
# isort: on

__all__ = ["Context", "Layer", "layers"]
