"""Prints a Markdown table; nothing asserts on it."""

import os
import sys

from benchmarks.engine import threads  # noqa: F401  (before NumPy)
from benchmarks.engine.attention import ATTENTION
from benchmarks.engine.images import IMAGES
from benchmarks.engine.measure import measure
from benchmarks.engine.sequences import SEQUENCES
from benchmarks.engine.workloads import WORKLOADS, Workload

ALL = WORKLOADS | IMAGES | SEQUENCES | ATTENTION
COLUMNS = ("engine", "trainer", "pytorch", "scikit_learn", "loops", "gemms")

HEAD = """| | workload | engine µs | Trainer | PyTorch | sklearn | loops | GEMMs alone | ratio | must | goal | |
|---|---|---|---|---|---|---|---|---|---|---|---|"""

#: Settings by which the environment chooses OpenBLAS's kernels: NumPy's products obey them, PyTorch's don't.
PINS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


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
    shown = " | ".join(f"{times[rival]:,.0f}" if rival in times else "–" for rival in COLUMNS)
    ratio = times["engine"] / times[workload.against] if workload.against in times else float("nan")
    verdict = "goal" if ratio <= workload.goal else "must" if ratio <= workload.must else "too slow"
    return (f"| {name} | {workload.title} | {shown} | {ratio:.2g} | {workload.must:.2g} | {workload.goal:.2g} "
            f"| {verdict if ratio == ratio else ''} |")


def main(names: list[str]) -> None:
    """Measure the named workloads, or all."""
    print(HEAD)
    for name in names or ALL:
        print(row(name, ALL[name]()), flush=True)
    pins = ", ".join(f"{name}={os.environ[name]}" for name in PINS if name in os.environ)
    if pins:
        print(f"\n{pins}: NumPy's products are held to these kernels here, PyTorch's are not.")


if __name__ == "__main__":
    main(sys.argv[1:])
