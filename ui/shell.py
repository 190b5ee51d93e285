"""The shell around every page: the browser's tab, the navigation, the house's few lines of CSS."""

from pathlib import Path

import streamlit as st

from ui import course

HERE = Path(__file__).resolve().parent
PAGES = HERE.parent / "pages"
APPLICATIONS = (
    ("sentiment", "Sentiment", ":material/reviews:"), ("digits", "Digits", ":material/draw:"),
    ("names", "Names", ":material/badge:"), ("blank", "Fill in the blank", ":material/edit_note:"),
    ("dates", "Dates", ":material/translate:"),
)
CSS = (HERE / "shell.css").read_text()

st.set_page_config(page_title="LayerLab", page_icon=str(HERE / "icon.svg"), layout="wide")
st.logo(str(HERE / "logo.svg"), size="large")
st.html(f"<style>{CSS}</style>")

page = st.navigation({
    "": [st.Page(PAGES / "playground.py", title="Playground", icon=":material/hub:", default=True)],
    "Learn": course.pages(),
    "Applications": [st.Page(PAGES / "applications" / f"{number}_{name}.py", title=title, url_path=name, icon=icon)
                     for number, (name, title, icon) in enumerate(APPLICATIONS, 1)],
}, position="top")
page.run()
