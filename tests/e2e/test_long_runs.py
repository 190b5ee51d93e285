"""A run that has learned nearly all in its first steps, and goes on: its beginning stays in sight."""

import itertools

import pytest
from playwright.sync_api import expect

EARLY = {                                    # learned within twenty steps
    "data": {"kind": "gaussian", "samples": 200},
    "training": {"optimizer": {"kind": "adam", "lr": 0.1}, "batch_size": 50},
    "seed": 5,
    "network": {"layers": [{"kind": "dense", "units": 4}]},
}
EVENLY = EARLY | {                           # the first hundredth of its steps does not stand out
    "training": {"optimizer": {"kind": "sgd", "lr": 0.001}, "batch_size": 10},
}


@pytest.fixture
def long(visitor):
    lab = visitor().open(EARLY)
    lab.page.get_by_role("combobox", name="Speed").select_option("1,000 steps/s")
    lab.play(2000)
    assert lab.pause()["step"] < 10_000
    return lab


def log_steps(lab):
    return lab.stage.locator(".ll-charts").get_by_role("checkbox", name="Log steps").last


def axis(lab, view: str = "loss") -> dict:
    """The x axis of a chart as it is drawn."""
    return lab.page.locator(f".ll-plot[data-view={view}]").evaluate("""plot => {
        const { type, range, title, ticktext } = plot._fullLayout.xaxis;
        const { x } = plot.data[0];
        return { type, range, title: title.text, labels: ticktext ?? [], first: x[0], last: x.at(-1), points: x.length,
            height: plot.clientHeight, shapes: plot.layout.shapes.map(({ x0, x1 }) => [x0, x1]) };
    }""")


def modules(lab, expression: str):
    """The value of an expression over what `logsteps.js` and `stepaxis.js` export."""
    return lab.page.evaluate("""async expression => {
        const own = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/stage.js")).name;
        const load = (name) => import(own.replace("stage.js", `lib/${name}.js`));
        const all = { ...await load("logsteps"), ...await load("stepaxis") };
        return new Function(...Object.keys(all), `return ${expression}`)(...Object.values(all));
    }""", expression)


# -- the time slider ---------------------------------------------------------------------------------------------------


def test_the_first_steps_can_be_looked_at_after_thousands(long):
    for step in (1, 2, 4, 8, 16, 0):
        long.look_back(step)
        long.until(f"stage.dataset.step === '{step}'")
        expect(long.stage.locator(".ll-time-here")).to_have_text(str(step))
    assert long.stage.locator(".ll-time-marks span").all_text_contents() == ["0", "1", "10", "100", "1k"]


def test_the_slider_is_even_in_the_logarithm_and_nothing_moves_under_the_hand(long):
    box = long.time.bounding_box()
    marks = [mark.bounding_box() for mark in long.stage.locator(".ll-time-marks span").all()][1:]
    middles = [mark["x"] + mark["width"] / 2 for mark in marks]
    pitches = [b - a for a, b in itertools.pairwise(middles)]
    assert max(pitches) - min(pitches) < 2
    y = box["y"] + box["height"] / 2
    long.page.mouse.move(box["x"] + box["width"] - 10, y)
    long.page.mouse.down()
    long.page.mouse.move(middles[1], y, steps=6)                          # ten
    long.until("Number(stage.dataset.step) < 12")
    assert 9 <= long.now()["step"] <= 11
    assert long.time.bounding_box() == box
    long.page.mouse.up()
    expect(long.button("Back to now")).to_be_visible()
    assert 9 <= long.now()["step"] <= 11


