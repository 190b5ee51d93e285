"""How a JavaScript module of the stage becomes a Streamlit component."""

import streamlit as st

from ui.assets import WEB, version
from ui.prefix import prefix

STYLES = sorted((WEB / "styles").glob("*.css"), key=lambda path: (path.name != "style.css", path.name))
STYLE = "\n".join(path.read_text() for path in STYLES)


def loader(module: str) -> str:
    """The few lines that Streamlit holds: they load the real module from the server's own route."""
    return f"""
export default async function (component) {{
  const {{ mount }} = await import(new URL("{prefix()}/stage/{version()}/{module}", window.location.origin).href);
  return mount(component);
}}
"""


def register(name: str, module: str, style: str | None = None):
    """A mountable component that runs `mount(component)` of a module in `web/`."""
    v2 = st.components.v2               # pyright: ignore[reportAttributeAccessIssue] (loaded when it is asked for)
    return v2.component(name, js=loader(module), css=style, isolate_styles=False)
