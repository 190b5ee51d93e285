"""Movie reviews: is one positive, and which word is hidden in one of its sentences?"""

import re

import numpy as np

from datasets.base import sources
from datasets.split import stable_split, stratified_split, streams
from datasets.text.corpus import COLLECTIONS, Corpus, corpus
from datasets.text.crops import cropped
from datasets.text.words import PAD, STOPS, UNKNOWN, TextSource, clean, filled_up, is_word, numbers_of, pieces, shorten
from engine.data import Dataset, Vocabulary
from engine.knobs import Choice, Float, Int

MASK = "[mask]"
CROPS = 2  # their stream of randomness, behind those of choice and split
_BLANK = re.compile(r"\[mask\]|_+")


class ReviewSource(TextSource):
    """Texts from one of the collections."""

    collection = Choice("imdb", COLLECTIONS, "Collection", "Whole reviews from IMDB, or single sentences from Rotten "
                        "Tomatoes.")
    train_fraction = Float(0.8, 0.1, 0.9, "Train share", "The share of the texts that the network learns from; "
                           "the rest only test it.", step=0.05)


def notes(found: Corpus) -> tuple[str, ...]:
    """What was done about texts that stand in the collection more than once."""
    return (f"{found.again:,} texts that repeat another one of the collection are left out.",) if found.again else ()


