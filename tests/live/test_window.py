"""Windows: the numbers from which a pixel of a feature map comes, for every size, stride and padding."""

import numpy as np
import pytest

import engine
from live.worker.commands import handle
from tests.live.asking import ask
from tests.live.runs import everything, session, spec, step

CONVOLUTIONS = [{"kind": "conv2d", "filters": 3, "kernel": k, "stride": s, "padding": p, "activation": f}
                for k, s, p, f in [(3, 1, "same", "relu"), (5, 2, "same", "tanh"), (2, 1, "valid", "linear"),
                                   (3, 3, "valid", "gelu"), (1, 1, "same", "sigmoid")]]
POOLS = [{"kind": kind, "size": size, "stride": stride} for kind in ("max_pool2d", "avg_pool2d")
         for size, stride in [(2, None), (3, 1), (2, 3)]]


def pictures(*layers: dict) -> dict:
    return spec(data={"kind": "digits"}, network={"layers": [*layers, {"kind": "flatten"}]})


def asked(of: dict, **details):
    run = session(of)
    step(run, 5)
    ((header, arrays),) = ask(run, "window", **details)
    return run, header, arrays


def under(x, header, row, column):
    """The window (k, k, C), zeros beyond the edge."""
    k, s, p = header["size"], header["stride"], header["pad"]
    padded = np.pad(x.astype(np.float64), ((p, p), (p, p), (0, 0)))
    return padded[row * s:row * s + k, column * s:column * s + k]


@pytest.mark.parametrize("first", CONVOLUTIONS, ids=lambda c: f"{c['kernel']}-{c['stride']}-{c['padding']}")
@pytest.mark.parametrize("layer", ["0", "1"])
def test_window_times_kernel_plus_bias_is_the_engine_s_sum(first, layer):
    run, header, arrays = asked(pictures(first, {"kind": "conv2d", "filters": 2, "kernel": 1}), layer=layer)
    bend = engine.activations[[first["activation"], "relu"][int(layer)]]()
    rows, columns, filters = arrays["a"].shape
    for f in range(filters):
        for row, column in [(0, 0), (rows - 1, columns - 1), (rows // 2, 0)]:
            z = (under(arrays["x"], header, row, column) * arrays["W"][..., f]).sum() + arrays["b"][f]
            assert z == pytest.approx(arrays["z"][row, column, f], abs=1e-5)
            assert bend(np.array([z]))[0] == pytest.approx(arrays["a"][row, column, f], abs=1e-5)
    network, one = run.trainer.network.copy(), run.observer.probe.one
    network.forward(one.x)
    np.testing.assert_array_equal(arrays["a"], network.layers[int(layer)].a[0])


@pytest.mark.parametrize("pool", POOLS, ids=lambda p: f"{p['kind']}-{p['size']}-{p['stride']}")
def test_a_pool_gives_the_largest_or_the_mean_of_its_window(pool):
    _, header, arrays = asked(pictures(CONVOLUTIONS[0], pool), layer="1")
    assert header["largest"] == (pool["kind"] == "max_pool2d")
    rows, columns, channels = arrays["a"].shape
    for row in range(rows):
        for column in range(columns):
            window = under(arrays["x"], header, row, column).reshape(-1, channels)
            expected = window.max(axis=0) if header["largest"] else window.mean(axis=0)
            np.testing.assert_allclose(arrays["a"][row, column], expected, atol=1e-5)


def test_windows_inside_other_layers_are_found():
    run, header, _ = asked(pictures({"kind": "basic_block", "filters": 4, "stride": 2}))
    names = [layer["name"] for layer in header["layers"]]
    assert names == ["0.0", "0.3", "0.projection"]
    ((header, arrays),) = ask(run, "window", layer="0.3")
    assert header["name"] == "0.3"
    assert arrays["x"].shape == arrays["a"].shape == (4, 4, 4)


def test_a_filter_that_is_switched_off_answers_zero_and_is_told():
    _, header, arrays = asked(pictures(CONVOLUTIONS[0] | {"off": [1]}))
    assert header["off"] == [1]
    assert not arrays["a"][..., 1].any()
    assert arrays["a"][..., 0].any()
    assert arrays["x"].any()


def test_it_follows_the_example_that_is_looked_at():
    run, _, arrays = asked(pictures(CONVOLUTIONS[0]))
    handle(run, {"op": "probe", "index": 7})
    ((_, after),) = ask(run, "window")
    np.testing.assert_array_equal(after["x"], run.trainer.dataset.x_test[7].astype(np.float32))
    assert (after["x"] != arrays["x"]).any()


def test_a_network_without_windows_says_so():
    ((header, arrays),) = ask(session(spec()), "window")
    assert header["layers"] == []
    assert arrays == {}


@pytest.mark.parametrize("layer", [None, "9", 3, ["0"], {}])
def test_a_layer_that_is_not_there_gives_the_first(layer):
    _, header, _ = asked(pictures(CONVOLUTIONS[0]), layer=layer)
    assert header["name"] == "0"


def test_asking_changes_nothing():
    run = session(pictures(CONVOLUTIONS[0]))
    step(run, 5)
    before = everything(run)
    ask(run, "window")
    assert everything(run) == before
