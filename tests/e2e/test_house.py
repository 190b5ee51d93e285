"""What holds the house together: dead workers, closed tabs, several visitors, narrow screens."""

import contextlib
import http.client
import os
import signal
import statistics
import time
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab


def worker_of(lab: Lab, server) -> int:
    """The worker that trains for this visitor, while nobody else's does: the one that works."""
    lab.play(steps=100)
    before = used_by(server.workers())
    lab.page.wait_for_timeout(1500)
    used = {pid: seconds - before[pid] for pid, seconds in used_by(before).items()}
    return max(used, key=used.get)


def used_by(processes) -> dict[int, float]:
    """Seconds of the processor of each of these processes; one may end meanwhile."""
    found = {}
    for pid in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found[pid] = sum(psutil.Process(pid).cpu_times()[:2])
    return found


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system with signals")
def test_a_worker_that_dies_is_told_and_can_be_started_again_while_others_go_on(visitor, server):
    lab, other = visitor().open(), visitor().open()
    pid = worker_of(lab, server)
    at = other.play(steps=20)["step"]
    os.kill(pid, signal.SIGKILL)
    lab.until("stage.dataset.status === 'ended'")
    expect(lab.stage.get_by_role("status")).to_contain_text("ended unexpectedly")
    other.until(f"stage.dataset.status === 'playing' && Number(stage.dataset.step) > {at + 500}")
    before = lab.spec()
    expect(lab.stage.get_by_role("button", name="Play")).to_be_visible()
    lab.press("Start again")
    lab.until("stage.dataset.status === 'paused' && Number(stage.dataset.step) === 0")
    lab.play(steps=100)
    assert lab.spec() == before
    lab.wrong.clear()  # the browser itself may note the closed socket


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system with signals")
def test_play_starts_a_worker_that_died_again(visitor, server):
    lab = visitor().open()
    os.kill(worker_of(lab, server), signal.SIGKILL)
    lab.until("stage.dataset.status === 'ended'")
    lab.play(steps=100)
    expect(lab.stage.get_by_text("ended unexpectedly")).to_have_count(0)
    lab.wrong.clear()


def test_small_files_do_not_wait_for_acknowledgements(server):
    """Forty milliseconds each is what they take where a response in two parts has to."""
    took = []
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port)
    for _ in range(21):
        began = time.perf_counter()
        connection.request("GET", "/_stcore/health")
        assert connection.getresponse().read() == b"ok"
        took.append(time.perf_counter() - began)
    connection.close()
    assert statistics.median(took) < 0.02


def test_a_closed_tab_leaves_no_process(visitor, server):
    lab = visitor().open()
    pid = worker_of(lab, server)
    lab.page.close()
    for _ in range(600):
        if pid not in server.workers():
            return
        psutil.time.sleep(0.1)
    pytest.fail("The process of a closed tab is still there.")


def test_a_page_that_loses_its_connection_comes_back_to_its_run(lab):
    lab.play(steps=100)
    lab.pause()
    at = lab.now()
    lab.page.context.set_offline(True)
    lab.page.wait_for_timeout(300)
    lab.page.context.set_offline(False)
    lab.press("Step")
    lab.until(f"Number(stage.dataset.step) === {at['step'] + 1}")
    lab.wrong.clear()


def test_visitors_do_not_see_each_other(visitor):
    one, other = visitor().open(), visitor().open()
    one.play(steps=100)
    assert other.now()["step"] == 0
    assert one.page.url == other.page.url  # the same run by its link, yet not the same process


def test_the_same_run_gives_the_same_numbers_to_everyone(visitor):
    found = []
    for _ in range(2):
        lab = visitor().open()
        for step in range(1, 6):
            lab.press("Step")
            lab.until(f"Number(stage.dataset.step) === {step}")
        found.append(lab.now()["loss"])
    assert found[0] == found[1]


@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 1024), (1440, 900)])
def test_nothing_scrolls_sideways_and_the_stage_is_there(visitor, width, height):
    lab = visitor()
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.open()
    main = lab.page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(lab.stage).to_be_visible()
    box = lab.stage.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    if width == 390:
        assert box["y"] < height  # on a phone it is on the first screen
    expect(lab.button("Play")).to_be_in_viewport()
    lab.play(steps=20)


def test_on_a_phone_the_open_instrument_s_tab_is_in_sight(visitor):
    lab = visitor(viewport={"width": 390, "height": 844}).visit("names")
    tab = lab.stage.get_by_role("tab", name="Invent", exact=True)
    expect(tab).to_have_attribute("aria-selected", "true")
    box, strip = tab.bounding_box(), tab.locator("..").bounding_box()
    assert strip["x"] <= box["x"]
    assert box["x"] + box["width"] <= strip["x"] + strip["width"]


def test_dark_is_dark(visitor):
    lab = visitor(color_scheme="dark").open()
    lab.play(steps=20)
    assert (
        lab.page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor") == "rgb(20, 24, 29)"
    )


def test_buttons_and_pictures_have_names(lab):
    nameless = lab.page.evaluate("""() => [...document.querySelectorAll(
        '[data-testid=stage] :is(button, select, canvas), [role=radio]')].filter((e) => !e.closest('[hidden]')
        && e.ariaHidden !== 'true' && !(e.ariaLabel || e.textContent.trim() || e.labels?.length))
        .map((e) => e.outerHTML.slice(0, 120))""")
    assert nameless == []
