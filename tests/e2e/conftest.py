"""A server and a browser for the tests that press the real buttons."""

import functools
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import BrowserContext, expect, sync_playwright

from scripts.browser import MISSING, candidates
from scripts.server import Server
from tests.e2e.lab import PATIENCE, Lab

WIDE = {"width": 1440, "height": 900}
LEASE = 6  # seconds that a run outlives its page here, so that the test of it need not wait long


def pytest_collection_modifyitems(items: list) -> None:
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="package")
def server(tmp_path_factory) -> Iterator[Server]:
    with Server(LAYERLAB_LEASE=str(LEASE), LAYERLAB_STORE=str(tmp_path_factory.mktemp("uploads"))) as running:
        yield running
        said = running.said()
    assert "Traceback" not in said, said
    assert running.process.returncode in (0, -signal.SIGTERM, 128 + signal.SIGTERM, 1 if os.name == "nt" else 0)


@pytest.fixture(scope="package")
def browser(tmp_path_factory) -> Iterator[Callable[[bool], BrowserContext]]:
    """A function that gives the browser, or the one with a touch screen. Each has a profile, as a person's has: pages
    share what it has compiled of Streamlit's code; their sessions are their own."""
    program = next(candidates(), None)
    if program is None:
        pytest.fail(MISSING)
    with sync_playwright() as playwright, ExitStack() as stack:
        expect.set_options(timeout=PATIENCE * 1000)

        @functools.cache
        def launched(touch: bool) -> BrowserContext:
            context = stack.enter_context(playwright.chromium.launch_persistent_context(
                tmp_path_factory.mktemp("profile"), executable_path=program, args=["--no-sandbox"], has_touch=touch))
            context.set_default_timeout(PATIENCE * 1000)
            return context

        yield launched


@pytest.fixture
def visitor(server, browser):
    """A function that brings another visitor, whose session is their own; none may see an error."""
    labs: list[Lab] = []

    def come(viewport: dict = WIDE, color_scheme: str = "light", touch: bool = False) -> Lab:
        page = browser(touch).new_page()
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme)
        labs.append(Lab(page, server.url))
        return labs[-1]

    yield come
    for lab in labs:
        lab.page.close()
    assert [wrong for lab in labs for wrong in lab.wrong] == []


@pytest.fixture
def lab(visitor) -> Lab:
    """The playground, open and waiting at its beginning."""
    return visitor().open()
