"""The figures of the lessons: whatever the page sends, there is an answer."""

import pytest

from tests.learn.lessons import shown
from ui.explore import (
    attention,
    chain,
    convolution,
    depth,
    descent,
    functions,
    gates,
    recurrence,
    stacks,
    values_of,
    wrongness,
)


@pytest.mark.parametrize(("controls", "compute"), [
    (functions.CURVE, functions.curve_and_slope), (functions.SOFTMAX, functions.shares),
    (functions.DEEP, functions.through_layers), (stacks.STACK, stacks.three_and_one),
    (wrongness.NUMBERS, wrongness.loss_of_number), (wrongness.SIDES, wrongness.loss_of_logit),
    (wrongness.CLASSES, wrongness.loss_of_shares), (chain.GRAPH, chain.walk_back), (chain.NUDGE, chain.errors),
    (descent.DESCENT, descent.one_way), (descent.RACE, descent.many_ways), (descent.SHAPES, descent.with_schedule),
    (convolution.CONTROLS, convolution.slid), (recurrence.UNROLLED, recurrence.one_unit),
    (recurrence.THROUGH, recurrence.gradients_back), (gates.CONTROLS, gates.one_cell), (gates.BIAS, gates.kept),
    (attention.VECTORS, attention.attended), (attention.WIDTH, attention.entropies),
    (depth.CONTROLS, depth.gradient_by_layer)])
def test_a_figure_survives_whatever_the_page_sends(controls, compute):
    start = values_of(controls, {})
    assert compute(**start)
    for nonsense in (None, "x", "?", 1, 10**9, -10**9, float("nan"), float("inf"), -1e300, [], [1], {}, True):
        assert shown(controls, compute, **{control.name: nonsense for control in controls})
    for given in (None, 3, "x", [1]):
        assert values_of(controls, given) == start
