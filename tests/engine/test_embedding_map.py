"""The map of an embedding: two principal components that do not flip while it learns."""

import numpy as np

from engine import Network
from engine.layers.embedding import principal_plane


def embedding(vocab: int = 30, dim: int = 5):
    return Network({"layers": [{"kind": "embedding", "vocab": vocab, "dim": dim}]}, (4,), 0).layers[0]


def test_the_map_is_the_projection_on_the_two_widest_directions():
    E = np.random.default_rng(0).standard_normal((30, 5)) * [5, 1, 3, 0.1, 0.1]
    points, plane = principal_plane(E)
    centred = E - E.mean(axis=0)
    _, values, directions = np.linalg.svd(centred)
    np.testing.assert_allclose(np.abs(plane), np.abs(directions[:2].T), atol=1e-10)
    np.testing.assert_allclose(points.std(axis=0) * np.sqrt(30), values[:2])
    np.testing.assert_allclose(points, centred @ plane)


def test_a_component_keeps_its_side_from_map_to_map():
    layer, rng = embedding(), np.random.default_rng(1)
    before = layer.map()
    for _ in range(200):
        layer.E += 0.02 * rng.standard_normal(layer.E.shape).astype(np.float32)
        directions = layer.directions
        now = layer.map()
        assert ((directions * layer.directions).sum(axis=0) >= 0).all()
        before = now
    assert before.shape == (30, 2)


def test_a_flipped_memory_flips_the_map():
    E = np.random.default_rng(0).standard_normal((30, 5)) * [5, 1, 3, 0.1, 0.1]
    points, plane = principal_plane(E)
    flipped, _ = principal_plane(E, -plane)
    np.testing.assert_array_equal(flipped, -points)


def test_one_dimension_is_a_line():
    points = embedding(dim=1).map()
    assert points.shape == (30, 2)
    assert not points[:, 1].any()
    assert points[:, 0].any()


def test_the_view_is_a_map_of_points():
    view = next(view for view in embedding().views() if view.name == "map")
    assert view.kind == "points"
    assert view.data.shape == (30, 2)
