"""How large a run on the page may be: checked before any array is made."""

import math

from engine import Dataset, SpecError
from engine.trainer import network_for

PROBED = 4_096                 # examples that go through the network at once when it is watched, at most
MOST_NUMBERS = 60_000_000      # activations kept for one pass; each takes about four arrays of 4 bytes


def check_size(spec: dict, dataset: Dataset) -> None:
    """SpecError if one pass of this network over a batch, or over the probe, would not fit the memory of a run."""
    shapes = network_for(spec["network"], dataset, arrays=False).shapes()
    per_example = sum(math.prod(shape) for shape in shapes if isinstance(shape, tuple))
    batch = min(spec["training"]["batch_size"], len(dataset.x_train))
    examples = max(batch, PROBED if dataset.plane else 64)
    if per_example * examples > MOST_NUMBERS:
        raise SpecError(f"This is too large to run here: {per_example:,} activations for each of {examples:,} examples."
                        " Take fewer units, fewer layers or a smaller batch.")
