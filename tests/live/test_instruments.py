"""What the instruments of the applications answer: mistakes, words, sentences, inventions, blanks, translations."""

import copy

import numpy as np
import pytest

import datasets
from live.protocol import unpack
from live.worker.commands import handle
from live.worker.run import Run
from tests.live import asking
from tests.live.runs import everything, frame, session, step

STEPS = {"optimizer": {"kind": "adam", "lr": 0.01}, "batch_size": 32}
EMBED = {"kind": "embedding", "dim": 8}
BLOCK = {"kind": "transformer_block", "heads": 2, "ff": 8}
RUNS = {
    "digits": {"data": {"kind": "digits"}, "training": STEPS,
               "network": {"layers": [{"kind": "flatten"}, {"kind": "dense", "units": 16, "activation": "relu"}]}},
    "reviews": {"data": {"kind": "reviews", "collection": "rotten_tomatoes", "reviews": 400, "vocabulary": 300,
                         "length": 20},
                "training": STEPS, "network": {"layers": [EMBED, {"kind": "mean_over_time"}]}},
    "names": {"data": {"kind": "name_letters"}, "training": STEPS,
              "network": {"layers": [EMBED, {"kind": "positional"}, BLOCK | {"causal": True}]}},
    "blank": {"data": {"kind": "review_words", "sentences": 500, "vocabulary": 200, "length": 10}, "training": STEPS,
              "network": {"layers": [EMBED, {"kind": "positional"}, BLOCK]}},
    "dates": {"data": {"kind": "dates"}, "training": STEPS,
              "network": {"encoder": [EMBED, {"kind": "gru", "units": 8, "return_sequences": True}],
                          "decoder": [EMBED, {"kind": "gru", "units": 8, "return_sequences": True},
                                      {"kind": "additive_cross_attention", "units": 8}]}},
}


@pytest.fixture
def run(request) -> Run:
    made = session(copy.deepcopy(RUNS[request.param]))
    assert made.notice == ""
    return made


def of(name: str):
    """Run a test on one of the runs above."""
    return pytest.mark.parametrize("run", [name], indirect=True)


def ask(run: Run, instrument: str, **details) -> tuple[dict, dict]:
    """The last answer to a question."""
    found = asking.ask(run, instrument, **details)
    return found[-1] if found else ({}, {})


@pytest.mark.parametrize(("run", "instrument"), [
    ("digits", "mistakes"), ("reviews", "words"), ("reviews", "sentences"), ("reviews", "mistakes"),
    ("names", "invent"), ("blank", "blank"),
    ("dates", "translate")], indirect=["run"])
def test_asking_changes_nothing(run, instrument):
    step(run, 3)
    before = everything(run)
    header, _ = ask(run, instrument, text="a ___ film")
    assert header
    assert "error" not in header
    assert everything(run) == before


@pytest.mark.parametrize("run", list(RUNS), indirect=True)
@pytest.mark.parametrize("instrument", ["mistakes", "words", "sentences", "invent", "blank", "translate"])
def test_a_question_that_does_not_suit_the_data_or_makes_no_sense_is_harmless(run, instrument):
    for details in ({}, {"text": None}, {"text": "<b>", "count": 0, "temperature": "hot", "prefix": [1]},
                    {"temperature": float("nan"), "top_p": -1}, {"count": 10**9, "temperature": 0, "top_k": -3},
                    {"count": "many", "top_k": float("nan"), "seed": []}):
        run._outbox.clear()
        handle(run, {"op": "ask", "instrument": instrument, **details})
        for _ in range(2):
            run.work()
    run.jobs.clear()
    assert frame(run)[0]["status"] == "paused"


# -- mistakes ----------------------------------------------------------------------------------------------------------


@of("digits")
def test_mistakes_are_wrong_and_the_surest_come_first(run):
    step(run, 60)
    header, arrays = ask(run, "mistakes")
    data = run.trainer.dataset
    said = run.trainer.network.forward(data.x_test).argmax(axis=1)
    assert header["tested"] == len(data.x_test)
    assert header["wrong"] == (said != data.y_test).sum()
    shares = [mistake["share"] for mistake in header["mistakes"]]
    assert shares == sorted(shares, reverse=True)
    for mistake in header["mistakes"]:
        assert (said[mistake["index"]], data.y_test[mistake["index"]]) == (mistake["said"], mistake["truth"])
        assert mistake["said"] != mistake["truth"]
    assert arrays["pictures"].shape == (len(shares), 8, 8)


