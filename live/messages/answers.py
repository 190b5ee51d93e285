"""Answers of the instruments that every kind of run has: each record is one that an instrument may give.

On the wire each also has "type": "answer" and the "instrument" that it is of.
"""

from typing import Any, Literal, NotRequired, TypedDict

from live.messages.carries import carries


class Refused(TypedDict):
    """Any instrument's answer to a question that makes no sense, as a sentence."""

    error: str


class Done(TypedDict):
    """The work is done."""

    phase: Literal["done"]


class Code(TypedDict):
    """The run as scripts."""

    step: int
    numpy: str
    broken: str                          # why the script is not quite this run, or ""
    torch: str
    torch_error: str                     # why there is no PyTorch script, or ""
    file: str                            # of the examples that belong beside the PyTorch script, or ""


@carries({"bytes": "uint8 (N)"})
class Examples(TypedDict):
    """The examples as the bytes of a file of this name."""

    file: str


class LayerCost(TypedDict):
    """What a layer holds and works for one example."""

    title: str
    parameters: int
    activations: int
    multiply_adds: int


class Cost(TypedDict):
    """What a step costs: milliseconds of its parts, and each layer."""

    times: dict[str, float]
    batch: int
    layers: list[LayerCost]


class Formula(TypedDict):
    """A layer or a part of one, as a formula."""

    name: str
    title: str
    formula: str
    bend: str                            # the formula of its activation function, or ""
    function: str


class Term(TypedDict):
    """One product of a weighted sum."""

    name: str
    x: float | None
    w: float | None
    product: float | None


class UnitSum(TypedDict):
    """z = sum of x·w + b and a = f(z) of one unit; the largest products are listed."""

    unit: int
    units: int
    terms: list[Term]
    rest: float | None                   # the sum of the products that are left out
    left_out: int
    bias: float | None
    z: float | None
    a: float | None


@carries({"out": "float32 (...)"})
class ForwardInput(TypedDict):
    """What goes into the network; a text has tokens and no array."""

    step: int
    layer: int
    stops: list[str]                     # what can be looked at: "Input", each layer, "Answer"
    what: Literal["input"]
    shape: list[int]
    tokens: list[str]


@carries({"in": "float32 (...)", "out": "float32 (...)"})
class ForwardLayer(Formula):
    """A layer between what comes in and what goes out; no array "in" where that is tokens."""

    step: int
    layer: int
    stops: list[str]
    what: Literal["layer"]
    tokens: list[str]
    in_shape: list[int]
    shape: list[int]
    parts: list[Formula]
    sum: UnitSum | None                  # of a dense layer


class ForwardEnd(TypedDict):
    """From logits to an answer and its loss; `how` says which way, the rest is as `describe_answer` has it."""

    step: int
    layer: int
    stops: list[str]
    what: Literal["answer"]
    how: Literal["softmax", "sigmoid", "number"]
    loss: float | None
    loss_label: str
    loss_formula: str
    rows: NotRequired[list[dict[str, Any]]]
    truth: NotRequired[int | None]
    logit: NotRequired[float | None]     # sigmoid
    exp: NotRequired[float | None]
    p: NotRequired[float | None]
    names: NotRequired[list[str]]
    mean: NotRequired[float]             # number: the target's own units
    std: NotRequired[float]
    top: NotRequired[float | None]       # softmax
    sum: NotRequired[float | None]
    place: NotRequired[int | None]
    rest: NotRequired[dict[str, float | None]]
    own_loss: NotRequired[float | None]


class RemedyInfo(TypedDict):
    """A change that would help, see `explain.remedies.Remedy`."""

    label: str
    path: list[str | int]
    value: Any
    restarts: bool
    also: list[Any]                      # changes that go with it, [path, value] each
    rewinds: bool
    hint: str


class FindingInfo(TypedDict):
    """Something that is wrong with the run."""

    kind: str
    title: str
    where: str
    why: str
    remedies: list[RemedyInfo]


class Health(TypedDict):
    """What is wrong with the run. `trying`: what helps is still being tried out."""

    step: int
    examples: int
    trying: bool
    findings: list[FindingInfo]


@carries({"a": "float32 (n)", "b": "float32 (n)", "path": "float32 (K, 2)", "here": "float32 (2)",
          "path.step": "int32 (K)"})
class LandscapePlane(TypedDict):
    """The grid lines of the plane, the run's way on it, and where the weights of now are."""

    phase: Literal["plane"]
    directions: str
    step: int
    share: float | None                  # of the way's variance that the plane shows
    axes: list[str]
    examples: int
    value: float | None


@carries({"losses": "float32 (part)", "path.loss": "float32 (part)"})
class Slice(TypedDict):
    """A part of the losses over a plane, row by row, or of those along a way; it begins at `start`."""

    phase: Literal["losses", "path.loss"]
    start: int


class ParameterInfo(TypedDict):
    """A parameter that can be looked at."""

    name: str
    title: str
    shape: list[int]


class Pull(TypedDict):
    """How regularization changes a weight's gradient."""

    l1: float
    l2: float
    gradient: float | None


class Clip(TypedDict):
    """How clipping changes it then."""

    limit: float | None
    norm: float | None
    clipped: bool
    gradient: float | None


class LineInfo(TypedDict):
    """A line of the optimizer's arithmetic, see `explain.optimizer_lines.Line`."""

    symbol: str
    rule: str
    numbers: str
    value: float | None


class Chain(TypedDict):
    """The factors of a gradient: products, and what is left out of them."""

    rows: list[dict[str, Any]]
    places: int
    left_out: int
    sum: float | None
    rest: float | None


class Microscope(TypedDict):
    """What the next step would do to one weight."""

    step: int
    parameters: list[ParameterInfo]
    parameter: str
    index: list[int]
    means: str
    batch: int
    loss: float | None
    loss_label: str
    loss_formula: str
    weight: float | None
    gradient: float | None
    chain: Chain | None
    pull: Pull
    clip: Clip
    optimizer: str
    t: int
    lr: float
    memory: dict[str, float | None]
    lines: list[LineInfo]
    frozen: bool
    new: float | None


class Check(TypedDict):
    """A gradient beside its finite difference."""

    analytic: float | None
    numeric: float | None
    error: float | None


class MicroscopeCheck(TypedDict):
    """The second answer, where a finite difference was asked for."""

    step: int
    parameter: str
    index: list[int]
    check: Check


@carries({"steps": "int32 (K)", "flow": "float32 (K, layers, measures)"})
class Past(TypedDict):
    """A part of what flowed through the layers at earlier moments; it begins at `start`."""

    start: int
