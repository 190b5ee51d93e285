"""The playground's bench: what its page and the ways into it share."""

from runs.presets import FIRST, PRESETS
from ui.workspace import Bench


def bench() -> Bench:
    """The bench that the playground works on."""
    return Bench("playground", PRESETS[FIRST].spec, preset=FIRST)
