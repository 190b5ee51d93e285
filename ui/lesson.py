"""The scaffold of a lesson: a text, one live experiment, the controls that matter, tasks, a question, the source.

A lesson is a Markdown file and a short script of the same name in `pages/learn/`. The text is cut at its `## `
headings: what stands before the first is the introduction; `Formula`, `Question`, `Answer` and `Sources` have places
of their own. What stands before a section `Experiment` comes before the run, everything else after it.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from live.specs import set_path
from ui.bench import Bench
from ui.controls import Streams, at, control
from ui.course import neighbours, reached
from ui.knobs import knob_at
from ui.stage_view import PARTS, stage

ROOT = Path(__file__).resolve().parent.parent
READABLE = 860             # pixels of a line of text


@dataclass(frozen=True)
class Try:
    """A task: `change` maps paths of the lesson's spec (joined by dots) to values; `notice` says what to look for."""

    name: str
    notice: str
    change: dict = field(default_factory=dict)
    select: int | None = None         # the layer whose views are shown, where it is another one than the lesson's

    def spec(self, start: dict) -> dict:
        """The lesson's spec with this task's changes."""
        spec = start
        for path, value in self.change.items():
            spec = set_path(spec, [int(key) if key.isdigit() else key for key in path.split(".")], value)
        return spec


@dataclass(frozen=True)
class Lesson:
    """What a lesson's script declares.

    page: the script's own path. spec: the run. controls: paths of the knobs shown beside it, joined by dots.
    tries: tasks. numbers, parts, panel: see `stage`; the numbers stand under the formula's symbols.
    select: the layer whose views are shown at first.
    figures: what draws the figure of a section, by the section's heading.
    source: functions or classes of the engine to show, as "engine/layers/dense.py:Dense.forward".
    """

    page: str
    spec: dict
    controls: tuple[str, ...] = ()
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
        bench = Bench(f"learn_{name}", self.spec, selected=self.select)
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
        self.experiment(bench)
        self.tasks(bench)
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

    def experiment(self, bench: Bench) -> None:
        """The stage with its controls: streaming sliders in a row above it."""
        streams: Streams = []
        if bench.state["message"]:
            st.error(bench.state["message"], icon=":material/error:")
        for row in range(0, len(self.controls), 4):
            paths = self.controls[row:row + 4]
            for column, path in zip(st.columns(4, gap="medium"), paths, strict=False):
                with column:
                    self.one_control(bench, path, streams)
        stage(bench, streams, self.parts, self.panel, self.numbers)

    def one_control(self, bench: Bench, path: str, streams: Streams) -> None:
        keys = [int(key) if key.isdigit() else key for key in path.split(".")]
        try:
            value = at(bench.spec, keys)
        except (KeyError, IndexError):
            return                                # a task has taken away what this would set
        control(bench, knob_at(bench.spec, keys), keys, value, streams)

    def tasks(self, bench: Bench) -> None:
        """Tasks that load a state, each with what to notice."""
        if not self.tries:
            return
        st.markdown("## Try this")
        for row in range(0, len(self.tries), 3):
            for column, task in zip(st.columns(3, gap="medium"), self.tries[row:row + 3], strict=False):
                with column.container(border=True, height="stretch"):
                    st.button(task.name, key=f"try_{task.name}", icon=":material/science:", type="secondary",
                              on_click=self.load, args=(bench, task))
                    st.markdown(task.notice)

    def load(self, bench: Bench, task: Try) -> None:
        """Put a task's state on the stage."""
        if bench.load(task.spec(self.spec)):
            bench.state["selected"] = self.select if task.select is None else task.select


def sections(text: str) -> dict[str, str]:
    """A Markdown text cut at its second-level headings: {heading: body}, "" for what stands before the first."""
    found, heading = {"": []}, ""
    for line in text.splitlines():
        if line.startswith("## "):
            heading = line[3:].strip()
            found[heading] = []
        else:
            found[heading].append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def prose(text: str) -> None:
    """Text in lines of a readable length."""
    with st.container(width=READABLE):
        st.markdown(text)


def ask(question: str, answer: str) -> None:
    """A question, with its answer to reveal."""
    if question:
        prose(f"## Question\n{question}")
        with st.expander("Show the answer", icon=":material/lightbulb:"):
            st.markdown(answer)


def show_source(places: tuple[str, ...]) -> None:
    """The engine's own code of the things explained, read from its files."""
    if not places:
        return
    st.markdown("## The engine's own code")
    for place in places:
        file, _, name = place.partition(":")
        with st.expander(f"{name} in {file}", icon=":material/code:"):
            st.code(source_of(file, name), language="python")


@st.cache_data(show_spinner=False)
def source_of(file: str, name: str) -> str:
    """The text of one function or class ("Dense.forward") of a file of the house."""
    text = (ROOT / file).read_text(encoding="utf-8")
    nodes, node = ast.parse(text).body, None
    for part in name.split("."):
        node = next(n for n in nodes if getattr(n, "name", None) == part)
        nodes = getattr(node, "body", [])
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    lines = text.splitlines()[first - 1:node.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines)
