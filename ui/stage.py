"""The stage in a page: it mounts the canvas component and takes back what the person does on it."""

from typing import Any

import plotly
import streamlit as st

import datasets
from engine import SpecError, layers, optimizers, shapes, tasks
from engine.layers import Layer
from engine.paths import at, set_path
from figures import landscape, palette, run_charts
from ui.component import STYLE, register
from ui.controls import Streams
from ui.prefix import prefix
from ui.workspace import Workspace

PARTS = ("network", "output", "charts", "instruments")


def stage(workspace: Workspace, streams: Streams, parts: tuple[str, ...] = PARTS, panel: str = "Views",
          numbers: tuple[tuple[str, str, int], ...] = ()) -> None:
    """Mount the stage of a workspace.

    streams: the sliders that speak to the run while they move. parts: what is shown beside the run bar; the instruments
    stand above the network where "instruments" comes before it. panel: the instrument that is open first. numbers:
    (label, array of the frame or name in its header, place in the array), shown as they are now.
    """
    mount = register("layerlab_stage", "stage.js", STYLE)
    key = f"stage_{workspace.name}"
    mount(
        key=key, on_edit_change=lambda: take_edit(workspace, key),
        on_select_change=lambda: take_selection(workspace, key),
        on_travel_change=lambda: workspace.redo() if st.session_state[key].travel == "redo" else workspace.undo(),
        data={
            "run": workspace.state["run"], "spec": workspace.spec, "revision": workspace.state["revision"],
            "fresh": workspace.state["fresh"], "parts": list(parts), "panel": panel,
            "numbers": [{"label": label, "source": source, "place": place} for label, source, place in numbers],
            "selected": workspace.selected, "sliders": streams, "palette": addable(workspace),
            "charts": charts(workspace), "figures": landscape.declared(), "optimizers": raceable(),
            "colors": palette.as_data(), "prefix": prefix(), "plotly": f"{prefix()}/plotly.js?{plotly.__version__}",
        })


def take_edit(workspace: Workspace, key: str) -> None:
    """The person changed a setting on the stage: the network, the clicked points, or what a remedy is about."""
    edit = st.session_state[key].edit
    changes = edited(workspace.spec, edit) if isinstance(edit, dict) else []
    if not changes:
        return
    workspace.state["revision"] = max(workspace.state["revision"], int(edit["revision"]))
    spec = workspace.spec
    for path, value in changes:
        spec = set_path(spec, path, value)
    workspace.replace(spec)


def edited(spec: dict, edit: dict) -> list[tuple[list, Any]]:
    """The changes that an edit asks for, (path, value) each, the first with those that go with it; none if one can't
    be made."""
    also = edit.get("also") or []
    if not isinstance(also, list) or not all(isinstance(change, list) and len(change) == 2 for change in also):
        return []
    changes = [(edit.get("path"), edit.get("value")), *map(tuple, also)]
    return changes if all(editable(spec, path) for path, _ in changes) else []


def editable(spec: dict, path: Any) -> bool:
    """Whether the stage may change what is at a path: what exists of network and training, and the clicked points."""
    if not isinstance(path, list) or len(path) < 2 or (path[0] not in ("network", "training")
                                                       and path != ["data", "points"]):
        return False
    try:
        at(spec, path)
        return isinstance(at(spec, path[:-1]), dict | list)
    except (KeyError, IndexError, TypeError):
        return False


def take_selection(workspace: Workspace, key: str) -> None:
    """The person clicked a card."""
    index = st.session_state[key].select
    if isinstance(index, int):
        workspace.state["selected"] = max(index, 0)


def addable(workspace: Workspace) -> list[dict]:
    """Every layer that can be added, and the positions at which it would fit what reaches it."""
    try:
        shape = datasets.load(workspace.spec["data"], workspace.spec["seed"]).input_shape
    except SpecError:
        return []
    reached = [shape, *shapes({"layers": workspace.layers}, shape)]
    return [{"kind": kind, "label": layer.label, "help": layer.describe()["help"], "group": layer.group,
             "fits": [i for i, reaching in enumerate(reached) if fits(layer, reaching)]}
            for kind, layer in layers.items()]


def fits(layer: type[Layer], shape) -> bool:
    """Whether a layer with its default settings takes examples of this shape."""
    if not isinstance(shape, tuple) or layer.takes_tokens:
        return False
    return isinstance(shapes({"layers": [{"kind": layer.kind}]}, shape)[0], tuple)


def raceable() -> list[dict]:
    """The optimizers that can race, each with its usual learning rate."""
    return [{"kind": kind, "label": optimizer.label, "lr": optimizer().lr} for kind, optimizer in optimizers.items()]


def charts(workspace: Workspace) -> list[dict]:
    """The charts that suit what the run predicts; none while its data can't be read."""
    try:
        dataset = datasets.load(workspace.spec["data"], workspace.spec["seed"])
    except SpecError:
        return declared_charts("binary", (), "", False, False, False)
    return declared_charts(dataset.task, dataset.class_names, dataset.target_name, dataset.plane is not None,
                           workspace.spec["training"]["patience"] > 0, dataset.vocabulary is not None)


@st.cache_data(max_entries=200, show_spinner=False)
def declared_charts(task: str, classes: tuple[str, ...], target: str, plane: bool, held: bool,
                    text: bool) -> list[dict]:
    declared: Any = tasks[task]
    return run_charts.for_run(task, declared.metric, list(classes), target, plane, held, text)
