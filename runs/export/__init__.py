"""A run as code to take away: a script for this house's own engine, and one for PyTorch with the data it needs."""

from runs.export.numpy_script import numpy_script
from runs.export.torch_run import FILE, inside, packed
from runs.export.torch_script import torch_script

__all__ = ["FILE", "inside", "numpy_script", "packed", "torch_script"]
