"""The playground's bench: what its page and the ways into it share."""

from ui.bench import Bench
from ui.presets import FIRST, PRESETS


def bench() -> Bench:
    """The bench that the playground works on."""
    return Bench("playground", PRESETS[FIRST].spec, preset=FIRST)
