"""Lessons 7 to 12: every task loads a state in which what it says is to be seen, and every figure is the engine's."""

import numpy as np
import pytest

from engine import Diverged, SpecError
from engine.layers.residual import Shortcut
from tests.learn.lessons import LEARN, lesson, loss, score, task, trained, trainer, viewed
from ui.explore import attention, convolution, depth, gates, recurrence, values_of
from ui.lesson import changed

NAMES = ("07_convolution", "08_recurrence", "09_lstm_gates", "10_attention", "11_transformer", "12_residual_networks")
CONVOLUTION, RECURRENCE, GATES, ATTENTION, TRANSFORMER, RESIDUAL = NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_task_loads_and_takes_steps(name):
    of = lesson(name)
    assert 3 <= len(of.tries) <= 6
    for found in of.tries:
        for side in of.specs(found):
            trainer(of, found.name, side).step()
        assert found.notice.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_has_its_parts(name):
    text = (LEARN / f"{name}.md").read_text(encoding="utf-8")
    for part in ("## Formula", "## Experiment", "## Question", "## Answer", "## Sources"):
        assert part in text
    assert all(f"\n## {title}\n" in text for title in lesson(name).figures)


# -- 7: convolution ----------------------------------------------------------------------------------------------------

def test_a_convolution_learns_digits():
    assert score(trained(CONVOLUTION, "", 400)) > 0.9


def test_kernels_tell_shapes_anywhere_and_dense_layers_learn_them_by_heart():
    kernels, dense = (trained(CONVOLUTION, name, 600) for name in ("Shapes, anywhere", "The same without kernels"))
    assert kernels.network.theta.size == 2533
    assert 7 <= dense.network.theta.size / kernels.network.theta.size < 8
    assert score(kernels) > 0.9
    assert score(dense) < 0.8
    assert loss(dense) < 0.1 < 0.5 < loss(dense, "test")


def test_a_single_kernel_is_slower_and_stays_behind():
    one, eight = (trained(CONVOLUTION, name, 300) for name in ("A single kernel", ""))
    assert score(one) < score(eight) - 0.05
    assert score(trained(CONVOLUTION, "A single kernel", 1500)) < score(trained(CONVOLUTION, "", 1500))


def test_stride_makes_small_maps_and_is_nearly_as_good():
    strided, pooled = trained(CONVOLUTION, "Stride 2 instead of pooling", 600), trained(CONVOLUTION, "", 600)
    assert strided.network.shapes()[0] == (4, 4, 8)
    assert score(strided) > score(pooled) - 0.05


def test_textures_need_no_place():
    run = trained(CONVOLUTION, "Textures, wherever they are", 600)
    assert run.network.theta.size == 125
    assert score(run) > 0.95


def slid(**values):
    return convolution.slid(**values_of(convolution.CONTROLS, values))


