"""One harness for every registered layer: what each must keep to, whatever it computes."""

from dataclasses import dataclass, field

import numpy as np
import pytest

import engine
from engine.layers.base import Layer
from engine.views import KINDS
from tests.engine.examples import EXAMPLES

AXES = {"matrix": 2, "kernels": 4, "maps": 4, "neurons": 2, "boundary": 2, "attention": 4, "gates": 4, "tokens": 2,
        "curve": 1, "bars": 1}


@dataclass(frozen=True)
class Case:
    """A layer alone in a network, with inputs made for it."""

    kind: str
    shape: tuple
    knobs: dict
    options: dict = field(default_factory=dict)

    def __str__(self):
        settings = [f"{name}={value}" for name, value in (self.knobs | self.options).items()]
        return " ".join([self.kind, "x".join(map(str, self.shape)), *settings]).replace("[", "(").replace("]", ")")

    @property
    def tolerance(self) -> float:
        return self.options.get("tolerance", 1e-6)

    def network(self, dtype=np.float64) -> engine.Network:
        stack = [*self.options.get("after", []), {"kind": self.kind, **self.knobs}]
        net = engine.Network({"layers": stack}, self.shape, seed=3, dtype=dtype,
                             memory_shape=self.options.get("memory"))
        if net.error:
            raise net.error
        net.theta += 0.05 * np.random.default_rng(5).standard_normal(net.theta.size).astype(dtype)   # no zero biases
        return net

    def x(self, n: int, dtype=np.float64, seed=0) -> np.ndarray:
        rng = np.random.default_rng(seed)
        if "tokens" in self.options:
            return rng.integers(0, self.options["tokens"], (n, *self.shape))
        return rng.standard_normal((n, *self.shape)).astype(dtype)

    def inputs(self, n: int, dtype=np.float64) -> dict:
        """What forward takes beyond x."""
        rng, given = np.random.default_rng(1), {}
        if self.options.get("mask"):
            given["mask"] = padding(n, self.shape[0], rng)
        if "memory" in self.options:
            given["memory"] = rng.standard_normal((n, *self.options["memory"])).astype(dtype)
            if self.options.get("memory_mask"):
                given["memory_mask"] = padding(n, self.options["memory"][0], rng)
        return given

    def run(self, net: engine.Network, n: int, train=False) -> tuple[np.ndarray, np.ndarray | None]:
        """Forward and backward with the same random numbers each time."""
        y = net.forward(self.x(n, net.dtype), train, rng=np.random.default_rng(2), **self.inputs(n, net.dtype))
        dy = np.random.default_rng(4).standard_normal(y.shape).astype(net.dtype)
        return y, net.backward(dy)


def padding(n: int, length: int, rng: np.random.Generator) -> np.ndarray:
    """A mask (N, T) whose sequences have different lengths, at least one token each."""
    lengths = rng.integers(1, length + 1, n)
    lengths[0] = length
    return np.arange(length) < lengths[:, None]


CASES = [Case(kind, *row) for kind, rows in EXAMPLES.items() if kind in engine.layers for row in rows]
each_case = pytest.mark.parametrize("case", CASES, ids=str)
trained = [c for c in CASES if c.options.get("train")]


@pytest.mark.parametrize("kind", list(engine.layers))
def test_every_layer_has_an_example(kind):
    assert EXAMPLES.get(kind), f"Add rows for '{kind}' to tests/engine/examples.py."


def test_every_example_is_of_a_registered_layer():
    assert [kind for kind in EXAMPLES if kind not in engine.layers] == []


@each_case
@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_predicted_shape_is_the_real_shape(case, n):
    net = case.network()
    y, dx = case.run(net, n)
    assert y.shape == (n, *net.shapes()[-1])
    assert ("tokens" in case.options) == (dx is None)
    assert dx is None or dx.shape == (n, *case.shape)


