"""Pictures of one example as a person reads them: a series over its time axis, and attention over the real words."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import datasets
from engine import Trainer
from runs.spec import complete

WAVES = {"data": {"kind": "sine_mix", "ahead": 3}, "seed": 2, "network": {"layers": [{"kind": "lstm", "units": 5}]}}
ADDING = WAVES | {"data": {"kind": "adding"}}
FORMS = WAVES | {"data": {"kind": "series_class"}, "network": {"layers": [{"kind": "rnn", "units": 4}]}}
NAMES = {"data": {"kind": "names_sex"}, "seed": 4, "network": {"layers": [
    {"kind": "embedding", "dim": 8}, {"kind": "transformer_block", "heads": 4, "ff": 8},
    {"kind": "lstm", "units": 3}]}}
AHEAD = NAMES | {"network": {"layers": [
    {"kind": "embedding", "dim": 8}, {"kind": "self_attention", "heads": 2, "causal": True},
    {"kind": "mean_over_time"}]}}

# Keeps what is drawn on each canvas from one clearing to the next: its words, and where pictures and dots stand.
RECORDER = """(() => {
    const kept = new WeakMap();
    const proto = CanvasRenderingContext2D.prototype;
    const drawn = (context) => kept.get(context.canvas) ?? { words: [], pictures: [], dots: [] };
    for (const [name, keep] of [
        ['clearRect', (context) => kept.set(context.canvas, { words: [], pictures: [], dots: [] })],
        ['fillText', (context, text) => drawn(context).words.push(text)],
        ['drawImage', (context, image, ...box) => drawn(context).pictures.push(box)],
        ['arc', (context, x, y) => drawn(context).dots.push([x, y])]]) {
        const own = proto[name];
        proto[name] = function (...given) { keep(this, ...given); return own.apply(this, given); };
    }
    window.drawnOn = (canvas) => kept.get(canvas);
})()"""


@pytest.fixture
def seeing(visitor):
    """Open a run with everything that is drawn on its canvases kept."""

    def open_run(spec: dict, **settings):
        lab = visitor(**settings)
        lab.page.add_init_script(RECORDER)
        return lab.open(spec)

    return open_run


def picture(lab):
    return lab.stage.locator("canvas[data-view=series]")


def drawn(canvas) -> dict:
    return canvas.evaluate("canvas => window.drawnOn(canvas)")


def shown(lab, name: str) -> float:
    text = lab.stage.locator(f".ll-readout [data-number='{name}']").inner_text()
    return float(text.replace("−", "-").split()[0])


def said(lab, name: str) -> float:
    return float(lab.stage.locator(f".ll-series-said [data-number={name}]").inner_text().replace("−", "-"))


def engine_run(spec: dict) -> tuple[Trainer, np.ndarray]:
    """The same run at its beginning, after a forward pass of the first test example; and what it says of it."""
    full = complete(spec)
    trainer = Trainer(full, datasets.load(full["data"], full["seed"]))
    return trainer, trainer.network.forward(trainer.dataset.x_test[:1])[0]


def point(lab, step: int, of: int, y: float) -> None:
    """Point at a step of the series, where the heatmaps begin and end."""
    x, width = drawn(picture(lab))["pictures"][0][0::2][:2]
    picture(lab).hover(position={"x": x + (step + 0.5) / of * width, "y": y})


def test_a_series_its_answer_and_its_gates_stand_over_one_time_axis(seeing):
    lab = seeing(WAVES)
    expect(lab.stage.get_by_role("tab", name="Series")).to_have_attribute("aria-selected", "true")
    expect(lab.stage.locator(".ll-series-said")).to_contain_text("It expects 3 values more")
    trainer, forecast = engine_run(WAVES)
    truth = trainer.dataset.y_test[0]
    assert said(lab, "off") == pytest.approx(np.abs(forecast - truth).mean(), rel=0.01)

    seen = drawn(picture(lab))
    rows = {"Value", "State", "Input gate", "Forget gate", "Candidate", "Output gate", "Cell", "Gradient through time"}
    assert rows | {"step", "1", "40", "unit 1", "5", "Truth", "Forecast"} <= set(seen["words"])
    assert len({(x, width) for x, _, width, _ in seen["pictures"]}) == 1              # six heatmaps, one place
    pitch = seen["pictures"][0][2] / 40
    places = np.array([x for x, _ in seen["dots"][:46]])             # the series, then truth and forecast ahead of it
    np.testing.assert_allclose(places[:40], 58 + (np.arange(40) + 0.5) * pitch, atol=0.01)
    np.testing.assert_allclose(places[40:], np.tile(58 + (np.arange(40, 43) + 0.5) * pitch, 2), atol=0.01)


def test_the_numbers_at_a_step_are_the_engine_s(seeing):
    lab = seeing(WAVES)
    trainer, forecast = engine_run(WAVES)
    layer, x = trainer.network.layers[0], trainer.dataset.x_test[0]
    boxes = drawn(picture(lab))["pictures"]
    _, top, _, tall = boxes[2]                                                     # the forget gate's heatmap
    point(lab, 11, 40, top + 3.5 / 5 * tall)
    expect(lab.stage.locator(".ll-readout [data-number=Step]")).to_have_text("12 of 40")
    expect(lab.stage.locator(".ll-readout [data-number=Unit]")).to_have_text("4 of 5")
    gates = layer.gate_values()[0, 11, :, 3]
    for name, value in (("Value", x[11, 0]), ("State", layer.tape.h[12, 3, 0]), ("Input gate", gates[0]),
                        ("Forget gate", gates[1]), ("Candidate", gates[2]), ("Output gate", gates[3])):
        assert shown(lab, name) == pytest.approx(float(value), rel=2e-3, abs=1e-6), name
    point(lab, 11, 40, 60)                                        # in another row, the same place is the same step
    expect(lab.stage.locator(".ll-readout [data-number=Step]")).to_have_text("12 of 40")
    point(lab, 41, 40, 60)
    expect(lab.stage.locator(".ll-readout [data-number=Step]")).to_have_text("42 of 40, 2 ahead")
    assert shown(lab, "Forecast") == pytest.approx(float(forecast[1]), rel=2e-3)
    assert shown(lab, "Truth") == pytest.approx(float(trainer.dataset.y_test[0, 1]), rel=2e-3)


def test_the_curve_learns_along_and_the_keys_move_the_mark(seeing):
    lab = seeing(WAVES)
    before = shown(lab, "State")
    lab.play(30)
    lab.pause()
    assert shown(lab, "State") != before
    picture(lab).focus()
    step = lab.now()["step"]
    lab.page.keyboard.press("ArrowLeft")
    lab.page.keyboard.press("ArrowDown")
    expect(lab.stage.locator(".ll-readout [data-number=Step]")).to_have_text("39 of 40")
    expect(lab.stage.locator(".ll-readout [data-number=Unit]")).to_have_text("2 of 5")
    assert lab.now()["step"] == step                                               # not the run's time


def test_marks_are_bars_and_the_sum_is_said_in_its_own_units(seeing):
    lab = seeing(ADDING)
    expect(lab.stage.locator(".ll-series-said")).to_contain_text("Sum: it says")
    trainer, answer = engine_run(ADDING)
    mean, std = trainer.dataset.target_scale
    x = trainer.dataset.x_test[0]
    assert said(lab, "truth") == pytest.approx(x[x[:, 1] == 1, 0].sum(), rel=1e-3)
    assert said(lab, "forecast") == pytest.approx(float(answer[0]) * std + mean, rel=1e-3)
    assert {"Number", "Mark"} <= set(drawn(picture(lab))["words"])
    for step in (int(x[:, 1].argmax()), 0):
        point(lab, step, 30, 60)
        expect(lab.stage.locator(".ll-readout [data-number=Step]")).to_have_text(f"{step + 1} of 30")
        assert shown(lab, "Mark") == x[step, 1]
        assert shown(lab, "Number") == pytest.approx(float(x[step, 0]), rel=2e-3)


def test_a_series_is_changed_by_hand_and_the_network_answers(seeing):
    lab = seeing(FORMS)
    sentence = lab.stage.locator(".ll-series-said")
    expect(sentence).to_contain_text("In truth:")
    trainer, logits = engine_run(FORMS)
    shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    best = trainer.dataset.class_names[int(shares.argmax())]
    expect(sentence).to_contain_text(f"It says {best} ({shares.max() * 100:.1f} %)")
    assert "Gradient through time" in drawn(picture(lab))["words"]

    lab.button("Change it by hand").click()
    box = picture(lab).bounding_box()
    lab.page.mouse.move(box["x"] + 200, box["y"] + 60)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 260, box["y"] + 60, steps=4)
    lab.page.mouse.up()
    expect(lab.stage.locator(".ll-example")).to_have_text("your own example")
    expect(sentence).not_to_contain_text("In truth:")
    values = []
    for x in (205, 230, 255):
        picture(lab).hover(position={"x": x, "y": 60})
        lab.page.wait_for_timeout(200)
        values.append(shown(lab, "Value"))
    assert values == [values[0]] * 3                                               # a level line was drawn
    assert "Gradient through time" not in drawn(picture(lab))["words"]              # without a truth there is no loss
    lab.button("Back to the test example").click()
    expect(sentence).to_contain_text("In truth:")


def test_a_series_fits_a_phone(seeing):
    lab = seeing(WAVES, viewport={"width": 390, "height": 844}, color_scheme="dark")
    assert picture(lab).bounding_box()["width"] <= 390
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= 390


# -- attention and gates on text ---------------------------------------------------------------------------------------

def attention(lab, name: str = "1.attention.attention"):
    lab.card(2).click()
    canvas = lab.stage.locator(f"canvas[data-view='{name}']")
    expect(canvas).to_have_attribute("aria-label", re.compile("weights"))
    return canvas


def weights(spec: dict) -> np.ndarray:
    """(heads, T, T) of the first test example, between its real letters."""
    full = complete(spec)
    data = datasets.load(full["data"], full["seed"])
    mask = data.x_test[:1] != data.vocabulary.pad
    network = Trainer(full, data).network
    network.forward(data.x_test[:1], mask=mask)
    view = next(view for view in network.views() if view.name == "1.attention.attention")
    return view.data[0][:, :mask.sum(), :mask.sum()].copy()


def test_attention_has_a_row_for_each_letter_and_a_scale_up_to_its_largest_weight(seeing):
    lab = seeing(NAMES)
    canvas, wanted = attention(lab), weights(NAMES)
    letters = wanted.shape[1]
    label = canvas.get_attribute("aria-label")
    assert f"Attention of 4 heads: {letters} × {letters} weights, the largest {wanted.max():.3g}" == label
    seen = drawn(canvas)
    assert {"0", f"{float(wanted.max()):.3g}", *(f"Head {head}" for head in range(1, 5))} <= set(
        seen["words"])
    assert len(seen["pictures"]) == 4
    x, y, wide, tall = seen["pictures"][1]
    canvas.hover(position={"x": x + 0.5 / letters * wide, "y": y + 1.5 / letters * tall})
    tip = lab.stage.locator(".ll-inspect .ll-tip")
    expect(tip).to_contain_text("Head 2 · ")
    assert float(tip.inner_text().split(" · ")[-1]) == pytest.approx(float(wanted[1, 1, 0]), rel=1e-3)
    assert "may not look there" not in seen["words"]


def test_what_comes_later_is_not_allowed_rather_than_zero(seeing):
    lab = seeing(AHEAD)
    canvas = attention(lab, "1.attention")
    seen = drawn(canvas)
    assert "may not look there" in seen["words"]
    letters = int(re.search(r": (\d+) ×", canvas.get_attribute("aria-label"))[1])
    x, y, wide, tall = seen["pictures"][0]
    tip = lab.stage.locator(".ll-inspect .ll-tip")
    for row, column in ((0, 1), (1, 0)):
        canvas.hover(position={"x": x + (column + 0.5) / letters * wide, "y": y + (row + 0.5) / letters * tall})
        expect(tip).to_contain_text("it comes later" if column > row else "→")


def test_a_head_is_enlarged_by_a_click_and_all_come_back(seeing):
    lab = seeing(NAMES)
    canvas, wanted = attention(lab), weights(NAMES)
    heads = lab.page.get_by_role("group", name="Heads", exact=True)
    small = drawn(canvas)["pictures"][2]

    def enlarge() -> None:
        x, y, wide, tall = drawn(canvas)["pictures"][2]
        canvas.click(position={"x": x + wide / 2, "y": y + tall / 2})
        expect(canvas).to_have_attribute("aria-label", re.compile(f"head 3: .* {float(wanted[2].max()):.3g}$"))

    for back in (lambda: lab.page.keyboard.press("Escape"),
                 lambda: heads.get_by_role("button", name="All heads").click(),
                 lambda: canvas.click(position={"x": 60, "y": 80})):
        enlarge()
        large, = drawn(canvas)["pictures"]
        assert large[2] > small[2]
        expect(heads.get_by_role("button", name="Head 3")).to_have_attribute("aria-pressed", "true")
        back()
        expect(canvas).to_have_attribute("aria-label", re.compile("of 4 heads"))


def test_the_gates_of_a_text_stand_over_its_letters(seeing):
    lab = seeing(NAMES)
    lab.card(3).click(position={"x": 6, "y": 6})
    lab.page.get_by_role("combobox", name="View", exact=True).select_option("2.gates")
    canvas = lab.stage.locator("canvas[data-view='2.gates']")
    lab.wait(lambda: "Forget gate" in (drawn(canvas) or {"words": []})["words"])
    full = complete(NAMES)
    data = datasets.load(full["data"], full["seed"])
    letters = [data.vocabulary.tokens[token] for token in data.x_test[0] if token != data.vocabulary.pad]
    words = drawn(canvas)["words"]
    assert words[-len(letters):] == letters
    x, y, wide, tall = drawn(canvas)["pictures"][0]
    canvas.hover(position={"x": x + wide * 0.01, "y": y + tall / 2})
    expect(lab.stage.locator(".ll-inspect .ll-tip")).to_contain_text(f"“{letters[0]}”, unit 2 · Input gate")