@of("digits")
def test_the_pairs_that_are_confused_add_up(run):
    step(run, 60)
    header, _ = ask(run, "mistakes")
    data = run.trainer.dataset
    said = run.trainer.network.forward(data.x_test).argmax(axis=1)
    counts = [pair["count"] for pair in header["pairs"]]
    assert counts == sorted(counts, reverse=True)
    for pair in header["pairs"]:
        both = {pair["a"], pair["b"]}
        assert pair["count"] == sum({int(s), int(t)} == both for s, t in zip(said, data.y_test, strict=True))


# -- words -------------------------------------------------------------------------------------------------------------


@of("reviews")
def test_a_word_s_share_is_what_the_answer_loses_without_it(run):
    step(run, 100)
    handle(run, {"op": "probe", "own": "a film with good story"})
    header, arrays = ask(run, "words")
    assert len(header["words"]) == len(arrays["shares"]) == 5
    observer, vocabulary = run.observer, run.trainer.dataset.vocabulary
    tokens = observer.probe.one.x.copy()
    tokens[0, 1] = vocabulary.unknown
    batch = observer.probe.batch(tokens, observer.probe.one.y)
    p = run.trainer.task.answers(run.trainer.network.forward(batch.x, **batch.inputs))[0, 0]
    without = p if header["answer"] == 1 else 1 - p
    assert arrays["shares"][1] == pytest.approx(header["share"] - without, abs=1e-5)


@of("reviews")
@pytest.mark.parametrize("text", ["", "?!.,", "🎉", "مرحبا שלום", "<script>alert(1)</script>", "good " * 20_000])
def test_any_text_has_an_answer(run, text):
    step(run, 3)
    handle(run, {"op": "watch", "views": ["answer", "maps"]})
    handle(run, {"op": "probe", "own": text})
    header, arrays = frame(run)
    assert header["status"] == "paused"
    assert np.isfinite(arrays["answer"]).all()
    header, arrays = ask(run, "words")
    assert len(header["words"]) == len(arrays["shares"]) <= 20


# -- invent ------------------------------------------------------------------------------------------------------------


@of("names")
def test_invented_names_are_marked_as_new_or_known(run):
    step(run, 100)
    header, _ = ask(run, "invent", count=20, seed=1, temperature=0.8)
    data = run.trainer.dataset
    known = {datasets.decode(row, data.vocabulary) for x in (data.x_train, data.x_test) for row in x}
    assert len(header["texts"]) == 20
    for text in header["texts"]:
        assert text["new"] == (text["text"] not in known)
        assert text["text"] == "" or text["text"].isalpha()


@of("names")
def test_a_beginning_is_kept_and_the_seed_decides(run):
    step(run, 20)
    texts = [ask(run, "invent", count=10, seed=seed, prefix="an")[0]["texts"] for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]
    assert all(text["text"].startswith("an") for text in texts[0])


@of("names")
def test_with_top_k_of_one_all_are_the_same(run):
    step(run, 20)
    header, _ = ask(run, "invent", count=8, seed=1, top_k=1)
    assert len({text["text"] for text in header["texts"]}) == 1


# -- blank -------------------------------------------------------------------------------------------------------------


@of("blank")
def test_each_blank_has_candidates_that_are_words(run):
    step(run, 30)
    header, _ = ask(run, "blank", text="this is the ___ movie i have ever ___")
    assert [blank["place"] for blank in header["blanks"]] == [3, 8]
    for blank in header["blanks"]:
        shares = [candidate["share"] for candidate in blank["candidates"]]
        assert shares == sorted(shares, reverse=True)
        assert 0 < sum(shares) <= 1
        assert not {candidate["word"] for candidate in blank["candidates"]} & {"[mask]", "…", ""}
    assert run.observer.probe.index == -1


@of("blank")
@pytest.mark.parametrize("text", ["", "no blank here", "🎉", "?!"])
def test_without_a_blank_a_sentence_says_what_to_write(run, text):
    header, _ = ask(run, "blank", text=text)
    assert "___" in header["error"]


@of("blank")
def test_what_is_no_text_is_refused_in_a_sentence(run):
    header, _ = ask(run, "blank", text=5)
    assert "must be a text" in header["error"]


# -- translate ---------------------------------------------------------------------------------------------------------


