"""A run as code to take away: a script for this house's own engine, and the same network for PyTorch."""

from live.export.numpy_script import numpy_script
from live.export.torch_script import torch_script

__all__ = ["numpy_script", "torch_script"]
