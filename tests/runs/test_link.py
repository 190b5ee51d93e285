"""A link carries a whole run; a hostile one is a sentence, never a traceback and never a full memory."""

import base64
import json
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import SpecError
from runs import link
from runs.presets import FIRST, PRESETS
from runs.spec import complete
from tests.ui.pages import errors, opened, spec, workspace

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=20,
)


def written(data: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).decode().rstrip("=")


@given(st.dictionaries(st.text(max_size=10), PLAIN, max_size=6))
def test_what_was_encoded_is_decoded(plain):
    text = link.encode(plain)
    assert link.decode(text) == plain
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_preset_fits_a_link(name):
    whole = complete(PRESETS[name].spec)
    text = link.encode(whole)
    assert link.decode(text) == whole
    assert len(text) < 2_000


def refused(text: str) -> str:
    with pytest.raises(SpecError) as error:
        link.decode(text)
    return str(error.value)


def is_spec_or_sentence(text: str) -> bool:
    try:
        found = link.decode(text)
    except SpecError as error:
        return str(error) == link.BROKEN
    return isinstance(found, dict)


@given(st.text(max_size=200))
def test_any_text_is_a_spec_or_a_sentence(text):
    assert is_spec_or_sentence(text)


@given(st.binary(max_size=200))
def test_any_bytes_inside_are_a_spec_or_a_sentence(data):
    assert is_spec_or_sentence(written(data))


@given(st.data())
def test_a_link_that_was_cut_or_changed_is_a_spec_or_a_sentence(data):
    text = link.encode(complete(PRESETS[FIRST].spec))
    assert refused(text[: data.draw(st.integers(0, len(text) - 8))])
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.sampled_from("AZaz09-_=é ")) + text[at + 1 :]
    assert is_spec_or_sentence(changed)


def test_a_bomb_does_not_unfold():
    bomb = written(b'{"a":"' + b"x" * 8_000_000 + b'"}')
    assert len(bomb) < link.LONGEST
    tracemalloc.start()
    assert refused(bomb) == link.BROKEN
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


@pytest.mark.parametrize(
    "text",
    [
        "A" * (link.LONGEST + 1),
        written(b"[" * 50_000),
        written(b"[1]"),
        written(b"null"),
        written(b"\xff\xfe"),
        written(b"{} {}"),
        written(b""),
        "",
        "=",
        "====",
    ],
    ids=len,
)
def test_what_is_no_spec_is_refused(text):
    assert refused(text) == link.BROKEN


def nested(depth: int) -> dict:
    layers: list = []
    for _ in range(depth):
        layers = [{"kind": "residual", "layers": layers}]
    return {"layers": layers}


ABSURD = {
    "units": {"network": {"layers": [{"kind": "dense", "units": 10**12}]}},
    "negative units": {"network": {"layers": [{"kind": "dense", "units": -3}]}},
    "too many layers": {"network": {"layers": [{"kind": "dense"}] * 1_000}},
    "a layer that is none": {"network": {"layers": [None]}},
    "unknown layer": {"network": {"layers": [{"kind": "__class__"}]}},
    "unknown setting": {"network": {"layers": [{"kind": "dense", "__init__": 1}]}},
    "rate of text": {"training": {"optimizer": {"kind": "sgd", "lr": "fast"}}},
    "rate beyond": {"training": {"optimizer": {"kind": "sgd", "lr": 1e300}}},
    "samples": {"data": {"kind": "circle", "samples": 10**9}},
    "noise": {"data": {"kind": "circle", "noise": -1}},
    "data of text": {"data": "circle"},
    "no data": {"data": {}},
    "no such data": {"data": {"kind": "../../etc/passwd"}},
    "an upload elsewhere": {"data": {"kind": "csv", "upload": "../../etc/passwd", "target": "x"}},
    "points without end": {"data": {"kind": "points", "points": [[0, 0, 1]] * 3_000}},
    "points far away": {"data": {"kind": "points", "points": [[1e300, 0, 1], [0, 0, 0]]}},
    "seed": {"seed": -1},
    "seed of text": {"seed": "x"},
    "a part too many": {"eval": "1"},
    "nested": {"network": nested(100)},
    "nested lists": {"training": {"optimizer": {"kind": "sgd", "lr": json.loads("[" * 600 + "]" * 600)}}},
    "nothing but a list": {"network": [1]},
    "batch": {"training": {"batch_size": 0}},
    "loss": {"training": {"loss": "no such"}},
}


@pytest.mark.parametrize("name", list(ABSURD))
def test_a_link_with_absurd_values_is_a_sentence_on_the_page_and_nothing_is_lost(name):
    page = opened(query=link.encode(PRESETS[FIRST].spec | ABSURD[name]))
    assert not page.exception
    told = [*errors(page), *(warning.value for warning in page.warning)]
    if spec(page) == complete(PRESETS[FIRST].spec):
        assert len(told) == 1
        assert 20 < len(told[0]) < 1_500
        assert "Traceback" not in told[0]
    else:
        assert told, "a run was loaded that cannot be used, and nothing was said"
    assert workspace(page)["run"]


BROKEN = ["eJw", "A" * 20_000, written(b"[" * 50_000), "%%%", "é" * 40]


@pytest.mark.parametrize("query", BROKEN, ids=["cut", "long", "nested", "signs", "letters"])
def test_a_broken_link_is_a_sentence_on_the_page_and_the_first_preset_stands(query):
    page = opened(query=query)
    assert not page.exception
    assert errors(page) == [link.BROKEN]
    assert spec(page) == complete(PRESETS[FIRST].spec)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["data", "network", "training", "seed"]), PLAIN)
def test_no_link_breaks_the_page(part, value):
    page = opened(query=link.encode(PRESETS[FIRST].spec | {part: value}))
    assert not page.exception
