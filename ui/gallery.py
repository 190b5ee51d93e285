"""The gallery of data sets, as a component."""

import streamlit as st

import datasets
from figures import palette
from ui.component import register
from ui.prefix import prefix


def gallery(chosen: str) -> str | None:
    """Show every data set as a thumbnail; returns the one that was just clicked, else None."""
    mount = register("layerlab_gallery", "gallery.js")
    items = [{key: source[key] for key in ("kind", "label", "help", "group")} for source in described()
             if source["task"] != "seq2seq"]           # an encoder and a decoder have a page of their own
    result = mount(key="gallery", on_pick_change=lambda: None,
                   data={"items": items, "chosen": chosen, "colors": palette.as_data(),
                         "thumbnails": f"{prefix()}/thumbnails.json"})
    return result.pick


@st.cache_data(show_spinner=False)
def described() -> list[dict]:
    return datasets.describe()
