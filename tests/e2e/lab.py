"""The playground as a person uses it: buttons by their names, and what the stage says of the frame it has drawn."""

import json
import math
from collections.abc import Callable
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

import datasets
from runs.link import decode, encode
from runs.spec import complete

PATIENCE = 60  # seconds: far more than anything takes, since the machine may be busy
STAGE = "document.querySelector('[data-testid=stage]')"


def asked_twice(line: ConsoleMessage) -> bool:
    """Streamlit looks for its server below the address of a page first, and then where it is."""
    return "/_stcore/" in line.location.get("url", "")


class Lab:
    """One visitor's page."""

    def __init__(self, page: Page, url: str):
        self.page, self.url = page, url
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(f"{error.message}\n{error.stack}"))
        page.on("console", lambda line: self.wrong.append(line.text) if line.type == "error" and not asked_twice(line)
                else None)

    # -- coming ------------------------------------------------------------------------------------------------------

    def open(self, spec: dict | None = None, query: str | None = None) -> "Lab":
        """Open the playground, at a run where one is given, and wait until it can be used."""
        if spec is not None:
            query = encode(complete(spec))
        self.page.goto(f"{self.url}/?run={query}" if query else self.url)
        return self.ready()

    def visit(self, page: str) -> "Lab":
        """Open another page than the playground, and wait until it can be used."""
        self.page.goto(f"{self.url}/{page}")
        return self.ready()

    def ready(self) -> "Lab":
        """Wait for the first frame and for the script to have run."""
        self.until("Number(stage.dataset.frames) > 0")
        self.settled()
        return self

    def settled(self) -> None:
        """Wait until Streamlit has nothing to do."""
        self.page.wait_for_function(
            "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState !== 'running'"
        )

    # -- looking -----------------------------------------------------------------------------------------------------

    @property
    def panels(self) -> Locator:
        return self.page.locator(".st-key-panels")

    @property
    def stage(self) -> Locator:
        return self.page.get_by_test_id("stage")

    def now(self) -> dict[str, Any]:
        """What the stage says of the frame on it."""
        data = self.stage.evaluate("stage => ({...stage.dataset})")
        numbers = {name: float(data[name]) for name in ("step", "frames", "lr", "loss") if name in data}
        return data | numbers

    def until(self, condition: str) -> dict[str, Any]:
        """Wait for a condition on `stage`, written in JavaScript; what the stage then says."""
        self.page.wait_for_function(f"() => {{ const stage = {STAGE}; return stage && ({condition}); }}")
        return self.now()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait for something outside the page."""
        for _ in range(PATIENCE * 10):
            if condition():
                return
            self.page.wait_for_timeout(100)
        raise TimeoutError("What was waited for has not happened.")

    def spec(self) -> dict:
        """The run in the page's address."""
        return decode(self.page.evaluate("new URLSearchParams(location.search).get('run')"))

    def until_spec(self, condition: Callable[[dict], bool]) -> dict:
        self.wait(lambda: condition(self.spec()))
        self.settled()
        return self.spec()

    def layers(self) -> list[dict]:
        return self.spec()["network"]["layers"]

    def cards(self) -> list[str]:
        """The cards' names, in order."""
        return self.stage.get_by_role("listitem").evaluate_all(
            "cards => cards.map((card) => card.ariaLabel).filter(Boolean)"
        )

    def no_traceback(self) -> None:
        expect(self.page.get_by_test_id("stException")).to_have_count(0)

    # -- doing ---------------------------------------------------------------------------------------------------------

    def button(self, name: str, exact: bool = True) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    def press(self, name: str) -> None:
        self.button(name).click()

    def play(self, steps: int = 1) -> dict[str, Any]:
        """Play, and wait for so many more steps."""
        at = self.now()["step"]
        self.press("Play")
        return self.until(f"stage.dataset.status === 'playing' && Number(stage.dataset.step) >= {at + steps}")

    def pause(self) -> dict[str, Any]:
        self.press("Pause")
        return self.until("stage.dataset.status === 'paused'")

    @property
    def time(self) -> Locator:
        """The slider over the steps of the run."""
        return self.page.get_by_role("slider", name="Time", exact=True)

    def look_back(self, step: int) -> None:
        """Move the time slider to where a step stands on it: even in the logarithm, 0 where a half would be."""
        self.time.fill(f"{math.log10(max(step, 0.5)):.5f}")

    def card(self, number: int) -> Locator:
        return self.stage.locator(f"[data-layer='{number - 1}']")

    def on_card(self, number: int, name: str) -> None:
        """Press a button of a card; its tools show while the pointer is over it."""
        self.card(number).hover()
        self.card(number).get_by_role("button", name=name).click()

    def slider(self, name: str) -> Locator:
        return self.page.get_by_role("slider", name=name)

    def drag(self, name: str, by: float, moves: int = 30, pause: float = 40) -> None:
        """Drag a slider by so many pixels, in so many moves with a pause (ms) between; it stays held."""
        self.slider(name).scroll_into_view_if_needed()
        box = self.slider(name).locator("xpath=../..").bounding_box()  # the thumb around the hidden input
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for move in range(1, moves + 1):
            self.page.mouse.move(x + by * move / moves, y)
            self.page.wait_for_timeout(pause)

    def release(self) -> None:
        self.page.mouse.up()
        self.settled()

    def choose(self, box: str, option: str) -> None:
        """Choose from one of Streamlit's select boxes. Its list closes when the page scrolls, so that comes first."""
        self.settled()
        select = self.page.get_by_role("combobox", name=box)
        select.scroll_into_view_if_needed()
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        select.click()
        self.page.get_by_role("option", name=option, exact=True).click()
        self.settled()

    def pick(self, kind: str) -> None:
        """Choose a data set from the gallery."""
        choice = self.page.get_by_role("radio", name=datasets.sources.lookup(kind).label, exact=True)
        choice.click()
        expect(choice).to_have_attribute("aria-checked", "true")
        self.settled()

    def upload(self, data: bytes, name: str = "mine.csv") -> None:
        """Upload a file as one's own table."""
        group = self.page.get_by_test_id("stExpander").filter(has_text="Your own CSV")
        chooser = group.locator("input[type=file]")
        if not group.locator("details[open]").count():
            group.locator("summary").click()
        chooser.set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})

    def record(self, attribute: str) -> None:
        """Keep every value that an attribute of the stage takes from now on."""
        self.page.evaluate(f"""() => {{
            const stage = {STAGE};
            window.recorded = [stage.dataset[{json.dumps(attribute)}]];
            new MutationObserver(() => {{
                const value = stage.dataset[{json.dumps(attribute)}];
                if (value !== window.recorded.at(-1)) window.recorded.push(value);
            }}).observe(stage, {{ attributes: true, attributeFilter: ["data-{attribute}"] }});
        }}""")

    def recorded(self) -> list[str]:
        return self.page.evaluate("window.recorded")