@pytest.mark.parametrize("picture", ["temple", "flower", "digit", "drawing"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_every_pixel_of_the_figure_is_its_nine_products(picture, stride, padding):
    shown = slid(picture=picture, stride=stride, padding=padding, filter="learned3", activation="relu")
    x, W = np.pad(np.array(shown["picture"]), shown["pad"]), np.array(shown["kernel"]).reshape(3, 3)
    z, a = np.array(shown["z"]), np.array(shown["a"])
    assert z.shape[0] == (len(x) - 3) // stride + 1
    for i, j in ((0, 0), (1, 2), (z.shape[0] - 1, z.shape[1] - 1)):
        window = x[i * stride:i * stride + 3, j * stride:j * stride + 3]
        assert (window * W).sum() + shown["bias"] == pytest.approx(z[i, j], abs=0.02)
    assert np.array_equal(a, np.maximum(z, 0))


def test_a_kernel_that_sums_to_zero_answers_zero_on_plain_surfaces_and_padding_keeps_the_size():
    same, valid = (slid(filter="sobel_x", picture="drawing", drawing=[0.5] * 256, padding=p) for p in ("same", "valid"))
    assert np.array_equal(np.array(valid["z"]), np.zeros((14, 14)))
    assert np.array(same["z"]).shape == (16, 16)
    assert slid(stride=2)["z"][0].__len__() == 24


def test_pooling_halves_and_dense_needs_more():
    shown = slid(pool="max_pool2d", picture="drawing")
    assert np.array(shown["pooled"]).max() == np.array(shown["a"]).max()
    assert len(shown["pooled"]) == 8
    assert (shown["parameters"], shown["dense"]) == (10, 256 * 256 + 256)


# -- 8: recurrence -----------------------------------------------------------------------------------------------------

def ratio(run) -> float:
    """The gradient at the first step, as a share of the one at the last."""
    norms = viewed(run, "0.gradient_through_time")
    return float(norms[0] / norms[-1])


def test_an_rnn_adds_over_ten_steps_and_its_gradient_curve_flattens():
    assert loss(trained(RECURRENCE, "", 1500)) < 0.2
    assert ratio(trainer(lesson(RECURRENCE))) < 0.01 < 10 * ratio(trained(RECURRENCE, "", 1500))


def test_twice_as_long_the_gradient_does_not_arrive_and_nothing_is_learned():
    assert ratio(trainer(lesson(RECURRENCE), "Twice as long")) < 1e-4
    assert loss(trained(RECURRENCE, "Twice as long", 1000)) > 0.85


def test_a_rotation_lets_the_gradient_through():
    assert ratio(trainer(lesson(RECURRENCE), "A Wh that keeps lengths")) > 0.1
    assert loss(trained(RECURRENCE, "A Wh that keeps lengths", 1500)) < 0.4


def play(run, steps: int, largest: list) -> None:
    """Take steps, and note the largest number of each gradient."""
    for _ in range(steps):
        run.step()
        largest.append(float(np.abs(run.network.grad).max()))


def test_a_gradient_explodes_and_clipping_it_saves_the_run():
    of, lengths = lesson(RECURRENCE), []
    run = trainer(of, "An exploding gradient")
    with pytest.raises(Diverged):
        play(run, 2000, lengths)
    assert max(lengths) > 1000 * np.median(lengths)
    assert len(lengths) > 200
    assert loss(trained(RECURRENCE, "The same, clipped", 2000)) < 0.5


def test_a_cut_stops_the_gradient_exactly():
    run = trained(RECURRENCE, "Cut the way back", 1500)
    norms = viewed(run, "0.gradient_through_time")
    assert np.array_equal(norms[:-3] == 0, np.ones(len(norms) - 3, bool))
    assert norms[-3:].all()
    assert loss(run) > 0.5


def test_one_unit_is_the_formula():
    shown = recurrence.one_unit(0.9, -1.3, 0.2, "alternating")
    x, h, slopes = (row["values"] for row in shown["rows"])
    state, states = 0.0, []
    for value in x:
        state = np.tanh(0.9 * value - 1.3 * state + 0.2)
        states.append(state)
    assert h == pytest.approx(states, abs=1e-5)
    assert slopes[0] == pytest.approx(np.prod([-1.3 * (1 - s * s) for s in states[1:]]), rel=1e-4)


@pytest.mark.parametrize("scale", [0.5, 0.9, 1.0, 1.3, 2.0])
def test_without_an_input_the_factor_is_the_eigenvalue(scale):
    norms = recurrence.gradients_back(scale, "none")["lines"][0]["values"]
    assert (norms[0] / norms[-1]) ** (1 / 49) == pytest.approx(scale, rel=0.05)
    loud = recurrence.gradients_back(scale, "loud")["lines"][0]["values"]
    assert loud[0] < 1e-3 * loud[-1]


def test_the_lstm_beside_it_passes_gradients_on():
    lstm = recurrence.gradients_back(0.9, "usual")["lines"][1]["values"]
    assert lstm[0] > 0.01 * lstm[-1]


# -- 9: LSTM gates -----------------------------------------------------------------------------------------------------

def kinds(name: str, steps: int) -> list:
    """The RNN, the LSTM and the GRU of a task after so many steps."""
    return [trained(GATES, name, steps, side) for side in ("RNN", "LSTM", "GRU")]


def test_gates_remember_thirty_steps_and_a_plain_state_does_not():
    rnn, lstm, gru = kinds("Thirty steps", 1200)
    assert loss(lstm) < 0.05
    assert loss(gru) < 0.05
    assert loss(rnn) > 0.9
    _, lstm, gru = kinds("Thirty steps", 400)
    assert loss(gru) < 0.2 < loss(lstm)


def test_the_input_gate_opens_at_the_marks():
    run = trained(GATES, "Thirty steps", 1200, "LSTM")
    opened = []
    for example in range(5):
        gate = viewed(run, "0.gates", example)[0, :, 0]                                # (T, H), the input gate
        marked = run.dataset.x_test[example, :, 1] > 0
        opened.append(gate[marked].mean(axis=0) - gate[~marked].mean(axis=0))
    assert np.mean(opened, axis=0).max() > 0.2


def test_ten_steps_are_within_an_rnns_reach_but_last():
    rnn, lstm, gru = kinds("Ten steps", 600)
    assert max(loss(lstm), loss(gru)) < 0.1 < 0.6 < loss(rnn)
    assert loss(kinds("Ten steps", 1500)[0]) < 0.3


@pytest.mark.slow
def test_sixty_steps_take_the_lstm_longer():
    assert loss(trained(GATES, "Sixty steps", 500, "GRU")) < 0.2
    run = trained(GATES, "Sixty steps", 500, "LSTM")
    assert loss(run) > 0.8
    for _ in range(1500):
        run.step()
    assert loss(run) < 0.1
    trained.cache_clear()


def test_four_units_let_the_gradient_through():
    assert max(map(loss, kinds("Four units", 2000))) < 0.2
    few, many = (ratio(trainer(lesson(GATES), name, "RNN")) for name in ("Four units", "Thirty steps"))
    assert few > 100 * many


def cells(**values):
    shown = gates.one_cell(**values_of(gates.CONTROLS, values))
    return {row["name"]: row["values"] for row in shown["rows"]}


def test_by_hand_a_value_is_stored_kept_shown_replaced_and_added_to():
    start = cells()
    assert start["c"] == pytest.approx([0.8] * 8, abs=1e-3)
    assert start["h"][:7] == pytest.approx([0] * 7, abs=1e-3)
    assert start["h"][7] == pytest.approx(np.tanh(0.8), abs=1e-3)
    both = [1, 0, 0, 1, 0, 0, 0, 0]
    assert cells(input=both, forget=[1, 1, 1, 0, 1, 1, 1, 1])["c"][-1] == pytest.approx(0.9, abs=1e-3)
    assert cells(input=both)["c"][-1] == pytest.approx(1.7, abs=1e-3)
    assert cells(forget=[1, 0.5, 0.5, 1, 1, 1, 1, 1])["c"][-1] == pytest.approx(0.2, abs=1e-3)


@pytest.mark.parametrize(("bias", "left"), [(0.0, 0.5 ** 59), (3.0, 0.0567), (6.0, 0.864)])
def test_what_is_left_is_the_forget_gate_to_the_power_of_the_steps(bias, left):
    line = gates.kept(bias)["lines"][0]["values"]
    assert line[0] == pytest.approx(1, abs=1e-3)
    assert line[-1] == pytest.approx(left, rel=0.01)


# -- 10: attention -----------------------------------------------------------------------------------------------------

def on_marks(run, name: str, example: int = 0) -> np.ndarray:
    """The weights of the last query on the two marked steps."""
    marked = run.dataset.x_test[example, :, 1] > 0
    return viewed(run, name, example)[0, 0, -1][marked]


def test_additive_attention_finds_the_marks():
    run = trained(ATTENTION, "", 400)
    assert score(run) > 0.95
    for example in range(5):
        assert on_marks(run, "1.attention", example) == pytest.approx([0.5, 0.5], abs=0.1)
    start = on_marks(trainer(lesson(ATTENTION)), "1.attention")
    assert start.sum() < 0.2


def test_the_dot_product_finds_them_too():
    run = trained(ATTENTION, "Look by dot product", 600)
    assert score(run) > 0.95
    assert on_marks(run, "1.attention").sum() > 0.9


def test_a_plain_mean_does_not():
    assert loss(trained(ATTENTION, "No choice of where to look", 800)) > 0.5


def test_four_times_as_long_is_as_easy():
    run = trained(ATTENTION, "Four times as long", 600)
    assert run.dataset.input_shape == (80, 2)
    assert score(run) > 0.9


def test_attention_on_its_own():
    run = trained(ATTENTION, "Attention on its own", 800)
    assert run.network.theta.size == 83
    assert score(run) > 0.9
    assert loss(trained(ATTENTION, "Attention on its own", 100)) > loss(trained(ATTENTION, "", 100))


def attended(**values):
    return attention.attended(**values_of(attention.VECTORS, values))


@pytest.mark.parametrize("score_by", ["scaled", "dot", "additive"])
def test_the_figure_is_the_formula(score_by):
    shown = attended(score=score_by, query=[1.0, -2.0])
    q, k, v = np.array([1.0, -2.0]), np.array(shown["keys"]), np.array(shown["values"])
    scores = {"scaled": k @ q / np.sqrt(2), "dot": k @ q, "additive": np.tanh(k + q).sum(axis=1)}[score_by]
    weights = np.exp(scores) / np.exp(scores).sum()
    assert shown["weights"] == pytest.approx(weights)
    assert shown["scores"] == pytest.approx(scores)
    assert shown["answer"] == pytest.approx(weights @ v)


def test_a_longer_query_chooses_harder_and_equal_keys_share():
    short, long = (max(attended(query=[s, s / 2])["weights"]) for s in (0.5, 3.0))
    assert long > short
    twins = attended(keys=[1, 1, 1, 1, -1, 0])["weights"]
    assert twins[0] == pytest.approx(twins[1])


def test_root_d_keeps_the_entropy_and_doing_without_loses_it():
    kept, lost, most = (np.array(line["values"]) for line in attention.entropies(16)["lines"])
    assert np.ptp(kept) < 0.3
    assert kept.min() > 3.2
    assert lost[-1] < 0.3
    assert (np.diff(lost) < 0).all()
    assert most[0] == 4
    assert kept[0] == lost[0]


# -- 11: transformer ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("seed", [0, 1])
def test_a_transformer_tells_the_parity_of_the_last_three(seed):
    run = trainer(lesson(TRANSFORMER), seed=seed) if seed else trainer(lesson(TRANSFORMER))
    for _ in range(400):
        run.step()
    assert score(run) > 0.95


@pytest.mark.parametrize("name", ["Without positions", "Without attention", "Without residuals"])
def test_each_part_is_needed(name):
    run = trained(TRANSFORMER, name, 500)
    assert score(run) < 0.6
    assert loss(run) > 0.67


def test_the_block_from_its_parts_with_shortcuts_learns_what_it_does_not_without():
    of = lesson(TRANSFORMER)
    run = trainer(of, "With norms, at speed", training__optimizer__lr=0.005)
    assert sum(isinstance(layer, Shortcut) for layer in run.network.layers) == 8
    for _ in range(500):
        run.step()
    assert score(run) > 0.95
    assert loss(trained(TRANSFORMER, "Without residuals", 500)) == pytest.approx(0.693, abs=0.003)


def test_a_block_is_its_parts():
    of = lesson(TRANSFORMER)
    ready = trainer(of).network.parameter_counts()[2]
    parts = trainer(of, "With norms, at speed").network.parameter_counts()
    assert parts[2] + parts[3] == ready


def peak(name: str, steps: int = 150) -> float:
    run, most = trainer(lesson(TRANSFORMER), name), 0.0
    try:
        for _ in range(steps):
            most = max(most, run.step())
    except Diverged:
        return np.inf
    return most


def test_norms_keep_a_fast_run_from_running_away():
    assert peak("Without norms, at speed") > 100
    assert peak("With norms, at speed") < 10


def test_a_mask_hides_the_future_and_without_it_the_run_refuses():
    of, name = lesson(TRANSFORMER), "A mask: the tiny GPT"
    run = trainer(of, name)
    batch = run.task.prepare(run.dataset.x_test[:1], run.dataset.y_test[:1], run.dataset, np.random.default_rng(0))
    run.network.forward(batch.x, **batch.inputs)
    weights = next(view.data for view in run.network.views() if view.kind == "attention")
    assert np.triu(weights[0, 0], 1).max() == 0
    for _ in range(200):
        run.step()
    assert score(run) < 11                                                             # perplexity; 29 is a guess
    layers = task(of, name).change["network.layers"]
    with pytest.raises(SpecError, match="causal"):
        trainer(of, name, network__layers=[*layers[:2], layers[2] | {"causal": False}])


def test_without_positions_and_mask_two_orders_are_one():
    run = trainer(lesson(TRANSFORMER), "Without positions")
    x = run.dataset.x_test[:8]
    assert run.network.forward(x) == pytest.approx(run.network.forward(x[:, ::-1]), abs=1e-5)
    ordered = trainer(lesson(TRANSFORMER))
    assert np.abs(ordered.network.forward(x) - ordered.network.forward(x[:, ::-1])).max() > 1e-3


# -- 12: residual networks ---------------------------------------------------------------------------------------------

def both(name: str, steps: int) -> list:
    """The plain network and the one with shortcuts of a task after so many steps."""
    return [trained(RESIDUAL, name, steps, side) for side in ("Plain", "With shortcuts")]


def test_shortcuts_learn_where_plain_layers_fail():
    plain, shortcut = both("Twenty layers", 600)
    assert plain.network.theta.size == shortcut.network.theta.size
    assert loss(shortcut) < 0.2
    assert loss(plain) > 0.6
    shallow, with_shortcuts = both("Four layers", 600)
    assert loss(shallow) < loss(plain)
    assert min(score(shallow, "train"), score(with_shortcuts, "train")) > 0.7


def test_forty_layers():
    plain, shortcut = both("Forty layers", 600)
    assert loss(plain) == pytest.approx(0.693, abs=0.002)
    assert loss(shortcut) < 0.2
    first, *_ = depth.norms(40, False, "tanh", "default")
    assert 1e-14 < first < 1e-12


def test_a_gradient_that_arrives_is_not_enough():
    first, *_, last = depth.norms(20, False, "tanh", "orthogonal")
    assert first > 0.5 * last
    plain, shortcut = both("A gradient that arrives", 1000)
    assert loss(plain) > 0.55
    assert loss(shortcut) < 0.1


def test_each_depth_can_be_chosen_for_both():
    of = lesson(RESIDUAL)
    (switch,) = of.switches
    for name, change in switch.options.items():
        plain, shortcut = (of.side(changed(of.spec, change), i) for i in range(2))
        assert len(plain["network"]["layers"]) == len(shortcut["network"]["layers"]) == int(name)
        assert of.side(shortcut, 1) == shortcut


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("layers", [12, 40])
def test_gradients_come_through_shortcuts(activation, layers):
    plain, shortcut = (depth.norms(layers, residual, activation, "default") for residual in (False, True))
    assert len(plain) == len(shortcut) == layers
    assert plain[0] < 0.01 * plain[-1]
    assert shortcut[0] > 0.02 * shortcut[-1]


def test_he_and_shortcuts_explode_without_norms():
    assert depth.norms(40, True, "relu", "he_normal")[0] > 1e4


# -- all figures -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("controls", "compute"), [
    (convolution.CONTROLS, convolution.slid), (recurrence.UNROLLED, recurrence.one_unit),
    (recurrence.THROUGH, recurrence.gradients_back), (gates.CONTROLS, gates.one_cell), (gates.BIAS, gates.kept),
    (attention.VECTORS, attention.attended), (attention.WIDTH, attention.entropies),
    (depth.CONTROLS, depth.gradient_by_layer)])
def test_a_figure_survives_whatever_the_page_sends(controls, compute):
    start = values_of(controls, {})
    assert compute(**start)
    for nonsense in (None, "x", float("nan"), float("inf"), -1e300, [], [1], {}, True):
        values = values_of(controls, {control.name: nonsense for control in controls})
        assert compute(**values)
    for given in (None, 3, "x", [1]):
        assert values_of(controls, given) == start
