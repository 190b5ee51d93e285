"""Which steps of a run are worth keeping: nested grids, even in the logarithm of the step, from coarse to fine.

Most is learned in the first hundreds of steps, however long a run goes on: from 1 to 2 is as far as from 10,000 to
20,000.
"""

import math
from functools import lru_cache


@lru_cache(4096)
def level(step: int) -> float:
    """How fine a grid must be to have this step on it; it has every step of the coarser ones, too.

    The grid of level 0 is 0, 1, 2, 4, 8 …; that of level L has 2^L steps from each power of two to the next (all, where
    there are no more), and that of level -K only every 2^K-th of the powers. Step 0 is on all of them.
    """
    if step == 0:
        return -math.inf
    digits = step.bit_length()
    power = step & (step - 1) == 0
    return -halvings(digits) if power else digits - 1 - halvings(step)


def halvings(number: int) -> int:
    """How often a number can be halved."""
    return (number & -number).bit_length() - 1


def following(step: int, finest: float) -> float:
    """The first step behind this one that is on the grid of a level, inf where there is none."""
    if finest == -math.inf:
        return math.inf
    if finest > 0:
        pitch = 2 ** max(0, (step + 1).bit_length() - 1 - int(finest))
        return step - step % pitch + pitch
    every = 2 ** -int(finest)
    return 2 ** ((step.bit_length() // every + 1) * every - 1)


def least(steps: list[int]) -> int:
    """The step that can best be done without: on the finest grid only, and the oldest of those."""
    return max(steps, key=lambda step: (level(step), -step))
