"""What an optimizer does to one weight, line by line: the rules of `optimizers.py` as a textbook writes them."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.optimizers import Optimizer


@dataclass(frozen=True)
class Line:
    """One line of arithmetic: `symbol` = `rule` = `numbers` = `value`, where numbers is the rule with its values."""

    symbol: str
    rule: str
    numbers: str
    value: float


#: (optimizer, w, g, lr, state, decay) -> lines; the last one is the new weight.
Rule = Callable[[Optimizer, float, float, float, Mapping[str, float], float], list[Line]]
rules: dict[str, Rule] = {}


def explain_step(optimizer: Optimizer, w: float, g: float, lr: float, state: Mapping[str, float],
                 decay: float = 1.0) -> list[Line]:
    """The optimizer's next step for a weight w with gradient g, as lines that end in the new weight.

    lr: the learning rate of this step. state: what the optimizer remembers of this weight, by the name of its slot.
    decay: 1 where weight decay applies to this weight, else 0.
    """
    lines = []
    if optimizer.coupled_decay * decay:
        pull = optimizer.coupled_decay
        lines.append(line("g", "g + λ·w", g + pull * w, {"g": g, "λ": pull, "w": w}))
        g = lines[-1].value
    return lines + rules[optimizer.kind](optimizer, w, g, lr, state, decay)


def rule(*kinds: str) -> Callable[[Rule], Rule]:
    """Register how the steps of these optimizers are explained."""

    def add(function: Rule) -> Rule:
        rules.update(dict.fromkeys(kinds, function))
        return function

    return add


def line(symbol: str, rule: str, value: float, given: Mapping[str, float]) -> Line:
    """A line in which the symbols of `rule` that are given stand as numbers once more."""
    numbers = re.sub(r"[^\W\d_][₀₁₂ᵗ̂]*r?", lambda found: written(given.get(found[0], found[0])), rule)
    return Line(symbol, rule, numbers, float(value))


def written(value: float | str) -> str:
    """A number as it stands in a formula; what is negative in brackets."""
    if isinstance(value, str):
        return value
    number = f"{value:.6g}".replace("-", "−")
    return f"({number})" if value < 0 else number


def move(w: float, d: float, lr: float, direction: str) -> Line:
    """The last line: the weight goes against the direction d."""
    return line("w", f"w − lr·{direction}", w - lr * d, {"w": w, "lr": lr, direction: d})


@rule("sgd", "momentum", "nesterov")
def sgd(optimizer, w, g, lr, state, decay):
    if not optimizer.momentum:
        return [move(w, g, lr, "g")]
    mu = optimizer.momentum
    lines = [line("v", "μ·v + g", mu * state["v"] + g, {"μ": mu, "v": state["v"], "g": g})]
    v = lines[0].value
    if not optimizer.nesterov:
        return [*lines, move(w, v, lr, "v")]
    lines.append(line("d", "g + μ·v", g + mu * v, {"g": g, "μ": mu, "v": v}))
    return [*lines, move(w, lines[-1].value, lr, "d")]


@rule("rmsprop")
def rmsprop(optimizer, w, g, lr, state, decay):
    a, mu = optimizer.alpha, optimizer.momentum
    s = line("s", "α·s + (1 − α)·g²", a * state["s"] + (1 - a) * g * g, {"α": a, "s": state["s"], "g": g})
    d = line("d", "g / (√s + ε)", g / (math.sqrt(s.value) + optimizer.eps), {"g": g, "s": s.value, "ε": optimizer.eps})
    if not mu:
        return [s, d, move(w, d.value, lr, "d")]
    v = line("v", "μ·v + d", mu * state["v"] + d.value, {"μ": mu, "v": state["v"], "d": d.value})
    return [s, d, v, move(w, v.value, lr, "v")]


@rule("adagrad")
def adagrad(optimizer, w, g, lr, state, decay):
    s = line("s", "s + g²", state["s"] + g * g, {"s": state["s"], "g": g})
    d = line("d", "g / (√s + ε)", g / (math.sqrt(s.value) + optimizer.eps), {"g": g, "s": s.value, "ε": optimizer.eps})
    return [s, d, move(w, d.value, lr, "d")]


@rule("adam")
def adam(optimizer, w, g, lr, state, decay):
    (b1, b2), t = optimizer.betas, optimizer.t + 1
    m = line("m", "β₁·m + (1 − β₁)·g", b1 * state["m"] + (1 - b1) * g, {"β₁": b1, "m": state["m"], "g": g})
    s = line("s", "β₂·s + (1 − β₂)·g²", b2 * state["s"] + (1 - b2) * g * g, {"β₂": b2, "s": state["s"], "g": g})
    m_hat = line("m̂", "m / (1 − β₁ᵗ)", m.value / (1 - b1 ** t), {"m": m.value, "β₁ᵗ": b1 ** t})
    s_hat = line("ŝ", "s / (1 − β₂ᵗ)", s.value / (1 - b2 ** t), {"s": s.value, "β₂ᵗ": b2 ** t})
    d = line("d", "m̂ / (√ŝ + ε)", m_hat.value / (math.sqrt(s_hat.value) + optimizer.eps),
             {"m̂": m_hat.value, "ŝ": s_hat.value, "ε": optimizer.eps})
    return [m, s, m_hat, s_hat, d, move(w, d.value, lr, "d")]


@rule("adamw")
def adamw(optimizer, w, g, lr, state, decay):
    shrink = optimizer.weight_decay * decay
    if not shrink:
        return adam(optimizer, w, g, lr, state, decay)
    shrunk = line("w", "w·(1 − lr·λ)", w * (1 - lr * shrink), {"w": w, "lr": lr, "λ": shrink})
    return [shrunk, *adam(optimizer, shrunk.value, g, lr, state, decay)]
