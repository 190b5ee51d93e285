"""Dates as people write them in many languages, to be written as 2019-03-04."""

import datetime
import unicodedata

import numpy as np

from datasets.base import sources
from datasets.split import stable_split, streams
from datasets.text.words import PAD, UNKNOWN, TextSource, filled_up, numbers_of
from engine.data import Dataset, Vocabulary
from engine.knobs import Float, Int

LOCALES = ("en_US", "de", "fr", "es", "it", "nl", "pt", "sv", "pl", "tr", "fi", "cs", "hu", "ro", "da", "ru", "el",
           "ja", "ko", "zh")
STYLES = ("medium", "long", "full", "d.M.y", "dd.MM.y", "y-MM-dd")  # none such as 3/4/2019, which may mean two dates
FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)
START, END = "^", "$"
ISO = Vocabulary((PAD, START, END, "-", *"0123456789"), pad=0, start=1, end=2)


def plain(text: str) -> str:
    """One form for the same date: lower case, composed letters, ordinary blanks, one at a time."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


@sources.register("dates", "Dates")
class Dates(TextSource):
    """Dates as they are written in many languages: write each as year-month-day."""

    task = "seq2seq"
    sample = "4 mars 2019 → 2019-03-04"

    locales = Int(5, 1, len(LOCALES), "Languages", "In how many languages the dates are written: English, German, "
                  "French, Spanish, Italian and so on.")
    samples = Int(8000, 500, 30_000, "Dates", "How many dates there are, for training and testing together; no date "
                  "comes twice.", scale="log", slider=(1000, 30_000))
    train_fraction = Float(0.8, 0.1, 0.9, "Train share", "The share of the dates that the network learns from; "
                           "the rest only test it.", step=0.05)

    def load(self, seed: int) -> Dataset:
        choice, split = streams(seed, 2)
        texts, answers = self.write(choice)
        letters = sorted(set("".join(texts)))
        vocabulary = Vocabulary((PAD, UNKNOWN, *letters), pad=0, unknown=1)
        x = filled_up((numbers_of(text, vocabulary) for text in texts), len(texts), max(map(len, texts)))
        y = filled_up(([*numbers_of(answer, ISO), ISO.end] for answer in answers), len(answers), 11)
        train = stable_split(len(x), self.train_fraction, split)
        return Dataset(self.label, self.task, x[train], y[train], x[~train], y[~train], target_name="date",
                       vocabulary=vocabulary, target_vocabulary=ISO)

    def write(self, rng: np.random.Generator) -> tuple[list[str], list[str]]:
        """Different dates, each in some language and style, and the same as ISO 8601 writes them."""
        from babel.dates import format_date  # here, because it takes a tenth of a second to import

        days = rng.permutation((LAST - FIRST).days + 1)[:self.samples]
        languages, styles = (rng.integers(0, count, len(days)) for count in (self.locales, len(STYLES)))
        dates = [FIRST + datetime.timedelta(days=int(day)) for day in days]
        texts = [plain(format_date(date, STYLES[style], locale=LOCALES[language]))
                 for date, style, language in zip(dates, styles, languages, strict=True)]
        return texts, [date.isoformat() for date in dates]

    def numbers(self, text, vocabulary):
        return numbers_of(plain(text), vocabulary)
