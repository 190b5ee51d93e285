"""What every lesson must keep to, whoever wrote it: these tests read the folder, so a new lesson is tested by existing.

What a lesson's tasks claim is tested in `tests/learn/`; here it is only seen to that no task goes without.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import datasets
from engine import Trainer
from engine.paths import keys_of
from live.watch.picture import pictures
from runs.knobs import knob_at
from runs.spec import complete
from tests.learn.lessons import LEARN, lesson
from ui import course
from ui.lesson import holds
from ui.reading import sections, source_of

NAMES = list(course.lessons())
TASKS = [pytest.param(name, task, id=f"{name} {task.name}") for name in NAMES for task in lesson(name).tries]
HEADER = {"step", "epoch", "lr", "train_loss", "test_loss", "train_score", "test_score"}


def text(name: str) -> str:
    return (LEARN / f"{name}.md").read_text(encoding="utf-8")


def test_the_course_is_in_order_and_complete():
    assert len(NAMES) >= 12
    assert [int(name.split("_")[0]) for name in NAMES] == list(range(1, len(NAMES) + 1))
    assert len({course.url_path(name) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_short_and_its_text_has_every_part(name):
    assert len((LEARN / f"{name}.py").read_text(encoding="utf-8").splitlines()) < 80
    parts = sections(text(name))
    assert parts[""].startswith("# ")
    for part in ("Formula", "Question", "Answer", "Sources"):
        assert parts.get(part), f"{name} lacks {part}"
    assert re.search(r"\b(1[6-9]|20)\d\d\b", parts["Sources"]), "sources are cited with their year"
    assert set(lesson(name).figures) <= set(parts)
    assert parts.get("Experiment") or not lesson(name).figures, "the text says where the run stands among figures"


@pytest.mark.parametrize("name", NAMES)
def test_formulas_are_closed(name):
    body = text(name)
    assert body.count("$$") % 2 == 0
    assert all(line == "$$" for part in sections(body).values() for line in part.splitlines() if "$$" in line)
    for paragraph in "\n".join(sections(body).values()).split("\n\n"):
        assert paragraph.replace("$$", "").count("$") % 2 == 0
    for paragraph in re.split(r"\n\s*\n", body.replace("$$", "")):
        assert paragraph.count("$") % 2 == 0, paragraph
        assert paragraph.count("{") == paragraph.count("}"), paragraph


@pytest.mark.parametrize("name", NAMES)
def test_what_a_lesson_names_exists(name):
    of = lesson(name)
    spec = complete(of.spec)
    for path in of.controls:
        knob_at(spec, keys_of(path))
    for place in of.source:
        file, _, part = place.partition(":")
        assert source_of(file, part)
    for label, source, place in of.numbers:
        assert label
        assert place >= 0
        assert source in HEADER or source.split(".")[0].split(":")[0] in {*pictures, "view"}
    assert 3 <= len(of.tries) <= 6
    assert len({task.name for task in of.tries}) == len(of.tries)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_opens_with_its_run_at_the_beginning(name):
    page = AppTest.from_file(str(LEARN / f"{name}.py"), default_timeout=120).run()
    assert not page.exception
    assert not page.error
    assert name.split("_")[0] in "".join(page.query_params["seen"]).split("-")


@pytest.mark.parametrize("name", [name for name in NAMES if lesson(name).switches])
def test_a_switch_offers_what_can_be_run_and_knows_what_is_chosen(name):
    of = lesson(name)
    for switch in of.switches:
        chosen = [option for option, change in switch.options.items() if holds(of.spec, change)]
        assert len(chosen) == 1, f"{switch.label}: {chosen} hold at the beginning"


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_a_task_loads_and_trains(name, task):
    assert task.notice.endswith(".")
    assert len(task.notice) > 60
    for spec in lesson(name).specs(task).values():
        spec = complete(spec)
        run = Trainer(spec, datasets.load(spec["data"], spec["seed"]))
        for _ in range(3):
            run.step()


def workspaces(page: AppTest, name: str) -> list[dict]:
    """The spec on each side of a lesson's page."""
    suffixes = [f"_{i}" for i in range(len(lesson(name).sides))] or [""]
    return [page.session_state[f"workspace_learn_{name}{suffix}"]["spec"] for suffix in suffixes]


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_a_task_is_loaded_by_its_button(name, task):
    page = AppTest.from_file(str(LEARN / f"{name}.py"), default_timeout=120).run()
    page.button(key=f"try_{task.name}").click().run()
    assert not page.exception
    assert not page.error
    assert workspaces(page, name) == [complete(spec) for spec in lesson(name).specs(task).values()]


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_is_that_of_all_sides_and_a_task_keeps_it(name):
    of = lesson(name)
    page = AppTest.from_file(str(LEARN / f"{name}.py"), default_timeout=120).run()
    page.number_input(key="knob_seed").set_value(3).run()
    assert workspaces(page, name) == [complete(spec | {"seed": 3}) for spec in of.specs().values()]
    task = of.tries[-1]
    page.button(key=f"try_{task.name}").click().run()
    assert not page.exception
    assert workspaces(page, name) == [complete(spec | {"seed": 3}) for spec in of.specs(task).values()]
    assert page.number_input(key="knob_seed").value == 3
    assert page.number_input(key="knob_seed").help


@cache
def claimed() -> set[str]:
    """Every text that a test of `tests/learn/` mentions."""
    tests = Path(__file__).parents[1] / "learn"
    return {node.value for path in tests.glob("test_*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_what_a_task_claims_is_tested(name, task):
    assert task.name in claimed(), f"no test in tests/learn/ names the task '{task.name}' of {name}"
