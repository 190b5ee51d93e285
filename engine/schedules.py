"""Learning-rate schedules: a factor for the learning rate, from how many epochs have passed."""

import math

from engine.knobs import Declared, Float
from engine.registry import Registry

schedules = Registry("schedule")


class Schedule(Declared):
    """`factor(epochs)` multiplies the learning rate; epochs is a float that counts finished passes over the data."""

    def factor(self, epochs: float) -> float:
        raise NotImplementedError


def epochs_knob(default: float, label: str, help: str) -> Float:
    return Float(default, 0.01, 1_000_000, label, help, scale="log", slider=(1, 1000))


@schedules.register("constant", "Constant")
class Constant(Schedule):
    """The learning rate stays as it is."""

    def factor(self, epochs):
        return 1.0


@schedules.register("step", "Steps")
class Steps(Schedule):
    """Drops the learning rate by a factor every so many epochs."""

    every = epochs_knob(50, "Every", "After how many epochs the learning rate drops.")
    gamma = Float(0.5, 0.01, 1.0, "Factor", "What the learning rate is multiplied by at each drop.")

    def factor(self, epochs):
        return self.gamma ** math.floor(epochs / self.every)


@schedules.register("exponential", "Exponential")
class Exponential(Schedule):
    """Shrinks the learning rate by the same share in every epoch."""

    gamma = Float(0.99, 0.5, 1.0, "Factor", "What the learning rate is multiplied by in each epoch.", step=0.001)

    def factor(self, epochs):
        return self.gamma ** epochs


@schedules.register("cosine", "Cosine")
class Cosine(Schedule):
    """Glides down to a floor along half a cosine, then stays there (Loshchilov and Hutter, 2016)."""

    length = epochs_knob(200, "Length", "After how many epochs the floor is reached.")
    floor = Float(0.0, 0.0, 1.0, "Floor", "The share of the learning rate that is left at the end.")

    def factor(self, epochs):
        progress = min(epochs / self.length, 1.0)
        return self.floor + (1 - self.floor) * 0.5 * (1 + math.cos(math.pi * progress))


@schedules.register("warmup", "Warm-up")
class WarmUp(Schedule):
    """Starts from almost nothing and grows in a straight line to the full learning rate, then stays."""

    length = epochs_knob(5, "Length", "After how many epochs the full learning rate is reached.")

    def factor(self, epochs):
        return min(1.0, max(epochs / self.length, 1e-3))
