"""Measure rivals fairly: in turns within one run, in CPU time, and compare medians."""

import gc
import time
from collections.abc import Callable
from statistics import median

SLICE = 0.05           # seconds of one rival's turn
ROUNDS = 15            # turns of each


def measure(rivals: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Median CPU microseconds of one call, for each rival."""
    counts = {}
    for name, call in rivals.items():
        for _ in range(3):                                      # warm up: buffers, caches, lazy imports
            call()
        begin = time.process_time()
        call()
        counts[name] = max(1, int(SLICE / max(time.process_time() - begin, 1e-7)))
    times: dict[str, list[float]] = {name: [] for name in rivals}
    gc.disable()
    for _ in range(rounds):
        for name, call in rivals.items():
            begin = time.process_time()
            for _ in range(counts[name]):
                call()
            times[name].append((time.process_time() - begin) / counts[name] * 1e6)
        gc.collect()
    gc.enable()
    return {name: median(values) for name, values in times.items()}
