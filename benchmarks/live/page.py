"""One page under measurement. What the stage shows is timed inside the page, where it is shown."""

import psutil
from playwright.sync_api import Page

from runs.link import encode
from runs.spec import complete

STAGE = "document.querySelector('[data-testid=stage]')"
PATIENCE = 120                     # seconds until a measurement is given up

#: Keeps [time, value] of an attribute of the stage in window.seen, as often as it changes.
WATCH = """(name) => {
    const stage = document.querySelector('[data-testid=stage]');
    window.seen = [];
    window.watching?.disconnect();
    window.watching = new MutationObserver(() => window.seen.push([performance.now(), stage.dataset[name]]));
    window.watching.observe(stage, { attributes: true, attributeFilter: [`data-${name}`] });
}"""

#: Looks at the output at every frame of the screen: [frames, blank ones, dimmed ones].
LOOK = """async (seconds) => {
    const small = new OffscreenCanvas(8, 8).getContext('2d', { willReadFrequently: true });
    const until = performance.now() + seconds * 1000;
    const found = [0, 0, 0];
    while (performance.now() < until) {
        await new Promise(requestAnimationFrame);
        const canvas = document.querySelector('[data-view=boundary]');
        found[0] += 1;
        if (!canvas?.isConnected || !canvas.width) { found[1] += 1; continue; }
        small.clearRect(0, 0, 8, 8);
        small.drawImage(canvas, 0, 0, 8, 8);
        const pixels = new Uint32Array(small.getImageData(0, 0, 8, 8).data.buffer);
        if (new Set(pixels).size < 3) found[1] += 1;
        let opacity = 1;
        for (let at = canvas; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
        if (opacity < 0.99) found[2] += 1;
    }
    return found;
}"""

#: Keeps [time, position] of a slider's every move in window.moves.
MOVES = """(key) => {
    const input = document.querySelector(`.st-key-${key} input[type=range]`);
    window.moves = [];
    new MutationObserver(() => window.moves.push([performance.now(), Number(input.getAttribute('value'))]))
        .observe(input, { attributes: true, attributeFilter: ['value'] });
}"""

#: Presses Play and resolves with the seconds until the score on screen reaches a percentage; null if it takes too long.
REACH = """([percent, patience]) => new Promise((resolve) => {
    const score = document.querySelector('[data-number=score]');
    const began = performance.now();
    const look = () => {
        const seconds = (performance.now() - began) / 1000;
        if (Number.parseFloat(score.textContent) >= percent) resolve(seconds);
        else if (seconds > patience) resolve(null);
        else requestAnimationFrame(look);
    };
    document.querySelector('[data-testid=stage] .ll-play').click();
    requestAnimationFrame(look);
})"""


class Measured:
    """A page of the app."""

    def __init__(self, page: Page, url: str):
        self.page, self.url = page, url
        page.set_default_timeout(PATIENCE * 1000)

    def open(self, spec: dict | None = None) -> "Measured":
        """Go to a run and wait for its first frame."""
        self.page.goto(f"{self.url}/?run={encode(complete(spec))}" if spec else self.url)
        self.until("Number(stage.dataset.frames) > 0")
        return self

    def until(self, condition: str) -> None:
        self.page.wait_for_function(f"() => {{ const stage = {STAGE}; return stage && ({condition}); }}")

    def settle(self) -> None:
        """Wait until Streamlit has nothing to do."""
        self.page.wait_for_function(
            "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState !== 'running'")
        self.page.wait_for_timeout(1500)

    def play(self, speed: str = "Full speed") -> None:
        self.page.get_by_role("combobox", name="Speed").select_option(speed)
        self.page.get_by_role("button", name="Play", exact=True).click()
        self.until("stage.dataset.status === 'playing' && Number(stage.dataset.step) > 0")

    def pause(self) -> None:
        self.page.get_by_role("button", name="Pause", exact=True).click()
        self.until("stage.dataset.status === 'paused'")

    def watch(self, name: str, seconds: float) -> list[tuple[float, float]]:
        """(milliseconds, value) of an attribute of the stage while it changes."""
        self.page.evaluate(WATCH, name)
        self.page.wait_for_timeout(seconds * 1000)
        return [(at, float(value)) for at, value in self.page.evaluate("window.seen")]

    def steps(self, seconds: float) -> tuple[float, float]:
        """Steps made, and in how many seconds, going by the frames on screen."""
        seen = self.watch("step", seconds)
        return seen[-1][1] - seen[0][1], (seen[-1][0] - seen[0][0]) / 1000

    def drag(self, key: str, by: float, moves: int, pause: float) -> tuple[list, list, float]:
        """Drag a slider: its (time, position), the (time, lr) of frames, and the time when it was let go."""
        thumb = self.page.locator(f".st-key-{key} input[type=range]").locator("xpath=../..").bounding_box()
        x, y = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
        self.page.evaluate(WATCH, "lr")
        self.page.evaluate(MOVES, key)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for move in range(1, moves + 1):
            self.page.mouse.move(x + by * move / moves, y)
            self.page.wait_for_timeout(pause)
        released = self.page.evaluate("performance.now()")
        self.page.wait_for_timeout(500)
        self.page.mouse.up()
        shown = [(at, float(value)) for at, value in self.page.evaluate("window.seen")]
        return self.page.evaluate("window.moves"), shown, released


def cpu(processes: list[psutil.Process]) -> float:
    """Seconds of CPU that these processes have used so far."""
    total = 0.0
    for process in processes:
        try:
            total += sum(process.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total
