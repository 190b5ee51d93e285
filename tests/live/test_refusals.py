"""What is refused, or doesn't fit, leaves nothing on the page that is of another run."""

from dataclasses import replace

import pytest

from live.watch.scene import UNFIT
from live.worker.commands import handle
from live.worker.run import STANDS
from tests.live.runs import everything, frame, messages, scene, session, spec, step

EMBED = {"kind": "embedding", "dim": 8}
GRU = {"kind": "gru", "units": 3, "return_sequences": True}
NAMES = {"kind": "name_letters"}
PICTURES = {"kind": "digits"}
UNFITTING = {
    "text layers on numbers": (spec(network={"layers": [EMBED, "mean_over_time"]}), "Layer 1: Embedding does not fit."),
    "a layer for pictures": (spec(network={"layers": ["dense", "conv2d"]}), "Layer 2: Convolution does not fit."),
    "an answer for each pixel": (spec(data=PICTURES, network={"layers": ["conv2d"]}), "One answer is asked for"),
    "one answer for a whole text": (spec(data=NAMES, network={"layers": [EMBED, "mean_over_time"]}),
                                    "This data needs a prediction at each place"),
    "a look at what comes next": (spec(data=NAMES, network={"layers": [EMBED, {"kind": "self_attention", "heads": 2}]}),
                                  ""),
    "tied weights of other sizes": (spec(data=NAMES, network={"layers": [EMBED, GRU], "tie_embedding": True}),
                                    "Output does not fit."),
}


@pytest.mark.parametrize("name", UNFITTING)
def test_layers_that_do_not_fit_are_shown_with_one_reason_and_no_number_of_before(name):
    wanted, told = UNFITTING[name]
    run = session()
    handle(run, {"op": "watch", "views": ["predictions", "boundary", "neurons", "weights"]})
    step(run, 30)
    handle(run, {"op": "ask", "instrument": "mistakes"})
    handle(run, {"op": "spec", "spec": wanted})
    header, arrays = scene(run)
    assert header["spec"]["network"]["layers"][0]["kind"] == run.spec["network"]["layers"][0]["kind"]
    assert header["probe"] is None
    marked = [card for card in header["layers"] if card["error"] == UNFIT]
    assert len(marked) == 1
    if "Layer" in told or "Output" in told:
        assert run.notice.startswith(marked[0]["title"])
    assert run.notice.startswith(told)
    assert STANDS not in run.notice
    assert not any(run.notice in card["error"] for card in header["layers"])
    shown, arrays = frame(run)
    assert (shown["notice"], shown["status"], arrays) == (run.notice, "paused", {})
    assert not {"step", "train_loss", "test_score"} & set(shown)
    assert not [header for header, _ in messages(run) if header["type"] == "answer"]
    handle(run, {"op": "spec", "spec": spec()})
    assert run.notice == ""
    assert frame(run)[0]["step"] == 0


def test_a_refused_spec_says_that_the_old_one_is_shown_until_it_is_taken_back():
    run = session(spec(data={"kind": "iris"}))
    step(run, 5)
    before, old = everything(run), run.spec
    handle(run, {"op": "set", "path": ["training", "loss"], "value": "mae"})
    assert everything(run) == before
    assert run.notice.endswith(STANDS)
    handle(run, {"op": "set", "path": ["training", "loss"], "value": "huber"})
    assert run.notice.endswith(STANDS)
    handle(run, {"op": "spec", "spec": old})
    assert run.notice == ""
    assert everything(run) == before


def test_what_had_been_said_comes_back_when_a_refusal_is_taken_back():
    run = session(spec(network={"layers": ["dense", "conv2d"]}))
    said, old = run.notice, run.spec
    handle(run, {"op": "spec", "spec": spec(data={"kind": "dates"})})
    assert run.notice != said
    handle(run, {"op": "spec", "spec": old})
    assert run.notice == said
    handle(run, {"op": "spec", "spec": old})
    assert run.notice == said


def test_weights_are_not_kept_for_another_answer():
    """The same inputs, but classes of other names: what was learned of the old ones means nothing."""
    run = session(spec(data={"kind": "iris"}))
    step(run, 5)
    other = run.trainer.dataset
    assert run._compatible(other)
    for name, value in (("target_name", "colour"), ("class_names", ("a", "b", "c"))):
        assert not run._compatible(replace(other, **{name: value}))
