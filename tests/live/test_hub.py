"""Real worker processes: started ahead, tied to pages, held and ended when nobody looks, reported when they die."""

import asyncio
import functools
import os
from collections.abc import Callable

import psutil
import pytest

import live.server.hub
from live.protocol import unpack
from live.server.hub import DIED, Hub
from live.server.ids import mint
from live.server.process import Worker
from tests.live.runs import spec

PATIENCE = 60.0  # seconds: far more than anything takes, since the machine may be busy


class Page:
    """What the browser would be: keeps what it was sent, and draws at once."""

    def __init__(self, hub: Hub, run_id: str):
        self.hub, self.id = hub, run_id
        self.got: list[tuple[dict, dict]] = []
        self.news = asyncio.Event()
        self.run = None
        self.send = self.take  # one object, by which the hub knows the page

    async def take(self, message: bytes) -> None:
        self.got.append(unpack(message))
        self.news.set()
        if self.run is not None and self.last["type"] == "frame":
            self.tell(op="credit")

    @property
    def last(self) -> dict:
        return self.got[-1][0]

    def tell(self, **command) -> None:
        self.run.worker.send(command)

    async def open(self) -> "Page":
        self.run = await self.hub.attach(self.id, self.send)
        return self

    def leave(self) -> None:
        self.hub.detach(self.id, self.send)

    async def sees(self, what: Callable[[dict], bool], seen: int = 0) -> dict:
        """Wait for the first message that is so, behind the first `seen`."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for header, _ in self.got[seen:]:
                    if what(header):
                        return header
                seen = len(self.got)
                self.news.clear()
                await self.news.wait()

    async def play(self) -> dict:
        self.tell(op="spec", spec=spec())
        self.tell(op="speed", steps=None)
        self.tell(op="play")
        return await self.trains()

    async def trains(self) -> dict:
        return await self.sees(lambda header: header.get("status") == "playing" and header["step"] > 0, len(self.got))


def served(test: Callable) -> Callable:
    """Run an async test with a hub that is open, and closed in the end."""

    @functools.wraps(test)
    def run(**given):
        async def body() -> None:
            hub = Hub()
            await hub.open()
            try:
                await test(hub, **given)
            finally:
                await hub.close()

        asyncio.run(body())

    return run


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not what():
            await asyncio.sleep(0.02)


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_spare_worker_takes_the_first_run():
    @served
    async def body(hub):
        spare = await hub._spare
        page = await Page(hub, mint()).open()
        assert page.run.worker is spare
        assert (await hub._spare) is not spare
        header = await page.play()
        assert header["type"] == "frame"

    body()


def test_visitors_who_come_at_once_get_a_worker_each():
    @served
    async def body(hub):
        pages = [Page(hub, mint()) for _ in range(4)]
        await asyncio.gather(*(page.open() for page in pages))
        assert len({page.run.worker.process.pid for page in pages}) == 4
        pages[0].tell(op="spec", spec=spec())
        header = await pages[0].sees(lambda header: header["type"] == "scene")
        assert header["spec"]["seed"] == 3
        await asyncio.sleep(0.3)
        assert "scene" not in {header["type"] for page in pages[1:] for header, _ in page.got}

    body()


def test_one_run_has_one_worker_whoever_comes_at_once():
    @served
    async def body(hub):
        run_id = mint()
        first, second = Page(hub, run_id), Page(hub, run_id)
        await asyncio.gather(first.open(), second.open())
        assert first.run is second.run
        assert len(hub.seats) == 1
        await second.play()
        first.leave()  # the older page of the two: nothing changes
        assert second.run.lease is None
        await second.trains()

    body()


def test_a_page_that_left_and_comes_back_finds_its_run_where_it_was():
    @served
    async def body(hub):
        page = await Page(hub, mint()).open()
        await page.play()
        page.leave()
        worker = psutil.Process(page.run.worker.process.pid)
        await asyncio.sleep(0.3)                                  # what was on its way is done
        before = sum(worker.cpu_times()[:2])
        await asyncio.sleep(1.0)
        assert sum(worker.cpu_times()[:2]) - before < 0.1         # nobody looks: it takes nothing from others
        again = await Page(hub, page.id).open()
        await again.sees(lambda header: header["type"] == "scene")
        header = await again.sees(lambda header: header.get("status") == "playing")
        assert header["step"] > 0
        at = header["step"]
        await again.sees(lambda header: header.get("step", 0) > at)
        assert again.run is page.run

    body()


def test_a_run_that_nobody_looks_at_ends_with_its_process(monkeypatch):
    monkeypatch.setattr(live.server.hub, "END_AFTER", 1.0)

    @served
    async def body(hub):
        page = await Page(hub, mint()).open()
        await page.play()
        pid = page.run.worker.process.pid
        page.leave()
        await until(lambda: page.id not in hub.seats)
        await until(lambda: not exists(pid))

    body()


def test_a_worker_that_dies_is_reported_to_its_page_and_the_others_go_on():
    @served
    async def body(hub):
        one, other = await Page(hub, mint()).open(), await Page(hub, mint()).open()
        await one.play()
        at = await other.play()
        one.run.worker.process.kill()
        await one.sees(lambda header: header["type"] == "died")
        later = await other.sees(lambda header: header.get("step", 0) > at["step"])
        assert later["status"] == "playing"
        dead = one.run.worker
        await Page(hub, one.id).open()  # "Start again"
        again = Page(hub, one.id)
        await again.open()
        assert again.run.worker is not dead
        await again.play()

    body()


def test_a_spare_that_died_is_not_handed_out():
    @served
    async def body(hub):
        spare = await hub._spare
        spare.process.kill()
        await spare.process.wait()
        page = await Page(hub, mint()).open()
        assert page.run.worker.alive
        await page.play()

    body()


def test_closing_ends_every_process():
    pids = []

    @served
    async def body(hub):
        for _ in range(3):
            page = await Page(hub, mint()).open()
            pids.append(page.run.worker.process.pid)
        await page.play()
        pids.append((await hub._spare).process.pid)

    body()
    assert len(set(pids)) == 4
    assert not any(exists(pid) for pid in pids)


def test_a_full_server_says_so(monkeypatch):
    monkeypatch.setattr(live.server.hub, "MOST_RUNS", 1)

    @served
    async def body(hub):
        page = await Page(hub, mint()).open()
        assert (await Page(hub, mint()).open()).run is None
        assert (await Page(hub, page.id).open()).run is page.run

    body()


def test_a_page_that_fails_while_it_is_sent_something_does_not_stop_its_run():
    @served
    async def body(hub):
        async def broken(message: bytes) -> None:
            raise ConnectionResetError

        run_id = mint()
        run = await hub.attach(run_id, broken)
        run.worker.send({"op": "spec", "spec": spec()})
        await asyncio.sleep(0.3)
        page = await Page(hub, run_id).open()
        await page.play()

    body()


def test_a_worker_ends_with_its_input():
    async def body():
        worker = await Worker.start()
        worker.process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            assert await worker.receive() is None
            assert await worker.process.wait() == 0
        worker.send({"op": "play"})  # nobody hears it, nothing happens

    asyncio.run(body())


@pytest.mark.parametrize(
    "command",
    [{}, {"op": 3}, {"op": "set", "path": 3}, {"op": "spec", "spec": "no"}, {"op": "step", "count": float("nan")}],
    ids=str,
)
def test_a_worker_survives_whatever_reaches_it(command):
    async def body():
        worker = await Worker.start()
        try:
            worker.send(command)
            worker.send({"op": "attach"})
            worker.send({"op": "spec", "spec": spec()})
            header = {"type": ""}
            async with asyncio.timeout(PATIENCE):
                while header["type"] != "scene":
                    header, _ = unpack(await worker.receive())
        finally:
            await worker.stop()

    asyncio.run(body())


def test_died_is_a_message_like_any_other():
    assert unpack(DIED) == ({"type": "died"}, {})
