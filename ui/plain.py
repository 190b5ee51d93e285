"""Sentences as they are: names that people give to files and columns may look like Markdown."""

import re

import streamlit as st


def plain(text: str) -> str:
    """Markdown that shows this text as it is, on one line.

    What Streamlit makes of addresses and :short names: is kept apart by a word joiner, which nobody sees.
    """
    apart = re.sub(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)", "\u2060", " ".join(text.split()), flags=re.IGNORECASE)
    return re.sub(r"([\\`*_\[\]<>#!|~$&])", r"\\\1", apart)


def trouble(sentence: str) -> None:
    """What was refused, and why."""
    st.error(plain(sentence), icon=":material/error:")
