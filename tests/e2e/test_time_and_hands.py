"""Looking back through a run, and laying hands on it: weights, neurons, layers, filters and heads."""

import math

import pytest
from playwright.sync_api import expect

TWO = {
    "data": {"kind": "circle"},
    "training": {"optimizer": {"kind": "sgd", "lr": 0.1}},
    "seed": 5,
    "network": {"layers": [{"kind": "dense", "units": 4}, {"kind": "dense", "units": 3}]},
}
PICTURES = TWO | {
    "data": {"kind": "digits"},
    "network": {"layers": [{"kind": "conv2d", "filters": 3}, {"kind": "flatten"}]},
}
TEXTS = TWO | {
    "data": {"kind": "names_sex"},
    "network": {
        "layers": [
            {"kind": "embedding", "dim": 8},
            {"kind": "transformer_block", "heads": 2, "ff": 8},
            {"kind": "mean_over_time"},
        ]
    },
}
HASH = """canvas => {
    const bytes = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let hash = 7;
    for (const byte of bytes) hash = (hash * 31 + byte) | 0;
    return hash;
}"""


@pytest.fixture
def two(visitor):
    return visitor().open(TWO)


def picture(lab, name: str = "network") -> int:
    return lab.page.locator(f"canvas[data-view={name}]").evaluate(HASH)


def after_next_frame(lab, action) -> dict:
    at = lab.now()["frames"]
    action()
    return lab.until(f"Number(stage.dataset.frames) > {at}")


def click_neuron(lab, layer: int, unit: int, of: int) -> None:
    """Click a neuron of the diagram: neurons stand below each other under their layer's card."""
    canvas = lab.page.locator("canvas[data-view=network]")
    canvas.scroll_into_view_if_needed()
    box, card = canvas.bounding_box(), lab.card(layer).bounding_box()
    pitch = min(78, (box["height"] - 36) / of)
    y = 14 + (box["height"] - 36 - pitch * of) / 2 + pitch * (unit - 0.5)
    lab.page.mouse.click(card["x"] + card["width"] / 2, box["y"] + y)
    expect(editor(lab)).to_be_visible()


def drawn_view(lab):
    """The canvas of the open view, once something has been drawn on it."""
    canvas = lab.page.locator(".ll-inspect-frame canvas")
    canvas.scroll_into_view_if_needed()
    lab.wait(lambda: canvas.evaluate("canvas => canvas.width") != 300)  # a canvas's width before its first use
    lab.page.wait_for_timeout(300)
    return canvas


def editor(lab):
    return lab.page.get_by_role("group", name="Change by hand")


def checkbox(lab, name: str):
    return editor(lab).get_by_role("checkbox", name=name, exact=True)


