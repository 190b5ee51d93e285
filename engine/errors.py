"""What can go wrong, said in a learner's words: every error tells what happened and what to change."""

import math


class SpecError(ValueError):
    """A setting is missing, unknown or out of range. The message names it and the allowed values."""


class ShapeError(ValueError):
    """A layer does not fit the shape that reaches it. The message says which shape it needs.

    place: of the layer in the network, where what is asked of all of them is at fault in one; else that of the last.
    """

    def __init__(self, message: str, place: int = -1):
        super().__init__(message)
        self.place = place


class Diverged(ArithmeticError):
    """Training left the finite numbers at `step`; the run is `back` at a step whose loss was still sane.

    loss: of the training examples there if that is known, else the median of the batches from there on; not finite
    where neither is. lr: the learning rate of `step`.
    """

    def __init__(self, step: int, back: int, loss: float, lr: float):
        at = f"at step {back:,}" if back else "at its beginning"
        known = f", where its loss was about {loss:.3g}" if math.isfinite(loss) else ""
        super().__init__(f"The numbers grew without bound by step {step:,}. The run is back {at}{known}. The learning "
                         f"rate ({lr:g}) is probably too high: with the same settings it would happen again.")
        self.step, self.back, self.loss, self.lr = step, back, loss, lr
