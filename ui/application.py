"""The scaffold of an application: a real task, the networks that can learn it, the stage, a way into the playground.

An application is a Markdown file and a short script of the same name in `pages/applications/`. What stands before the
text's first `## ` heading comes above the stage, the rest below it.
"""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from runs.recipes import RECIPES
from ui.controls import Streams
from ui.plain import trouble
from ui.playground import workspace as playground_workspace
from ui.reading import prose, sections
from ui.row import control_rows
from ui.stage import stage
from ui.workspace import Workspace

PLAYGROUND = Path(__file__).resolve().parent.parent / "pages" / "playground.py"


def recipe(name: str) -> dict:
    """The spec of a known run that learns its task well (`runs.recipes`)."""
    return RECIPES[name].spec


@dataclass(frozen=True)
class Application:
    """What an application's script declares.

    page: the script's own path. models: a spec for each network that can be chosen, by its name, the first one first.
    controls: paths of the knobs above the stage. panel: the instrument that is open first. parts: see `stage`.
    """

    page: str
    models: dict[str, dict]
    controls: tuple[str, ...] = ("training.optimizer.lr", "training.batch_size")
    panel: str = "Example"
    parts: tuple[str, ...] = ("instruments", "network", "output", "charts")

    def show(self) -> None:
        """Draw the whole page."""
        text = sections(Path(self.page).with_suffix(".md").read_text(encoding="utf-8"))
        workspace = Workspace(f"application_{Path(self.page).stem}", next(iter(self.models.values())))
        prose(text.pop(""))
        self.choose_model(workspace)
        if workspace.state["message"]:
            trouble(workspace.state["message"])
        streams: Streams = []
        control_rows(workspace, self.controls, streams)
        stage(workspace, streams, self.parts, self.panel)
        self.to_playground(workspace)
        for title, body in text.items():
            prose(f"## {title}\n{body}")

    def choose_model(self, workspace: Workspace) -> None:
        """Which network learns the task, where there are several."""
        if len(self.models) < 2:
            return
        key = f"model_{workspace.name}"
        st.session_state[key] = workspace.state.setdefault("model", next(iter(self.models)))

        def changed() -> None:
            workspace.state["model"] = st.session_state[key] or workspace.state["model"]
            workspace.load(self.models[workspace.state["model"]])

        st.segmented_control("Network", list(self.models), key=key, on_change=changed)

    def to_playground(self, workspace: Workspace) -> None:
        """Take this very run to the playground, where every part of it can be changed."""
        if st.button("Open in the playground", icon=":material/hub:"):
            playground_workspace().load(workspace.spec)
            st.switch_page(PLAYGROUND)