def test_the_arrows_on_the_slider_go_from_one_kept_step_to_the_next(long):
    long.look_back(0)
    long.until("stage.dataset.step === '0'")
    long.time.focus()
    for key, step in (("ArrowRight", 1), ("ArrowUp", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("Home", 0)):
        long.page.keyboard.press(key)
        long.until(f"stage.dataset.step === '{step}'")
    long.page.keyboard.press("End")
    long.until("Number(stage.dataset.step) >= 2000")
    expect(long.button("Back to now")).to_be_hidden()


# -- charts ------------------------------------------------------------------------------------------------------------


def test_the_charts_have_a_logarithmic_axis_where_nearly_all_was_learned_at_once(long):
    expect(log_steps(long)).to_be_checked()
    drawn = axis(long)
    assert (drawn["type"], drawn["title"]) == ("log", "Step (logarithmic)")
    assert drawn["labels"] == ["0", "1", "10", "100", "1k"]
    assert (drawn["first"], drawn["last"] >= 2000) == (0.5, True)          # step 0 where half a step would be
    long.page.get_by_role("tab", name="Accuracy", exact=True).click()
    assert axis(long, "score")["type"] == "log"


def test_the_veil_lies_over_what_came_later_on_both_axes(long):
    long.look_back(8)
    long.until("stage.dataset.step === '8'")
    long.wait(lambda: axis(long)["shapes"][:1] and axis(long)["shapes"][0][0] == 8)
    assert axis(long)["shapes"][0][1] >= 2000
    high = axis(long)["height"]
    log_steps(long).uncheck()
    drawn = axis(long)
    assert (drawn["type"], drawn["title"], drawn["height"]) == ("linear", "Epoch", high)
    assert drawn["shapes"][0] == pytest.approx([8 / 2, drawn["last"]], abs=1)


def test_a_choice_of_ones_own_is_kept(visitor):
    lab = visitor().open(EVENLY)
    lab.play(1200)
    expect(log_steps(lab)).not_to_be_checked()
    log_steps(lab).check()
    assert axis(lab)["type"] == "log"
    lab.press("Rewind")
    lab.until("stage.dataset.step === '0'")
    expect(log_steps(lab)).to_be_checked()
    log_steps(lab).uncheck()
    lab.pick("gaussian")
    lab.play(1500)
    expect(log_steps(lab)).not_to_be_checked()


def test_a_closer_look_has_labels_of_its_own_and_is_not_taken_away(long):
    plot = long.page.locator(".ll-plot[data-view=loss]")
    plot.evaluate("plot => Plotly.relayout(plot, { 'xaxis.range[0]': 1.3, 'xaxis.range[1]': 1.6 })")
    assert axis(long)["labels"] == ["20", "25", "30", "35"]
    long.press("Step")
    long.until("stage.dataset.status === 'paused'")
    assert axis(long)["range"] == pytest.approx([1.3, 1.6])


# -- gradients ---------------------------------------------------------------------------------------------------------


def measured(lab) -> list[int]:
    """The steps whose gradients are drawn."""
    steps = lab.page.locator("canvas[data-view='flow over time']").get_attribute("data-steps")
    return [int(step) for step in (steps or "").split()]


def test_gradients_over_time_reach_back_to_the_beginning_whenever_they_are_opened(long):
    long.page.get_by_role("tab", name="Gradients", exact=True).click()
    long.wait(lambda: {0, 1, 2, 4, 8, 64, 512, 1024, int(long.now()["step"])} <= set(measured(long)))
    expect(long.page.get_by_role("tabpanel").get_by_role("checkbox", name="Log steps")).to_be_checked()
    long.look_back(4)
    long.until("stage.dataset.step === '4'")
    assert max(measured(long)) >= 2000                                     # what came later stays, under a veil
    long.press("Step")
    long.until("stage.dataset.step === '5'")
    long.wait(lambda: measured(long) == [0, 1, 2, 3, 4, 5])                # another way: what came later is no more


def test_gradients_over_time_grow_while_it_learns_and_come_again_after_other_panels(visitor):
    lab = visitor().open(EARLY)
    lab.page.get_by_role("tab", name="Gradients", exact=True).click()
    lab.play(300)
    lab.wait(lambda: measured(lab)[:1] == [0] and max(measured(lab)) > 200)
    lab.page.get_by_role("tab", name="Cost", exact=True).click()
    lab.until("Number(stage.dataset.step) > 3000")
    lab.page.get_by_role("tab", name="Gradients", exact=True).click()
    lab.wait(lambda: {0, 1, 2, 512, 768, 1024, 2048} <= set(measured(lab)))
    lab.press("Rewind")
    lab.wait(lambda: measured(lab) == [0])


# -- what decides ------------------------------------------------------------------------------------------------------


def test_rows_of_a_history_are_thinned_evenly_on_the_axis_that_they_are_drawn_on(lab):
    steps = "Array.from({ length: 10000 }, (_, i) => i)"
    even, log = modules(lab, f"[chosen({steps}, 100, false), chosen({steps}, 100, true)]")
    assert (len(even), even[0], even[1], even[-1]) == (100, 0, 101, 9999)
    assert log[:5] == [0, 1, 2, 3, 4]
    assert (log[-1], len(log) <= 100, sorted(set(log)) == log) == (9999, True, True)
    assert max(b / a for a, b in itertools.pairwise(log[5:])) < 1.3
    assert modules(lab, "chosen([0, 5, 9], 100, true)") == [0, 1, 2]


def test_what_is_labelled_fits_what_is_seen(lab):
    places = "[[0, 74000], [0, 30], [2000, 3000], [0, 1]]"
    labels = modules(lab, f"{places}.map(([a, b]) => ticks(spot(a), spot(b)).map(brief))")
    assert labels == [["0", "1", "10", "100", "1k", "10k"], ["0", "1", "2", "5", "10", "20"],
                      ["2k", "2.5k", "3k"], ["0", "1"]]
    assert modules(lab, "[0, 999, 2500, 1000000].map(brief)") == ["0", "999", "2.5k", "1M"]


def test_most_of_the_fall_in_the_first_hundredth_of_the_run_is_early(lab):
    for step, loss, early in (
        ([0, 5, 10, 1000], [1, 0.4, 0.3, 0.1], True),
        ([0, 5, 10, 1000], [1, 0.9, 0.7, 0.1], False),
        ([0, 18, 1000], [1, 0.1, 0.1], True),                              # on the line between two rows
        ([0, 22, 1000], [1, 0.1, 0.1], False),
        ([0, 10, 1000], [1, 0.1, 2], False),                               # it has not fallen
        ([0], [1], False),
    ):
        assert modules(lab, f"fellEarly({{ step: {step}, train_loss: {loss} }})") is early, (step, loss)
