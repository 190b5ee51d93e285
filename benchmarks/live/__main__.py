"""Prints a Markdown table; nothing asserts on it. `python -m benchmarks.live`, or with the names of some parts."""

import sys
import time
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from statistics import median, quantiles

import psutil
from playwright.sync_api import Browser, sync_playwright

import engine
from benchmarks.live.alone import Alone
from benchmarks.live.page import LOOK, REACH, Measured, cpu
from runs.presets import FIRST, PRESETS
from scripts.browser import MISSING, find
from scripts.server import Server
from ui.scales import positions

Row = tuple[str, str, str]                     # what, measured, what is asked for
parts: dict[str, Callable[["Bench"], Iterator[Row]]] = {}
RATE = "knob_training_optimizer_lr"
LR = engine.optimizers.lookup("sgd").knobs["lr"]


def part(function: Callable) -> Callable:
    parts[function.__name__] = function
    return function


class Bench:
    """A browser and a server, and a fresh page for each measurement."""

    def __init__(self, browser: Browser, server: Server):
        self.browser, self.server = browser, server
        self.context = browser.new_context(viewport={"width": 1440, "height": 900})

    def page(self) -> Measured:
        return Measured(self.context.new_page(), self.server.url)

    def first(self) -> Measured:
        """The first preset, settled."""
        page = self.page().open(PRESETS[FIRST].spec)
        page.settle()
        return page


@part
def start(bench: Bench) -> Iterator[Row]:
    """Must come first: it times the server that has just been started, with an empty cache."""
    page = bench.page().open()
    yield "server start to first live frame", f"{time.perf_counter() - bench.server.started:.1f} s", "≤ 3 s"
    page.page.close()
    times = []
    for _ in range(5):
        began = time.perf_counter()
        page = bench.page().open()
        times.append(time.perf_counter() - began)
        page.page.close()
    yield "page load, from the browser's cache", f"{median(times):.2f} s (max {max(times):.2f})", ""


@part
def frames(bench: Bench) -> Iterator[Row]:
    page = bench.first()
    page.play()
    page.watch("frames", 2)                                    # the first seconds warm everything up
    seen = page.watch("frames", 10)
    gaps = [after[0] - before[0] for before, after in pairwise(seen)]
    rate = 1000 * len(gaps) / (seen[-1][0] - seen[0][0])
    yield "frames a second while it trains flat out", f"{rate:.0f}", "≥ 50 (goal 55)"
    yield "gap between frames: median, p95", f"{median(gaps):.0f} ms, {quantiles(gaps, n=20)[-1]:.0f} ms", "p95 ≤ 25 ms"
    looked, blank, dim = page.page.evaluate(LOOK, 5)
    yield "pictures blank, dimmed", f"{blank} and {dim} of {looked}", "0"
    page.page.close()


@part
def slider(bench: Bench) -> Iterator[Row]:
    page = bench.first()
    page.play()
    page.watch("frames", 2)
    waits, moved, during = [], 0, 0
    for by in (-120, 120, -120):
        moves, shown, released = page.drag(RATE, by, moves=50, pause=30)
        stops = positions(LR, None)
        moves = [next(same) for _, same in groupby(moves, key=lambda move: move[1])]
        expected = [(at, stops[round(position)]) for at, position in moves if at <= released]
        for i, (at, _) in enumerate(expected):
            later = {value for _, value in expected[i:]}       # a newer value may overtake it: then it is shown, too
            arrived = next((when for when, lr in shown if when >= at and lr in later), None)
            moved += 1
            if arrived is not None:
                waits.append(arrived - at)
                during += arrived <= released
        page.settle()
    p95 = quantiles(waits, n=20)[-1]
    yield ("learning-rate slider to first frame", f"median {median(waits):.0f} ms, p95 {p95:.0f} ms, "
           f"max {max(waits):.0f} ms ({moved} moves)", "median ≤ 80 ms (goal 60)")
    yield "moves of a drag that arrive during it", f"{100 * during / moved:.0f} %", "≥ 90 %"
    page.page.close()


