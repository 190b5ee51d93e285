"""Toys of the plane: smooth in the noise, stable in the samples, true to their shapes."""

import numpy as np
import pytest

import datasets
from datasets import sources
from datasets.plane import base as plane
from datasets.plane import shapes
from engine.data import PLANE_FEATURES
from engine.errors import SpecError

TOYS = [kind for kind in sources if sources[kind].group == "plane"]
CLASSED = [kind for kind in TOYS if sources[kind].task != "regression"]
VALUED = [kind for kind in TOYS if sources[kind].task == "regression"]


def drawn(kind, seed=0, **knobs):
    """Points (N, 2) and targets in the order of their index."""
    source = sources.build({"kind": kind, **knobs})
    position, wobble = (np.random.default_rng([seed, stream]) for stream in (0, 1))
    return source.draw(position, wobble)


def membership(kind, seed=0, **knobs):
    """For every point by its index, whether it trains; points are told apart by where they are."""
    data = sources.build({"kind": kind, **knobs}).load(seed)
    train = {tuple(point) for point in data.plane.points_train.tolist()}
    points, _ = drawn(kind, seed, **knobs)
    return np.array([tuple(point) in train for point in points.astype(np.float32).tolist()])


@pytest.mark.parametrize("kind", TOYS)
def test_points_stay_on_the_plane(kind):
    for noise in (0, 0.5, 1):
        data = datasets.load({"kind": kind, "noise": noise, "samples": 2000})
        for points in (data.plane.points_train, data.plane.points_test):
            assert points.dtype == np.float32
            assert np.abs(points).max() <= plane.EDGE
        assert np.abs(data.plane.points_train).max() > 4
        assert data.plane.domain == (-6, 6)


@pytest.mark.parametrize("kind", CLASSED)
def test_a_point_moves_with_the_noise_without_jumps(kind):
    amounts = np.linspace(0, 1, 101)
    paths = np.stack([drawn(kind, noise=float(noise))[0] for noise in amounts])  # (noise, N, 2)
    steps = np.linalg.norm(np.diff(paths, axis=0), axis=-1)
    assert steps.max() < 0.05 * sources[kind].spread
    assert (steps.sum(axis=0) > 0).all()
    labels = [drawn(kind, noise=noise)[1].tolist() for noise in (0.0, 1.0)]
    assert labels[0] == labels[1]


@pytest.mark.parametrize("kind", VALUED)
def test_a_value_moves_in_proportion_to_the_noise(kind):
    (calm, y0), (same, y1), (_, y2) = (drawn(kind, noise=noise) for noise in (0, 0.25, 0.5))
    np.testing.assert_array_equal(calm, same)
    np.testing.assert_allclose(y2 - y0, 2 * (y1 - y0), atol=1e-5)
    assert np.abs(y0).max() <= 1.01
    assert np.ptp(y0) > 1.5
    assert (y2 - y0).std() == pytest.approx(0.25, rel=0.15)


@pytest.mark.parametrize("kind", TOYS)
def test_more_samples_keep_the_earlier_points_and_their_side(kind):
    few, many = drawn(kind, samples=130), drawn(kind, samples=777)
    np.testing.assert_array_equal(few[0], many[0][:130])
    np.testing.assert_array_equal(few[1], many[1][:130])
    np.testing.assert_array_equal(membership(kind, samples=130), membership(kind, samples=777)[:130])


@pytest.mark.parametrize("kind", CLASSED)
def test_membership_does_not_depend_on_the_noise(kind):
    np.testing.assert_array_equal(membership(kind, noise=0.1), membership(kind, noise=0.4))


def test_a_larger_train_share_only_adds_points():
    small, large = membership("xor", train_fraction=0.3), membership("xor", train_fraction=0.7)
    assert large[small].all()
    assert large.sum() > small.sum()


@pytest.mark.parametrize("kind", TOYS)
def test_train_and_test_are_parts_of_one_whole(kind):
    data = datasets.load({"kind": kind, "samples": 400, "train_fraction": 0.25})
    train, test = (set(map(tuple, p.tolist())) for p in (data.plane.points_train, data.plane.points_test))
    assert len(data.x_train) == 100
    assert len(data.x_test) == 300
    assert not train & test
    assert len(train | test) == 400


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.9])
def test_even_the_smallest_set_has_something_on_each_side(fraction):
    for seed in range(30):
        data = sources.build({"kind": "circle", "samples": 10, "train_fraction": fraction}).load(seed)
        assert len(data.x_train) > 0
        assert len(data.x_test) > 0
        assert np.isfinite(data.x_train).all()
        assert np.isfinite(data.x_test).all()


