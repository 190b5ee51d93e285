#!/usr/bin/env python3
"""Every command of LayerLab, for a machine that has nothing but Python 3.11 or newer:

    python3 lab.py run        open LayerLab in the browser (further arguments go to Streamlit)
    python3 lab.py test       all tests: the page's JavaScript by Node, Python, a real browser (or only those named:
                              pytest's arguments)
    python3 lab.py check      what linters (Ruff, Oxlint) and type checkers (basedpyright, TypeScript) say
    python3 lab.py fix        let the linters put right what they can
    python3 lab.py bench      speed: `bench engine` (beside PyTorch), `bench live` (the page), `bench known` (recipes)
    python3 lab.py picture    take the README's screenshot again
    python3 lab.py docs       the engine's docstrings as pages, in docs/api
    python3 lab.py lock       write the locks again after a change in requirements*.txt (`lock --upgrade`: the newest)

The first call makes a virtual environment in .venv; later ones install again only when the locks have changed.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)


def environment(locked: str) -> None:
    """Make .venv hold what is locked in this file; nothing is installed whose hash is not in it."""
    wanted = hashlib.sha256((ROOT / locked).read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f"installed-{locked}"
    if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
        return
    if not PYTHON.exists():
        print("Making a virtual environment in .venv …", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode:
            sys.exit("Python could not make a virtual environment. On Debian and Ubuntu, install it first: "
                     "apt-get install python3-venv")
    print(f"Installing {locked} …", flush=True)
    if subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
                       "-r", str(ROOT / locked)]).returncode:
        sys.exit("Some packages could not be installed: see above. Check the connection and call again.")
    stamp.write_text(wanted)


def for_app() -> None:
    environment("requirements.lock")


def for_work() -> None:
    environment("requirements-dev.lock")


def call(*command: str) -> int:
    """Run a module of the environment; its exit code."""
    try:
        return subprocess.run([str(PYTHON), "-m", *command], cwd=ROOT).returncode
    except KeyboardInterrupt:
        return 0


def browser() -> None:
    """See to it that the browser tests find a browser."""
    sys.path.insert(0, str(ROOT))
    from scripts.browser import MISSING, find, install

    found = find() or install(str(PYTHON))
    if found is None:
        sys.exit(f"{MISSING} On Debian: apt-get install chromium.")
    os.environ["LAYERLAB_BROWSER"] = found


def run(*arguments: str) -> int:
    for_app()
    return call("streamlit", "run", "app.py", *arguments)


def test(*arguments: str) -> int:
    for_work()
    browser()
    if arguments:
        return call("pytest", *arguments)
    return max([call("scripts.web", "test"), call("pytest", "-n", "auto", "-m", "not e2e and not slow"), in_browser()])


def in_browser() -> int:
    """The browser tests, two at a time. On a busy machine a page may miss a beat: what failed is tried once more, by
    itself. What passes only then is named at the end."""
    code = call("pytest", "-m", "e2e", "-n", "2", "--dist", "loadfile")
    if code != 1:
        return code
    before = last_failed()
    code = call("pytest", "-m", "e2e", "--last-failed", "--last-failed-no-failures", "none")
    flaked = sorted(before - last_failed())
    if flaked:
        print("Failed at first and passed when tried again:", *flaked, sep="\n  ", flush=True)
    return code


def last_failed() -> set[str]:
    """The browser tests that failed when they ran last, as pytest remembers them."""
    memory = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
    names = json.loads(memory.read_text(encoding="utf-8")) if memory.exists() else {}
    return {name for name in names if name.startswith("tests/e2e/")}


def check() -> int:
    for_work()
    return max([call("ruff", "check", "."), call("basedpyright", "--pythonpath", str(PYTHON)),
                call("scripts.web", "check")])


def fix() -> int:
    for_work()
    return max([call("ruff", "check", "--fix", "."), call("scripts.web", "fix")])


def bench(*names: str) -> int:
    for_work()
    browser()
    return max(call(f"benchmarks.{name}") for name in names or ("engine", "live"))


def picture() -> int:
    for_work()
    browser()
    return call("scripts.picture")


def docs() -> int:
    for_work()
    return call("pdoc", "--output-directory", "docs/api", "engine", "explain")


def lock(*arguments: str) -> int:
    """One lock for every system and Python. What is locked stays, unless the requirements or the arguments differ."""
    for_work()
    write = ("uv", "pip", "compile", "--universal", "--python-version", ".".join(map(str, OLDEST)), "--generate-hashes",
             "--custom-compile-command", "python3 lab.py lock", "--quiet", *arguments)
    app = call(*write, "requirements.txt", "--output-file", "requirements.lock")
    return app or call(*write, "requirements-dev.txt", "--constraints", "requirements.lock",
                       "--output-file", "requirements-dev.lock")


COMMANDS = {command.__name__: command for command in (run, test, check, fix, bench, picture, docs, lock)}


def main(arguments: list[str]) -> int:
    if sys.version_info < OLDEST:
        print(f"LayerLab needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
        return 1
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments in ([], ["help"], ["--help"], ["-h"]) else 2
    return COMMANDS[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
