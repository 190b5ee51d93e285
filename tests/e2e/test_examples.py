"""One example at a time: one's own or a test example, the place on the plane, and what is said of it."""

import re

import pytest
from playwright.sync_api import expect

POINTS = {"data": {"kind": "points"}, "network": {"layers": [{"kind": "dense", "units": 4}]}}
USE_EXAMPLES = {"Forward", "Example", "Words", "Window", "Translate"}
BLOCK = {"data": {"kind": "name_letters"}, "network": {"layers": [
    {"kind": "embedding", "dim": 8}, {"kind": "transformer_block", "causal": True}]}}


def open_panel(lab, name: str) -> None:
    lab.stage.get_by_role("tab", name=name, exact=True).click()


def scribble(lab) -> None:
    field = lab.stage.locator("[data-view=drawing]")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    lab.page.mouse.move(box["x"] + 40, box["y"] + 30)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 120, box["y"] + 130, steps=6)
    lab.page.mouse.up()


def picture(lab) -> str:
    return lab.stage.locator("[data-view=drawing]").evaluate("canvas => canvas.toDataURL()")


def test_the_picture_beside_an_answer_is_the_one_that_it_is_about(visitor):
    lab = visitor().visit("digits")
    said = lab.stage.locator(".ll-said")
    expect(said).to_contain_text("Test example 1 of")
    first = picture(lab)
    scribble(lab)
    expect(said).to_contain_text("Your drawing")
    mine = picture(lab)
    assert mine != first
    lab.press("Next example")
    expect(said).to_contain_text("Test example 1 of")
    lab.wait(lambda: picture(lab) == first)
    lab.press("Back to your drawing")
    expect(said).to_contain_text("Your drawing")
    lab.wait(lambda: picture(lab) == mine)


def test_a_text_that_rests_is_kept(visitor):
    lab = visitor().open({"data": {"kind": "names_sex"}, "network": {"layers": [
        {"kind": "embedding", "dim": 4}, {"kind": "mean_over_time"}]}})
    open_panel(lab, "Example")
    box = lab.stage.get_by_role("textbox", name="Your own text", exact=True)
    box.fill("grace")
    expect(lab.stage.locator(".ll-said")).to_contain_text("Your text")
    lab.press("Next example")
    expect(box).to_have_class(re.compile("ll-resting"))
    expect(box).to_have_value("grace")
    lab.press("Back to your text")
    expect(lab.stage.locator(".ll-words")).to_have_text("grace")
    expect(box).not_to_have_class(re.compile("ll-resting"))


@pytest.mark.parametrize("of", [None, BLOCK], ids=["plane", "text"])
def test_the_picker_of_examples_stands_only_over_what_uses_it(visitor, of):
    lab = visitor().open(of)
    picker = lab.stage.get_by_role("button", name="Next example")
    tabs = lab.stage.get_by_role("tablist", name="Inspect").get_by_role("tab")
    for i in range(tabs.count()):
        if tabs.nth(i).is_visible() and tabs.nth(i).inner_text() != "Views":
            tabs.nth(i).click()
            expect(picker).to_be_visible(visible=tabs.nth(i).inner_text() in USE_EXAMPLES)


def test_a_place_on_the_output_is_asked_about(lab):
    open_panel(lab, "Example")
    plane = lab.stage.locator("[data-view=boundary]")
    plane.click(position={"x": 120, "y": 60})
    expect(lab.stage.locator(".ll-said")).to_contain_text("The place that you chose")
    open_panel(lab, "Health")
    plane.click(position={"x": 60, "y": 120})
    open_panel(lab, "Example")
    expect(lab.stage.locator(".ll-said")).to_contain_text("The place that you chose")
    lab.press("Next example")
    expect(lab.stage.locator(".ll-said")).to_contain_text("Test example 1 of")


def colour_at(lab, x: int, y: int) -> str:
    """The colour of the output at a place, as CSS has it."""
    r, g, b = lab.stage.locator("[data-view=boundary]").evaluate("""(canvas, [x, y]) => {
        const ratio = canvas.width / canvas.clientWidth;
        return [...canvas.getContext("2d").getImageData(x * ratio, y * ratio, 1, 1).data].slice(0, 3); }""", [x, y])
    return f"rgb({r}, {g}, {b})"


def test_each_class_of_one_s_own_points_has_a_colour_of_its_own_and_clear_clears(visitor):
    lab = visitor().open(POINTS)
    places = [(80, 60), (200, 60), (80, 180), (200, 180), (140, 60), (140, 180)]
    lab.press("Clear")
    expect(lab.stage.get_by_text("two points are enough")).to_be_visible()
    surface = colour_at(lab, *places[0])
    assert all(colour_at(lab, x, y) == surface for x in range(50, 250, 10) for y in range(10, 250, 10))
    lab.press("Play")
    expect(lab.stage.get_by_role("status").filter(has_text="two points are enough")).to_be_visible()
    assert lab.now()["status"] == "paused"
    for i, (x, y) in enumerate(places):
        swatch = lab.stage.get_by_role("radio", name=f"Class {i + 1}", exact=True)
        swatch.click()
        colour = swatch.evaluate("button => getComputedStyle(button).backgroundColor")
        lab.stage.locator("[data-view=boundary]").click(position={"x": x, "y": y})
        lab.wait(lambda x=x, y=y, colour=colour: colour_at(lab, x, y) == colour)
    assert len({colour_at(lab, *place) for place in places}) == 6
    spec = lab.until_spec(lambda spec: len(spec["data"]["points"]) == 6)
    assert [label for *_, label in spec["data"]["points"]] == [0, 1, 2, 3, 4, 5]
    lab.play(steps=5)


def test_views_of_a_block_stand_in_groups_with_names(visitor):
    lab = visitor().open(BLOCK)
    lab.card(2).click()
    groups = lab.stage.get_by_label("View", exact=True).locator("optgroup")
    expect(groups).to_have_count(5)
    assert groups.evaluate_all("all => all.map(({label}) => label)").count("attention") == 1
    names = groups.first.locator("option").all_inner_texts()
    assert len(set(names)) == len(names)


def test_a_mistake_reads_as_a_sentence(visitor):
    lab = visitor().visit("digits")
    open_panel(lab, "Mistakes")
    expect(lab.stage.locator(".ll-mistake").first).to_have_text(re.compile(r"^says \d \(\d+\.\d %\), truly \d"))
