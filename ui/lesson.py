"""The scaffold of a lesson: a text, one live experiment, the controls that matter, tasks, a question, the source.

A lesson is a Markdown file and a short script of the same name in `pages/learn/`. The text is cut at its `## `
headings: what stands before the first is the introduction; `Formula`, `Question`, `Answer` and `Sources` have places
of their own. What stands before a section `Experiment` comes before the run, everything else after it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from engine import ShapeError, SpecError
from engine.paths import at, keys_of, set_path
from runs.knobs import knob_at
from runs.spec import complete
from ui.controls import Streams, control
from ui.course import neighbours, reached
from ui.panels import seed
from ui.plain import trouble
from ui.reading import READABLE, ask, prose, sections, show_source, unbroken
from ui.stage import PARTS, stage
from ui.workspace import Workspace

ROW = (4, 4, 4, 4, 3)             # the widths of four controls and the seed
SEED = ("Which points, first weights and order of the examples are drawn. The same seed gives the same run; what a "
        "task says can be tried with others.")


def dense(count: int, units: int, activation: str) -> list[dict]:
    """So many equal dense layers, as a spec lists them."""
    return [{"kind": "dense", "units": units, "activation": activation}] * count


@dataclass(frozen=True)
class Try:
    """A task: `change` maps paths of the lesson's spec (joined by dots) to values; `notice` says what to look for."""

    name: str
    notice: str
    change: dict = field(default_factory=dict)
    select: int | None = None         # the layer whose views are shown, where it is another one than the lesson's

    def spec(self, start: dict) -> dict:
        """The lesson's spec with this task's changes."""
        return changed(start, self.change)


@dataclass(frozen=True)
class Switch:
    """A choice that sets several things at once: `options` maps each name to paths of the spec and values."""

    label: str
    options: dict[str, dict]
    help: str = ""