@each_case
@pytest.mark.parametrize("n", [1, 3])
def test_gradients_agree_with_central_differences(case, n):
    result = engine.gradcheck(case.network(), case.x(n), **case.inputs(n))
    assert result.ok(case.tolerance), result


@pytest.mark.parametrize("case", trained, ids=str)
def test_gradients_in_training_mode_agree_with_central_differences(case):
    result = engine.gradcheck(case.network(), case.x(4), train=True, **case.inputs(4))
    assert result.ok(case.tolerance), result


@each_case
@pytest.mark.parametrize("train", [False, True])
def test_backward_overwrites_every_gradient(case, train):
    net = case.network()
    case.run(net, 3, train)
    first = net.grad.copy()
    net.grad[...] = np.nan
    case.run(net, 3, train)
    np.testing.assert_array_equal(net.grad, first)


@each_case
def test_float32_stays_float32_and_close_to_float64(case):
    net, exact = case.network(np.float32), case.network()
    net.theta[...] = exact.theta
    (y, dx), (y64, dx64) = case.run(net, 3), case.run(exact, 3)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, y64, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(net.grad, exact.grad, rtol=1e-3, atol=1e-3)
    if dx is not None:
        assert dx.dtype == np.float32
        np.testing.assert_allclose(dx, dx64, rtol=1e-3, atol=1e-3)
    for layer in net.walk():
        arrays = {k: v for k, v in vars(layer).items() if isinstance(v, np.ndarray) and v.dtype.kind == "f"}
        assert {k: str(v.dtype) for k, v in arrays.items() if v.dtype != np.float32} == {}


@each_case
def test_an_example_gets_the_same_answer_alone_and_in_a_batch(case):
    if case.options.get("mixes"):
        pytest.skip("this layer mixes the examples of a batch on purpose")
    net, x, inputs = case.network(), case.x(4), case.inputs(4)
    together = net.forward(x, **inputs)
    for i in range(4):
        alone = net.forward(x[i:i + 1], **{name: value[i:i + 1] for name, value in inputs.items()})
        np.testing.assert_allclose(alone[0], together[i], rtol=1e-9, atol=1e-12)


@each_case
@pytest.mark.parametrize("train", [False, True])
def test_the_same_random_numbers_give_the_same_result(case, train):
    a, b = case.network(), case.network()
    (y1, dx1), (y2, dx2) = case.run(a, 3, train), case.run(b, 3, train)
    np.testing.assert_array_equal(y1, y2)
    np.testing.assert_array_equal(a.grad, b.grad)
    assert dx1 is None or np.array_equal(dx1, dx2)
    a.initialize(), b.initialize()
    np.testing.assert_array_equal(a.theta, b.theta)
    np.testing.assert_array_equal(a.state, b.state)


@each_case
def test_looking_at_other_data_in_between_leaves_no_trace(case):
    plain, watched = case.network(), case.network()
    expected = [case.run(plain, n, train=True) for n in (3, 5, 3)]
    for n, (y, dx) in zip((3, 5, 3), expected, strict=True):
        watched.forward(case.x(4, seed=9), **case.inputs(4))
        y2, dx2 = case.run(watched, n, train=True)
        np.testing.assert_array_equal(y, y2)
        assert dx is None or np.array_equal(dx, dx2)
    np.testing.assert_array_equal(plain.grad, watched.grad)
    np.testing.assert_array_equal(plain.state, watched.state)


@each_case
def test_what_forward_and_backward_hand_out_is_not_overwritten(case):
    net = case.network()
    y, dx = case.run(net, 3)
    before = y.copy(), None if dx is None else dx.copy()
    net.forward(case.x(3, seed=8), **case.inputs(3))
    net.backward(np.ones_like(y))
    np.testing.assert_array_equal(y, before[0])
    assert dx is None or np.array_equal(dx, before[1])


