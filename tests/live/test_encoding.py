"""What a page gets of a series and of attention: exact numbers, real places only, and no head left out in silence."""

import copy

import numpy as np
import pytest

from engine import View
from live.watch.encoding import MOST_OVER_TIME, encode_view
from live.worker.commands import handle
from tests.live.runs import frame, messages, scene, session, spec, step

WAVES = spec(data={"kind": "sine_mix", "samples": 60, "ahead": 3}, network={"layers": [{"kind": "gru", "units": 5}]})
ADDING = spec(data={"kind": "adding", "samples": 60}, network={"layers": [{"kind": "rnn", "units": 5}]})
NAMES = spec(data={"kind": "names_sex"}, network={"layers": [
    {"kind": "embedding", "dim": 8}, {"kind": "transformer_block", "heads": 2, "ff": 8, "causal": True},
    {"kind": "lstm", "units": 3, "return_sequences": True}, {"kind": "additive_attention", "units": 4}]})
DATES = spec(data={"kind": "dates", "samples": 500}, network={
    "encoder": [{"kind": "embedding", "dim": 8}, {"kind": "gru", "units": 6, "return_sequences": True}],
    "decoder": [{"kind": "embedding", "dim": 8}, {"kind": "self_attention", "heads": 2, "causal": True},
                {"kind": "additive_cross_attention", "units": 4}]})


def watched(run, *views: str) -> dict:
    handle(run, {"op": "watch", "views": list(views)})
    return frame(run)[1]


def seen(run, name: str) -> np.ndarray:
    """A view of the example in detail as the engine has it, padding and all."""
    one = run.observer.probe.one
    run.trainer.network.forward(one.x, **one.inputs)
    return next(view for view in run.trainer.network.views() if view.name == name).data[0].copy()


# -- series ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("of", [WAVES, ADDING], ids=["waves", "adding"])
def test_a_series_comes_with_its_forecast_and_truth_in_their_own_units(of):
    run = session(of)
    step(run, 5)
    handle(run, {"op": "probe", "index": 3})
    arrays, data = watched(run, "series"), run.trainer.dataset
    mean, std = data.target_scale
    np.testing.assert_array_equal(arrays["series"], data.x_test[3])
    said = run.trainer.network.forward(data.x_test[3:4])[0]
    np.testing.assert_allclose(arrays["series.forecast"], said * std + mean, rtol=1e-5)
    np.testing.assert_allclose(arrays["series.truth"], data.y_test[3] * std + mean, rtol=1e-5)
    if data.name == "Adding problem":
        marked = data.x_test[3, :, 0][data.x_test[3, :, 1] == 1]
        assert arrays["series.truth"][0] == pytest.approx(marked.sum(), rel=1e-5)


def test_nobody_knows_the_truth_of_a_person_s_own_series():
    run = session(WAVES)
    assert len(watched(run, "series")["series.truth"]) == 3
    own = np.linspace(-1, 1, 40).tolist()
    handle(run, {"op": "probe", "own": own})
    arrays = frame(run)[1]
    assert run.observer.probe.index == -1
    np.testing.assert_allclose(arrays["series"][:, 0], own, rtol=1e-6)
    assert arrays["series.truth"].size == 0
    assert arrays["series.forecast"].size == 3
    handle(run, {"op": "probe", "own": own[:7]})
    header, arrays = next(message for message in messages(run) if message[0].get("probe_trouble"))
    assert "40 × 1" in header["probe_trouble"]
    np.testing.assert_allclose(arrays["series"][:, 0], own, rtol=1e-6)          # nothing is lost


def test_a_forecast_that_is_no_number_is_not_called_zero():
    run = session(WAVES)
    run.trainer.network.theta[-1] = np.nan
    assert np.isnan(watched(run, "series")["series.forecast"][-1])


@pytest.mark.parametrize("kind", ["xor", "iris", "digits", "names_sex"])
def test_what_is_no_series_is_not_sent_as_one(kind):
    layers = [{"kind": "embedding"}, {"kind": "mean_over_time"}] if kind == "names_sex" else [{"kind": "flatten"}]
    assert "series" not in watched(session(spec(data={"kind": kind}, network={"layers": layers})), "series")


def test_only_waves_go_on_in_their_own_units():
    assert scene(session(WAVES))[0]["data"]["continues"] is True
    assert scene(session(ADDING))[0]["data"]["continues"] is False


# -- padding -----------------------------------------------------------------------------------------------------------

