"""Play, pause, step, rewind, sliders that act while they move: what a person does with a run."""

import pytest
from playwright.sync_api import expect

from runs.presets import FIRST, PRESETS
from runs.spec import complete


def test_play_trains_and_pause_holds(lab):
    assert (lab.now()["status"], lab.now()["step"]) == ("paused", 0)
    before = lab.now()["loss"]
    lab.play(steps=500)
    at = lab.pause()
    assert at["loss"] < before
    lab.page.wait_for_timeout(500)
    later = lab.now()
    assert (later["step"], later["loss"]) == (at["step"], at["loss"])
    expect(lab.button("Play")).to_be_visible()


def test_frames_keep_coming_while_it_plays(lab):
    lab.play(steps=10)
    frames = lab.now()["frames"]
    lab.until(f"Number(stage.dataset.frames) > {frames + 60}")
    assert lab.now()["status"] == "playing"


def test_step_by_step(lab):
    for step in (1, 2, 3):
        lab.press("Step")
        lab.until(f"Number(stage.dataset.step) === {step}")
    assert lab.now()["status"] == "paused"


def test_rewind_leads_back_to_the_same_beginning(lab):
    first = lab.now()
    lab.play(steps=300)
    lab.press("Rewind")
    again = lab.until("Number(stage.dataset.step) === 0")
    assert (again["status"], again["loss"]) == ("paused", first["loss"])


def test_the_numbers_are_those_of_the_frame(lab):
    lab.press("Step")
    at = lab.until("Number(stage.dataset.step) === 1")
    expect(lab.stage.locator("[data-number=step]")).to_have_text("1")
    expect(lab.stage.locator("[data-number=train]")).to_have_text(f"{at['loss']:.3f}")


def test_keys_play_step_and_rewind(lab):
    lab.page.locator("body").press("Space")
    lab.until("stage.dataset.status === 'playing' && Number(stage.dataset.step) > 0")
    lab.page.locator("body").press("Space")
    at = lab.until("stage.dataset.status === 'paused'")
    lab.page.locator("body").press("ArrowRight")
    lab.until(f"Number(stage.dataset.step) === {at['step'] + 1}")
    lab.page.locator("body").press("Home")
    lab.until("Number(stage.dataset.step) === 0")


def test_the_learning_rate_acts_while_it_is_dragged(lab):
    lab.play(steps=50)
    lab.record("lr")
    lab.drag("Learning rate", by=-100)
    seen = lab.recorded()
    assert len(set(seen)) >= 12, seen
    rates = [float(value) for value in seen]
    assert rates == sorted(rates, reverse=True)
    held = lab.now()
    lab.release()
    assert lab.now()["status"] == "playing"
    spec = lab.until_spec(lambda spec: spec["training"]["optimizer"]["lr"] < 0.1)
    assert spec["training"]["optimizer"]["lr"] == pytest.approx(held["lr"])
    assert lab.now()["step"] > held["step"]
    assert lab.now()["lr"] == held["lr"]


def test_noise_changes_the_points_while_it_is_dragged_and_keeps_the_weights(lab):
    lab.play(steps=100)
    at = lab.pause()
    lab.record("loss")
    lab.drag("Noise", by=90)
    assert len(set(lab.recorded())) >= 5
    lab.release()
    lab.until_spec(lambda spec: spec["data"]["noise"] > 0.2)
    assert lab.now()["step"] == at["step"]


def test_sliders_that_the_page_moves_send_nothing(visitor):
    """A preset moves every slider, and the run hears of it once, as a whole."""
    lab, sent = visitor(), []
    lab.page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(str(data))))
    lab.open()
    lab.choose("Preset", "Too high a learning rate")
    lab.until_spec(lambda spec: spec == complete(PRESETS["Too high a learning rate"].spec))
    lab.settled()
    assert any('"op":"spec"' in data for data in sent)
    assert [data for data in sent if '"op":"set"' in data] == []


def test_a_slider_moves_by_its_keys(lab):
    lab.slider("Batch size").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.until_spec(lambda spec: spec["training"]["batch_size"] == 11)


def test_every_preset_is_loaded_and_plays(lab):
    for name, preset in [*list(PRESETS.items())[1:], (FIRST, PRESETS[FIRST])]:
        lab.choose("Preset", name)
        expect(lab.page.get_by_text(preset.story[:40])).to_be_visible()
        lab.until_spec(lambda spec, preset=preset: spec == complete(preset.spec))
        lab.until("stage.dataset.status === 'paused' && Number(stage.dataset.step) === 0")
        lab.press("Play")
        lab.until("stage.dataset.status === 'diverged' || Number(stage.dataset.step) > 20")
        lab.no_traceback()


def test_a_run_that_diverges_says_why(visitor):
    spec = PRESETS[FIRST].spec | {"data": {"kind": "reg_plane"}, "training": {"optimizer": {"kind": "sgd", "lr": 10.0}}}
    spec["network"] = {"layers": [{"kind": "dense", "units": 8, "activation": "relu"}]}
    lab = visitor().open(spec)
    lab.press("Play")
    lab.until("stage.dataset.status === 'diverged'")
    expect(lab.stage.get_by_role("status")).to_contain_text("learning rate")
    expect(lab.button("Play")).to_be_visible()


def test_charts_are_drawn_and_their_zoom_is_kept(lab):
    lab.play(steps=200)
    curves = lab.stage.locator("[data-view=loss]")
    curves.scroll_into_view_if_needed()
    expect(curves.locator(".scatterlayer .trace").first).to_be_visible()
    lab.page.evaluate("""() => Plotly.relayout(document.querySelector('[data-view=loss]'),
                         { 'xaxis.range': [1, 2], 'xaxis.autorange': false })""")
    at = lab.now()["step"]
    lab.until(f"Number(stage.dataset.step) > {at + 2000}")
    assert lab.page.evaluate("document.querySelector('[data-view=loss]')._fullLayout.xaxis.range") == [1, 2]


def test_pictures_of_neurons_and_of_the_plane_change_as_it_learns(lab):
    picture = "document.querySelector('[data-view=boundary]').toDataURL()"
    before = lab.page.evaluate(picture)
    lab.play(steps=1000)
    lab.pause()
    assert lab.page.evaluate(picture) != before
    names = lab.stage.locator("canvas[data-view]").evaluate_all("all => all.map((canvas) => canvas.dataset.view)")
    assert {"boundary", "network"} <= set(names)
