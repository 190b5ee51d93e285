"""The window's arithmetic, the loss landscape, the race, the code and the saved pictures, as a person reads them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

import datasets
import engine
from runs.spec import complete

ROOT = Path(__file__).parents[2]
PICTURES = {"data": {"kind": "digits"}, "training": {"batch_size": 32},
            "network": {"layers": [{"kind": "conv2d", "filters": 3, "kernel": 3, "stride": 2}, {"kind": "max_pool2d"},
                                   {"kind": "conv2d", "filters": 2, "padding": "valid", "kernel": 2},
                                   {"kind": "flatten"}]}}
POINTS = {"data": {"kind": "circle"}, "network": {"layers": [{"kind": "dense", "units": 4}]},
          "training": {"optimizer": {"kind": "sgd", "lr": 0.1}}}


def open_panel(lab, name: str) -> None:
    lab.stage.get_by_role("tab", name=name, exact=True).click()


def steps(lab, count: int) -> None:
    for step in range(1, count + 1):
        lab.press("Step")
        lab.until(f"Number(stage.dataset.step) === {step}")


def numbers(lab, key: str) -> list[float]:
    """What stands in a table of numbers or in a line with a number."""
    place = lab.stage.locator(f"[data-number={key}]")
    cells = place.locator("td")
    if cells.count():
        return cells.evaluate_all("cells => cells.map((cell) => Number(cell.dataset.value))")
    return [float(place.inner_text().replace("−", "-"))]


def engine_after(spec: dict, count: int) -> tuple[engine.Network, np.ndarray]:
    """The same run without a page, after a forward pass of the first test example."""
    full = complete(spec)
    dataset = datasets.load(full["data"], full["seed"])
    trainer = engine.Trainer(full, dataset)
    for _ in range(count):
        trainer.step()
    trainer.network.forward(dataset.x_test[:1])
    return trainer.network, dataset.x_test[:1]


def at(lab) -> tuple[int, int]:
    label = lab.stage.locator("[data-view=window-map]").get_attribute("aria-label")
    return tuple(int(n) - 1 for n in re.search(r"row (\d+), column (\d+)", label).groups())


def choose_layer(lab, name: str) -> None:
    lab.stage.get_by_label("Layer with a window").select_option(name)
    expect(lab.stage.locator("[data-number=answer]")).to_be_visible()
    lab.page.wait_for_timeout(300)


def test_the_arithmetic_of_a_window_is_the_engine_s(visitor):
    lab = visitor().open(PICTURES)
    steps(lab, 3)
    network, x = engine_after(PICTURES, 3)
    open_panel(lab, "Window")
    for name, before in (("0", x), ("2", network.layers[1].a)):
        choose_layer(lab, name)
        layer = network.layers[int(name)]
        lab.stage.get_by_label("Channel of the answer").select_option("1")
        picture = lab.stage.locator("[data-view=window-map]")
        picture.hover(position={"x": 8, "y": 8})
        assert at(lab) == (0, 0)
        picture.focus()
        for key in ("ArrowRight",) * (layer.a.shape[2] > 1):
            lab.page.keyboard.press(key)
        row, column = at(lab)
        window, kernel, products = (numbers(lab, key) for key in ("window", "kernel", "products"))
        np.testing.assert_allclose(np.multiply(window, kernel), products, atol=1e-5)
        k, s, p = layer.kernel, layer.stride, layer.pad
        padded = np.pad(before[0], ((p, p), (p, p), (0, 0)))[row * s:row * s + k, column * s:column * s + k, 0]
        np.testing.assert_allclose(window, padded.ravel(), atol=1e-5)
        np.testing.assert_allclose(kernel, layer.W[..., 0, 1].ravel(), atol=1e-5)
        assert numbers(lab, "channel-sum")[0] == pytest.approx(sum(products), abs=1e-5)
        assert numbers(lab, "sum")[0] == pytest.approx(layer.z[0, row, column, 1], abs=1e-5)
        assert numbers(lab, "answer")[0] == pytest.approx(layer.a[0, row, column, 1], abs=1e-5)
    assert lab.now()["step"] == 3                                    # the arrow keys moved the window, not the run


def test_a_pool_shows_which_pixel_won(visitor):
    lab = visitor().open(PICTURES)
    network, _ = engine_after(PICTURES, 0)
    open_panel(lab, "Window")
    choose_layer(lab, "1")
    row, column = at(lab)
    window = numbers(lab, "window")
    winner = lab.stage.locator("[data-number=window] .ll-winner")
    assert float(winner.get_attribute("data-value")) == max(window)
    assert numbers(lab, "answer")[0] == pytest.approx(network.layers[1].a[0, row, column, 0], abs=1e-5)


def test_without_pictures_the_window_says_what_to_add(lab):
    open_panel(lab, "Window")
    expect(lab.stage).to_contain_text("No layer here has a window")


def landscape(lab):
    return lab.stage.locator("[data-view=landscape]")


def whole(lab) -> None:
    """Wait until the landscape has been computed and drawn."""
    lab.page.wait_for_function("""() => {
        const plot = document.querySelector('[data-view=landscape]');
        const z = plot?.data?.[0]?.z;
        return z && z.every((row) => row.every((value) => value !== null));
    }""")


def test_a_landscape_has_the_run_on_it_and_the_run_goes_on(visitor):
    lab = visitor().open(POINTS)
    lab.play(200)
    open_panel(lab, "Landscape")
    whole(lab)
    before = lab.now()["step"]
    lab.stage.get_by_label("Directions", exact=True).select_option("path")
    lab.until(f"Number(stage.dataset.step) > {before + 100}")
    whole(lab)
    lab.pause()
    lab.press("Compute again")
    step = lab.now()["step"]
    expect(lab.stage).to_contain_text(f"Step {step:,.0f}, loss")
    whole(lab)
    path, here = landscape(lab).evaluate("plot => [plot.data[2], plot.data[3]].map(({x, y}) => [x.at(-1), y.at(-1)])")
    assert path == pytest.approx(here, abs=1e-4)
    lab.stage.get_by_label("Resolution").select_option("21")
    lab.page.wait_for_function("document.querySelector('[data-view=landscape]').data[0].z.length === 21")
    whole(lab)


def test_a_surface_or_the_map_in_its_place(visitor):
    lab = visitor().open(POINTS)
    steps(lab, 1)
    open_panel(lab, "Landscape")
    whole(lab)
    lab.stage.get_by_label("Picture", exact=True).select_option("surface")
    able = lab.page.evaluate("Boolean(document.createElement('canvas').getContext('webgl'))")
    expect(landscape(lab)).to_have_attribute("data-form", "surface" if able else "contour")
    if not able:
        expect(lab.stage).to_contain_text("WebGL is off")


def test_followed_it_keeps_up_with_the_run(visitor):
    lab = visitor().open(POINTS)
    open_panel(lab, "Landscape")
    whole(lab)
    lab.stage.get_by_label("Follow the run").check()
    lab.play(300)
    lab.pause()
    expect(lab.stage).to_contain_text(f"Step {lab.now()['step']:,.0f}, loss")


def test_a_race_ends_with_a_winner_and_leaves_the_run_alone(visitor):
    lab = visitor().open(POINTS)
    steps(lab, 2)
    open_panel(lab, "Race")
    lab.press("Add an optimizer")
    lab.stage.get_by_label("Optimizer 4").select_option("adam")
    lab.stage.get_by_label("Learning rate 4").fill("0.05")
    lab.stage.get_by_label("Steps", exact=True).fill("60")
    lab.press("Race")
    expect(lab.stage).to_contain_text("After 60 steps")
    rows = lab.stage.locator(".ll-panel table tr")
    expect(rows).to_have_count(5)
    losses = [float(text) for text in rows.locator("td:nth-child(3)").all_inner_texts()]
    assert losses == sorted(losses)
    drawn = lab.stage.locator("[data-view=race]").evaluate("plot => plot.data.map(({x}) => x.at(-1))")
    assert drawn == [60] * 4
    assert lab.now()["step"] == 2


def test_the_code_on_the_page_gives_the_loss_on_the_page(visitor, tmp_path):
    lab = visitor().open(POINTS)
    lab.play(300)
    shown = lab.pause()
    open_panel(lab, "Code")
    code = lab.stage.get_by_label("Code", exact=True)
    expect(code).to_contain_text(f"train_until({shown['step']:.0f})")
    path = tmp_path / "run.py"
    path.write_text(code.inner_text(), encoding="utf-8")
    done = subprocess.run([sys.executable, path], cwd=ROOT,
                          env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert f"train loss {lab.now()['loss']!r}" in done.stdout, done.stderr
    lab.stage.get_by_label("Language").select_option("torch")
    expect(code).to_contain_text("class Net(nn.Module)")
    with lab.page.expect_download() as saved:
        lab.stage.get_by_role("button", name="Save as a file").click()
    assert saved.value.suggested_filename == "network_torch.py"
    expect(lab.stage.get_by_role("button", name="Save the data")).to_be_hidden()


def test_the_data_of_a_pytorch_script_that_is_too_large_for_it_is_saved_beside_it(visitor, tmp_path):
    lab = visitor().open({"data": {"kind": "digits"}, "network": {"layers": [{"kind": "flatten"}]}})
    open_panel(lab, "Code")
    lab.stage.get_by_label("Language").select_option("torch")
    with lab.page.expect_download() as saved:
        lab.stage.get_by_role("button", name="Save the data").click()
    assert saved.value.suggested_filename == "data.npz"
    saved.value.save_as(tmp_path / "data.npz")
    assert np.load(tmp_path / "data.npz")["x_train"].shape[1:] == (8, 8, 1)
    expect(lab.stage.get_by_text("Keep data.npz beside the script.")).to_be_visible()


def test_every_picture_can_be_saved(visitor, tmp_path):
    lab = visitor().open(POINTS)
    steps(lab, 2)
    open_panel(lab, "Landscape")
    whole(lab)
    lab.page.wait_for_timeout(500)
    names = set()
    buttons = lab.stage.get_by_role("button", name="Save as PNG")
    pictures = lab.stage.locator("canvas[data-view], .ll-plot[data-view]")
    assert buttons.count() == sum(pictures.nth(i).is_visible() for i in range(pictures.count())) >= 4
    for i in range(buttons.count()):
        with lab.page.expect_download() as saved:
            buttons.nth(i).click()
        path = tmp_path / str(i)
        saved.value.save_as(path)
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert path.stat().st_size > 1000
        names.add(saved.value.suggested_filename)
    assert {"network-step-2.png", "boundary-step-2.png", "loss-step-2.png", "landscape-step-2.png"} <= names


def test_the_words_of_an_embedding_lie_on_a_map(visitor):
    lab = visitor().open({"data": {"kind": "names_sex"}, "network": {"layers": [
        {"kind": "embedding", "dim": 4, "vocab": 27}, {"kind": "mean_over_time"}]}})
    picture = lab.stage.locator("canvas[data-view='0.map']")
    expect(picture).to_be_visible()
    painted = picture.evaluate("canvas => canvas.toDataURL()")
    lab.play(100)
    lab.pause()
    assert picture.evaluate("canvas => canvas.toDataURL()") != painted
    said = []
    box = picture.bounding_box()
    for y in range(20, int(box["height"]) - 40, 14):
        for x in range(40, int(box["width"]), 28):
            picture.hover(position={"x": x, "y": y})
            text = lab.stage.locator(".ll-inspect .ll-tip").inner_text() if lab.stage.locator(
                ".ll-inspect .ll-tip").is_visible() else ""
            if "near" in text:
                said.append(text)
        if said:
            break
    assert said


def test_nothing_of_the_cost_is_cut_on_a_phone(visitor):
    lab = visitor({"width": 390, "height": 844}).open(POINTS)
    open_panel(lab, "Cost")
    head = lab.stage.get_by_role("heading", name="One step on a batch")
    expect(head).to_contain_text("ms a frame")
    assert head.evaluate("head => head.scrollWidth <= head.clientWidth")
