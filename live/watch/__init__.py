"""What a page sees of a run: the scene once, then frames with the pictures that it watches. Looking changes nothing."""

from live.watch import layer_measures, pictures  # both register what can be watched

__all__ = ["layer_measures", "pictures"]
