"""What a lesson lets one read: a text cut at its headings, a question with its answer, the engine's own source."""

import ast
import re
from pathlib import Path
from typing import Any

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
READABLE = 860             # pixels of a line of text


def sections(text: str) -> dict[str, str]:
    """A Markdown text cut at its second-level headings: {heading: body}, "" for what stands before the first.

    Formulas between double dollars may go over several lines.
    """
    found, heading = {"": []}, ""
    for line in re.sub(r"\$\$(.+?)\$\$", displayed, text, flags=re.DOTALL).splitlines():
        if line.startswith("## "):
            heading = line[3:].strip()
            found[heading] = []
        else:
            found[heading].append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def displayed(formula: re.Match) -> str:
    """A formula as a block of its own; one of several parts (with \\qquad between) as a line that wraps on a phone."""
    text = " ".join(formula[1].split())
    parts = [part.strip() for part in text.split(r"\qquad") if part.strip()]
    if len(parts) == 1 or r"\begin" in text:
        return f"\n$$\n{text}\n$$\n"
    return "\n" + " &emsp; ".join(rf"$\displaystyle {part}$" for part in parts) + "\n"


def prose(text: str) -> None:
    """Text in lines of a readable length."""
    with st.container(width=READABLE):
        st.markdown(unbroken(text))


def unbroken(text: str) -> str:
    """The text with each per cent sign on the line of its number."""
    return re.sub(r"(?<=\d) (?=%)", "\u00a0", text)


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
    nodes: list[Any] = ast.parse(text).body
    node: Any = None
    for part in name.split("."):
        node = next(n for n in nodes if getattr(n, "name", None) == part)
        nodes = getattr(node, "body", [])
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    lines = text.splitlines()[first - 1:node.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines)
