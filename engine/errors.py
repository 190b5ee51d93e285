"""What can go wrong, said in a learner's words: every error tells what happened and what to change."""


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
    """Training left the finite numbers at `step`; the weights are back at their last finite state."""

    def __init__(self, step: int, message: str):
        super().__init__(message)
        self.step = step
