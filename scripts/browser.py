"""A Chromium for the browser tests: one that is on this machine, or else one that is installed now.

Uses the standard library only, because `lab.py` calls it with any Python.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
FOLDERS = {
    "darwin": ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
               "/Applications/Chromium.app/Contents/MacOS/Chromium",
               "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"],
    "win32": [rf"{root}\{program}" for root in (r"C:\Program Files", r"C:\Program Files (x86)")
              for program in (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")],
}
CACHES = {"darwin": "~/Library/Caches/ms-playwright", "win32": r"~\AppData\Local\ms-playwright"}
DOWNLOADED = ("chromium-*/chrome-*/chrome", "chromium-*/chrome-*/chrome.exe",
              "chromium-*/chrome-*/*.app/Contents/MacOS/*")
MISSING = ("The browser tests need Chromium, Chrome or Edge, and none was found. Call `python3 lab.py test`, which "
           "installs one, or name its program in the environment variable LAYERLAB_BROWSER.")


def candidates() -> Iterator[str]:
    """Programs that may be a browser: the one that was asked for, the system's, Playwright's own."""
    chosen = os.environ.get("LAYERLAB_BROWSER")
    if chosen:
        yield chosen
        return
    yield from filter(None, map(shutil.which, NAMES))
    yield from (path for path in FOLDERS.get(sys.platform, []) if Path(path).exists())
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or CACHES.get(sys.platform, "~/.cache/ms-playwright"))
    for pattern in DOWNLOADED:
        yield from map(str, sorted(cache.expanduser().glob(pattern), reverse=True))


def works(program: str) -> bool:
    """Whether it starts without a screen; a snap's stub or one that lacks libraries does not."""
    try:
        done = subprocess.run([program, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank"],
                              capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"<html" in done.stdout.lower()


def find() -> str | None:
    """The first browser that works, None if there is none."""
    return next(filter(works, candidates()), None)


def install(python: str) -> str | None:
    """Get a browser: Playwright's own where it can be downloaded, else the system's packages, as their user may."""
    ways = [[[python, "-m", "playwright", "install", "chromium"]]]
    if shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        ways += [[[*root, "apt-get", "update", "-qq"], [*root, "apt-get", "install", "-y", "-qq", "chromium"]],
                 [[python, "-m", "playwright", "install-deps", "chromium"]]]
    for commands in ways:
        for command in commands:
            print("Getting a browser:", " ".join(command), flush=True)
            try:
                subprocess.run(command, timeout=600, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
            except (OSError, subprocess.TimeoutExpired) as error:
                print(error)
        if found := find():
            return found
    return None