def busiest(bench: Bench, page: Measured) -> psutil.Process:
    """The worker of a page: of all workers, the one that works while the page plays. The page is paused again."""
    workers = [psutil.Process(pid) for pid in bench.server.workers()]
    before = [cpu([worker]) for worker in workers]
    page.play()
    page.watch("frames", 3)
    page.pause()
    used = [cpu([worker]) - at for worker, at in zip(workers, before, strict=True)]
    return workers[used.index(max(used))]


def rates(worker: psutil.Process, count: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """Steps a second, and steps a second of the worker's CPU time. `count` gives steps and seconds."""
    used, began = cpu([worker]), time.perf_counter()
    steps, seconds = count()
    share = (cpu([worker]) - used) / (time.perf_counter() - began)
    return steps / seconds, steps / seconds / share


@part
def speed(bench: Bench) -> Iterator[Row]:
    """In turns, since the machine's other work comes and goes; by the clock, and by the worker's own CPU time."""
    watched, alone = [], []
    page = bench.first()
    worker = busiest(bench, page)
    for _ in range(4):
        with Alone(PRESETS[FIRST].spec) as run:
            time.sleep(1)
            alone.append(rates(psutil.Process(run.process.pid), lambda run=run: run.steps(4)))
        page.play()
        page.watch("frames", 1)
        watched.append(rates(worker, lambda: page.steps(4)))
        page.pause()
    page.page.close()
    (seen, seen_cpu), (unseen, unseen_cpu) = ([median(column) for column in zip(*rows, strict=True)]
                                              for rows in (watched, alone))
    yield "steps a second, watched; alone in a process", f"{seen:,.0f}; {unseen:,.0f}", ""
    yield "watched / alone", f"{seen / unseen:.2f}", "≥ 0.8 (goal 0.9)"
    yield "the same by the worker's CPU time", f"{seen_cpu / unseen_cpu:.2f}", "≥ 0.8 (goal 0.9)"


@part
def idle(bench: Bench) -> Iterator[Row]:
    page = bench.first()
    worker = busiest(bench, page)
    page.settle()
    page.page.wait_for_timeout(30_000)                         # earlier pages' runs end
    server = psutil.Process(bench.server.process.pid)
    behind = [server, *server.children(recursive=True)]
    driver = [child for child in psutil.Process().children(recursive=True) if child not in behind]
    used = [cpu(behind), cpu(driver)]
    page.page.wait_for_timeout(15_000)
    back, front = cpu(behind) - used[0], cpu(driver) - used[1]
    yield "paused: CPU of server and workers", f"{100 * back / 15:.2f} %", "< 1 %"
    yield "paused: CPU of the browser", f"{100 * front / 15:.2f} %", "< 1 %"
    size = worker.memory_full_info()
    own, resident = size.uss / 1e6, size.rss / 1e6
    yield "memory of a run's process: its own, resident", f"{own:.0f} MB, {resident:.0f} MB", "≤ 60 MB"
    yield "memory of the server, resident", f"{server.memory_info().rss / 1e6:.0f} MB", ""
    page.page.close()


@part
def learning(bench: Bench) -> Iterator[Row]:
    for name, percent, asked in (("Spiral", 95, "≤ 20 s"), ("Digits", 96, "reached"), ("Breast cancer", 95, "reached")):
        times = []
        for seed in range(3):
            page = bench.page().open(PRESETS[name].spec | {"seed": seed})
            page.settle()
            page.page.get_by_role("button", name="Rewind").click()
            page.page.wait_for_timeout(300)
            times.append(page.page.evaluate(REACH, [percent, 60]))
            page.page.close()
        reached = [seconds for seconds in times if seconds is not None]
        shown = f"median {median(reached):.1f} s, max {max(reached):.1f} s" if reached else "not"
        missed = f"; not by {len(times) - len(reached)} of {len(times)}" if len(reached) < len(times) else ""
        yield f"Play to {percent} % on test, {name}, seeds 0 to 2", shown + missed, asked


def main(names: list[str]) -> None:
    """Measure the named parts, or all."""
    program = find()
    if program is None:
        sys.exit(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        with Server() as server:
            bench = Bench(browser, server)
            print("| | measured | asked for |\n|---|---|---|")
            for name in names or parts:
                for what, measured, asked in parts[name](bench):
                    print(f"| {what} | {measured} | {asked} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
