"""What every registered data set must keep to, whatever it holds."""

import dataclasses
import json

import numpy as np
import pytest

import datasets
from datasets import sources
from datasets.cache import MOST_BYTES, Cache, arrays
from datasets.csv import store
from datasets.csv.table import read_table
from engine.errors import SpecError

GROUPS = ("plane", "table", "image", "series", "text", "own")
TASKS = ("binary", "multiclass", "regression", "next_token", "masked_token", "seq2seq", None)
FLAT = [kind for kind in sources if sources[kind].group in ("plane", "table", "own")]
TEXTS = [kind for kind in sources if sources[kind].group == "text"]


SMALL = {"reviews": {"reviews": 600, "length": 50}, "review_words": {"sentences": 500}, "dates": {"samples": 500}}


@pytest.fixture(scope="module")
def specs(tmp_path_factory):
    """A loadable spec of every kind; the uploaded table is a small one with a class to predict."""
    rows = "\n".join(f"{i * i % 17},{i % 7 - 3},{'yes' if i % 3 else 'no'}" for i in range(60))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYERLAB_STORE", str(tmp_path_factory.mktemp("store")))
        upload = store.save(read_table(f"a,b,answer\n{rows}\n".encode(), "small.csv"))
        yield {kind: {"kind": kind} | ({"upload": upload} if kind == "csv" else SMALL.get(kind, {}))
               for kind in sources}


@pytest.mark.parametrize("kind", sources)
def test_a_source_describes_itself_and_each_of_its_knobs(kind):
    described = sources[kind].describe()
    assert described["group"] in GROUPS
    assert described["task"] in TASKS
    assert described["help"].endswith((".", "?"))
    for knob in described["knobs"]:
        assert knob["label"][0].isupper()
        assert knob["help"].endswith(".")
        assert ("low" in knob and "high" in knob) or "options" in knob or knob["control"] in ("text", "flag")


def test_the_gallery_is_plain_data_in_order():
    gallery = json.loads(json.dumps(datasets.describe()))
    assert [entry["kind"] for entry in gallery] == list(sources)
    order = [GROUPS.index(entry["group"]) for entry in gallery]
    assert order == sorted(order)
    assert set(order) == set(range(len(GROUPS)))


@pytest.mark.parametrize("kind", sources)
def test_arrays_have_the_promised_shapes_and_types(specs, kind):
    data = datasets.load(specs[kind])
    assert data.task == (sources[kind].task or data.task)
    for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        assert x.dtype == (np.int32 if kind in TEXTS else np.float32)
        assert x.shape == (len(y), *data.input_shape)
        assert kind in TEXTS or x.shape[-1] == len(data.feature_names)
        assert kind not in FLAT or x.ndim == 2
        assert len(x) > 0
        assert np.isfinite(x).all()
        assert np.isfinite(y).all()
        if data.task == "regression":
            assert y.dtype == np.float32
            assert y.shape == (len(x), data.outputs)
            assert data.class_names == ()
        elif data.written:
            assert y.dtype == np.int32
            assert y.ndim == 2
            assert 0 <= y.min() <= y.max() < len(data.written)
        else:
            assert y.dtype == np.int64
            assert set(y.tolist()) <= set(range(len(data.class_names)))
    if data.class_names:
        assert (len(data.class_names) == 2) == (data.task == "binary")
        assert set(data.y_train.tolist()) == set(range(len(data.class_names)))
    assert data.target_name
    assert len(set(data.feature_names)) == len(data.feature_names)


@pytest.mark.parametrize("kind", sources)
def test_the_same_seed_gives_the_same_arrays_and_another_does_not(specs, kind):
    source = sources.build(specs[kind])
    first, again, other = (arrays(source.load(seed)) for seed in (3, 3, 4))
    assert all(a.tobytes() == b.tobytes() for a, b in zip(first, again, strict=True))
    if kind != "points":
        assert any(a.tobytes() != b.tobytes() for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("kind", [kind for kind in FLAT if kind != "points"])
def test_inputs_are_standardised_on_train_only(specs, kind):
    data = datasets.load(specs[kind])
    x = data.x_train.astype(float)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=1e-4)
    assert not np.allclose(data.x_test.astype(float).mean(axis=0), 0, atol=1e-4), "test uses the scale of train"


@pytest.mark.parametrize("kind", [kind for kind in sources if "train_fraction" in sources[kind].knobs])
def test_the_train_share_is_kept(specs, kind):
    if kind == "points":
        spots = [[(i * 7 % 11) - 5, (i * 5 % 11) - 5, i % 2] for i in range(100)]
        specs = {kind: {"kind": kind, "points": spots}}
    if kind in SMALL:
        specs = {kind: {"kind": kind, **SMALL[kind]}}
    small, large = (datasets.load(specs[kind] | {"train_fraction": share}, 1) for share in (0.3, 0.6))
    total = len(small.y_train) + len(small.y_test)
    assert len(small.y_train) == pytest.approx(0.3 * total, abs=6)
    assert len(large.y_train) == pytest.approx(0.6 * total, abs=6)
    assert len(large.y_train) + len(large.y_test) == total


@pytest.mark.parametrize("kind", sources)
@pytest.mark.parametrize("bad", [{"train_fraction": 0}, {"train_fraction": "half"}, {"colour": 3},
                                 {"train_fraction": float("nan")}])
def test_bad_knobs_are_refused(specs, kind, bad):
    with pytest.raises(SpecError):
        datasets.load(specs[kind] | bad)


@pytest.mark.parametrize("seed", [-1, 1.5, "0", None, 2**63])
def test_a_bad_seed_is_refused(seed):
    with pytest.raises(SpecError, match="seed"):
        datasets.load("circle", seed)


def test_an_unknown_kind_is_refused_with_the_nearest():
    with pytest.raises(SpecError, match="Did you mean 'spiral'"):
        datasets.load({"kind": "spirel"})


@pytest.mark.parametrize("kind", sources)
def test_loaded_arrays_are_read_only_and_shared(specs, kind):
    data = datasets.load(specs[kind])
    assert datasets.load(dict(reversed(specs[kind].items()))) is data
    for array in arrays(data):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_cache_keeps_to_its_bytes_and_drops_the_least_used():
    data = sources.build("circle").load(0)
    size = sum(array.nbytes for array in arrays(data))
    cache, made = Cache(most_bytes=2 * size), []

    def get(key):
        return cache.get(key, lambda: made.append(key) or dataclasses.replace(data))

    for key in "abacab":
        get(key)
        assert cache.size() <= 2 * size
    assert made == ["a", "b", "c", "b"]


def test_a_data_set_larger_than_the_cache_is_still_loaded():
    data = sources.build("circle").load(0)
    cache = Cache(most_bytes=10)
    assert cache.get("key", lambda: data) is data
    assert cache.size() == 0


def test_the_largest_reviews_stay_in_the_cache():
    knobs = sources.lookup("reviews").knobs
    trained = knobs["reviews"].high * (1 - 0.2) / (1 - knobs["crops"].high)
    assert knobs["length"].high * (trained * 2 + knobs["reviews"].high * 0.2 * 4) < MOST_BYTES      # int16 and int32
