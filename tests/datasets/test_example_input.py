"""What a person types, draws or clicks, however odd it is."""

import numpy as np
import pytest

import datasets
from datasets import decode, encode_input, sources
from datasets.example_input import as_picture, resized
from engine.errors import SpecError

TEXTS = [kind for kind in sources if sources[kind].group == "text"]
IMAGES = [kind for kind in sources if sources[kind].group == "image"]
SMALL = {"reviews": {"reviews": 600, "length": 50}, "review_words": {"sentences": 500}, "dates": {"samples": 500}}
ODD = ["", "   ", "<script>alert('x')</script>", "🙂🙂 👩‍👩‍👧", "مرحبا بالعالم", "שלום", "!!! ... ???",
       "\0\x1b[31m\ud800", "a" * 100_000, "word " * 20_000, "_" * 1000, "e\u0301\u0301", "ﬁ ½ Ⅷ İ ß",
       "../../etc/passwd", "' OR 1=1 --", "{{7*7}}", "\n\t\r"]


def spec(kind):
    return {"kind": kind, **SMALL.get(kind, {})}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("text", ODD, ids=[f"{text[:12]!r}" for text in ODD])
def test_any_text_becomes_tokens_that_the_network_knows(kind, text):
    data, x = datasets.load(spec(kind)), encode_input(spec(kind), text)
    assert x.shape == (1, *data.input_shape)
    assert x.dtype == np.int32
    assert 0 <= x.min() <= x.max() < len(data.vocabulary)
    assert len(decode(x[0], data.vocabulary)) < 20_000


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("value", [None, 3, b"bytes", ["a"], {"text": "a"}])
def test_what_is_no_text_is_refused(kind, value):
    with pytest.raises(SpecError, match="Type a text"):
        encode_input(spec(kind), value)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_of_the_data_becomes_its_own_tokens(kind):
    data = datasets.load(spec(kind))
    for x in data.x_test[:20]:
        text = decode(x, data.vocabulary)
        if "…" not in text:
            again = encode_input(spec(kind), text)[0]
            kept = slice(None, -1) if kind == "name_letters" else slice(None)     # one's own prefix has no end yet
            real = x[x != data.vocabulary.end] if kind == "name_letters" else x
            np.testing.assert_array_equal(again[:len(real)][kept], real[kept])


def test_a_sentence_is_read_as_a_review_is():
    data = datasets.load(spec("reviews"))
    x = encode_input(spec("reviews"), "The FILM, was<br />not good… qzxqzx!")
    assert decode(x[0], data.vocabulary) == "the film was not good …"


@pytest.mark.parametrize("blank", ["_", "____", "[MASK]", "[mask]"])
def test_a_blank_is_a_hidden_word(blank):
    data = datasets.load(spec("review_words"))
    x = encode_input(spec("review_words"), f"this is the {blank} movie{blank}")
    assert decode(x[0], data.vocabulary) == "this is the [mask] movie [mask]"


def test_a_prefix_of_a_name_begins_with_the_start():
    x = encode_input("name_letters", "Mar")
    assert [datasets.load("name_letters").vocabulary.tokens[token] for token in x[0, :5]] == ["^", "m", "a", "r", "·"]


# -- pictures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", IMAGES)
@pytest.mark.parametrize("drawing", [
    [0.0] * 784, [[1.0]], np.ones((280, 280)), [[0, 255], [255, 0]], [[-1.0, 2.0]], np.eye(50).ravel().tolist(),
    np.zeros((3, 1000)), [[True, False]], np.eye(3)[..., None], [[1e300, 0]], [[1e-300, 0]], np.eye(1000)],
    ids=range(12))
def test_any_drawing_becomes_a_picture(kind, drawing):
    data, x = datasets.load(kind), encode_input(kind, drawing)
    assert x.shape == (1, *data.input_shape)
    assert x.dtype == np.float32
    assert np.isfinite(x).all()
    assert 0 <= x.min() <= x.max() <= 1
    assert (x.max() > 0) == bool((np.asarray(drawing, float) > 1e-6).any())


@pytest.mark.parametrize("drawing", [
    [], [[]], [0.5, 0.5], [[float("nan")]], [[float("inf"), 0]], [[1, 2], [3]], "drawing", None, 3, {"a": 1}, [["a"]],
    [[None]], [[10**400]], np.zeros((2, 2, 2)), np.zeros((2000, 2000)), [[1j]], [b"x"]], ids=range(17))
def test_what_is_no_drawing_is_refused(drawing):
    for kind in ("digits", "textures"):
        with pytest.raises(SpecError, match=r"drawing|A drawing"):
            encode_input(kind, drawing)


def test_a_digit_of_the_collection_drawn_large_and_aside_comes_back():
    pictures = datasets.load("mnist").x_test[:100, :, :, 0]
    overlaps = []
    for picture in pictures:
        large = np.zeros((140, 200))
        large[20:132, 60:172] = 3 * np.kron(picture, np.ones((4, 4)))
        x = as_picture(large, (28, 28), 20, 14.0)[0, :, :, 0]
        overlaps.append((x * picture).sum() / np.sqrt((x * x).sum() * (picture * picture).sum()))
    assert np.median(overlaps) > 0.97
    assert min(overlaps) > 0.5


def test_a_drawing_is_scaled_by_area():
    picture = np.random.default_rng(0).random((10, 12))
    np.testing.assert_allclose(resized(picture, (5, 6)), picture.reshape(5, 2, 6, 2).mean(axis=(1, 3)))
    np.testing.assert_allclose(resized(picture, (10, 12)), picture)
    np.testing.assert_allclose(resized(picture, (7, 29)).mean(), picture.mean())


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_a_point_becomes_its_features():
    for kind in ("circle", "points"):
        data = datasets.load({"kind": kind, "features": ["x1", "x2²"]})
        np.testing.assert_array_equal(encode_input({"kind": kind, "features": ["x1", "x2²"]}, [1.5, -2]),
                                      data.plane.inputs(np.array([[1.5, -2]])))


def test_a_flower_is_measured_in_centimetres():
    data = datasets.load("iris")
    mean, std = data.input_scale
    np.testing.assert_allclose(encode_input("iris", [5.1, 3.5, 1.4, 0.2]), [([5.1, 3.5, 1.4, 0.2] - mean) / std],
                               rtol=1e-5)
    assert 4 < mean[0] < 7


def test_a_series_is_taken_as_it_is():
    x = encode_input("parity", [1, -1] * 6)
    assert x.shape == (1, 12, 1)
    assert encode_input("adding", np.zeros((30, 2)).tolist()).shape == (1, 30, 2)


@pytest.mark.parametrize(("kind", "value"), [("circle", [1]), ("circle", [1, float("nan")]), ("iris", [1, 2, 3]),
                                             ("iris", "1,2,3,4"), ("parity", [1] * 13), ("adding", None)])
def test_other_numbers_are_refused(kind, value):
    with pytest.raises(SpecError, match="This network needs"):
        encode_input(kind, value)
