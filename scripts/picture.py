"""Takes the README's screenshot: the app as it is, in the middle of learning a spiral."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from runs.link import encode
from runs.presets import PRESETS
from runs.spec import complete
from scripts.browser import MISSING, find
from scripts.server import Server

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "playground.png"
ENOUGH = 97.0                      # per cent on test at which the picture is taken


def main() -> None:
    """Open the Spiral preset, let it learn, and keep what the browser shows."""
    program = find()
    if program is None:
        sys.exit(MISSING)
    with Server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
        page.set_default_timeout(120_000)
        page.goto(f"{server.url}/?run={encode(complete(PRESETS['Spiral'].spec))}")
        page.wait_for_function("document.querySelector('[data-testid=stage]')?.dataset.frames > 0")
        page.get_by_role("combobox", name="Preset").click()
        page.get_by_role("option", name="Spiral", exact=True).click()
        page.get_by_text(PRESETS["Spiral"].story[:30]).wait_for()
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_function(f"parseFloat(document.querySelector('[data-number=score]').textContent) >= {ENOUGH}")
        page.wait_for_timeout(1_000)
        page.mouse.move(700, 895)
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
