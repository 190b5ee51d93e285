"""Texts of lessons and applications: cut at their headings, set in lines of a readable length."""

import streamlit as st

READABLE = 860             # pixels of a line of text


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