@sources.register("reviews", "Movie reviews")
class Reviews(ReviewSource):
    """What people wrote about films: is the review positive or negative?"""

    task = "binary"
    sample = "a wonderful film"
    sentences = "This movie was fantastic!", "Terrible waste of time", "Somewhat entertaining but lacking depth"

    reviews = Int(5000, 200, 25_000, "Reviews", "How many reviews there are, for training and testing together (or all "
                  "that the collection has).", slider=(500, 25_000), step=100)
    vocabulary = Int(10_000, 100, 50_000, "Vocabulary", "How many words the network knows, the commonest of those that "
                     "train; all others look the same to it.", scale="log", slider=(200, 30_000))
    length = Int(200, 10, 500, "Length", "How many words of a review are read: of a long one its beginning and its "
                 "end.", slider=(20, 500), step=10)
    crops = Float(0.0, 0.0, 0.7, "Short pieces", "The share of the training examples that are short pieces out of the "
                  "training reviews: from them the network learns how little a few words say.", step=0.05)

    def load(self, seed: int) -> Dataset:
        choice, split = streams(seed, 2)
        found = corpus(self.collection)
        rows = choice.permutation(len(found))[:self.reviews]
        labels = found.labels[rows]
        train = stratified_split(labels, self.train_fraction, split)
        vocabulary, table = self.know(found, rows[train])
        numbered = (table[found.text(i)] for i in rows)
        x = filled_up((shorten(text[text >= 0], self.length) for text in numbered), len(rows), self.length)
        learned = self.with_crops(x[train], labels[train], seed)
        return Dataset(self.label, self.task, *learned, x[~train], labels[~train],
                       class_names=("negative", "positive"), target_name="verdict", vocabulary=vocabulary,
                       notes=notes(found))

    def with_crops(self, x: np.ndarray, y: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """The reviews x (N, T), y (N,) that train, and behind them as many pieces as make up the share asked for."""
        more = round(len(x) * self.crops / (1 - self.crops))
        if not more:
            return x, y
        x = x.astype(np.int16) if x.max() < 2**15 else x                   # three times as many take half the memory
        rng = np.random.default_rng([seed, CROPS])
        rows = np.concatenate([rng.permutation(len(x)) for _ in range(-(-more // len(x)))])[:more]
        return np.concatenate([x, cropped(x[rows], rng)]), np.concatenate([y, y[rows]])

    def know(self, found: Corpus, rows: np.ndarray) -> tuple[Vocabulary, np.ndarray]:
        """The commonest words of these texts, and the number of each piece of the corpus: -1 for stops."""
        counted = np.repeat(np.isin(np.arange(len(found)), rows), np.diff(found.starts))
        counts = np.bincount(found.flat[counted], minlength=len(found.pieces))
        stops = [i for i, piece in enumerate(found.pieces[:1000]) if not is_word(piece)]
        counts[stops] = 0
        known = np.argsort(-counts, kind="stable")[:self.vocabulary - 2]
        known = known[counts[known] > 0]
        table = np.ones(len(found.pieces), np.int32)
        table[known], table[stops] = np.arange(2, len(known) + 2), -1
        return Vocabulary((PAD, UNKNOWN, *(found.pieces[i] for i in known)), pad=0, unknown=1), table

    def numbers(self, text, vocabulary):
        return numbers_of(filter(is_word, pieces(clean(text))), vocabulary)


@sources.register("review_words", "Missing words")
class ReviewWords(ReviewSource):
    """Sentences from film reviews with hidden words: which word is missing?"""

    task = "masked_token"
    sample = "the best ___ i have seen"

    sentences = Int(10_000, 500, 60_000, "Sentences", "How many sentences there are, for training and testing together "
                    "(or all that fit).", scale="log", slider=(1000, 60_000))
    vocabulary = Int(1000, 100, 10_000, "Vocabulary", "How many words the network knows: sentences with other words "
                     "are left out.", scale="log", slider=(200, 5000))
    length = Int(16, 6, 40, "Length", "How many words a sentence has at most.")

    def load(self, seed: int) -> Dataset:
        choice, split = streams(seed, 2)
        found = corpus(self.collection)
        common = enumerate(found.pieces[:self.vocabulary + len(STOPS) + 1])
        words = [i for i, piece in common if is_word(piece)][:self.vocabulary - 3]
        vocabulary = Vocabulary((PAD, MASK, UNKNOWN, *(found.pieces[i] for i in words)), pad=0, mask=1, unknown=2)
        table = np.full(len(found.pieces), 2, np.int32)
        table[words] = np.arange(3, len(words) + 3)
        x = known_sentences(found, table, self.length)
        x = x[choice.permutation(len(x))[:self.sentences]]
        train = stable_split(len(x), self.train_fraction, split)
        return Dataset(self.label, self.task, x[train], x[train], x[~train], x[~train], target_name="hidden words",
                       vocabulary=vocabulary)

    def numbers(self, text, vocabulary):
        parts = _BLANK.split(clean(text))
        words = [word for part in parts for word in (*filter(is_word, pieces(part)), MASK)]
        return numbers_of(words[:-1], vocabulary)


def known_sentences(found: Corpus, table: np.ndarray, length: int) -> np.ndarray:
    """Every different sentence of 4 to `length` words, all of them known, as tokens (N, length); 2 is unknown."""
    stop, comma = (np.isin(np.arange(len(found.pieces)), [i for i, piece in enumerate(found.pieces[:1000])
                                                          if piece in marks]) for marks in (STOPS, ","))
    kept = ~comma[found.flat]
    ends = stop[found.flat]
    ends[found.starts[1:][np.diff(found.starts) > 0] - 1] = True  # a text's end ends its last sentence
    flat, stops, ends = table[found.flat[kept]], stop[found.flat[kept]], ends[kept]
    sentence = np.concatenate([[0], np.cumsum(ends)[:-1]])  # of which each piece is a part
    flat, sentence = flat[~stops], sentence[~stops]
    count = sentence[-1] + 1
    size = np.bincount(sentence, minlength=count)
    fits = (size >= 4) & (size <= length) & (np.bincount(sentence, flat == 2, count) == 0)
    place = np.arange(len(flat)) - (np.cumsum(size) - size)[sentence]
    chosen = fits[sentence]
    x = np.zeros((int(fits.sum()), length), np.int32)
    x[(np.cumsum(fits) - 1)[sentence[chosen]], place[chosen]] = flat[chosen]
    return np.unique(x, axis=0)
