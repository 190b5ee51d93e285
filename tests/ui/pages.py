"""A page without a browser: opened with a spec, and what stands on it."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from runs import link
from runs.spec import complete

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "pages").rglob("*.py"))
PLAYGROUND = ROOT / "pages" / "playground.py"
SPEC = {
    "data": {"kind": "circle"},
    "network": {"layers": [{"kind": "dense", "units": 4}, {"kind": "dense", "units": 2}]},
    "training": {"optimizer": {"kind": "sgd", "lr": 0.1}},
}


def opened(path: Path = PLAYGROUND, query: str | None = None) -> AppTest:
    page = AppTest.from_file(str(path), default_timeout=120)
    if query is not None:
        page.query_params["run"] = query
    return page.run()


def with_spec(**parts: Any) -> AppTest:
    """The playground, opened by a link to this run."""
    wanted = complete(copy.deepcopy(SPEC) | parts)
    page = opened(query=link.encode(wanted))
    assert not page.exception
    assert spec(page) == wanted
    return page


def workspace(page: AppTest) -> dict:
    return page.session_state["workspace_playground"]


def spec(page: AppTest) -> dict:
    return workspace(page)["spec"]


def elements(block: Any) -> Iterator[Any]:
    """Every element below a block, at any depth."""
    for child in getattr(block, "children", {}).values():
        yield child
        yield from elements(child)


def keys(page: AppTest) -> set[str]:
    """The keys of every widget on the page."""
    return {
        key
        for root in (page.main, page.sidebar)
        for element in elements(root)
        if (key := getattr(element, "key", None))
    }


def by_label(page: AppTest, kind: str, label: str) -> Any:
    """The one element of a kind with this label."""
    found = [element for element in getattr(page, kind) if element.label == label]
    assert len(found) == 1, f"{len(found)} of {kind} called {label}"
    return found[0]


def errors(page: AppTest) -> list[str]:
    return [error.value for error in page.error]
