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


class Seat:
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
        self.seats: dict[str, Seat] = {}
        self._spare: asyncio.Task[Worker] | None = None

    async def open(self) -> None:
        """Start a spare worker, so that the first run begins at once."""
        self._spare = asyncio.create_task(Worker.start())

    async def close(self) -> None:
        """End every process."""
        for run_id in list(self.seats):
            await self.end(run_id)
        if self._spare is not None:
            spare, self._spare = self._spare, None
            await (await spare).stop()

    async def attach(self, run_id: str, send: Send) -> Seat | None:
        """Tie a page to its run, starting a worker where there is none. None if the server is full."""
        seat = self.seats.get(run_id)
        if seat is None or seat.ended:
            if seat is None and len(self.seats) >= MOST_RUNS:
                return None
            seat = self.seats[run_id] = Seat(asyncio.create_task(self._take_spare()))
        if seat.lease is not None:
            seat.lease.cancel()
        seat.send = send
        await seat.starting
        if seat.reader is None:
            seat.reader = asyncio.create_task(self._forward(seat))
        seat.worker.send({"op": "attach"})
        return seat

    def detach(self, run_id: str, send: Send) -> None:
        """The page is gone: the run waits for it, and ends unless one comes back."""
        seat = self.seats.get(run_id)
        if seat is not None and seat.send is send:
            seat.send = None
            seat.worker.send({"op": "detach"})
            seat.lease = asyncio.create_task(self._expire(run_id, seat))

    async def end(self, run_id: str) -> None:
        """Forget a run and end its process."""
        seat = self.seats.pop(run_id, None)
        if seat is not None:
            for task in (seat.reader, seat.lease):
                if task is not None and task is not asyncio.current_task():
                    task.cancel()
            await (await seat.starting).stop()

    async def _take_spare(self) -> Worker:
        """The spare worker, for this caller alone: the next one waits for another."""
        waiting, self._spare = self._spare, asyncio.create_task(Worker.start())
        worker = await waiting if waiting is not None else await Worker.start()
        return worker if worker.alive else await Worker.start()

    async def _forward(self, seat: Seat) -> None:
        """Pass the worker's messages on to the page, for as long as it lives."""
        while (message := await seat.worker.receive()) is not None:
            await _send(seat, message)
        await seat.worker.process.wait()
        await _send(seat, DIED)

    async def _expire(self, run_id: str, seat: Seat) -> None:
        await asyncio.sleep(END_AFTER)
        if self.seats.get(run_id) is seat:
            await self.end(run_id)


async def _send(seat: Seat, message: bytes) -> None:
    if seat.send is not None:
        with contextlib.suppress(RuntimeError, ConnectionError):      # the page left in the middle of it
            await seat.send(message)
