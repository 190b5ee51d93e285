"""Answers of the race and of the instruments that only some kinds of run have: texts, classes, convolutions."""

from typing import Literal, NotRequired, TypedDict

from live.messages.carries import carries


class Progress(TypedDict):
    """Which share of the work is done."""

    progress: float


class RacerInfo(TypedDict):
    """An optimizer that races."""

    kind: str
    label: str
    lr: float


class RaceStart(TypedDict):
    """Who runs."""

    phase: Literal["start"]
    steps: int
    racers: list[RacerInfo]


@carries({"marks": "float32 (K, 3)"})
class RaceRunning(TypedDict):
    """New marks: racer, step, loss. With the last ones, why racers are out, or ""."""

    phase: Literal["running"]
    fell: NotRequired[list[str]]


@carries({"a": "float32 (n)", "b": "float32 (n)", "path.*": "float32 (K, 2)"})
class RacePlane(TypedDict):
    """The plane on which the racers' ways differ most."""

    phase: Literal["plane"]
    share: float | None


class Sentence(TypedDict):
    """A text, and what the network says of it."""

    text: str
    unknown: int                         # words that the network does not know
    share: float | None                  # the probability of the second class


class Sentences(TypedDict):
    """A table of texts."""

    step: int
    sentences: list[Sentence]


@carries({"shares": "float32 (T)", "weights": "float32 (T)"})
class Words(TypedDict):
    """What the answer for the example rests on, word by word: in probability and in log-odds."""

    words: list[str]
    answer: int
    share: float | None


class Invented(TypedDict):
    """A text that the network made up; `new` where it stands nowhere in the data."""

    text: str
    new: bool


class Invent(TypedDict):
    """The next texts."""

    texts: list[Invented]
    done: int
    count: int


class Candidate(TypedDict):
    """A word for a blank."""

    word: str
    share: float | None


class BlankInfo(TypedDict):
    """A blank, and the likeliest words for it."""

    place: int
    candidates: list[Candidate]


class Blank(TypedDict):
    """A sentence with its blanks."""

    words: list[str]
    blanks: list[BlankInfo]


class BeamInfo(TypedDict):
    """One of the best answers of a beam search."""

    text: str
    score: float | None


class Translate(TypedDict):
    """What is written for the example. The beam search's answers come second."""

    source: str
    greedy: str
    truth: str
    beam: NotRequired[list[BeamInfo]]


class Mistake(TypedDict):
    """A test example that the network gets wrong."""

    index: int
    truth: int
    said: int
    share: float | None
    text: str


class Pair(TypedDict):
    """Two classes that are mistaken for each other."""

    a: int
    b: int
    count: int


@carries({"pictures": "float32|float64 (K, H, W)"})
class Mistakes(TypedDict):
    """The surest mistakes first; pictures only where the data has them."""

    step: int
    tested: int
    wrong: int
    mistakes: list[Mistake]
    pairs: list[Pair]


class Titled(TypedDict):
    """A layer by name."""

    name: str
    title: str


class NoWindow(TypedDict):
    """The network has no layer with a window."""

    layers: list[Titled]


@carries({"x": "float32 (H, W, C)", "a": "float32 (H, W, F)", "z": "float32 (H, W, F)",
          "W": "float32 (k, k, C, F)", "b": "float32 (F)"})
class Window(TypedDict):
    """The arithmetic of a convolution or a pool; W, b and z are a convolution's."""

    layers: list[Titled]
    name: str
    kind: str
    step: int
    size: int
    stride: int
    pad: int
    off: NotRequired[list[int]]          # units that are switched off
    activation: NotRequired[str]
    largest: NotRequired[bool]           # a pool that takes the largest, not the mean
