"""Instruments: what a page can ask of a run beside watching it, one file each.

An instrument is a generator function (run, command) that yields answers, each a header and named arrays. The page
asks with {"op": "ask", "instrument": name, ...}; each answer goes out as a message of type "answer". A long piece of
work yields often: the run trains and draws between two answers, or for longer where None is yielded instead. Asking
again ends the work of the last question.
Instruments work on copies (`run.observer`, `trainer.network.copy()`): asking changes nothing.
"""

from live.instruments import (  # each registers what it declares
    blank,
    code,
    cost,
    forward,
    health,
    invent,
    landscape,
    microscope,
    mistakes,
    past,
    race,
    sentences,
    translate,
    window,
    words,
)
from live.instruments.registry import Answer, Instrument, instrument, instruments

__all__ = [
    "Answer", "Instrument", "blank", "code", "cost", "forward", "health", "instrument", "instruments", "invent",
    "landscape", "microscope", "mistakes", "past", "race", "sentences", "translate", "window", "words",
]
