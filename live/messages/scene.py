"""The scene: what a page must know once to draw a run's frames. It comes before the first frame, and again whenever
the network or the data is another one."""

from typing import Any, Literal, NotRequired, TypedDict

from live.messages.carries import carries


class Data(TypedDict):
    """The data set, as far as a page shows it. What is not required, only texts have."""

    name: str
    features: list[str]
    classes: list[str]
    target: str                          # what is predicted, as a word
    image: list[int]                     # (height, width, channels) of pictures, else empty
    outputs: int
    domain: list[float] | None           # of the plane, where the data lies on one
    notes: list[str]                     # what was done to the person's own data, as sentences
    train: int                           # examples that are learned
    test: int
    evaluated: int                       # examples of each split that the scores are of, at most
    input_shape: list[int]
    target_scale: list[float]            # mean and deviation of the target's own units
    continues: bool                      # whether the target is how a series goes on
    text: bool
    pad: NotRequired[str | None]         # tokens: what fills up,
    end: NotRequired[str | None]         # ends an answer,
    mask: NotRequired[str | None]        # hides a word
    letters: NotRequired[bool]           # whether tokens are letters
    vocabulary: NotRequired[list[str]]
    words: NotRequired[list[str]]        # that an answer may be made of


class Gate(TypedDict):
    """One of the things that a recurrent layer shows over time."""

    name: str
    signed: bool                         # from -1 to 1 (or beyond) rather than from shut to open


class ViewInfo(TypedDict):
    """Something that a layer can show: it is watched as "view:<name>"."""

    name: str
    kind: str                            # see engine.views.KINDS
    title: str
    part: str                            # what inside the layer it is of, "" for the layer itself
    axes: list[str]
    gates: list[Gate]                    # of kind "gates", in the array's order
    note: str
    parameter: str                       # the parameter whose numbers these are, or ""
    causal: bool


class Card(TypedDict):
    """A layer's card in the diagram."""

    title: str
    short: str
    name: str
    index: int                           # its place in the stack of the spec
    stack: str                           # "", "encoder" or "decoder"
    kind: str
    label: str
    own: bool                            # the person's, not the task's
    settings: dict[str, Any]
    size: str | None                     # the setting that says how many units it has
    shape: list[int] | None              # null where it does not fit
    parameters: int | None
    error: str
    views: list[ViewInfo]


class Example(TypedDict):
    """The example in detail. Its index is -1 where it is the person's own."""

    index: int
    count: int                           # of test examples
    truth: float | None
    tokens: list[str]
    target: list[str]
    place: list[float] | None            # on the plane


class Measures(TypedDict):
    """What the columns of the arrays are called, in their order."""

    history: list[str]
    flow: list[str]
    measured: list[str]
    calibrated: list[str]
    logit: float                         # of "boundary", two classes: logits beyond this are drawn as this


class Question(TypedDict):
    """What may be asked of an instrument: its settings as `engine.knobs` describes them."""

    suits: bool                          # whether it has something to say of such data
    knobs: list[dict[str, Any]]


@carries({"points.train": "float32 (N, 3)", "points.test": "float32 (N, 3)"})
class Scene(TypedDict):
    """All that stays the same while a run trains."""

    type: Literal["scene"]
    generation: int                      # counts scenes: frames of an older one are dropped
    spec: dict[str, Any]
    data: Data
    task: str
    metric: str
    loss: str
    layers: list[Card]
    parameters: int
    probe: Example | None                # null where nothing trains
    columns: Measures
    questions: dict[str, Question]       # by the instrument's name