@each_case
@pytest.mark.parametrize("train", [False, True])
def test_forward_and_backward_leave_their_arguments_as_they_are(case, train):
    net, x, inputs = case.network(), case.x(3), case.inputs(3)
    kept = x.copy()
    for array in (x, *inputs.values()):
        array.setflags(write=False)                   # shared data sets are read-only: writing would raise here
    y = net.forward(x, train, rng=np.random.default_rng(0), **inputs)
    dy = np.random.default_rng(4).standard_normal(y.shape)
    dy.setflags(write=False)
    net.backward(dy)
    np.testing.assert_array_equal(x, kept)


@each_case
def test_nothing_is_read_from_scratch_memory_before_it_is_written(case, monkeypatch):
    net = case.network()
    y, dx = case.run(net, 3, train=True)
    grad = net.grad.copy()

    def fresh(self, key, shape, dtype):
        return np.full(shape, np.nan if np.dtype(dtype).kind == "f" else 1, dtype)

    monkeypatch.setattr(Layer, "scratch", fresh)
    net = case.network()
    y2, dx2 = case.run(net, 3, train=True)
    np.testing.assert_array_equal(y, y2)
    np.testing.assert_array_equal(grad, net.grad)
    assert dx is None or np.array_equal(dx, dx2)


@each_case
def test_leaving_out_the_input_gradient_changes_no_parameter_gradient(case):
    net = case.network()
    y, dx = case.run(net, 3)
    grad = net.grad.copy()
    net.grad[...] = np.nan
    dy = np.random.default_rng(4).standard_normal(y.shape)
    assert net.backward(dy, needs_dx=False) is None
    np.testing.assert_array_equal(net.grad, grad)
    again = net.backward(dy)
    assert dx is None or np.array_equal(again, dx)


@each_case
def test_running_statistics_stay_in_the_flat_state(case):
    net = case.network()
    case.run(net, 3, train=True)
    for layer in net.walk():
        for name in layer.plan.state:
            assert np.shares_memory(getattr(layer, name), net.state)
        for p in layer.plan.parameters:
            assert np.shares_memory(getattr(layer, p.name), net.theta)
            assert np.shares_memory(getattr(layer, "d" + p.name), net.grad)


@each_case
@pytest.mark.parametrize("train", [False, True])
def test_every_view_can_be_read_and_is_of_its_kind(case, train):
    net = case.network(np.float32)
    case.run(net, 3, train)
    views = net.views()
    assert views, "a layer has something to show"
    assert len({view.name for view in views}) == len(views)
    for view in views:
        data = np.asarray(view.read())
        assert view.kind in KINDS
        assert data.size
        assert np.isfinite(data).all(), view.name
        assert AXES.get(view.kind, data.ndim) == data.ndim, f"{view.name} is {data.shape}: {KINDS[view.kind]}"
        assert view.title
        assert view.axes
        assert all(view.axes), view.name
        if view.kind == "attention":
            assert (data >= 0).all()
            np.testing.assert_allclose(data.sum(axis=-1), 1, rtol=1e-5)


@each_case
def test_a_copy_computes_the_same_and_shares_nothing(case):
    net = case.network()
    case.run(net, 3, train=True)
    twin = net.copy()
    y, y2 = case.run(net, 3)[0], case.run(twin, 3)[0]
    np.testing.assert_array_equal(y, y2)
    twin.theta += 1
    twin.state += 1
    np.testing.assert_array_equal(case.run(net, 3)[0], y)


@each_case
def test_a_layer_that_does_not_fit_says_so_before_any_array_exists(case):
    for shape in [(), (2, 3, 4, 5), (3, 4), (3, 4, 5), (6,)]:
        net = engine.Network({"layers": [{"kind": case.kind, **case.knobs}]}, shape)
        for predicted in net.shapes():
            if isinstance(predicted, engine.ShapeError):
                assert str(predicted).endswith(".")
                with pytest.raises(engine.ShapeError):
                    net.forward(np.zeros((2, *shape)))
            else:
                assert all(isinstance(axis, int) and axis > 0 for axis in predicted)
