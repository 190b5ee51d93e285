"""Rows of controls: the knobs that matter on a page, named by their paths in the spec."""

import streamlit as st

from engine.paths import at, keys_of
from runs.knobs import knob_at
from ui.controls import Streams, control
from ui.workspace import Workspace

ACROSS = 4


def control_rows(workspace: Workspace, paths: tuple[str, ...], streams: Streams) -> None:
    """A control for each path ("training.optimizer.lr"), four in a row; what the spec doesn't have is left out."""
    for row in range(0, len(paths), ACROSS):
        for column, path in zip(st.columns(ACROSS, gap="medium"), paths[row:row + ACROSS], strict=False):
            keys = keys_of(path)
            try:
                value = at(workspace.spec, keys)
            except (KeyError, IndexError):
                continue
            with column:
                control(workspace, knob_at(workspace.spec, keys), keys, value, streams)
