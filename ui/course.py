"""The course: its lessons in order, what has been visited, and the way to the next one.

The order is that of the file names in `pages/learn/` ("01_neuron.py", "02_…"); a lesson's title is its text's heading.
"""

from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitPageNotFoundError

LEARN = Path(__file__).resolve().parent.parent / "pages" / "learn"
SEEN = "course_seen"


def lessons() -> dict[str, Path]:
    """The scripts of all lessons by name, in order."""
    return {path.stem: path for path in sorted(LEARN.glob("[0-9]*.py"))}


@st.cache_data(show_spinner=False)
def title(name: str) -> str:
    """A lesson's heading."""
    first = (LEARN / f"{name}.md").read_text(encoding="utf-8").splitlines()[0]
    return first.lstrip("# ").strip()


def url_path(name: str) -> str:
    """The lesson's place in the address: "01_neuron" is at /neuron."""
    return name.split("_", 1)[1].replace("_", "-")


def pages() -> list[st.Page]:
    """A page for every lesson."""
    return [st.Page(path, title=title(name), url_path=url_path(name), icon=":material/school:")
            for name, path in lessons().items()]


def seen() -> list[str]:
    """The lessons visited so far, from the session or the link."""
    if SEEN not in st.session_state:
        known = list(lessons())
        link = st.query_params.get("seen", "")
        st.session_state[SEEN] = [name for name in known if name.split("_")[0] in link.split("-")]
    return st.session_state[SEEN]


def reached(name: str) -> None:
    """Remember that a lesson has been opened, in the session and in the page's link."""
    visited = seen()
    if name not in visited:
        visited.append(name)
    st.query_params["seen"] = "-".join(sorted(visit.split("_")[0] for visit in visited))


def neighbours(name: str) -> None:
    """Links to the lessons before and after, and how far one has come."""
    names = list(lessons())
    place = names.index(name)
    st.divider()
    before, progress, after = st.columns([1, 1.4, 1], vertical_alignment="center")
    if place:
        link(before, names[place - 1], title(names[place - 1]), "arrow_back")
    progress.progress(len(seen()) / len(names), text=f"Lesson {place + 1} of {len(names)} · {len(seen())} visited")
    if place + 1 < len(names):
        link(after, names[place + 1], f"Next: {title(names[place + 1])}", "arrow_forward")


def link(place: DeltaGenerator, name: str, label: str, icon: str) -> None:
    """A link to a lesson; none where the page was opened alone, without the shell that knows the others."""
    with suppress(StreamlitPageNotFoundError):
        place.page_link(lessons()[name], label=label, icon=f":material/{icon}:")
