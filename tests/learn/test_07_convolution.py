"""Lesson 7, convolution: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import SEEDS, lesson, score, task, told, trained, trainer
from ui.explore import convolution, values_of

CONVOLUTION = "07_convolution"
ANYWHERE, DENSE, ONE = "Shapes, anywhere", "The same without kernels", "A single kernel"
STRIDED, TEXTURES = "Stride 2 instead of pooling", "Textures, wherever they are"
MINUTE = {"": 140_000, ANYWHERE: 50_000, DENSE: 350_000, ONE: 400_000, STRIDED: 180_000,
          TEXTURES: 140_000}                    # steps that Play makes in a minute at most: a core does no more


@pytest.mark.parametrize("seed", SEEDS)
def test_a_convolution_learns_digits(seed):
    assert told(CONVOLUTION, "", 600, seed=seed).test_score[-1] > 0.9


@pytest.mark.parametrize("seed", SEEDS)
def test_kernels_tell_shapes_anywhere_and_dense_layers_learn_them_by_heart(seed):
    kernels, dense = (told(CONVOLUTION, name, 1000, seed=seed) for name in (ANYWHERE, DENSE))
    assert kernels.test_score[-1] > 0.9
    assert dense.test_score.max() < 0.8
    assert dense.train_loss[-1] < 0.1 < 0.5 < dense.test_loss[-1]


def test_kernels_need_a_seventh_of_the_parameters():
    kernels, dense = (trainer(lesson(CONVOLUTION), name).network.theta.size for name in (ANYWHERE, DENSE))
    assert kernels == 2533
    assert 7 <= dense / kernels < 8


@pytest.mark.parametrize("seed", SEEDS)
def test_a_single_kernel_is_slower_and_stays_behind(seed):
    one, eight = (told(CONVOLUTION, name, 2000, seed=seed) for name in (ONE, ""))
    assert one.at(300).test_score < eight.at(300).test_score - 0.05
    assert np.median(one.between(1000, 2000).test_score) < np.median(eight.between(1000, 2000).test_score)


@pytest.mark.parametrize("seed", SEEDS)
def test_stride_makes_small_maps_and_is_nearly_as_good(seed):
    strided, pooled = (told(CONVOLUTION, name, 600, seed=seed).test_score[-1] for name in (STRIDED, ""))
    assert strided > pooled - 0.05
    assert trainer(lesson(CONVOLUTION), STRIDED).network.shapes()[0] == (4, 4, 8)


@pytest.mark.parametrize("seed", SEEDS)
def test_textures_need_no_place(seed):
    run = trained(CONVOLUTION, TEXTURES, 1000, seed=seed)
    assert run.network.theta.size == 125
    assert score(run) > 0.95
    assert right_when_moved(run) > 0.9


def right_when_moved(run) -> float:
    """The share of test pictures, moved by one pixel in each of four directions, that it is right about."""
    x, y = run.dataset.x_test, run.dataset.y_test.ravel()
    around = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    side = x.shape[1]
    moved = [around[:, i:i + side, j:j + side] for i, j in ((0, 1), (2, 1), (1, 0), (1, 2))]
    return float(np.mean([run.network.forward(m).argmax(axis=1) == y for m in moved]))


@pytest.mark.parametrize("seed", SEEDS)
def test_moved_digits_are_harder_for_the_dense_head_and_hardest_without_kernels(seed):
    kernels = trained(CONVOLUTION, "", 600, seed=seed)
    layers = task(lesson(CONVOLUTION), DENSE).change["network.layers"]
    dense = trainer(lesson(CONVOLUTION), seed=seed, network__layers=layers)
    for _ in range(600):
        dense.step()
    assert min(score(kernels), score(dense)) > 0.9
    assert right_when_moved(kernels) == pytest.approx(0.6, abs=0.06)
    assert right_when_moved(dense) == pytest.approx(0.45, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_minute_of_play_nothing_of_this_changes(seed):
    shapes, dense, one, eight, strided, textures = (
        told(CONVOLUTION, name, MINUTE[name], seed=seed).between(2000, MINUTE[name])
        for name in (ANYWHERE, DENSE, ONE, "", STRIDED, TEXTURES))
    assert np.median(shapes.test_score) > 0.9
    assert shapes.test_score.min() > 0.85
    assert dense.test_score.max() < 0.85
    assert np.median(one.test_score) < np.median(eight.test_score)
    assert np.median(strided.test_score) > np.median(eight.test_score) - 0.05
    assert np.median(textures.test_score) > 0.95
    assert textures.test_score.min() > 0.9


def slid(**values):
    return convolution.slid(**values_of(convolution.CONTROLS, values))


@pytest.mark.parametrize("picture", ["temple", "flower", "digit", "drawing"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_every_pixel_of_the_figure_is_its_nine_products(picture, stride, padding):
    shown = slid(picture=picture, stride=stride, padding=padding, filter="learned3", activation="relu")
    x, W = np.pad(np.array(shown["picture"]), shown["pad"]), np.array(shown["kernel"]).reshape(3, 3)
    z, a = np.array(shown["z"]), np.array(shown["a"])
    assert z.shape[0] == (len(x) - 3) // stride + 1
    for i, j in ((0, 0), (1, 2), (z.shape[0] - 1, z.shape[1] - 1)):
        window = x[i * stride:i * stride + 3, j * stride:j * stride + 3]
        assert (window * W).sum() + shown["bias"] == pytest.approx(z[i, j], abs=0.02)
    assert np.array_equal(a, np.maximum(z, 0))


def test_a_kernel_that_sums_to_zero_answers_zero_on_plain_surfaces_and_padding_keeps_the_size():
    same, valid = (slid(filter="sobel_x", picture="drawing", drawing=[0.5] * 256, padding=p) for p in ("same", "valid"))
    assert np.array_equal(np.array(valid["z"]), np.zeros((14, 14)))
    assert np.array(same["z"]).shape == (16, 16)
    assert slid(stride=2)["z"][0].__len__() == 24


def test_pooling_halves_and_dense_needs_more():
    shown = slid(pool="max_pool2d", picture="drawing")
    assert np.array(shown["pooled"]).max() == np.array(shown["a"]).max()
    assert len(shown["pooled"]) == 8
    assert (shown["parameters"], shown["dense"]) == (10, 256 * 256 + 256)
