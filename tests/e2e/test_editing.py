"""Layers, data, presets, undo, links and uploads, on the page itself."""

import pytest
from playwright.sync_api import expect

from runs.link import BROKEN, encode
from runs.presets import FIRST, PRESETS
from runs.spec import complete

TWO = {
    "data": {"kind": "circle"},
    "training": {"optimizer": {"kind": "sgd", "lr": 0.1}},
    "seed": 5,
    "network": {"layers": [{"kind": "dense", "units": 6}, {"kind": "dense", "units": 3, "activation": "relu"}]},
}


@pytest.fixture
def two(visitor):
    """The playground with two layers, of 6 and of 3 units."""
    return visitor().open(TWO)


def units(lab) -> list[int]:
    return [layer.get("units", 0) for layer in lab.layers()]


def shown_units(lab) -> list[str]:
    return lab.stage.locator("[data-layer] .ll-size b").all_inner_texts()


def test_more_and_fewer_units(two):
    two.on_card(1, "More units")
    two.until_spec(lambda spec: spec["network"]["layers"][0]["units"] == 7)
    two.on_card(2, "Fewer units")
    two.until_spec(lambda spec: spec["network"]["layers"][1]["units"] == 2)
    assert shown_units(two) == ["7", "2"]


def test_many_quick_clicks_are_all_counted(two):
    two.card(1).hover()
    two.stage.evaluate("""() => {                                   // faster than the run can answer
        for (let i = 0; i < 4; i++) document.querySelector("[data-layer='0'] [aria-label='More units']").click();
    }""")
    for _ in range(4):
        two.on_card(1, "More units")
    two.until_spec(lambda spec: spec["network"]["layers"][0]["units"] == 14)
    assert shown_units(two) == ["14", "3"]


def test_units_do_not_go_below_one(two):
    for _ in range(5):
        two.on_card(2, "Fewer units")
    two.until_spec(lambda spec: spec["network"]["layers"][1]["units"] == 1)
    two.no_traceback()


def test_a_layer_is_added(two):
    two.press("Add a layer at position 2")
    two.page.get_by_role("menuitem").filter(has_text="Dense").first.click()
    two.until_spec(lambda spec: len(spec["network"]["layers"]) == 3)
    assert two.layers()[0]["units"] == 6
    assert two.layers()[2]["units"] == 3
    assert two.cards() == ["Layer 1: Dense", "Layer 2: Dense", "Layer 3: Dense"]
    expect(two.panels.get_by_role("heading", name="Layer 2: Dense")).to_be_visible()
    two.play(steps=20)


def test_a_layer_is_removed(two):
    two.on_card(1, "Remove layer")
    two.until_spec(lambda spec: len(spec["network"]["layers"]) == 1)
    assert units(two) == [3]
    two.on_card(1, "Remove layer")
    two.until_spec(lambda spec: spec["network"]["layers"] == [])
    two.play(steps=20)
    two.no_traceback()


def test_layers_change_places(two):
    two.on_card(1, "Move right")
    two.until_spec(lambda spec: spec["network"]["layers"][0]["units"] == 3)
    two.on_card(2, "Move left")
    two.until_spec(lambda spec: spec["network"]["layers"][0]["units"] == 6)


def test_a_card_is_dragged_to_another_place(two):
    two.card(1).drag_to(two.card(2))
    two.until_spec(lambda spec: spec["network"]["layers"][0]["units"] == 3)


def test_layers_are_edited_while_it_plays(two):
    two.play(steps=20)
    two.on_card(1, "More units")
    two.until_spec(lambda spec: spec["network"]["layers"][0]["units"] == 7)
    two.until("stage.dataset.status === 'playing' && Number(stage.dataset.step) > 50")


def test_a_card_opens_its_knobs(two):
    expect(two.panels.get_by_role("heading", name="Layer 1: Dense")).to_be_visible()
    two.card(2).click()
    expect(two.panels.get_by_role("heading", name="Layer 2: Dense")).to_be_visible()
    two.choose("Activation", "Sigmoid")
    two.until_spec(lambda spec: spec["network"]["layers"][1]["activation"] == "sigmoid")


def test_a_layer_that_does_not_fit_says_why_and_nothing_trains(two):
    two.press("Add a layer at position 1")
    two.page.get_by_role("menuitem").filter(has_text="Convolution").first.click()
    expect(two.stage.get_by_role("status")).to_be_visible()
    two.press("Play")
    two.page.wait_for_timeout(300)
    assert two.now()["status"] == "paused"
    two.settled()
    two.on_card(1, "Remove layer")
    two.until_spec(lambda spec: len(spec["network"]["layers"]) == 2)
    expect(two.stage.get_by_role("status")).to_be_hidden()
    two.play(steps=20)


def test_data_is_switched_in_the_gallery(lab):
    for kind in ("spiral", "iris", "diabetes", "digits"):
        lab.pick(kind)
        lab.until_spec(lambda spec, kind=kind: spec["data"]["kind"] == kind)
        lab.press("Rewind")
        lab.until("Number(stage.dataset.step) === 0 && stage.dataset.status === 'paused'")
        lab.play(steps=20)
        lab.no_traceback()


def test_undo_and_redo(two):
    two.on_card(1, "More units")
    two.until_spec(lambda spec: spec["network"]["layers"][0]["units"] == 7)
    two.pick("xor")
    two.until_spec(lambda spec: spec["data"]["kind"] == "xor")
    two.press("Undo")
    two.until_spec(lambda spec: spec["data"]["kind"] == "circle")
    two.press("Undo")
    two.until_spec(lambda spec: spec["network"]["layers"][0]["units"] == 6)
    expect(two.stage.locator("[data-layer='0'] .ll-size b")).to_have_text("6")
    two.press("Redo")
    two.until_spec(lambda spec: spec["network"]["layers"][0]["units"] == 7)
    two.press("Redo")
    two.until_spec(lambda spec: spec["data"]["kind"] == "xor")
    expect(two.button("Redo")).to_be_disabled()