def test_of_a_text_only_the_real_places_are_sent():
    run = session(NAMES)
    step(run, 3)
    names = ("1.attention.attention", "2.gates", "2.hidden", "2.gradient_through_time", "3.attention")
    arrays = watched(run, *(f"view:{name}" for name in names))
    handle(run, {"op": "probe", "index": 5})
    arrays = frame(run)[1]
    probe = run.observer.probe.describe()
    real = sum(token != run.trainer.dataset.vocabulary.tokens[run.trainer.dataset.vocabulary.pad]
               for token in probe["tokens"])
    assert 2 < real < len(probe["tokens"])
    shapes = [arrays[f"view:{name}"].shape for name in names]
    assert shapes == [(2, real, real), (real, 4, 3), (real, 1, 3), (real,), (1, 1, real)]
    attention = arrays["view:1.attention.attention"]
    np.testing.assert_allclose(attention, seen(run, "1.attention.attention")[:, :real, :real], rtol=1e-5)
    np.testing.assert_allclose(attention.sum(axis=-1), 1, rtol=1e-5)            # nothing lay on the padding
    np.testing.assert_allclose(arrays["view:3.attention"].sum(axis=-1), 1, rtol=1e-5)
    np.testing.assert_allclose(arrays["view:2.gates"], seen(run, "2.gates")[:real], rtol=1e-5)


def test_a_text_without_a_word_keeps_one_place():
    run = session(NAMES)
    handle(run, {"op": "probe", "own": ""})
    assert watched(run, "view:1.attention.attention")["view:1.attention.attention"].shape == (2, 1, 1)


def test_a_decoder_s_rows_are_what_it_writes_and_its_columns_what_was_read():
    run = session(DATES)
    views = {view["name"]: view for layer in scene(run)[0]["layers"] for view in layer["views"]}
    own, cross = views["decoder.1.attention"], views["decoder.2.attention"]
    assert (own["axes"][-1], own["causal"]) == ("key", True)
    assert (cross["axes"][-1], cross["causal"]) == ("source", False)
    arrays = watched(run, "view:decoder.1.attention", "view:decoder.2.attention", "view:encoder.1.hidden")
    inputs = run.observer.probe.one.inputs
    source, target = int(inputs["mask"].sum()), int(inputs["target_mask"].sum())
    assert source < inputs["mask"].size
    assert arrays["view:decoder.1.attention"].shape == (2, target, target)
    assert arrays["view:decoder.2.attention"].shape == (1, target, source)
    assert arrays["view:encoder.1.hidden"].shape[0] == source


def test_of_a_series_every_step_is_sent():
    assert watched(session(WAVES), "view:0.gates")["view:0.gates"].shape == (40, 3, 5)


# -- how much ----------------------------------------------------------------------------------------------------------

def sent(kind: str, axes: tuple[str, ...], *shape: int) -> tuple[np.ndarray, int]:
    data = np.random.default_rng(0).random((1, *shape))
    arrays = encode_view(View(kind, "v", "V", ("example", *axes), lambda: data), {})
    assert arrays["view:v"].size <= MOST_OVER_TIME
    return arrays["view:v"], int(arrays["view:v.of"][0])


def test_all_heads_of_a_long_review_are_sent_and_what_is_left_out_is_counted():
    attention = ("head", "query", "key")
    assert sent("attention", attention, 4, 200, 200)[0].shape == (4, 200, 200)
    few, heads = sent("attention", attention, 8, 200, 200)
    assert (few.shape, heads) == ((4, 200, 200), 8)


def test_every_step_of_the_gates_is_sent_and_units_are_left_out_instead():
    gates, units = sent("gates", ("step", "a, b, c, d", "unit"), 200, 4, 512)
    assert (gates.shape, units) == ((200, 4, 128), 512)


# -- which there are ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("layer", "change"), [(1, {"off": [0]}), (2, {"frozen": True})], ids=["a head off", "frozen"])
def test_what_there_is_to_see_stays_when_a_head_is_switched_off_or_a_layer_frozen(layer, change):
    run = session(NAMES)
    names = [view["name"] for card in scene(run)[0]["layers"] for view in card["views"]]
    watched(run, "view:1.attention.attention")
    changed = copy.deepcopy(run.spec)
    changed["network"]["layers"][layer] |= change
    handle(run, {"op": "spec", "spec": changed})
    assert [view["name"] for card in scene(run)[0]["layers"] for view in card["views"]] == names
