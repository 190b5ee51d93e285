"""The server's end of a worker process."""

import asyncio
import json
import struct
import sys
from pathlib import Path

from live.server.ids import without_secret

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """A worker process: `send` commands to it, `receive` messages from it."""

    def __init__(self, process: asyncio.subprocess.Process):
        self.process = process

    @classmethod
    async def start(cls) -> "Worker":
        """A new worker, with NumPy loaded and waiting."""
        return cls(await asyncio.create_subprocess_exec(
            sys.executable, "-m", "live.worker", cwd=ROOT, env=without_secret(),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE))

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    def send(self, command: dict) -> None:
        """Queue a command; a worker that has ended takes none."""
        if self.alive:
            data = json.dumps(command).encode()
            self.process.stdin.write(struct.pack("<I", len(data)) + data)

    async def receive(self) -> bytes | None:
        """The next message; None when the process has ended."""
        try:
            (length,) = struct.unpack("<I", await self.process.stdout.readexactly(4))
            return await self.process.stdout.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def stop(self) -> None:
        """End the process and wait until it is gone."""
        if self.alive:
            self.process.kill()
        await self.process.wait()
