"""Lesson 7, convolution: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import loss, score, trained
from ui.explore import convolution, values_of

CONVOLUTION = "07_convolution"


def test_a_convolution_learns_digits():
    assert score(trained(CONVOLUTION, "", 400)) > 0.9


def test_kernels_tell_shapes_anywhere_and_dense_layers_learn_them_by_heart():
    kernels, dense = (trained(CONVOLUTION, name, 600) for name in ("Shapes, anywhere", "The same without kernels"))
    assert kernels.network.theta.size == 2533
    assert 7 <= dense.network.theta.size / kernels.network.theta.size < 8
    assert score(kernels) > 0.9
    assert score(dense) < 0.8
    assert loss(dense) < 0.1 < 0.5 < loss(dense, "test")


def test_a_single_kernel_is_slower_and_stays_behind():
    one, eight = (trained(CONVOLUTION, name, 300) for name in ("A single kernel", ""))
    assert score(one) < score(eight) - 0.05
    assert score(trained(CONVOLUTION, "A single kernel", 1500)) < score(trained(CONVOLUTION, "", 1500))


def test_stride_makes_small_maps_and_is_nearly_as_good():
    strided, pooled = trained(CONVOLUTION, "Stride 2 instead of pooling", 600), trained(CONVOLUTION, "", 600)
    assert strided.network.shapes()[0] == (4, 4, 8)
    assert score(strided) > score(pooled) - 0.05


def test_textures_need_no_place():
    run = trained(CONVOLUTION, "Textures, wherever they are", 600)
    assert run.network.theta.size == 125
    assert score(run) > 0.95


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
