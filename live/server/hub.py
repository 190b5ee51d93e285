"""All runs of one server: it starts workers, ties each to the page that shows it, and ends those nobody looks at."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable

from live.protocol import pack
from live.server.process import Worker

END_AFTER = float(os.environ.get("LAYERLAB_LEASE", "30"))      # seconds without a page until a run's process ends
MOST_RUNS = 64

Send = Callable[[bytes], Awaitable[None]]
DIED = pack({"type": "died"})      # what a page is sent when its worker has ended by itself


class Run:
    """A worker and the page that shows it, if one does. `starting` gives the worker; two pages may wait for it."""

    def __init__(self, starting: asyncio.Task[Worker]):
        self.starting = starting
        self.send: Send | None = None
        self.lease: asyncio.Task | None = None
        self.reader: asyncio.Task | None = None

    @property
    def worker(self) -> Worker:
        return self.starting.result()

    @property
    def ended(self) -> bool:
        return self.starting.done() and (self.starting.exception() is not None or not self.worker.alive)


class Hub:
    """The runs by id. All methods run on the server's event loop."""

    def __init__(self):
        self.runs: dict[str, Run] = {}
        self._spare: asyncio.Task[Worker] | None = None

    async def open(self) -> None:
        """Start a spare worker, so that the first run begins at once."""
        self._spare = asyncio.create_task(Worker.start())

    async def close(self) -> None:
        """End every process."""
        for run in list(self.runs):
            await self.end(run)
        if self._spare is not None:
            spare, self._spare = self._spare, None
            await (await spare).stop()

    async def attach(self, run_id: str, send: Send) -> Run | None:
        """Tie a page to its run, starting a worker where there is none. None if the server is full."""
        run = self.runs.get(run_id)
        if run is None or run.ended:
            if run is None and len(self.runs) >= MOST_RUNS:
                return None
            run = self.runs[run_id] = Run(asyncio.create_task(self._take_spare()))
        if run.lease is not None:
            run.lease.cancel()
        run.send = send
        await run.starting
        if run.reader is None:
            run.reader = asyncio.create_task(self._forward(run))
        run.worker.send({"op": "attach"})
        return run

    def detach(self, run_id: str, send: Send) -> None:
        """The page is gone: the run waits for it, and ends unless one comes back."""
        run = self.runs.get(run_id)
        if run is not None and run.send is send:
            run.send = None
            run.worker.send({"op": "detach"})
            run.lease = asyncio.create_task(self._expire(run_id, run))

    async def end(self, run_id: str) -> None:
        """Forget a run and end its process."""
        run = self.runs.pop(run_id, None)
        if run is not None:
            for task in (run.reader, run.lease):
                if task is not None and task is not asyncio.current_task():
                    task.cancel()
            await (await run.starting).stop()

    async def _take_spare(self) -> Worker:
        """The spare worker, for this caller alone: the next one waits for another."""
        waiting, self._spare = self._spare, asyncio.create_task(Worker.start())
        worker = await waiting if waiting is not None else await Worker.start()
        return worker if worker.alive else await Worker.start()

    async def _forward(self, run: Run) -> None:
        """Pass the worker's messages on to the page, for as long as it lives."""
        while (message := await run.worker.receive()) is not None:
            await _send(run, message)
        await run.worker.process.wait()
        await _send(run, DIED)

    async def _expire(self, run_id: str, run: Run) -> None:
        await asyncio.sleep(END_AFTER)
        if self.runs.get(run_id) is run:
            await self.end(run_id)


async def _send(run: Run, message: bytes) -> None:
    if run.send is not None:
        with contextlib.suppress(RuntimeError, ConnectionError):      # the page left in the middle of it
            await run.send(message)