@pytest.mark.parametrize("kind", CLASSED)
def test_classes_are_balanced(kind):
    _, labels = drawn(kind, samples=601)
    assert np.ptp(np.bincount(labels)) <= 1


@pytest.mark.parametrize(("kind", "counts"), [("multi_spiral", (3, 4, 5)), ("blobs", (2, 3, 4, 5, 6))])
def test_the_number_of_classes_can_be_chosen(kind, counts):
    for count in counts:
        data = datasets.load({"kind": kind, "classes": count})
        assert data.outputs == len(data.class_names) == len(np.unique(data.y_train)) == count
    for count in (min(counts) - 1, max(counts) + 1):
        with pytest.raises(SpecError, match="classes"):
            datasets.load({"kind": kind, "classes": count})


@pytest.mark.parametrize("kind", ["circle", "xor", "checkerboard", "heart"])
def test_without_noise_a_point_lies_where_its_class_lives(kind):
    points, labels = drawn(kind, noise=0, samples=5000)
    np.testing.assert_array_equal(sources[kind].classify(points), labels)


def test_the_heart_has_a_notch_above_and_a_tip_below():
    middle = np.stack([np.zeros(4), [-3.6, 0, 2.0, 3.4]], axis=1)
    assert shapes.heart_class(middle).tolist() == [1, 1, 1, 0]
    assert shapes.heart_class(np.array([[1.8, 3.4], [-1.8, 3.4], [2.5, -2.5]])).tolist() == [1, 1, 0]


def test_the_spiral_turns_one_and_three_quarters():
    t = np.linspace(0.01, 1, 500)
    x, y = shapes.spiral(t, np.zeros(500), 2).T
    assert np.ptp(np.unwrap(np.arctan2(x, y))) / (2 * np.pi) == pytest.approx(1.75 * 0.99)
    np.testing.assert_allclose(np.hypot(x, y), 5 * t)
    np.testing.assert_allclose(shapes.spiral(t, np.ones(500), 2), -np.stack([x, y], axis=1), atol=1e-9)


def test_rings_take_turns():
    points, labels = drawn("rings", noise=0)
    radius = np.hypot(*points.T)
    assert sorted({(round(r, 3), c) for r, c in zip(radius.tolist(), labels.tolist(), strict=True)}) == [
        (1.2, 0), (2.4, 1), (3.6, 0), (4.8, 1)]


def test_waves_by_hand():
    np.testing.assert_allclose(shapes.waves(np.array([[np.pi / 2, 0], [np.pi / 2, np.pi], [0, 1]])), [1, -1, 0],
                               atol=1e-12)


def test_reflection_at_the_edge_is_a_mirror():
    np.testing.assert_allclose(plane.reflect(np.array([-6.5, -6, 0, 3, 6, 7.5, 18.5])), [-5.5, -6, 0, 3, 6, 4.5, -5.5])


def test_inputs_are_the_chosen_features_of_the_points():
    data = datasets.load({"kind": "circle", "features": ["x1·x2", "x1²"]})
    assert data.feature_names == ("x1²", "x1·x2")
    raw = np.stack([PLANE_FEATURES[name](data.plane.points_train.astype(float)) for name in data.feature_names], axis=1)
    np.testing.assert_allclose(data.x_train, (raw - raw.mean(axis=0)) / raw.std(axis=0), atol=1e-5)
    np.testing.assert_array_equal(data.plane.inputs(data.plane.points_test), data.x_test)


@pytest.mark.parametrize("bad", [{"samples": 9}, {"samples": 5001}, {"samples": 20.5}, {"noise": -0.1}, {"noise": 1.1},
                                 {"features": []}, {"features": ["x3"]}])
def test_plane_knobs_are_bounded(bad):
    with pytest.raises(SpecError, match=next(iter(bad))):
        datasets.load({"kind": "moons", **bad})
