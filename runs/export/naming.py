"""What people named, as it may stand in a script that another person runs."""

LONGEST = 80


def in_words(name: str) -> str:
    """A name for a script's docstring: it cannot end it, break its line, or be code."""
    return "".join(c if c.isalnum() or c in " .,:;()+-–×²·_" else "_" for c in name)[:LONGEST]
