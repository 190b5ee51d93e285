"""Frames: what a page draws of one moment of a run."""

from typing import Literal, NotRequired, TypedDict

from live.messages.carries import carries
from live.messages.scene import Example

Status = Literal["playing", "paused", "ended", "diverged"]


class Rest(TypedDict):
    """A frame where nothing trains: the layers do not fit."""

    type: Literal["frame"]
    generation: int
    status: Status
    notice: str                          # a sentence for the person: what is wrong and what to do


@carries({
    "history": "float64 (N, columns)", "timeline": "int32 (N)",
    "neurons.*": "uint8 (units, P)", "neurons.*.scale": "float32 (units)",
    "maps.*": "uint8 (C, H, W)", "maps.*.scale": "float32 (C)",
    "steps.*": "uint8 (F, T)", "steps.*.scale": "float32 (F)",
    "answer": "float32 (...)", "answer.logits": "float32 (...)",
    "series": "float32 (T, F)", "series.forecast": "float32 (outputs)", "series.truth": "float32 (outputs)",
    "saliency": "float32 (H, W)", "weights.*": "float32 (...)", "gradients.*": "float32 (...)",
    "boundary": "uint8 (P)", "boundary.class": "uint8 (P)", "flow": "float32 (layers, measures)",
    "confusion": "int32 (C, C)", "predicted": "float32 (N)", "true": "float32 (N)",
    "roc.false": "float32 (K)", "roc.true": "float32 (K)", "measured": "float64 (numbers)",
    "calibrated": "float64 (numbers)", "reliability.*.sure": "float32 (K)", "reliability.*.right": "float32 (K)",
    "reliability.*.count": "int32 (K)",
    "view:*": "float32|int32 (...)", "view:*.of": "int32 (1)", "view:*.range": "float32 (2)",
})
class Frame(TypedDict):
    """The run as it is now. Arrays are those that are watched; one that costs much is not in every frame."""

    type: Literal["frame"]
    generation: int
    status: Status
    notice: str
    step: int
    epoch: float
    lr: float
    first_row: int                       # where in the history the rows of "history" begin
    steps_per_second: float
    scrubbing: bool                      # an earlier step is shown
    pokes: int                           # weights changed by hand that can be taken back
    train_loss: float | None
    test_loss: float | None
    train_score: float | None
    test_score: float | None
    ready: bool                          # all that is watched is of this step
    probe: NotRequired[Example]          # once, after another example has been asked for,
    probe_trouble: NotRequired[str]      # and why it cannot be shown


class Died(TypedDict):
    """The run's process has ended by itself."""

    type: Literal["died"]