def test_the_address_is_a_link_that_brings_the_run_back(two, visitor):
    two.on_card(1, "More units")
    two.until_spec(lambda spec: spec["network"]["layers"][0]["units"] == 7)
    two.page.reload()
    two.ready()
    assert two.layers()[0]["units"] == 7
    assert shown_units(two) == ["7", "3"]
    first = two.now()["loss"]
    other = visitor()
    other.page.goto(two.page.url)
    other.ready()
    assert other.spec() == two.spec()
    assert other.now()["loss"] == first


def test_share_shows_the_link(two):
    two.press("Share")
    expect(two.page.get_by_test_id("stPopoverBody").get_by_text("run=").first).to_be_visible()


LINKS = {
    "cut": encode(complete(TWO))[:-9],
    "not one": "hello",
    "bomb": "A" * 13_000,
    "absurd units": encode(TWO | {"network": {"layers": [{"kind": "dense", "units": 10**9}]}}),
    "absurd data": encode(TWO | {"data": {"kind": "circle", "noise": "loud"}}),
    "unknown": encode(TWO | {"network": {"layers": [{"kind": "teleport"}]}}),
}


@pytest.mark.parametrize("name", list(LINKS))
def test_a_link_edited_by_hand_is_a_sentence_and_the_page_works(visitor, name):
    lab = visitor().open(query=LINKS[name])
    told = lab.page.get_by_role("alert").first
    expect(told).to_be_visible()
    assert "Traceback" not in told.inner_text()
    if name in ("cut", "not one", "bomb"):
        expect(told).to_contain_text(BROKEN)
    lab.no_traceback()
    assert lab.spec() == complete(PRESETS[FIRST].spec)
    lab.play(steps=20)


# -- what is refused

TEXTS = {"data": {"kind": "reviews", "collection": "rotten_tomatoes", "reviews": 400, "vocabulary": 300, "length": 20},
         "network": {"layers": [{"kind": "embedding", "dim": 8}, {"kind": "mean_over_time"}]}}
HOUSES = ("id,when,city,size,price\n" + "\n".join(
    f"{i},2020-01-{i % 28 + 1:02d},{'![x](http://example.org/a.png)' if i % 3 else 'Rome'},{i * 3 % 50},{i * 37 % 91}.5"
    for i in range(1, 121))).encode()


def test_a_table_uploaded_into_a_text_network_leaves_nothing_of_it(visitor):
    lab = visitor().open(TEXTS)
    asked = []
    lab.page.on("request", lambda request: asked.append(request.url))
    lab.upload(HOUSES)
    lab.until_spec(lambda spec: spec["data"]["kind"] == "csv")
    lab.wait(lambda: lab.cards() == ["Layer 1: Dense"])
    confusion = lab.stage.locator("[data-view=confusion] .ytick text")
    expect(confusion).to_have_text(["Rome", "![x](http://…"])
    expect(lab.stage.locator(".ll-notice")).to_be_hidden()
    expect(lab.stage.locator(".ll-end").first).to_contain_text("mine.csv")
    badge = lab.button("2 notes")
    expect(lab.stage.get_by_text("Column 'when' was left out")).to_be_hidden()
    badge.click()
    expect(lab.stage.get_by_text("Column 'when' was left out")).to_be_visible()
    badge.press("Escape")
    expect(badge).to_have_attribute("aria-expanded", "false")
    expect(lab.panels.get_by_text("Column 'when' was left out")).to_be_visible()
    lab.choose("Column to predict", "price")
    expect(lab.stage.locator("[data-number=score]")).not_to_have_text("–")
    expect(lab.stage.locator("[data-view=fit]")).to_be_visible()
    assert not any("example.org" in url for url in asked)
    lab.no_traceback()


def test_what_does_not_fit_is_said_once_and_takes_the_old_numbers_away(two):
    two.play(steps=20)
    two.pause()
    two.stage.get_by_role("tab", name="Cost").click()
    expect(two.stage.locator(".ll-panel .ll-table")).to_be_visible()
    two.press("Add a layer at position 2")
    two.stage.get_by_role("menuitem", name="Convolution").first.click()
    two.until_spec(lambda spec: len(spec["network"]["layers"]) == 3)
    reason = "Layer 2: Convolution does not fit."
    expect(two.stage.locator(".ll-notice")).to_contain_text(reason)
    expect(two.page.get_by_text("Convolution needs a picture")).to_have_count(1)
    expect(two.card(2)).to_contain_text("Does not fit")
    for number in ("step", "train", "test", "score"):
        expect(two.stage.locator(f".ll-bar [data-number={number}]")).to_have_text("–")
    expect(two.stage.locator(".ll-panel .ll-table")).to_have_count(0)
    expect(two.stage.locator(".ll-panel")).to_contain_text("nothing to look at until the layers fit")
    two.press("Undo")
    expect(two.stage.locator(".ll-notice")).to_be_hidden()
    expect(two.stage.locator(".ll-panel .ll-table")).to_be_visible()


def test_a_refused_loss_is_said_once_and_the_old_one_stands(visitor):
    lab = visitor().open({"data": {"kind": "iris"}})
    lab.play(steps=5)
    at = lab.pause()["step"]
    lab.choose("Loss", "Mean absolute error")
    expect(lab.page.get_by_text("does not fit this data")).to_have_count(1)
    assert lab.spec()["training"]["loss"] == "auto"
    assert lab.now()["step"] == at
