"""Landscapes: planes through the weights, the loss over them, the run's way on them."""

import numpy as np
import pytest

import engine
from explain.landscape import Losses, Plane, frame, random_plane, widest_plane
from live.worker.commands import handle
from tests.live.asking import ask
from tests.live.runs import everything, losses, session, spec, step

PICTURES = spec(data={"kind": "digits"}, network={"layers": [{"kind": "conv2d", "filters": 3}, {"kind": "flatten"}]})
WORDS = spec(data={"kind": "name_letters"}, network={"layers": [
    {"kind": "embedding", "vocab": 29}, {"kind": "lstm", "units": 4, "return_sequences": True}]})


def run(of: dict | None = None, steps: int = 40):
    new = session(of)
    step(new, steps)
    return new


def whole(answers) -> tuple[dict, dict, np.ndarray]:
    """The first header and arrays, the way's losses among them, and the losses put together by their starts."""
    header, arrays = answers[0]
    arrays["path.loss"] = np.concatenate([part["path.loss"] for _, part in answers if "path.loss" in part])
    found = np.full(arrays["a"].size * arrays["b"].size, np.nan, np.float32)
    for about, part in answers:
        if about["phase"] == "losses":
            found[about["start"]:about["start"] + part["losses"].size] = part["losses"]
    return header, arrays, found.reshape(arrays["b"].size, arrays["a"].size)


@pytest.mark.parametrize("of", [spec(), PICTURES, WORDS], ids=["points", "pictures", "words"])
def test_every_filter_of_a_random_direction_is_as_long_as_the_network_s_own(of):
    network = run(of).trainer.network
    plane, twin = random_plane(network, 3), network.copy()
    for direction in (plane.u, plane.v):
        twin.theta[...] = direction
        for name, d in twin.parameters().items():
            w = network.parameters()[name]
            if w.ndim < 2:
                assert not d.any()
                continue
            axes = (1,) if name.endswith(".E") else tuple(range(w.ndim - 1))
            np.testing.assert_allclose(np.sqrt((d * d).sum(axes)), np.sqrt((w * w).sum(axes)), rtol=1e-4)
    cosine = plane.u @ plane.v / np.linalg.norm(plane.u) / np.linalg.norm(plane.v)
    assert abs(cosine) < 0.9


def test_the_seed_chooses_the_directions():
    network = run().trainer.network
    np.testing.assert_array_equal(random_plane(network, 1).u, random_plane(network, 1).u)
    assert (random_plane(network, 1).u != random_plane(network, 2).u).any()


def test_the_widest_plane_is_that_of_the_singular_vectors():
    thetas = np.random.default_rng(0).standard_normal((12, 50)) * np.linspace(3, 0.1, 50)
    plane = widest_plane(thetas, thetas[-1])
    _, values, directions = np.linalg.svd(thetas - thetas[-1])
    for mine, theirs in ((plane.u, directions[0]), (plane.v, directions[1])):
        np.testing.assert_allclose(np.abs(mine @ theirs), 1, rtol=1e-9)
    assert plane.share == pytest.approx((values[:2] ** 2).sum() / (values**2).sum())


def test_weights_that_lie_in_the_plane_are_their_own_shadows():
    rng = np.random.default_rng(0)
    plane = Plane(*rng.standard_normal((3, 40)))                   # its directions need not be at right angles
    places = rng.standard_normal((7, 2))
    np.testing.assert_allclose(plane.shadows(np.stack([plane.at(*place) for place in places])), places, atol=1e-9)


def test_the_loss_at_a_place_is_the_trainer_s():
    new = run()
    here = new.trainer.network.theta
    assert Losses(new.trainer).at(here) == pytest.approx(new.trainer.evaluate()["train"]["loss"], rel=1e-6)


def test_the_frame_holds_every_place_with_a_margin():
    places = np.array([[0.0, 0.0], [4.0, 0.1]])
    a, b = frame(places, 5)
    assert a[0] < 0 < 4 < a[-1]
    assert b[0] < 0 < 0.1 < b[-1]
    assert (b[-1] - b[0]) > 0.1 * (a[-1] - a[0])                   # a way that is a line still gets a plane
    assert frame(places, 5, 2.0)[0][0] < a[0]


