"""The row above the stage: presets, undo and redo, and the link to share."""

import streamlit as st

from engine import SpecError
from runs import link
from runs.presets import PRESETS
from runs.spec import complete
from ui.plain import trouble
from ui.workspace import Workspace

PARAMETER = "run"


def restore(workspace: Workspace) -> None:
    """On a first visit, take over the run in the page's link, if there is one."""
    text, before = st.query_params.get(PARAMETER), workspace.state.get("link")
    if text and text != before:
        workspace.state["link"] = text
        try:
            spec = link.decode(text)
            workspace.load(spec, preset_of(spec))
        except SpecError as error:
            workspace.state["message"] = str(error)
        else:
            if workspace.state["message"]:
                workspace.state["message"] = f"The link asks for something that can't be done, so it was left aside. " \
                                         f"{workspace.state['message']}"
            elif before is None:
                workspace.state["undo"] = []                        # the run of a page that nobody has seen


def preset_of(spec: dict) -> str | None:
    """The preset that a link's run is, if it is one."""
    return next((name for name, preset in PRESETS.items() if complete(preset.spec) == spec), None)


def publish(workspace: Workspace) -> None:
    """Keep the page's address a link to the run as it is."""
    text = link.encode(workspace.spec)
    if st.query_params.get(PARAMETER) != text:
        st.query_params[PARAMETER] = text
    workspace.state["link"] = text


def toolbar(workspace: Workspace) -> None:
    """Presets with their story, undo, redo, share; and what was refused, in a sentence."""
    tools, story = st.columns([1, 1.15], gap="medium", vertical_alignment="bottom")
    here = workspace.state["preset"]
    with tools, st.container(horizontal=True, vertical_alignment="bottom", key="toolbar"):
        st.session_state["preset"] = here
        st.selectbox("Preset", list(PRESETS), key="preset", width=250, placeholder="Choose a preset",
                     on_change=lambda: choose(workspace, st.session_state["preset"]))
        st.button("Undo", icon=":material/undo:", on_click=workspace.undo, disabled=not workspace.state["undo"])
        st.button("Redo", icon=":material/redo:", on_click=workspace.redo, disabled=not workspace.state["redo"])
        with st.popover("Share", icon=":material/share:"):
            st.write("This link holds the whole run: data, network, training and seed. Whoever opens it sees the "
                     "same numbers.")
            if workspace.spec["data"]["kind"] == "csv":
                st.write("Your uploaded table is not in it: on another server it has to be uploaded again.")
            st.code(address(workspace), language=None, wrap_lines=True)
    if here:
        story.markdown(PRESETS[here].story)
    if workspace.state["message"]:
        trouble(workspace.state["message"])


def address(workspace: Workspace) -> str:
    """The page's full link."""
    page = (st.context.url or "").partition("?")[0]
    return f"{page}?{PARAMETER}={link.encode(workspace.spec)}"


def choose(workspace: Workspace, name: str | None) -> None:
    """Load a preset."""
    if name in PRESETS:
        workspace.load(PRESETS[name].spec, name)
