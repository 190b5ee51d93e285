"""Writes message.bin, which the decoder of the page is tested with: `python -m web.tests.message`."""

from pathlib import Path

import numpy as np

from live import protocol

FILE = Path(__file__).with_suffix(".bin")


def packed() -> bytes:
    """A message with every type of array, sizes that need padding, an empty one, and what JSON can't hold."""
    header = {"type": "frame", "step": 12, "train_loss": float("nan"), "notice": "Größer als 10 × 10 – “zu groß”"}
    return protocol.pack(header, {
        "bytes": np.array([[0, 127, 255]], np.uint8),
        "thousands": np.array([1, 65535], np.uint16),
        "whole": np.array([-2, 2**31 - 1, 7], np.int32),
        "fine": np.array([[1.1, -0.0], [np.inf, np.nan]]),
        "weights.0.W": np.arange(6, dtype=np.float32).reshape(2, 3) / 4,
        "history": np.zeros((0, 8), np.float32),
    })


if __name__ == "__main__":
    FILE.write_bytes(packed())
