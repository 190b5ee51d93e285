"""Sentences with names that people gave: shown as they are."""

import re

import pytest

from ui.plain import plain

NAMES = ["![x](http://example.org/a.png)", "[click](javascript:alert(1))", "<img src=x onerror=alert(1)>",
         "**bold** _a_", ":red[a]", ":smile:", "$x^2$", "`code`", "a\n# heading", "www.example.org", "me@example.org",
         "&amp;", "~~gone~~", "\\", ":material/home:"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_name_is_read_as_markdown(name):
    written = plain(f"Column '{name}' was left out.")
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`\[\]<>!$~&#|]", written)       # each is escaped
    assert not re.search(r"[:@]\S", written.replace(":\u2060", "").replace("@\u2060", ""))
    assert "www." not in written
    assert "\n" not in written


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_sees_the_name_as_it_is(name):
    seen = re.sub(r"\\([^a-z\s])", r"\1", plain(name)).replace("\u2060", "")
    assert seen == " ".join(name.split())


def test_plain_sentences_stay_as_they_are():
    sentence = "Learning rate (lr) must be a number from 0 to 10, not 'fast'. Choose 0.1, or 1e-3."
    assert plain(sentence) == sentence
