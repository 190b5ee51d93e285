"""Prints a Markdown table; nothing asserts on it."""

import sys

from bench.engine import threads  # noqa: F401  (before NumPy)
from bench.engine.measure import measure
from bench.engine.workloads import WORKLOADS, Workload

HEAD = """| | workload | engine µs | PyTorch µs | sklearn µs | GEMMs alone µs | ratio to PyTorch | must | goal | |
|---|---|---|---|---|---|---|---|---|---|"""


def rivals_of(workload: Workload) -> dict:
    """The rivals that are installed and know this workload."""
    found = {}
    for name in workload.rivals:
        try:
            found[name] = getattr(workload, name)()
        except (ImportError, AttributeError):
            continue
    return found


def row(name: str, workload: Workload) -> str:
    """One line of the table: medians of one interleaved run."""
    times = measure(rivals_of(workload))
    shown = [f"{times[rival]:,.0f}" if rival in times else "–" for rival in workload.rivals]
    if "pytorch" not in times:
        return f"| {name} | {workload.title} | {' | '.join(shown)} | – | {workload.must} | {workload.goal} | |"
    ratio = times["engine"] / times["pytorch"]
    verdict = "goal" if ratio <= workload.goal else "must" if ratio <= workload.must else "too slow"
    return (f"| {name} | {workload.title} | {' | '.join(shown)} | {ratio:.3f} | {workload.must} | {workload.goal} "
            f"| {verdict} |")


def main(names: list[str]) -> None:
    """Measure the named workloads, or all."""
    print(HEAD)
    for name in names or WORKLOADS:
        print(row(name, WORKLOADS[name]()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