@dataclass(frozen=True)
class Lesson:
    """What a lesson's script declares.

    page: the script's own path. spec: the run. controls: paths of the knobs shown beside it, joined by dots.
    tries: tasks. numbers, parts, panel: see `stage`; the numbers stand under the formula's symbols.
    select: the layer whose views are shown at first.
    switches: choices that stand before the controls. sides: for runs beside each other, the name of each and what
    it changes in the spec (or a function from the spec to that), whatever else is chosen; they are played together
    and every control sets them all.
    figures: what draws the figure of a section, by the section's heading.
    source: functions or classes of the engine to show, as "engine/layers/dense.py:Dense.forward".
    """

    page: str
    spec: dict
    controls: tuple[str, ...] = ()
    switches: tuple[Switch, ...] = ()
    sides: dict[str, dict | Callable[[dict], dict]] = field(default_factory=dict)
    tries: tuple[Try, ...] = ()
    source: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str, int], ...] = ()
    parts: tuple[str, ...] = PARTS
    panel: str = "Views"
    select: int = 0
    figures: dict[str, Callable[[], None]] = field(default_factory=dict)

    def show(self) -> None:
        """Draw the whole page."""
        name, text = Path(self.page).stem, sections(Path(self.page).with_suffix(".md").read_text(encoding="utf-8"))
        workspaces = self.workspaces(name)
        reached(name)
        prose(text.pop(""))
        self.formula(text.pop("Formula", ""))
        question, answer, sources = (text.pop(part, "") for part in ("Question", "Answer", "Sources"))
        names = list(text)
        run = names.index("Experiment") if "Experiment" in names else 0
        for title in names[:run]:
            self.section(title, text.pop(title))
        if run or "Experiment" in text:
            prose(f"## The run\n{text.pop('Experiment')}")
        self.experiment(workspaces)
        self.tasks(workspaces)
        for title, body in text.items():
            self.section(title, body)
        ask(question, answer)
        show_source(self.source)
        if sources:
            st.caption(f"**Sources.** {sources}")
        neighbours(name)

    def section(self, title: str, body: str) -> None:
        """A section of the text, with its figure where it has one."""
        prose(f"## {title}\n{body}")
        if title in self.figures:
            self.figures[title]()

    def formula(self, text: str) -> None:
        if text:
            with st.container(border=True, width=READABLE):
                st.markdown(text)

    def workspaces(self, name: str) -> list[Workspace]:
        """The page's run, or one for each side."""
        if not self.sides:
            return [Workspace(f"learn_{name}", self.spec, selected=self.select)]
        return [Workspace(f"learn_{name}_{i}", self.side(self.spec, i), selected=self.select)
                for i in range(len(self.sides))]

    def side(self, spec: dict, index: int) -> dict:
        """A spec as one of the sides runs it."""
        if not self.sides:
            return spec
        change = list(self.sides.values())[index]
        return changed(spec, change(spec) if callable(change) else change)

    def specs(self, task: Try | None = None) -> dict[str, dict]:
        """What runs, by the name of its side ("" where there is one run only), for a task or at the beginning."""
        spec = task.spec(self.spec) if task else self.spec
        return {name: self.side(spec, i) for i, name in enumerate(self.sides or [""])}

    def experiment(self, workspaces: list[Workspace]) -> None:
        """The stage with its controls: streaming sliders in a row above it. Several runs stand beside each other."""
        streams: Streams = []
        for message in {workspace.state["message"] for workspace in workspaces} - {""}:
            trouble(message)
        for switch in self.switches:
            self.one_switch(switch, workspaces)
        for row in range(0, max(len(self.controls), 1), 4):
            *columns, last = st.columns(ROW, gap="medium")
            for column, path in zip(columns, self.controls[row:row + 4], strict=False):
                with column:
                    self.one_control(workspaces, path, streams)
            if row == 0:
                with last:
                    seed(Together(workspaces), SEED)
        if not self.sides:
            stage(workspaces[0], streams, self.parts, self.panel, self.numbers)
            return
        with st.container(key="beside"):               # played together: see web/parts/side_by_side.js
            columns = st.columns(len(workspaces), gap="large")
            for column, workspace, name in zip(columns, workspaces, self.sides, strict=True):
                with column:
                    st.markdown(f"### {name}")
                    stage(workspace, streams, self.parts, self.panel, self.numbers)

    def one_control(self, workspaces: list[Workspace], path: str, streams: Streams) -> None:
        try:
            value = at(workspaces[0].spec, keys_of(path))
        except (KeyError, IndexError):
            return                                # a task has taken away what this would set
        control(Together(workspaces), knob_at(workspaces[0].spec, keys_of(path)), keys_of(path), value, streams)

    def one_switch(self, switch: Switch, workspaces: list[Workspace]) -> None:
        """Its options in a row; none is marked where a task has set something else."""
        key = f"switch_{switch.label}"

        def chosen() -> None:
            for i, workspace in enumerate(workspaces):
                if st.session_state[key] is not None:
                    workspace.replace(self.side(changed(workspace.spec, switch.options[st.session_state[key]]), i))

        st.session_state[key] = next((name for name, change in switch.options.items()
                                      if holds(workspaces[0].spec, change)), None)
        st.segmented_control(switch.label, list(switch.options), key=key, on_change=chosen, help=switch.help or None)

    def tasks(self, workspaces: list[Workspace]) -> None:
        """Tasks that load a state, each with what to notice."""
        if not self.tries:
            return
        st.markdown("## Try this")
        for row in range(0, len(self.tries), 3):
            for column, task in zip(st.columns(3, gap="medium"), self.tries[row:row + 3], strict=False):
                with column.container(border=True, height="stretch"):
                    st.button(task.name, key=f"try_{task.name}", icon=":material/science:", type="secondary",
                              on_click=self.load, args=(workspaces, task))
                    st.markdown(unbroken(task.notice))

    def load(self, workspaces: list[Workspace], task: Try) -> None:
        """Put a task's state on the stage. The seed stays as it is, so that a task can be tried with others."""
        for workspace, spec in zip(workspaces, self.specs(task).values(), strict=True):
            if workspace.load(spec | {"seed": workspace.spec["seed"]}):
                workspace.state["selected"] = self.select if task.select is None else task.select


class Together:
    """Several workspaces as one, for a control: it shows the first one's spec and sets them all."""

    def __init__(self, workspaces: list[Workspace]):
        self.workspaces, self.spec = workspaces, workspaces[0].spec

    def set(self, path: list, value: Any) -> bool:
        return all(workspace.set(path, value) for workspace in self.workspaces)


def changed(spec: dict, change: dict) -> dict:
    """A copy of a spec in which the values at some paths are others."""
    for path, value in change.items():
        spec = set_path(spec, keys_of(path), value)
    return spec


def holds(spec: dict, change: dict) -> bool:
    """Whether a spec is already as a change would make it, defaults filled in."""
    try:
        return complete(changed(spec, change)) == complete(spec)
    except (SpecError, ShapeError):
        return False
