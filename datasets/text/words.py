"""Texts as tokens: how they are cleaned, cut into words or letters, numbered, and filled up to one length."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from datasets.base import Source
from datasets.example_input import as_text
from engine.data import Vocabulary

STOPS = ".!?"  # what ends a sentence
PAD, UNKNOWN = "·", "…"
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PIECES = re.compile(rf"[^\W_]+(?:['’][^\W_]+)?|[{STOPS},]")


def clean(text: str) -> str:
    """One form for the same text: line breaks of web pages gone, lower case, composed letters, plain apostrophes."""
    return unicodedata.normalize("NFC", _LINE_BREAK.sub(" ", text)).lower().replace("’", "'")


def pieces(text: str) -> list[str]:
    """The words and stops of a cleaned text, in order; all else is left out."""
    return _PIECES.findall(text)


def is_word(piece: str) -> bool:
    return piece not in (*STOPS, ",")


def shorten(tokens: Sequence[int], length: int) -> Sequence[int]:
    """At most `length` tokens: of a long text the beginning and the end, where most of its verdict stands.

    Sun et al., 2019, section 5.3.1 ("head+tail").
    """
    if len(tokens) <= length:
        return tokens
    head = length // 4
    return np.concatenate([tokens[:head], tokens[len(tokens) - (length - head):]])


def filled_up(rows: Iterable[Sequence[int]], count: int, length: int, pad: int = 0) -> np.ndarray:
    """Tokens (count, length) int32: each row cut to the length, or filled up behind with padding."""
    tokens = np.full((count, length), pad, np.int32)
    for row, text in zip(tokens, rows, strict=True):
        row[:len(text)] = text[:length]
    return tokens


def numbers_of(texts: Iterable[str], vocabulary: Vocabulary) -> list[int]:
    """The number of each token; what the vocabulary lacks becomes `unknown`, or is left out where there is none."""
    place = {token: number for number, token in enumerate(vocabulary.tokens)}
    found = (place.get(text, vocabulary.unknown) for text in texts)
    return [number for number in found if number is not None]


class TextSource(Source):
    """Texts as tokens (N, T) int32, padded at the end. `sample` is what the gallery shows of them,
    `sentences` are texts whose answers a page shows while the network learns."""

    group = "text"
    sample: str = ""
    sentences: tuple[str, ...] = ()

    def encode(self, value, data):
        numbers = self.numbers(as_text(value), data.vocabulary)
        return filled_up([shorten(numbers, data.input_shape[0])], 1, data.input_shape[0], data.vocabulary.pad)

    def numbers(self, text: str, vocabulary: Vocabulary) -> list[int]:
        """The tokens of a person's own text, as the texts of this source were made into tokens."""
        raise NotImplementedError
