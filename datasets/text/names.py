"""Names, letter by letter: which letter comes next, and whose name is it?"""

import unicodedata
from functools import cache

import numpy as np

from datasets.base import sources
from datasets.packages import package_file
from datasets.split import stable_split, stratified_split, streams
from datasets.text.words import PAD, TextSource, filled_up
from engine.data import Dataset, Vocabulary, next_token_pairs
from engine.knobs import Choice, Flag, Float, Int

FILES = {"female": "dist.female.first", "male": "dist.male.first", "surnames": "dist.all.last"}
START, END = "^", "$"
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
WRITTEN = Vocabulary((PAD, START, END, *ALPHABET), pad=0, start=1, end=2)  # of names that are written
READ = Vocabulary((PAD, *ALPHABET), pad=0)  # of names that are only read


@cache
def shares(kind: str) -> dict[str, float]:
    """Names of a kind (a key of FILES), lower case, the commonest first, with the percentage of people who bear it."""
    with package_file("names", FILES[kind]).open(encoding="ascii") as file:
        rows = (line.split() for line in file)
        return {name.lower(): float(share) for name, share, *_ in rows}


def spelled(name: str, vocabulary: Vocabulary) -> list[int]:
    """The letters of a name; accents fall off, and what is no letter from a to z is left out."""
    letters = unicodedata.normalize("NFKD", name.lower())
    first = vocabulary.tokens.index("a")
    return [first + ALPHABET.index(letter) for letter in letters if letter in ALPHABET]


class NameSource(TextSource):
    """Names from the census of the United States of 1990."""

    train_fraction = Float(0.8, 0.1, 0.9, "Train share", "The share of the names that the network learns from; "
                           "the rest only test it.", step=0.05)


@sources.register("names_sex", "Names by sex")
class NamesBySex(NameSource):
    """First names, letter by letter: is it a woman's or a man's?"""

    task = "binary"
    sample = "mary · james"

    balanced = Flag(True, "As many of each", "Takes as many women's names as there are men's, the commonest; otherwise "
                    "there are three and a half times as many.")

    def load(self, seed: int) -> Dataset:
        female, male = shares("female"), shares("male")
        groups = [[name for name in female if female[name] >= male.get(name, 0)],
                  [name for name in male if male[name] > female.get(name, 0)]]  # a name of both is whose it is more
        if self.balanced:
            groups = [group[:min(map(len, groups))] for group in groups]
        names, y = [*groups[0], *groups[1]], np.repeat([0, 1], [len(group) for group in groups])
        x = filled_up((spelled(name, READ) for name in names), len(names), max(map(len, names)))
        train = stratified_split(y, self.train_fraction, streams(seed, 1)[0])
        return Dataset(self.label, self.task, x[train], y[train], x[~train], y[~train],
                       class_names=("female", "male"), target_name="sex", vocabulary=READ)

    def numbers(self, text, vocabulary):
        return spelled(text, vocabulary)


@sources.register("name_letters", "Names to invent")
class NameLetters(NameSource):
    """Names, letter by letter: which letter comes next?"""

    task = "next_token"
    sample = "mar → y"

    names = Choice("first", ("first", "surnames"), "Names", "First names of women and men, or surnames.")
    count = Int(5000, 100, 90_000, "How many", "How many names there are, the commonest, for training and testing "
                "together (or all that there are).", scale="log", slider=(500, 90_000))

    def load(self, seed: int) -> Dataset:
        names = self.chosen()
        rows = ([1, *spelled(name, WRITTEN), 2] for name in names)
        x, y = next_token_pairs(filled_up(rows, len(names), max(map(len, names)) + 2))
        train = stable_split(len(names), self.train_fraction, streams(seed, 1)[0])
        return Dataset(self.label, self.task, x[train], y[train], x[~train], y[~train], target_name="next letter",
                       vocabulary=WRITTEN)

    def chosen(self) -> list[str]:
        """The names, the commonest first."""
        if self.names == "surnames":
            return list(shares("surnames"))[:self.count]
        both: dict[str, float] = {}
        for kind in ("female", "male"):
            for name, share in shares(kind).items():
                both[name] = both.get(name, 0.0) + share
        return sorted(both, key=lambda name: (-both[name], name))[:self.count]

    def numbers(self, text, vocabulary):
        return [vocabulary.start, *spelled(text, vocabulary)]