@pytest.mark.parametrize("of", [spec(), PICTURES, WORDS], ids=["points", "pictures", "words"])
@pytest.mark.parametrize("directions", ["random", "path"])
def test_a_landscape_is_the_loss_of_the_weights_at_each_point(of, directions):
    new = run(of)
    header, arrays, found = whole(ask(new, "landscape", directions=directions, resolution=21))
    assert np.isfinite(found).all()
    trainer, origin = new.trainer, new.trainer.network.theta.copy()
    if directions == "random":
        plane = random_plane(trainer.network, 0)
        assert (arrays["a"][0], arrays["a"][-1]) == (-1, 1)
        np.testing.assert_allclose(found[10, 10], header["value"], rtol=1e-5)
    else:
        kept = new.timeline.spread
        thetas = np.stack([kept[k].theta if k in kept else origin for k in arrays["path.step"]])
        plane = widest_plane(thetas, origin)
        np.testing.assert_allclose(arrays["path"], plane.shadows(thetas), atol=1e-4)
    at = Losses(trainer).at
    for row, column in [(0, 0), (3, 17), (20, 20)]:
        expected = at(plane.at(float(arrays["a"][column]), float(arrays["b"][row])))
        np.testing.assert_allclose(found[row, column], expected, rtol=2e-3)
    assert arrays["path.step"][-1] == header["step"] == trainer.steps
    np.testing.assert_allclose(arrays["path.loss"][-1], header["value"], rtol=1e-6)
    np.testing.assert_allclose(arrays["here"], [0, 0], atol=1e-5)


def test_it_comes_in_slices_while_the_run_goes_on(monkeypatch):
    monkeypatch.setattr("explain.landscape.SLICE", 0.0)
    new = run()
    handle(new, {"op": "ask", "instrument": "landscape", "resolution": 21})
    slices = 0
    while new.jobs:
        new.work()
        if slices < 5:
            step(new)
        slices += 1
    assert slices > 400
    assert new.trainer.steps == 45


def test_looking_at_it_changes_nothing():
    watched, alone = run(), run()
    ask(watched, "landscape", resolution=21)
    ask(watched, "landscape", directions="path", resolution=21)
    assert everything(watched) == everything(alone)
    step(watched, 60)
    step(alone, 60)
    assert losses(watched) == losses(alone)


def test_a_run_that_has_gone_nowhere_has_no_directions():
    ((header, _),) = ask(session(spec()), "landscape", directions="path")
    assert "Train some steps first" in header["error"]


def test_while_an_earlier_step_is_shown_the_landscape_is_that_step_s():
    new = run(steps=60)
    handle(new, {"op": "scrub", "step": 20})
    header, arrays, _ = whole(ask(new, "landscape", directions="path", resolution=21))
    assert header["step"] == new.trainer.steps < 60
    assert arrays["path.step"].max() > header["step"]
    assert header["value"] == pytest.approx(Losses(new.trainer).at(new.trainer.network.theta))


@pytest.mark.parametrize("details", [{"resolution": 1000}, {"resolution": "31"}, {"directions": "up"}, {"reach": 1e9},
                                     {"reach": float("nan")}, {"reach": True}, {"seed": -1}, {"seed": "a"},
                                     {"resolution": [31]}, {"directions": ["random"]}])
def test_what_it_cannot_do_is_refused_in_a_sentence(details):
    ((header, _),) = ask(run(), "landscape", **details)
    assert header["error"].endswith(".")


def test_losses_that_are_not_finite_are_sent_as_they_are():
    new = run(spec(data={"kind": "waves"}, network={"layers": [{"kind": "dense", "activation": "relu"}] * 6}))
    new.trainer.network.theta *= 1e6
    _, _, found = whole(ask(new, "landscape", resolution=21, reach=4.0))
    assert not np.isfinite(found).all()
    assert isinstance(new.trainer, engine.Trainer)
