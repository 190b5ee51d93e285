"""The example that is looked at: where it lies, what is true of it, and views in groups."""

import numpy as np
import pytest

from live.worker.commands import handle
from tests.live.runs import frame, messages, scene, session, spec


def looked_at(run) -> dict:
    """What the page hears of the example in detail."""
    run.credits = 2
    return next(header["probe"] for header, _ in messages(run) if "probe" in header)


def test_an_example_of_the_plane_has_a_place():
    run = session()
    data = run.trainer.dataset
    handle(run, {"op": "probe", "index": 3})
    assert looked_at(run)["place"] == pytest.approx(data.plane.points_test[3].tolist())
    handle(run, {"op": "probe", "own": [1.5, -2.0]})
    probe = looked_at(run)
    assert (probe["index"], probe["place"]) == (-1, [1.5, -2.0])
    handle(run, {"op": "watch", "views": ["answer"]})
    answer = frame(run)[1]["answer"]
    logits = run.trainer.network.forward(data.plane.inputs(np.array([[1.5, -2.0]])))
    assert answer[0] == pytest.approx(1 / (1 + np.exp(-logits[0, 0])), rel=1e-5)


def test_an_example_elsewhere_has_none():
    run = session(spec(data={"kind": "iris"}))
    assert scene(run)[0]["probe"]["place"] is None


def test_the_views_of_a_block_say_which_part_they_are_of():
    run = session(spec(data={"kind": "name_letters"}, network={"layers": [
        {"kind": "embedding", "dim": 8}, {"kind": "transformer_block", "causal": True}]}))
    views = scene(run)[0]["layers"][1]["views"]
    parts = {view["part"] for view in views}
    assert parts == {"", "attention", "norm 1", "norm 2", "feed-forward 1", "feed-forward 2"}
    for part in parts - {""}:
        assert all(view["name"].count(".") >= 2 for view in views if view["part"] == part)


def test_the_diagram_shows_the_words_of_a_text_and_not_what_fills_it_up():
    run = session(spec(data={"kind": "names_sex"}, network={"layers": [
        {"kind": "embedding", "dim": 4}, {"kind": "mean_over_time"}]}))
    handle(run, {"op": "watch", "views": ["maps"]})
    handle(run, {"op": "probe", "own": "grace"})
    assert frame(run)[1]["steps.0"].shape == (4, 5)
