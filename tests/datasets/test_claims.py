"""What pages say of data sets is so: which dates are written, and how often a name occurs."""

import numpy as np
import pytest

from datasets.text.dates import Dates
from datasets.text.names import NameLetters


@pytest.mark.parametrize("seed", range(5))
def test_dates_lie_between_1950_and_2049_and_none_is_read_in_iso(seed):
    texts, answers = Dates().write(np.random.default_rng(seed))
    assert min(answers) >= "1950-01-01"
    assert max(answers) <= "2049-12-31"
    assert not set(texts) & set(answers)
    assert all(answer[:4] in text for text, answer in zip(texts, answers, strict=True))  # the year in full


@pytest.mark.parametrize("kind", ["first", "surnames"])
def test_a_name_occurs_once_however_many_people_bear_it(kind):
    names = NameLetters(names=kind).chosen()
    assert len(names) == len(set(names))
