"""Figures that frames fill name columns that frames have; colours are written once."""

import json
import re
import tomllib
from pathlib import Path

import pytest

import engine
from engine.trainer import COLUMNS
from figures import palette
from figures import run_charts as live
from live import protocol
from live.worker.commands import handle
from tests.live.runs import frame, scene, session, spec, step

ROOT = Path(__file__).parents[2]
KINDS = {"binary": "xor", "multiclass": "iris", "regression": "diabetes"}
MADE_BY_THE_PAGE = {"diagonal", "chance", "history.moment"}


def charts(task: str) -> list[dict]:
    names = ["a", "b"] if task == "binary" else ["a", "b", "c"] if task == "multiclass" else []
    return live.for_run(task, engine.tasks[task].metric, names, "price", True)


@pytest.mark.parametrize("task", list(KINDS))
def test_a_figure_names_columns_that_frames_have(task):
    run = session(spec(data={"kind": KINDS[task]}))
    handle(run, {"op": "watch", "views": [chart["watch"] for chart in charts(task) if "watch" in chart]})
    step(run, 3)
    known = set(frame(run)[1]) | {f"history.{name}" for name in COLUMNS} | MADE_BY_THE_PAGE
    for chart in charts(task):
        for trace in chart["figure"]["data"]:
            assert trace["meta"], chart["name"]
            assert set(trace["meta"].values()) <= known


@pytest.mark.parametrize("task", list(KINDS))
def test_charts_are_plain_data_and_say_what_to_look_for(task):
    found = charts(task)
    json.dumps(protocol.finite(found), allow_nan=False)
    assert len({chart["name"] for chart in found}) == len(found) >= 3
    for chart in found:
        assert chart["title"]
        assert chart["look"].endswith(".")
        layout = chart["figure"]["layout"]
        assert layout["xaxis"]["title"]["text"]
        assert layout["yaxis"]["title"]["text"]
        assert layout["uirevision"]


def test_names_that_people_gave_are_drawn_as_they_are():
    """Plotly reads tags in names: what looks like one is shown, not followed."""
    (chart,) = [c for c in live.for_run("binary", "accuracy", ["<a href='x'>b</a>", "c & d"], "", True)
                if c["name"] == "confusion"]
    assert list(chart["figure"]["data"][0]["x"]) == ["&lt;a href='x'&gt;…", "c &amp; d"]
    (chart,) = [c for c in live.for_run("regression", "r2", [], "<b>y</b>", True) if c["name"] == "fit"]
    assert chart["figure"]["layout"]["xaxis"]["title"]["text"] == "True &lt;b&gt;y&lt;/b&gt;"


def test_a_chart_says_which_examples_its_numbers_are_of():
    found = {chart["name"]: chart["of"] for chart in live.for_run("binary", "accuracy", ["a", "b"], "", True)}
    assert found == {"loss": "both", "score": "both", "confusion": "test", "roc": "test", "reliability": "test",
                     "lr": "nothing"}


def test_what_early_stopping_watches_is_drawn_where_there_is_some():
    with_it, without = ({trace["meta"]["y"] for trace in live.loss(held).to_plotly_json()["data"]}
                        for held in (True, False))
    assert with_it - without == {"history.validation_loss"}


def test_the_numbers_below_a_chart_are_measured():
    known = scene(session(spec()))[0]["columns"]
    assert known["history"] == list(COLUMNS)
    assert [name for _, name, _ in live.MEASURED] == known["measured"]
    assert [name for _, name, _ in live.CALIBRATED] == known["calibrated"]


def test_the_theme_s_colours_are_the_palette_s():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for name, colours in (("light", palette.LIGHT), ("dark", palette.DARK)):
        assert theme[name]["textColor"] == colours["ink"]
        assert theme[name]["backgroundColor"] == colours["surface"]
        assert theme[name]["borderColor"] == colours["line"]
    assert theme["light"]["primaryColor"] == palette.POSITIVE


def hexes(colours) -> list[str]:
    return re.findall(r'"(#[^"]*)"', json.dumps(colours))


def test_colours_are_hexadecimal_and_classes_differ():
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in hexes(palette.as_data()))
    assert len(set(palette.CLASSES)) == len(palette.CLASSES) >= 10


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "quiet"])
def test_writing_can_be_read(theme, ink):
    bright, dark = sorted((luminance(theme[ink]), luminance(theme["surface"])), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_colours_are_written_in_the_palette_alone():
    """The stage may fall back on a colour of the theme, as in var(--x, #fff); it defines none of its own."""
    known = {colour.lower() for colour in hexes(palette.as_data())} | {"#fff", "#000"}
    wrong = {}
    for path in [*(ROOT / "web").rglob("*.js"), *(ROOT / "ui").rglob("*.py"), *(ROOT / "figures").glob("*.py")]:
        if path.name != "palette.py":
            found = set(re.findall(r"#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8"))) - known
            if found:
                wrong[path.name] = found
    assert wrong == {}


def test_the_numbers_of_two_classes_say_whose_they_are():
    charts = live.for_run("binary", "accuracy", ["bad", "good"], "", True)
    found = {chart["name"]: chart["look"] for chart in charts}
    assert "Precision, recall and F1 are those of “good”" in found["confusion"]
    assert "some of “good” (true positives)" in found["roc"]
    curve = next(chart for chart in charts if chart["name"] == "roc")["figure"]["data"][1]
    assert curve["hovertemplate"].startswith("%{y:.1%} of “good” found, %{x:.1%} of “bad” taken for it")
    assert live.for_run("binary", "accuracy", [], "", True)  # data that can't be read has no classes
