"""The app on a free port of this machine, for tests, benchmarks and pictures."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120                     # seconds until a server must answer


class Server:
    """`with Server() as server:` runs the app as the README says, and ends it. Keywords are environment variables."""

    def __init__(self, **environment: str):
        self.environment = environment

    def __enter__(self) -> "Server":
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = tempfile.TemporaryFile()
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port), "--server.address",
             "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none"],
            cwd=ROOT, env=os.environ | self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def said(self) -> str:
        """What the server has written so far."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def workers(self) -> set[int]:
        """The ids of its worker processes, the spare one among them."""
        import psutil

        return {child.pid for child in psutil.Process(self.process.pid).children()
                if child.status() != psutil.STATUS_ZOMBIE}

    def _wait(self) -> None:
        while time.perf_counter() - self.started < PATIENCE and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"The server did not start:\n{self.said()}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
