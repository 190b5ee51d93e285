"""The workbench: the one table of what a visitor's page is working on.

It lives in the session as plain dicts, since code edits redefine classes: the spec, what undo and redo lead to, the
selected layer, and the id of the run. Widgets are filled from it; none of them owns anything.
"""

from __future__ import annotations

from typing import Any, Protocol

import streamlit as st

import datasets
from engine import ShapeError, SpecError
from engine.paths import set_path
from live.server.ids import mint
from runs.spec import admit, complete
from runs.starters import fits, starter

UNDO_LIMIT = 100
TRAINING = {"optimizer": {"kind": "adam", "lr": 0.003}, "batch_size": 32}     # suits most of the networks to start from


class Settable(Protocol):
    """What a control needs to know: the spec that it shows, and where to bring a new value."""

    @property
    def spec(self) -> dict: ...

    def set(self, path: list, value: Any) -> bool: ...


class Workspace:
    """A view of `st.session_state["workspace_<name>"]`. Every change of the spec goes through `replace`."""

    def __init__(self, name: str, start: dict, preset: str | None = None, selected: int = 0):
        self.name = name
        key = f"workspace_{name}"
        if key not in st.session_state:
            st.session_state[key] = {"spec": complete(start), "undo": [], "redo": [], "selected": selected,
                                     "revision": 0, "run": mint(), "message": "", "preset": preset, "fresh": 0}
        self.state: dict[str, Any] = st.session_state[key]

    @property
    def spec(self) -> dict:
        return self.state["spec"]

    @property
    def layers(self) -> list[dict]:
        return self.spec["network"].get("layers", [])

    @property
    def selected(self) -> int:
        """The index of the selected layer, -1 where there are none."""
        return min(self.state["selected"], len(self.layers) - 1)

    def load(self, spec: dict, preset: str | None = None) -> bool:
        """Work on a whole other run, from its beginning; on that of a preset, if it has one's name."""
        loaded = self._change(spec, preset)
        if loaded:
            self.state["fresh"] += 1
            self.state["selected"] = 0
        return loaded

    def replace(self, spec: dict) -> bool:
        """Work on another spec from now on. A spec that can't be used leaves a message and changes nothing."""
        return self._change(spec, self.state["preset"])

    def _change(self, spec: dict, preset: str | None) -> bool:
        try:
            new = complete(spec)
            admit(new)
        except (SpecError, ShapeError) as error:
            self.state["message"] = str(error)
            return False
        self.state["message"] = self.state["refused"] = ""
        if new != self.spec:
            self.state["undo"] = [*self.state["undo"], self._here][-UNDO_LIMIT:]
            self.state["redo"] = []
        self._here = new, preset
        return True

    @property
    def _here(self) -> tuple[dict, str | None]:
        """What undo comes back to: the spec, and the preset whose story it belongs to."""
        return self.spec, self.state["preset"]

    @_here.setter
    def _here(self, here: tuple[dict, str | None]) -> None:
        self.state["spec"], self.state["preset"] = here

    def set(self, path: list, value: Any) -> bool:
        """Change one setting, named by the path that leads to it."""
        spec = set_path(self.spec, path, value)
        return self.learn_from(spec["data"]) if path[0] == "data" else self.replace(spec)

    def undo(self) -> None:
        self._travel("undo", "redo")

    def redo(self) -> None:
        self._travel("redo", "undo")

    def _travel(self, source: str, target: str) -> None:
        if self.state[source]:
            self.state[target] = [*self.state[target], self._here]
            self._here, self.state[source] = self.state[source][-1], self.state[source][:-1]

    def choose_data(self, kind: str) -> bool:
        """Learn from another data set. Settings that both share are kept; a network that doesn't fit makes way."""
        old, new = self.spec["data"], datasets.sources.lookup(kind)
        shared = {name: old[name] for name in ("samples", "noise", "features") if name in new.knobs and name in old
                  and new.group == datasets.sources.lookup(old["kind"]).group}
        return self.learn_from({"kind": kind, **shared})

    def learn_from(self, data: dict, fresh: bool = False) -> bool:
        """Learn from this data from now on; `fresh` waits at the beginning of a run.

        Where it is another table, or asks for another kind of answer, a network or a loss that doesn't fit makes way.
        """
        spec: dict[str, Any] = self.spec | {"data": data}
        try:
            found = datasets.load(data, spec["seed"])
        except SpecError as error:
            self.state["message"] = str(error)
            return False
        same = all(data.get(name) == self.spec["data"].get(name) for name in ("kind", "upload"))
        if same and found.task == self.task:
            return self.replace(spec)
        spec["training"] = spec["training"] | {"loss": "auto"}
        if not fits(spec["network"], found):
            return self.load(spec | {"network": starter(found), "training": TRAINING})
        return self.load(spec) if fresh else self._change(spec, None)

    @property
    def task(self) -> str | None:
        """What the data asks for, a key of `engine.tasks`; None where it can't be read any more."""
        try:
            return datasets.load(self.spec["data"], self.spec["seed"]).task
        except SpecError:
            return None
