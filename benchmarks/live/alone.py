"""A worker that nobody watches: the same process, without a page."""

import json
import subprocess
import sys
import time
from pathlib import Path

from live.protocol import read_message, unpack, write_message

ROOT = Path(__file__).resolve().parents[2]


class Alone:
    """`with Alone(spec) as run:` is a worker that trains at full speed."""

    def __init__(self, spec: dict):
        self.spec = spec

    def __enter__(self) -> "Alone":
        self.process = subprocess.Popen([sys.executable, "-m", "live.worker"], cwd=ROOT, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.tell(op="spec", spec=self.spec)
        self.tell(op="speed", steps=None)
        self.tell(op="play")
        self.step()
        return self

    def __exit__(self, *_) -> None:
        self.process.kill()
        self.process.communicate()

    def tell(self, **command) -> None:
        write_message(self.process.stdin, json.dumps(command).encode())

    def step(self) -> int:
        """Where it is now: a page that attaches is sent the scene, and behind it the newest frame."""
        self.tell(op="attach")
        for wanted in ("scene", "frame"):
            header: dict = {}
            while header.get("type") != wanted:
                header, _ = unpack(read_message(self.process.stdout))
        return header["step"]

    def steps(self, seconds: float) -> tuple[int, float]:
        """Steps made, and in how many seconds."""
        at, began = self.step(), time.perf_counter()
        time.sleep(seconds)
        return self.step() - at, time.perf_counter() - began
