"""Lessons as a person uses them: a point dragged, a walk, a map, runs beside each other, the way through the course."""

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab
from ui import course

CUT = """
    window.written = [];
    window.cut = [];
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        write.apply(this, arguments);
        if (!this.canvas.closest?.("[data-testid=explore]")) return;
        const { actualBoundingBoxLeft: before, actualBoundingBoxRight: after } = this.measureText(text);
        const ends = [x - before, x + after].map((at) => this.getTransform().transformPoint({ x: at, y }).x);
        window.written.push(text);
        if (ends[0] < -1 || ends[1] > this.canvas.width + 1) window.cut.push(text);
    };
"""


@pytest.fixture
def open_lesson(visitor):
    """A function that opens a lesson, and waits until each of its runs has been drawn."""

    def opened(name: str, runs: int = 1) -> Lab:
        lab = visitor()
        lab.page.goto(f"{lab.url}/{name}")
        drawn = "[...document.querySelectorAll('[data-testid=stage]')].filter(stage => stage.dataset.frames > 0)"
        lab.page.wait_for_function(f"runs => {drawn}.length >= runs", arg=runs)
        lab.settled()
        lab.no_traceback()
        return lab

    return opened


def figure(lab: Lab, place: int = 0):
    return lab.page.get_by_test_id("explore").nth(place)


def facts(lab: Lab, place: int = 0) -> list[str]:
    return figure(lab, place).locator("dd").all_text_contents()


def test_a_point_is_dragged_along_a_curve_and_the_numbers_follow_while_it_moves(open_lesson):
    lab = open_lesson("activations")
    canvas = figure(lab).locator("canvas")
    canvas.scroll_into_view_if_needed()
    box, before = canvas.bounding_box(), facts(lab)
    lab.page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 100)
    lab.page.mouse.down()
    lab.wait(lambda: facts(lab) != before)                                       # the button is still held
    before = facts(lab)
    lab.page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 100)
    lab.wait(lambda: facts(lab) != before)
    lab.page.mouse.up()


def test_the_chain_rule_walks_back_by_itself(open_lesson):
    lab = open_lesson("backpropagation")
    expect(figure(lab).get_by_text("× 1.5")).to_have_count(0)
    figure(lab).get_by_role("button", name="Walk back").click()
    expect(figure(lab).get_by_text("× 1.5")).to_be_visible()
    expect(figure(lab).locator("li.ll-now")).to_contain_text("∂L/∂x")
    assert any("1.2493" in fact for fact in facts(lab))


@pytest.mark.parametrize("width", [1440, 390])
def test_no_label_of_a_figure_is_cut_at_an_edge(visitor, width):
    lab = visitor({"width": width, "height": 900})
    lab.page.add_init_script(CUT)
    lab.visit("backpropagation")
    lab.wait(lambda: "10⁻¹" in lab.page.evaluate("window.written"))
    assert lab.page.evaluate("window.cut") == []


def test_a_descent_is_seen_as_a_map_with_other_batches(open_lesson):
    lab = open_lesson("gradient-descent")
    before = facts(lab)
    figure(lab).get_by_role("combobox", name="Look at it as").select_option("map")
    expect(figure(lab).locator(".contourlayer")).to_be_visible()
    figure(lab).get_by_role("combobox", name="A step sees").select_option("1")
    lab.wait(lambda: facts(lab) != before)


def test_runs_beside_each_other_are_played_paused_and_rewound_together(open_lesson):
    lab = open_lesson("losses", runs=2)
    stages = lab.page.get_by_test_id("stage")

    def say(what: str) -> list[str]:
        return stages.evaluate_all(f"stages => stages.map(s => s.dataset.{what})")

    lab.button("Play").first.click()
    lab.wait(lambda: say("status") == ["playing"] * 2 and min(map(int, say("step"))) > 50)
    lab.button("Pause").last.click()
    lab.wait(lambda: say("status") == ["paused"] * 2)
    first, second = map(int, say("step"))
    assert abs(first - second) < 100
    lab.button("Rewind").first.click()
    lab.wait(lambda: say("step") == ["0", "0"])
    lab.page.get_by_role("combobox", name="Speed").first.select_option("10 steps/s")
    assert {box.input_value() for box in lab.page.get_by_role("combobox", name="Speed").all()} == {"10 steps/s"}


def test_a_switch_and_a_task_change_the_run(open_lesson):
    lab = open_lesson("activations")
    lab.page.get_by_role("radio", name="Tanh").click()
    expect(lab.stage.get_by_text("tanh", exact=True)).to_have_count(6)
    lab.button("Dead ReLUs").click()
    expect(lab.stage.get_by_text("relu", exact=True)).to_have_count(6)
    lab.until("stage.dataset.lr === '2' && stage.dataset.step === '0'")


def test_the_way_through_the_course_is_remembered(open_lesson):
    lab = open_lesson("losses", runs=2)
    lab.page.get_by_role("link", name="Next: Backpropagation").click()
    expect(lab.page.get_by_text(f"Lesson 5 of {len(course.lessons())} · 2 visited")).to_be_visible()
    assert "seen=04-05" in lab.page.url


@pytest.mark.parametrize("name", [course.url_path(name) for name in list(course.lessons())[:6]])
def test_nothing_scrolls_sideways_on_a_phone(open_lesson, name):
    lab = open_lesson(name, runs=2 if name == "losses" else 1)
    lab.page.set_viewport_size({"width": 390, "height": 844})
    lab.wait(lambda: lab.page.evaluate(
        "Math.max(...['stMain', 'stApp'].map(id => document.querySelector(`[data-testid=${id}]`).scrollWidth))") <= 390)
