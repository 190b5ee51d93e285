"""The tools of the page's JavaScript: Oxlint and Node from PyPI, TypeScript from npm as web/package-lock.json locks it.

`python -m scripts.web check`, `fix` or `test`; lab.py calls it.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
TOOLS = Path(sys.prefix).resolve() / "web"         # where TypeScript is kept: beside the environment's other tools
LOCKED = ("package.json", "package-lock.json")
OURS = ("EUSAGE", "EINTEGRITY")                    # npm's codes for a lock file that is wrong: nobody's connection
UNREACHED = ("npm could not bring TypeScript, so the types of the page's JavaScript were not checked. "
             "The next call with a connection tries again.")


def tool(name: str) -> str:
    """The path of a command that is installed in this environment."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise SystemExit(f"{name} is missing in this environment: python3 lab.py installs it.")
    return found


def run(name: str, *arguments: str, quiet: bool = False) -> subprocess.CompletedProcess:
    return subprocess.run([tool(name), *arguments], cwd=ROOT, text=True, encoding="utf-8",
                          **({"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if quiet else {}))


def typescript() -> str | None:
    """See to it that TypeScript is there as it is locked; a sentence about what is wrong, or None."""
    wanted = hashlib.sha256(b"".join((WEB / name).read_bytes() for name in LOCKED)).hexdigest()
    stamp = TOOLS / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return None
    TOOLS.mkdir(exist_ok=True)
    for name in LOCKED:
        shutil.copy(WEB / name, TOOLS / name)
    done = run("npm", "ci", "--prefix", str(TOOLS), "--no-audit", "--no-fund", "--loglevel", "error",
               "--fetch-retries", "1", "--fetch-retry-mintimeout", "1000", "--fetch-timeout", "60000", quiet=True)
    if done.returncode:
        return done.stdout if any(code in done.stdout for code in OURS) else UNREACHED
    stamp.write_text(wanted)
    return None


def types() -> int:
    trouble = typescript()
    if trouble:
        print(trouble, flush=True)
        return 0 if trouble == UNREACHED else 1
    compiler = TOOLS / "node_modules" / "typescript" / "bin" / "tsc"
    return run("node", str(compiler), "--project", str(WEB / "jsconfig.json")).returncode


def lint(*arguments: str) -> int:
    return run("oxlint", "--config", str(WEB / ".oxlintrc.json"), *arguments, str(WEB)).returncode


def check() -> int:
    return max(lint(), types())


def fix() -> int:
    return lint("--fix")


def test() -> int:
    print("The page's JavaScript, by Node:", flush=True)
    return run("node", "--test", "web/tests/*.test.js").returncode


if __name__ == "__main__":
    sys.exit({"check": check, "fix": fix, "test": test}[sys.argv[1]]())
