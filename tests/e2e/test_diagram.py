"""The diagram is whole at every size, its columns say what they show, and the output answers the example looked at."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_examples import open_panel, scribble

SIZES = {"wide": (1440, 900), "laptop": (1280, 720), "phone": (390, 844)}
EMBED = {"kind": "embedding", "dim": 8}
KINDS = {
    "pictures": {"data": {"kind": "digits"}, "network": {"layers": [
        {"kind": "conv2d", "filters": 4}, {"kind": "max_pool2d"}, {"kind": "conv2d", "filters": 4}, {"kind": "flatten"},
        *(4 * [{"kind": "dense", "units": 8}])]}},
    "series": {"data": {"kind": "sine_mix"}, "network": {"layers": [
        *(6 * [{"kind": "lstm", "units": 4, "return_sequences": True}]), {"kind": "last_step"}]}},
    "texts": {"data": {"kind": "name_letters"}, "network": {"layers": [
        EMBED, {"kind": "positional"}, *(5 * [{"kind": "transformer_block", "causal": True}])]}},
}
#: How many pixels of the column below the last card are drawn on, brackets and words at the foot left out.
INK = """stage => {
  const [canvas, card] = [stage.querySelector("[data-view=network]"), [...stage.querySelectorAll(".ll-card")].at(-1)];
  const ratio = canvas.width / canvas.clientWidth;
  const [left, wide] = [card.offsetLeft, card.offsetWidth].map((size) => Math.round(size * ratio));
  if (left + wide > canvas.width + 2) return -1;
  const { data } = canvas.getContext("2d").getImageData(left, 0, wide, canvas.height - 40 * ratio);
  let ink = 0;
  for (let i = 3; i < data.length; i += 4) ink += data[i] > 0;
  return ink; }"""


def dense(count: int) -> dict:
    return {"data": {"kind": "circle"}, "network": {"layers": count * [{"kind": "dense", "units": 4}]}}


def last_column(lab) -> None:
    """The output column is drawn under its card, and can be brought into sight without moving the page sideways."""
    lab.wait(lambda: lab.stage.evaluate(INK) > 100)
    row = lab.stage.locator(".ll-net-inner")
    row.evaluate("row => { row.scrollLeft = row.scrollWidth; }")
    card, box = lab.stage.locator(".ll-card").last.bounding_box(), row.bounding_box()
    assert box["x"] - 1 <= card["x"] <= card["x"] + card["width"] <= box["x"] + box["width"] + 1
    main = lab.page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


def titles_are_whole(lab) -> None:
    cut = lab.stage.locator(".ll-title").evaluate_all(
        "titles => titles.filter((t) => t.scrollWidth > t.clientWidth + 1 || t.getBoundingClientRect().bottom "
        "> t.closest('.ll-card').getBoundingClientRect().bottom + 1).map((t) => t.textContent)")
    assert cut == []


@pytest.mark.parametrize("size", SIZES)
def test_a_wide_network_is_drawn_to_its_last_column(visitor, size):
    width, height = SIZES[size]
    for count in (5, 8, 12, 20):
        lab = visitor(viewport={"width": width, "height": height}).open(dense(count))
        last_column(lab)
        titles_are_whole(lab)
        more = lab.stage.locator(".ll-net-inner").evaluate("row => row.scrollWidth > row.clientWidth + 2")
        assert more == (size == "phone" and count > 12), "the row is made to fit, down to columns one can tell apart"
        sizing = lab.stage.get_by_role("button", name="Full size")
        sizing.click()
        last_column(lab)
        titles_are_whole(lab)
        row = lab.stage.locator(".ll-net-frame")
        expect(row).to_have_class("ll-net-frame ll-more-left")
        lab.stage.get_by_role("button", name="Fit to width").click()
        lab.page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_of_columns_are_whole_too(visitor, kind):
    lab = visitor(viewport={"width": 1280, "height": 720}).open(KINDS[kind])
    last_column(lab)
    titles_are_whole(lab)


def test_in_a_row_that_was_made_to_fit_all_of_a_card_can_be_reached(visitor):
    lab = visitor().open(dense(8))
    lab.on_card(3, "More units")
    lab.until_spec(lambda spec: spec["network"]["layers"][2]["units"] == 5)
    lab.press("Add a layer at position 9")
    lab.page.get_by_role("menuitem", name="Dropout").first.click()
    lab.until_spec(lambda spec: [layer["kind"] for layer in spec["network"]["layers"][8:]] == ["dropout"])
    lab.on_card(9, "Remove layer")
    lab.until_spec(lambda spec: len(spec["network"]["layers"]) == 8)


def test_the_output_says_what_the_example_panel_says(visitor):
    lab = visitor().visit("digits")
    lab.play(steps=3)
    lab.pause()
    caption = lab.stage.locator(".ll-net .ll-caption")
    expect(caption).to_contain_text("The output answers the example that is looked at")
    expect(caption).to_contain_text("test examples")
    open_panel(lab, "Example")
    diagram = lab.stage.locator("[data-view=network]")

    def agree() -> bool:
        listed = lab.stage.get_by_role("list", name="Answer").get_by_role("listitem").all_inner_texts()
        said = {line.split("\n")[0].strip(): line.split("\n")[-1].strip() for line in listed}
        told = dict(part.split(": ") for part in (diagram.get_attribute("data-answer") or "").split("; ") if part)
        return bool(said) and said == told

    lab.wait(agree)
    before = diagram.get_attribute("data-answer")
    scribble(lab)
    lab.wait(lambda: diagram.get_attribute("data-answer") != before)
    lab.wait(agree)
    assert lab.now()["status"] == "paused"
