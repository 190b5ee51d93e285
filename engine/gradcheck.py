"""Is the backward pass right? Compare it with what small nudges do to the loss."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.losses import Loss, losses
from engine.network import Network

NUDGE = 1e-5           # length of a nudge: shorter ones drown in rounding, longer ones see the curvature
FLOOR = 1e-4           # slopes below this share of the loss count as this large: rounding blurs them


@dataclass(frozen=True)
class Slope:
    """How fast the loss changes along one random direction, by backpropagation and by nudging.

    name: a parameter such as "0.W", or "input". error: their difference relative to the larger of the two.
    """

    name: str
    analytic: float
    numeric: float
    error: float


@dataclass(frozen=True)
class GradCheck:
    """The slopes of all parameters and of the input (where it is not tokens), and the largest error among them."""

    slopes: tuple[Slope, ...]

    @property
    def worst(self) -> float:
        return max((slope.error for slope in self.slopes), default=0.0)

    def ok(self, tolerance: float = 1e-6) -> bool:
        return self.worst <= tolerance


def gradcheck(network: Network, x: np.ndarray, y: np.ndarray | None = None, loss: str | Loss | None = None,
              seed: int = 0, train: bool = False, **inputs) -> GradCheck:
    """Central differences along a random direction for the input and every parameter, in float64.

    network: stays as it is; a float64 copy with the same theta is checked. x: (N, *input_shape). y, loss: targets and
    a loss or its kind; without them the loss is a random weighted sum of the outputs. seed: of directions, weights and
    of the network's own randomness (the same for each pass). train, inputs: as for `Network.forward`.

    The slope of the loss L along a unit direction u is dL/dw · u; nudging gives (L(w + hu) - L(w - hu)) / 2h.
    """
    net = network.copy(np.float64)
    tokens = np.issubdtype(np.asarray(x).dtype, np.integer)
    x = np.array(x) if tokens else np.array(x, np.float64)
    rng = np.random.default_rng(seed)
    judge = as_judge(loss, y, rng)

    def passes() -> tuple[float, np.ndarray]:
        return judge(net.forward(x, train, rng=np.random.default_rng(seed), **inputs))

    value, dlogits = passes()
    dx = net.backward(dlogits)
    places = {name: (array, net.gradients()[name].copy()) for name, array in net.parameters().items()}
    if not tokens:
        places["input"] = (x, dx)
    floor = FLOOR * max(abs(value), 1.0)
    return GradCheck(tuple(slope(name, array, gradient, lambda: passes()[0], floor, rng)
                           for name, (array, gradient) in places.items()))


def slope(name: str, array: np.ndarray, gradient: np.ndarray, value: Callable[[], float], floor: float,
          rng: np.random.Generator) -> Slope:
    """Nudge `array` in place along a random unit direction, and compare with `gradient`."""
    u = rng.standard_normal(array.shape)
    u /= np.linalg.norm(u)
    before = array.copy()
    array[...] = before + NUDGE * u
    above = value()
    array[...] = before - NUDGE * u
    below = value()
    array[...] = before
    analytic, numeric = float(np.sum(gradient * u)), (above - below) / (2 * NUDGE)
    return Slope(name, analytic, numeric, abs(analytic - numeric) / max(abs(analytic), abs(numeric), floor))


def as_judge(loss: str | Loss | None, y: np.ndarray | None,
             rng: np.random.Generator) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """A function from outputs to (value, gradient): the loss, or a random weighted sum where there is none."""
    if loss is not None:
        chosen = losses[loss] if isinstance(loss, str) else loss
        return lambda output: chosen(output, y)
    weights: list[np.ndarray] = []

    def weighted_sum(output):
        if not weights:
            weights.append(rng.standard_normal(output.shape))
        return float(np.sum(weights[0] * output)), weights[0]

    return weighted_sum
