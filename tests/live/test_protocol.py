"""Messages survive packing; a path of keys sets what exists and nothing else; ids can't be made up."""

import io
import json
import math
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine import SpecError
from engine.paths import set_path
from live.protocol import DTYPES, finite, pack, read_message, unpack, write_message
from live.server import ids

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ARRAYS = st.dictionaries(
    st.text(max_size=12),
    st.sampled_from(sorted(DTYPES)).flatmap(
        lambda name: arrays.arrays(name, arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5))
    ),
    max_size=5,
)


@given(st.dictionaries(st.text(max_size=8).filter(lambda key: key != "arrays"), PLAIN, max_size=5), ARRAYS)
def test_what_was_packed_is_unpacked(header, given_arrays):
    message = pack(header, given_arrays)
    again, found = unpack(message)
    assert again == header
    assert list(found) == list(given_arrays)
    for name, array in given_arrays.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()


@given(ARRAYS)
def test_arrays_lie_where_a_browser_can_view_them(given_arrays):
    message = pack({"type": "frame"}, given_arrays)
    length = int.from_bytes(message[:4], "little")
    assert (4 + length) % 8 == 0
    assert all(offset % 8 == 0 for *_, offset in json.loads(message[4 : 4 + length])["arrays"])


def test_numbers_that_are_not_finite_become_null():
    header, _ = unpack(pack({"loss": math.nan, "deep": [{"a": -math.inf}, np.float32("inf")], "n": np.int64(3)}))
    assert header == {"loss": None, "deep": [{"a": None}, None], "n": 3}
    assert finite((1.5, math.nan)) == [1.5, None]


def test_a_transposed_array_is_packed_in_its_own_order():
    array = np.arange(6, dtype=np.float32).reshape(2, 3).T
    assert (unpack(pack({}, {"a": array}))[1]["a"] == array).all()


@given(st.lists(st.binary(max_size=300), max_size=5), st.integers(1, 200))
def test_messages_follow_each_other_on_a_pipe_and_a_broken_one_is_the_end(messages, cut):
    pipe = io.BytesIO()
    for message in messages:
        write_message(pipe, message)
    pipe.seek(0)
    assert [read_message(pipe) for _ in messages] == messages
    assert read_message(pipe) is None
    whole = pipe.getvalue()
    if messages:
        short = io.BytesIO(whole[: -min(cut, len(messages[-1]) + 4)])
        assert [read_message(short) for _ in messages[:-1]] == messages[:-1]
        assert read_message(short) is None


SPEC = {"network": {"layers": [{"kind": "dense", "units": 3}]}, "seed": 0}


def test_a_path_sets_one_value_in_a_copy():
    changed = set_path(SPEC, ["network", "layers", 0, "units"], 5)
    assert changed["network"]["layers"][0] == {"kind": "dense", "units": 5}
    assert SPEC["network"]["layers"][0]["units"] == 3


@pytest.mark.parametrize(
    "path",
    [
        None,
        [],
        "seed",
        3,
        {},
        ["nothing"],
        ["network", "layers", 7, "units"],
        [[]],
        [None],
        ["seed", "x"],
        ["network", "layers", "0"],
        ["network", "layers", 10**400],
        [{}],
        ["network", "layers", 0, "kind", 0],
        ["x" * 10_000],
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path):
    with pytest.raises(SpecError) as error:
        set_path(SPEC, path, 1)
    assert len(str(error.value)) < 200


def test_ids_are_known_only_as_minted():
    run = ids.mint()
    assert ids.known(run)
    assert len({ids.mint() for _ in range(100)}) == 100
    flipped = [run[:i] + ("0" if run[i] != "0" else "1") + run[i + 1 :] for i in range(len(run))]
    forged = [
        *flipped,
        "",
        run[:-1],
        run + "0",
        run.upper() + " ",
        "é" * 64,
        "0" * 64,
        run[:32] * 2,
        run[32:] + run[:32],
    ]
    assert not any(ids.known(other) for other in forged if other != run)


def test_another_server_s_ids_are_foreign(monkeypatch):
    run = ids.mint()
    monkeypatch.setenv("LAYERLAB_SECRET", "another server")
    assert not ids.known(run)
    assert ids.known(ids.mint())


def test_workers_do_not_get_the_key():
    ids.mint()
    assert "LAYERLAB_SECRET" in os.environ
    assert "LAYERLAB_SECRET" not in ids.without_secret()
