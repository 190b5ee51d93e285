"""Prints a Markdown table of what was measured; nothing asserts on it."""

import sys

from benchmarks.engine import threads  # noqa: F401  (before NumPy)
from benchmarks.known.results import RESULTS, Result

HEAD = """| | recipe | measured on held-out data | enough | reached | CPU seconds | |
|---|---|---|---|---|---|---|"""


def written(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in values.items())


def row(name: str, result: Result) -> str:
    return (f"| {name} | {result.title} | {written(result.measured)} | {written(result.hoped)} "
            f"| {'yes' if result.reached else 'no'} | {result.seconds:.0f} | {result.note} |")


def main(words: list[str]) -> None:
    """Measure the named results, or all; a number among the names is the seed."""
    seed = next((int(word) for word in words if word.isdigit()), 0)
    print(HEAD)
    for name in [word for word in words if not word.isdigit()] or RESULTS:
        try:
            print(row(name, RESULTS[name](seed)), flush=True)
        except ModuleNotFoundError as error:
            print(f"| {name} | needs {error.name} | | | | | |")


if __name__ == "__main__":
    main(sys.argv[1:])
