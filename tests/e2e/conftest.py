"""A server and a browser for the tests that press the real buttons."""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

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
def browser() -> Iterator[Browser]:
    program = next(candidates(), None)
    if program is None:
        pytest.fail(MISSING)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE * 1000)
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="package")
def context(browser) -> BrowserContext:
    """One cache for all pages, so that each need not load Streamlit anew; their sessions are their own."""
    return browser.new_context(viewport=WIDE)


@pytest.fixture
def visitor(server, browser, context):
    """A function that brings another visitor, whose session is their own; none may see an error."""
    labs: list[Lab] = []

    def come(**settings) -> Lab:
        where = browser.new_context(**{"viewport": WIDE} | settings) if settings else context
        where.set_default_timeout(PATIENCE * 1000)
        labs.append(Lab(where.new_page(), server.url))
        return labs[-1]

    yield come
    for lab in labs:
        lab.page.close()
    assert [wrong for lab in labs for wrong in lab.wrong] == []


@pytest.fixture
def lab(visitor) -> Lab:
    """The playground, open and waiting at its beginning."""
    return visitor().open()
