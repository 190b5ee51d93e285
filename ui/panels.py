"""The panels beside the stage: data, the selected layer, training."""

import streamlit as st

import datasets
from engine import SpecError, Training, layers, optimizers, schedules
from engine.network import NetworkKnobs
from engine.paths import at
from explain.titles import layer_title
from ui.controls import Streams, panel
from ui.gallery import gallery
from ui.upload import upload
from ui.workspace import Settable, Workspace

OWN = "csv"


def data_panel(workspace: Workspace, streams: Streams) -> None:
    """The gallery of data sets, and the knobs of the chosen one."""
    st.subheader("Data", anchor=False)
    chosen = workspace.spec["data"]["kind"]
    picked = gallery(chosen)
    if picked is not None and picked not in (chosen, OWN):
        workspace.choose_data(picked)
        st.rerun()
    upload(workspace, wanted=picked == OWN)
    source = datasets.sources.lookup(chosen)
    panel(workspace, source, ["data"], streams)
    notes(workspace)


def notes(workspace: Workspace) -> None:
    """What there is to know about the data, each sentence as plain text: names of columns may hold anything."""
    try:
        found = datasets.load(workspace.spec["data"], workspace.spec["seed"]).notes
    except SpecError:
        return
    if found:
        with st.container(key="notes"):
            for note in dict.fromkeys(found):
                st.text(note)


def layer_panel(workspace: Workspace, streams: Streams) -> None:
    """The knobs of the selected layer."""
    index = workspace.selected
    if index < 0:
        st.subheader("Layer", anchor=False)
        st.caption("There are no hidden layers: the inputs lead straight to the output. Add one with + on the stage.")
        return
    kind = layers.lookup(workspace.layers[index]["kind"])
    st.subheader(layer_title(str(index), kind, True), anchor=False)
    st.caption(kind.describe()["help"])
    panel(workspace, kind, ["network", "layers", index], streams)


OPTIMIZER, SCHEDULE = ["training", "optimizer"], ["training", "schedule"]


def training_row(workspace: Workspace, streams: Streams) -> None:
    """Above the stage, what matters most for learning."""
    rate, rule, batch, loss = st.columns([1.25, 1, 1.25, 1], gap="medium", vertical_alignment="top")
    with rate:
        panel(workspace, optimizers.lookup(at(workspace.spec, OPTIMIZER)["kind"]), OPTIMIZER, streams, only=["lr"])
    with rule:
        pick_kind(workspace, "Optimizer", optimizers, OPTIMIZER, keep=("lr",))
    with batch:
        panel(workspace, Training, ["training"], streams, only=["batch_size"])
    with loss:
        panel(workspace, Training, ["training"], streams, only=["loss"])


def training_panel(workspace: Workspace, streams: Streams) -> None:
    """Everything else about training."""
    st.subheader("Training", anchor=False)
    panel(workspace, Training, ["training"], streams, only=["l2", "l1", "clip_norm", "patience"])
    panel(workspace, NetworkKnobs, ["network"], streams)
    panel(workspace, optimizers.lookup(at(workspace.spec, OPTIMIZER)["kind"]), OPTIMIZER, streams, skip=("lr",))
    pick_kind(workspace, "Learning-rate schedule", schedules, SCHEDULE)
    panel(workspace, schedules.lookup(at(workspace.spec, SCHEDULE)["kind"]), SCHEDULE, streams)
    seed(workspace)


def pick_kind(workspace: Workspace, label: str, registry, path: list, keep: tuple[str, ...] = ()) -> None:
    """Choose another optimizer or schedule; the settings named in `keep` stay when the person has set them."""
    key = "kind_" + "_".join(path)
    part, name = path
    old = workspace.spec[part][name]
    st.session_state[key] = old["kind"]

    def changed() -> None:
        kind = st.session_state[key]
        kept = {k: old[k] for k in keep if old[k] != registry.lookup(old["kind"]).knobs[k].default}
        workspace.set(path, {"kind": kind, **kept})

    st.selectbox(label, list(registry), key=key, on_change=changed,
                 format_func=lambda kind: registry.lookup(kind).label,
                 help=registry.lookup(old["kind"]).describe()["help"])


def seed(workspace: Settable,
         about: str = "Everything random follows from it: the same seed gives the same run.") -> None:
    """The seed of data, weights and shuffling, with what its help says about it."""
    def changed() -> None:
        workspace.set(["seed"], int(st.session_state["knob_seed"]))

    st.session_state["knob_seed"] = workspace.spec["seed"]
    st.number_input("Seed", 0, 2**32 - 1, step=1, key="knob_seed", help=about, on_change=changed)
