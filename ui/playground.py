"""The playground's workspace: what its page and the ways into it share."""

from runs.presets import FIRST, PRESETS
from ui.workspace import Workspace


def workspace() -> Workspace:
    """The workspace that the playground works on."""
    return Workspace("playground", PRESETS[FIRST].spec, preset=FIRST)
