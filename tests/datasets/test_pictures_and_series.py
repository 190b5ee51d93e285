"""Pictures and series: what is drawn is what its label says."""

import numpy as np
import pytest

import datasets
from datasets import sources
from datasets.bundled import read_files
from datasets.generated import Generated
from datasets.pictures import drawings

GENERATED = [kind for kind in sources if issubclass(sources[kind], Generated)]
IMAGES = [kind for kind in sources if sources[kind].group == "image"]


def whole(kind, seed=0, **knobs):
    """Inputs and targets in the order in which they are drawn."""
    source = sources.build({"kind": kind, **knobs})
    return source.draw(*(np.random.default_rng([seed, stream]) for stream in (0, 1)))


@pytest.mark.parametrize("kind", IMAGES)
def test_pictures_have_one_channel_from_zero_to_one(kind):
    for noise in (0, 1):
        data = datasets.load({"kind": kind, "noise": noise})
        assert data.x_train.shape[1:] == (*data.image_shape, 1)
        assert data.x_train.min() >= 0
        assert data.x_train.max() <= 1


def test_digits_are_the_pictures_of_the_file_each_on_one_side():
    data, (x, y) = datasets.load("digits"), read_files("digits")
    found = np.concatenate([data.x_train, data.x_test]).reshape(-1, 64) * 16
    labels = np.concatenate([data.y_train, data.y_test])
    assert sorted(map(tuple, np.column_stack([found, labels]).tolist())) == sorted(
        map(tuple, np.column_stack([x, y]).tolist()))


def test_mnist_has_five_hundred_of_each_digit_and_tests_a_hundred():
    data = datasets.load("mnist")
    assert np.bincount(data.y_train).tolist() == [400] * 10
    assert np.bincount(data.y_test).tolist() == [100] * 10


@pytest.mark.parametrize("kind", GENERATED)
def test_more_samples_keep_the_earlier_ones(kind):
    (few, y_few), (many, y_many) = whole(kind, samples=60), whole(kind, samples=200)
    np.testing.assert_array_equal(few, many[:60])
    np.testing.assert_array_equal(y_few, y_many[:60])


@pytest.mark.parametrize("kind", [kind for kind in GENERATED if "noise" in sources[kind].knobs])
def test_the_noise_leaves_the_targets_alone(kind):
    (calm, y), (noisy, same) = whole(kind, noise=0), whole(kind, noise=0.3)
    np.testing.assert_array_equal(y, same)
    assert 0.05 < (calm - noisy).std() < 0.4


@pytest.mark.parametrize("forms", [drawings.SHAPES, drawings.TEXTURES], ids=["shapes", "textures"])
def test_every_drawing_has_light_and_dark_wherever_it_lies(forms):
    numbers = np.random.default_rng(0).random((500, drawings.NUMBERS))
    for name, form in forms.items():
        x = form(numbers)
        assert x.shape == (500, 16, 16), name
        assert x.min() >= 0
        assert x.max() <= 1
        assert x.max(axis=(1, 2)).min() > 0.8, name
        assert x.min(axis=(1, 2)).max() < 0.2, name
        if forms is drawings.SHAPES:
            edge = np.concatenate([x[:, 0], x[:, -1], x[:, :, 0], x[:, :, -1]], axis=1)
            assert edge.mean() < 0.05, f"{name} lies inside the picture"


def test_stripes_run_where_they_say():
    numbers = np.random.default_rng(0).random((200, drawings.NUMBERS))
    pictures = {name: form(numbers) for name, form in drawings.TEXTURES.items()}
    across, along = ({name: np.abs(np.diff(x, axis=axis)).mean() for name, x in pictures.items()} for axis in (2, 1))
    assert across["vertical"] > 3 * along["vertical"]
    assert along["horizontal"] > 3 * across["horizontal"]
    assert across["diagonal"] == pytest.approx(along["diagonal"], rel=0.1)


def test_the_adding_problem_marks_one_number_in_each_half():
    for length in (10, 33, 100):
        x, y = whole("adding", length=length)
        marks = x[..., 1]
        assert (marks[:, :length // 2].sum(axis=1) == 1).all()
        assert (marks[:, length // 2:].sum(axis=1) == 1).all()
        mean, std = sources.build("adding").target_scale
        np.testing.assert_allclose(y[:, 0] * std + mean, (x[..., 0] * marks).sum(axis=1))
        assert y.mean() == pytest.approx(0, abs=0.1)
        assert y.std() == pytest.approx(1, abs=0.1)


def test_parity_counts_the_last_bits_only():
    x, y = whole("parity", length=9, counted=3)
    np.testing.assert_array_equal(y, (x[:, -3:, 0] > 0).sum(axis=1) % 2)
    assert 0.4 < y.mean() < 0.6
    x, y = whole("parity", length=3, counted=8)
    np.testing.assert_array_equal(y, (x[..., 0] > 0).sum(axis=1) % 2)


def test_a_mixture_goes_on_as_it_began():
    x, y = whole("sine_mix", length=40, ahead=5, noise=0)
    longer, _ = whole("sine_mix", length=45, ahead=1, noise=0)
    np.testing.assert_allclose(np.concatenate([x[..., 0], y], axis=1), longer[..., 0])
    assert datasets.load({"kind": "sine_mix", "ahead": 5}).outputs == 5


def test_waveforms_have_their_forms():
    x, y = whole("series_class", length=200, noise=0)
    height = np.abs(x[..., 0]).max(axis=1)
    shape = np.abs(x[..., 0]).mean(axis=1) / height                         # mean over peak
    for label, expected in ((0, 2 / np.pi), (1, 1), (2, 0.5), (3, 0.5), (4, 2 / np.pi)):
        assert np.median(shape[y == label]) == pytest.approx(expected, abs=0.04)
