"""Controls made from knobs: one function a kind of knob, one call for a whole panel.

A control is filled from the spec before every run and writes back through the workspace: the spec stays the only truth.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.knobs import Choice, Choices, Declared, Flag, Float, Floats, Int, Knob
from engine.paths import at
from engine.switches import Indices
from ui.scales import positions, step_of, written
from ui.workspace import Settable

#: Sliders that stream to the run while they move, collected anew on every run of the script.
Streams = list[dict]


def panel(workspace: Settable, declared: type[Declared], path: list, streams: Streams, only: list[str] | None = None,
          skip: tuple[str, ...] = ()) -> None:
    """A control for every knob of `declared`, whose settings stand at `path` in the spec."""
    settings = at(workspace.spec, path)
    for name, knob in declared.knobs.items():
        if name not in skip and (only is None or name in only) and type(knob) in CONTROLS:
            control(workspace, knob, [*path, name], settings[name], streams)


def control(workspace: Settable, knob: Knob, path: list, value: Any, streams: Streams) -> None:
    """The control of one knob."""
    key = key_of(path)

    def changed() -> None:
        new = st.session_state[key]
        if new is not None or getattr(knob, "optional", False):
            workspace.set(path, new)

    CONTROLS[type(knob)](knob, key, path, value, changed, streams)


def key_of(path: list) -> str:
    """The key of the control of what stands at a path."""
    return "knob_" + "_".join(str(part) for part in path)


def slider(knob: Float, key: str, path: list, value: Any, changed: Callable, streams: Streams) -> None:
    """A number: a slider over its range, over its positions where the scale is logarithmic."""
    st.session_state[key] = value
    if knob.scale == "log" or knob.optional:
        options = positions(knob, value)
        st.select_slider(knob.label, options, key=key, help=knob.help, on_change=changed, format_func=written)
        streams.append({"key": key, "path": path, "options": options})
        return
    kind = int if isinstance(knob, Int) else float
    low, high = min(knob.slider[0], value), max(knob.slider[1], value)
    step = 1 if kind is int else step_of(knob)
    decimals = 0 if kind is int else max(0, len(f"{step:g}".partition(".")[2]))
    st.slider(knob.label, kind(low), kind(high), step=step, key=key, help=knob.help, on_change=changed,
              format="%d" if kind is int else f"%.{decimals}f")
    streams.append({"key": key, "path": path, "options": None})


def flag(knob: Flag, key: str, path: list, value: bool, changed: Callable, streams: Streams) -> None:
    st.session_state[key] = value
    st.toggle(knob.label, key=key, help=knob.help, on_change=changed)


def choice(knob: Choice, key: str, path: list, value: str, changed: Callable, streams: Streams) -> None:
    st.session_state[key] = value
    st.selectbox(knob.label, knob.options, key=key, help=knob.help, on_change=changed, format_func=knob.title)


def choices(knob: Choices, key: str, path: list, value: list[str], changed: Callable, streams: Streams) -> None:
    st.session_state[key] = value
    st.pills(knob.label, knob.options, selection_mode="multi", key=key, help=knob.help, on_change=changed)


def floats(knob: Floats, key: str, path: list, value: list[float], changed: Callable, streams: Streams) -> None:
    """A few numbers side by side, such as two betas."""
    def together() -> None:
        st.session_state[key] = [st.session_state[f"{key}_{i}"] for i in range(len(value))]
        changed()

    for i, (column, number) in enumerate(zip(st.columns(len(value)), value, strict=True)):
        st.session_state[f"{key}_{i}"] = number
        column.number_input(f"{knob.label} {i + 1}", knob.low, knob.high, step=0.001, format="%.4f", key=f"{key}_{i}",
                            help=knob.help, on_change=together)


def indices(knob: Indices, key: str, path: list, value: list[int], changed: Callable, streams: Streams) -> None:
    """Several of a layer's parts, counted from 1 as people do; how many there are, another control on the page says."""
    st.session_state[key] = value
    count = st.session_state.get(key_of([*path[:-1], knob.of]), 0)
    st.multiselect(knob.label, sorted({*range(count), *value}), key=key, help=knob.help, on_change=changed,
                   format_func=lambda i: str(i + 1), placeholder="None")


CONTROLS = {Float: slider, Int: slider, Flag: flag, Choice: choice, Choices: choices, Floats: floats,
            Indices: indices}
