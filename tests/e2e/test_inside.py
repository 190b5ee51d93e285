"""Looking inside on the page itself: the numbers of a walk and of one step, read off the page, are the engine's."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import datasets
from engine import Trainer
from explain.next_step import rehearse
from runs.spec import complete
from tests.e2e.test_time_and_hands import click_neuron

DENSE = {
    "data": {"kind": "xor"}, "seed": 4,
    "network": {"layers": [{"kind": "dense", "units": 5}, {"kind": "dense", "units": 3, "activation": "sigmoid"}]},
    "training": {"optimizer": {"kind": "adam", "lr": 0.02}, "l2": 0.001, "clip_norm": 0.05},
}
PICTURES = {
    "data": {"kind": "digits"}, "seed": 2, "training": {"optimizer": {"kind": "momentum", "lr": 0.01}},
    "network": {"layers": [{"kind": "conv2d", "filters": 3}, {"kind": "max_pool2d"}, {"kind": "flatten"}]},
}
SERIES = {
    "data": {"kind": "sine_mix"}, "seed": 2, "training": {"optimizer": {"kind": "rmsprop", "lr": 0.001}},
    "network": {"layers": [{"kind": "lstm", "units": 4}]},
}
RUNS = {"dense": DENSE, "pictures": PICTURES, "series": SERIES}


def opened(visitor, spec: dict, tab: str):
    lab = visitor().open(spec)
    lab.page.get_by_role("tab", name=tab, exact=True).click()
    return lab


def number(lab, name: str) -> float:
    """A number of the open panel."""
    shown = lab.stage.locator(f".ll-panel [data-number={name}]")
    expect(shown).to_have_count(1)
    return read(shown.inner_text())


def read(text: str) -> float:
    return float(text.replace("−", "-"))


def engine_run(spec: dict, steps: int) -> Trainer:
    full = complete(spec)
    trainer = Trainer(full, datasets.load(full["data"], full["seed"]))
    for _ in range(steps):
        trainer.step()
    return trainer


def step(lab, count: int) -> None:
    for _ in range(count):
        at = lab.now()["step"]
        lab.press("Step")
        lab.until(f"Number(stage.dataset.step) === {at + 1}")


@pytest.mark.parametrize("kind", RUNS)
def test_one_step_under_the_microscope_agrees_with_the_engine(visitor, kind):
    lab = opened(visitor, RUNS[kind], "Microscope")
    step(lab, 2)
    trainer = engine_run(RUNS[kind], 2)
    rehearsal = rehearse(trainer)
    name = next(iter(rehearsal.network.parameters()))
    gradients = rehearsal.network.gradients()[name]
    index = np.unravel_index(np.abs(gradients).argmax(), gradients.shape)
    lab.page.get_by_label("Parameter").select_option(name)
    lab.wait(lambda: number(lab, "gradient") == pytest.approx(float(gradients[index]), rel=1e-5))
    assert number(lab, "loss") == pytest.approx(rehearsal.value, rel=1e-5)
    assert number(lab, "sum") == pytest.approx(float(gradients[index]), rel=1e-5)

    lab.press("Check by finite differences")
    expect(lab.stage.get_by_text("They agree.")).to_be_visible()
    analytic, numeric = rehearsal.finite_difference(name, index)
    assert number(lab, "numeric") == pytest.approx(numeric, rel=1e-5)
    assert number(lab, "analytic") == pytest.approx(analytic, rel=1e-5)
    assert number(lab, "numeric") == pytest.approx(number(lab, "gradient"), rel=1e-5, abs=1e-7)

    promised = number(lab, "new")
    trainer.step()
    assert promised == pytest.approx(float(trainer.network.parameters()[name][index]), rel=1e-6)
    step(lab, 1)
    lab.wait(lambda: number(lab, "weight") == pytest.approx(promised, rel=1e-6))


def test_a_weight_that_is_clicked_comes_under_the_microscope(visitor):
    lab = visitor().open(DENSE)
    click_neuron(lab, 2, unit=3, of=3)
    lab.press("Under the microscope")
    expect(lab.page.get_by_label("Parameter")).to_have_value("1.b")
    expect(lab.page.get_by_label("unit of the weight")).to_have_value("3")
    bias = engine_run(DENSE, 0).network.parameters()["1.b"][2]
    lab.wait(lambda: number(lab, "weight") == pytest.approx(float(bias), rel=1e-6))


def test_the_products_on_the_page_add_up(visitor):
    lab = opened(visitor, DENSE, "Microscope")
    expect(lab.stage.locator(".ll-panel [data-number=sum]")).to_have_count(1)
    rows = lab.stage.locator(".ll-panel section").nth(1).locator("tr").all()
    products = []
    for row in rows[1:-1]:
        cells = row.locator("td").all_inner_texts()
        products.append(read(cells[-1]))
        if cells[1]:
            _, z, a, x, upstream, slope, dz, product = cells
            assert read(a) == pytest.approx(np.tanh(read(z)), rel=1e-3)
            assert read(upstream) * read(slope) == pytest.approx(read(dz), rel=1e-3)
            assert read(x) * read(dz) == pytest.approx(read(product), rel=1e-3)
    assert len(products) == 9
    assert sum(products) == pytest.approx(number(lab, "sum"), rel=1e-3, abs=1e-6)


def test_an_example_walks_through_the_network(visitor):
    lab = opened(visitor, DENSE | {"data": {"kind": "iris"}}, "Forward")
    stops = lab.stage.get_by_role("group", name="Stops of the walk").get_by_role("button")
    expect(stops).to_have_text(["Input", "1 Dense", "2 Dense", "Output", "Answer"])
    trainer = engine_run(DENSE | {"data": {"kind": "iris"}}, 0)
    logits = trainer.network.forward(trainer.dataset.x_test[:1])
    for layer in trainer.network.layers:
        lab.press("Next layer")
        expect(lab.stage.locator(".ll-panel [data-number=z]")).to_be_visible()
        lab.wait(lambda layer=layer: number(lab, "z") == pytest.approx(float(layer.z[0, 0]), rel=1e-4))
        assert number(lab, "a") == pytest.approx(float(layer.a[0, 0]), rel=1e-4)
    lab.press("Next layer")
    expect(lab.stage.locator(".ll-panel .ll-true")).to_have_count(1)
    loss, _ = trainer.loss(logits, trainer.dataset.y_test[:1])
    assert number(lab, "loss") == pytest.approx(loss, rel=1e-4)
    assert number(lab, "sum") == pytest.approx(float(np.exp(logits - logits.max()).sum()), rel=1e-4)
    cells = lab.stage.locator(".ll-panel td:nth-child(4)").all_inner_texts()
    shares = [read(cell.removesuffix(" %")) for cell in cells]
    assert sum(shares[:-1]) == pytest.approx(100, abs=0.02)


def test_it_walks_by_itself_to_the_answer(visitor):
    lab = opened(visitor, DENSE, "Forward")
    expect(lab.stage.get_by_role("button", name="Input")).to_have_attribute("aria-current", "step")
    lab.press("Walk")
    expect(lab.button("Stop walking")).to_be_visible()
    expect(lab.stage.get_by_role("button", name="Answer")).to_have_attribute("aria-current", "step", timeout=30_000)
    expect(lab.button("Walk")).to_be_visible(timeout=10_000)


def test_gradients_are_measured_only_while_they_are_looked_at(visitor):
    lab = opened(visitor, DENSE, "Gradients")
    picture = lab.stage.locator("canvas[data-view=flow]")
    expect(picture).to_have_attribute("data-values", re.compile(r"\d"))
    values = [float(value) for value in picture.get_attribute("data-values").split()]
    trainer = engine_run(DENSE, 0)
    x, y = trainer.dataset.x_train[:64], trainer.dataset.y_train[:64]
    _, dlogits = trainer.loss(trainer.network.forward(x), y)
    trainer.network.backward(dlogits)
    for i, value in enumerate(values):
        own = [g for name, g in trainer.network.gradients().items() if name.startswith(f"{i}.")]
        assert value == pytest.approx(np.sqrt(sum(float((g ** 2).sum()) for g in own)), rel=1e-4)
    lab.page.get_by_label("Colour edges by gradient").check()
    lab.page.get_by_label("Measure").select_option("Update to weight")
    lab.play(20)
    lab.pause()


def test_a_remedy_is_applied_with_one_click_and_undone(visitor):
    sick = DENSE | {"network": {"layers": [{"kind": "dense", "units": 4}], "initializer": "zeros"}}
    lab = opened(visitor, sick, "Health")
    finding = lab.stage.locator("[data-finding=alike]")
    expect(finding).to_contain_text("All weights began at zero")
    finding.get_by_role("button", name="Begin with the default weights").click()
    lab.until_spec(lambda spec: spec["network"]["initializer"] == "default")
    expect(lab.stage.get_by_text("The run is well")).to_be_visible()
    lab.press("Undo")
    lab.until_spec(lambda spec: spec["network"]["initializer"] == "zeros")
    expect(finding).to_be_visible()


def test_a_run_that_diverges_offers_its_remedy_in_the_notice(visitor):
    wild = {"data": {"kind": "diabetes"}, "training": {"optimizer": {"kind": "sgd", "lr": 5.0}},
            "network": {"layers": [{"kind": "dense", "units": 8, "activation": "linear"}]}}
    lab = visitor().open(wild)
    lab.press("Play")
    lab.until("stage.dataset.status === 'diverged'")
    at = lab.now()
    remedy = lab.stage.locator(".ll-notice").get_by_role("button", name="Lower the learning rate to")
    lower = float(remedy.inner_text().split()[-1])
    remedy.click()
    lab.until_spec(lambda spec: spec["training"]["optimizer"]["lr"] == lower)
    lab.until("stage.dataset.status === 'paused'")
    lab.press("Play")
    after = lab.until(f"stage.dataset.status === 'diverged' || Number(stage.dataset.step) > {at['step'] + 1000}")
    assert after["status"] == "playing"
    assert after["loss"] < at["loss"]