@of("dates")
def test_a_translation_comes_at_once_and_beam_search_follows(run):
    step(run, 20)
    handle(run, {"op": "ask", "instrument": "translate"})
    run.work()
    first, _ = unpack(run._outbox.popleft())
    assert "beam" not in first
    assert first["truth"]
    last, _ = ask(run, "translate")
    assert (last["source"], last["greedy"]) == (first["source"], first["greedy"])
    scores = [found["score"] for found in last["beam"]]
    assert scores == sorted(scores, reverse=True)


@of("dates")
@pytest.mark.parametrize("text", ["3 March 2019", "", "🎉", "<b>1</b>", "9" * 100_000])
def test_one_s_own_date_has_no_truth_and_always_an_answer(run, text):
    handle(run, {"op": "probe", "own": text})
    header, _ = ask(run, "translate")
    assert header["truth"] == ""
    assert len(header["greedy"]) <= run.trainer.dataset.y_train.shape[1]


# -- one's own example -------------------------------------------------------------------------------------------------


@of("digits")
def test_a_drawing_is_answered_before_anything_else(run):
    handle(run, {"op": "watch", "views": ["answer", "maps", "saliency", "predictions", "weights"]})
    assert {"answer", "saliency", "confusion"} <= set(frame(run)[1])
    drawing = np.zeros((20, 20))
    drawing[3:17, 9:12] = 1
    handle(run, {"op": "probe", "own": drawing.tolist()})
    run.credits = 2
    hurried, full = unpack(run.message()), unpack(run.message())
    assert {"answer", "saliency"} <= set(hurried[1])
    assert not {"confusion", "weights.1.W"} & set(hurried[1])
    assert hurried[0]["probe"]["index"] == -1
    assert {"answer", "confusion"} <= set(full[1])


@of("digits")
def test_saliency_is_the_gradient_of_the_answer_times_the_input(run):
    step(run, 30)
    handle(run, {"op": "watch", "views": ["answer", "saliency"]})
    _, arrays = frame(run)
    x = run.observer.probe.one.x
    best = int(arrays["answer"].argmax())
    rng = np.random.default_rng(0)
    network = run.trainer.network
    for row, column in zip(*np.nonzero(x[0, :, :, 0] > 0.3), strict=True):
        if rng.random() < 0.2:
            nudged = np.repeat(x.astype(np.float64), 2, axis=0)
            nudged[:, row, column, 0] += [1e-3, -1e-3]
            up, down = network.forward(nudged.astype(np.float32))[:, best].astype(np.float64)
            expected = (up - down) / 2e-3 * x[0, row, column, 0]
            assert arrays["saliency"][row, column] == pytest.approx(expected, rel=0.05, abs=5e-3)


@of("reviews")
def test_two_classes_are_measured_in_full(run):
    step(run, 60)
    handle(run, {"op": "watch", "views": ["predictions"]})
    _, arrays = frame(run)
    (_, false), (missed, right) = arrays["confusion"]
    accuracy, precision, recall, f1, area, count = arrays["measured"]
    assert count == arrays["confusion"].sum()
    assert accuracy == pytest.approx(np.trace(arrays["confusion"]) / count)
    assert precision == pytest.approx(right / (right + false))
    assert recall == pytest.approx(right / (right + missed))
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))
    assert 0 <= area <= 1
    assert (np.diff(arrays["roc.false"]) >= 0).all()
    assert (np.diff(arrays["roc.true"]) >= 0).all()


@of("reviews")
def test_a_table_of_sentences_says_what_each_alone_would_be_answered(run):
    step(run, 100)
    header, _ = ask(run, "sentences", texts=["a film with good story", "Terrible waste of time", "xyzzy film"])
    found = {row["text"]: row for row in header["sentences"]}
    assert list(found) == ["This movie was fantastic!", "Terrible waste of time",
                           "Somewhat entertaining but lacking depth", "a film with good story", "xyzzy film"]
    assert found["xyzzy film"]["unknown"] == 1
    assert header["step"] == 100
    handle(run, {"op": "watch", "views": ["answer"]})
    for text, row in found.items():
        handle(run, {"op": "probe", "own": text})
        assert row["share"] == pytest.approx(float(frame(run)[1]["answer"][0]), abs=1e-6)


@of("reviews")
def test_sentences_that_are_no_texts_are_refused_in_a_sentence(run):
    for wrong in ("good", [1], {"a": 1}):
        assert "list of texts" in ask(run, "sentences", texts=wrong)[0]["error"]
    header, _ = ask(run, "sentences", texts=["", "?!", "🎉", "good " * 20_000] + [str(i) for i in range(50)])
    assert len(header["sentences"]) == 23