def drag(lab, slider, start: float, stop: float, moves: int) -> None:
    """Drag along a slider of the stage, between two shares of its length; it stays held."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    for move in range(moves + 1):
        share = start + (stop - start) * move / moves
        lab.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        if move == 0:
            lab.page.mouse.down()
        lab.page.wait_for_timeout(60)


# -- time --------------------------------------------------------------------------------------------------------------


def test_scrubbing_leads_back_to_the_pictures_of_that_moment(two):
    seen = {}
    for _ in range(6):
        at = after_next_frame(two, lambda: two.press("Step"))
        seen[at["step"]] = (picture(two), picture(two, "boundary"), at["loss"])
    for step in (2, 5, 1):
        back = after_next_frame(two, lambda step=step: two.look_back(step))
        assert back["step"] == step
        assert (picture(two), picture(two, "boundary"), back["loss"]) == seen[step]
    expect(two.stage.get_by_text("Step 1 of 6.")).to_be_visible()
    now = after_next_frame(two, lambda: two.press("Back to now"))
    assert (now["step"], picture(two)) == (6, seen[6][0])
    expect(two.button("Back to now")).to_be_hidden()


def test_dragging_through_time_is_live(two):
    two.play(2000)
    two.pause()
    two.record("step")
    drag(two, two.time, 0.4, 0.8, moves=15)
    shown = [float(step) for step in two.recorded()]
    two.release()
    assert len(set(shown)) > 4
    assert two.now()["status"] == "paused"


def test_dragging_pauses_a_run_that_plays(two):
    two.play(500)
    drag(two, two.time, 0.5, 0.3, moves=4)
    two.release()
    two.until("stage.dataset.status === 'paused'")
    expect(two.button("Back to now")).to_be_visible()


def test_the_left_arrow_goes_one_back_and_the_right_one_goes_on_from_there(two):
    for _ in range(4):
        after_next_frame(two, lambda: two.press("Step"))
    assert after_next_frame(two, lambda: two.page.keyboard.press("ArrowLeft"))["step"] == 3
    assert after_next_frame(two, lambda: two.page.keyboard.press("ArrowLeft"))["step"] == 2
    assert after_next_frame(two, lambda: two.page.keyboard.press("ArrowRight"))["step"] == 3
    expect(two.button("Back to now")).to_be_hidden()
    expect(two.time).to_have_attribute("aria-valuetext", "step 3")
    assert float(two.time.get_attribute("max")) == pytest.approx(math.log10(3))


def test_playing_from_an_earlier_step_goes_on_from_there(two):
    two.play(3000)
    two.pause()
    back = after_next_frame(two, lambda: two.look_back(10))
    assert back["step"] == 10
    two.play(1)
    assert two.pause()["step"] > back["step"]
    expect(two.button("Back to now")).to_be_hidden()


# -- hands -------------------------------------------------------------------------------------------------------------


def test_a_bias_is_changed_undone_and_refused(two):
    after_next_frame(two, lambda: two.press("Step"))
    click_neuron(two, 1, 2, of=4)
    value = editor(two).get_by_role("spinbutton", name="Bias value")
    before, loss = value.input_value(), two.now()["loss"]
    value.fill("3.5")
    assert after_next_frame(two, lambda: value.press("Enter"))["loss"] != loss
    assert two.now()["step"] == 1
    value.blur()
    expect(value).to_have_value("3.5")
    after_next_frame(two, lambda: editor(two).get_by_role("button", name="Undo change").click())
    expect(value).to_have_value(before)
    assert two.now()["loss"] == loss
    value.fill("1e30")
    after_next_frame(two, lambda: value.press("Enter"))
    expect(two.stage.get_by_text("A weight must be a number")).to_be_visible()
    assert two.now()["loss"] == loss
    value.press("Escape")
    expect(editor(two)).to_be_hidden()


def test_a_slider_changes_a_weight_while_it_moves_and_ctrl_z_undoes_it_at_once(two):
    click_neuron(two, 2, 1, of=3)
    loss = two.now()["loss"]
    two.record("loss")
    drag(two, two.slider("Bias value slider"), 0.5, 0.9, moves=8)
    assert len(set(two.recorded())) > 3
    two.page.mouse.up()
    after_next_frame(two, lambda: (editor(two).focus(), two.page.keyboard.press("Control+z")))
    assert two.now()["loss"] == loss


def test_a_neuron_is_switched_off_and_on_while_it_learns(two):
    two.play(300)
    click_neuron(two, 1, 2, of=4)
    checkbox(two, "Switch off").check()
    two.until_spec(lambda spec: spec["network"]["layers"][0]["off"] == [1])
    at = two.now()["step"]
    assert at >= 300
    two.until(f"stage.dataset.status === 'playing' && Number(stage.dataset.step) > {at}")
    expect(two.card(1)).to_contain_text("1 off")
    two.pause()
    two.press("Undo")
    two.until_spec(lambda spec: spec["network"]["layers"][0]["off"] == [])
    expect(checkbox(two, "Switch off")).not_to_be_checked()
    assert two.now()["step"] >= at


def test_a_frozen_layer_carries_a_mark_and_goes_with_the_link(two, visitor):
    two.play(100)
    click_neuron(two, 1, 1, of=4)
    checkbox(two, "Freeze layer").check()
    two.until_spec(lambda spec: spec["network"]["layers"][0]["frozen"])
    expect(two.card(1).get_by_role("img", name="frozen")).to_be_visible()
    expect(two.page.locator(".st-key-knob_network_layers_0_frozen input")).to_be_checked()
    two.pause()
    value = editor(two).get_by_role("spinbutton", name="Bias value")
    before = value.input_value()
    for _ in range(5):
        after_next_frame(two, lambda: two.press("Step"))
    assert value.input_value() == before
    other = visitor().open(two.spec())
    expect(other.card(1).get_by_role("img", name="frozen")).to_be_visible()


def test_a_pixel_of_a_kernel_is_changed_and_its_filter_switched_off(visitor):
    lab = visitor().open(PICTURES)
    lab.page.get_by_role("combobox", name="View", exact=True).select_option("0.kernels")
    drawn_view(lab).click(position={"x": 30, "y": 28})
    loss = lab.now()["loss"]
    value = editor(lab).get_by_role("spinbutton", name="Weight value")
    value.fill("2")
    assert after_next_frame(lab, lambda: value.press("Enter"))["loss"] != loss
    value.blur()
    expect(value).to_have_value("2")
    checkbox(lab, "Switch off").check()
    lab.until_spec(lambda spec: spec["network"]["layers"][0]["off"] == [0])
    assert lab.now()["loss"] != loss


def test_a_head_is_switched_off(visitor):
    lab = visitor().open(TEXTS)
    lab.card(2).click()
    view = lab.page.get_by_role("combobox", name="View", exact=True)
    expect(view).to_have_value("1.attention.attention")
    loss = lab.now()["loss"]
    switches = lab.page.get_by_role("group", name="Heads", exact=True)
    switches.get_by_role("checkbox", name="Switch off head 1").check()
    lab.until_spec(lambda spec: spec["network"]["layers"][1]["off"] == [0])
    lab.until(f"Number(stage.dataset.loss) !== {loss}")
    assert lab.now()["step"] == 0
    drawn_view(lab).click(position={"x": 130, "y": 90})                     # enlarged, it can be switched as well
    switches.get_by_role("checkbox", name="Switch off head 1").uncheck()
    lab.until_spec(lambda spec: spec["network"]["layers"][1]["off"] == [])
    lab.until(f"Number(stage.dataset.loss) === {loss}")


def test_time_and_the_editor_fit_a_phone(visitor):
    lab = visitor(touch=True)
    lab.page.set_viewport_size({"width": 390, "height": 844})
    lab.open(TWO)
    lab.play(200)
    lab.pause()
    click_neuron(lab, 1, 1, of=4)
    box = editor(lab).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert lab.time.bounding_box()["width"] > 150
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= 390
