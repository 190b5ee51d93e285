"""Every page opens; the playground has a control for every knob, undoes, redoes, and loads every preset."""

import json

import pytest
from streamlit.testing.v1 import AppTest

import datasets
import engine
from datasets.csv import store
from datasets.csv import table as uploads
from engine.knobs import Floats
from engine.network import NetworkKnobs
from runs import link
from runs.presets import FIRST, PRESETS
from runs.spec import complete
from runs.starters import starter
from tests.ui.pages import PAGES, ROOT, by_label, errors, keys, opened, spec, with_spec, workspace
from ui.controls import CONTROLS

#: Knobs that are set by other means than a control of their own: on the stage, or by the uploader.
ELSEWHERE = {("residual", "layers"), ("points", "points"), ("csv", "upload"), ("csv", "target")}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_opens(path):
    page = opened(path)
    assert not page.exception
    assert not page.error


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
@pytest.mark.parametrize("query", ["", "x", "é" * 100, "A" * 50_000, "eJw", "../../etc/passwd", "%00"], ids=len)
def test_a_page_opens_whatever_its_link_says(path, query):
    assert not opened(path, query).exception


def test_the_shell_opens():
    page = AppTest.from_file(str(ROOT / "ui" / "shell.py"), default_timeout=120).run()
    assert not page.exception
    assert not page.error


def expected(declared: type, path: list) -> set[str]:
    """The keys of the controls that a declared class's knobs need."""
    wanted = set()
    for name, knob in declared.knobs.items():
        key = "knob_" + "_".join(map(str, [*path, name]))
        if (declared.kind, name) in ELSEWHERE:
            continue
        assert type(knob) in CONTROLS, f"{name} of {declared.kind} has no kind of control"
        wanted |= {f"{key}_{i}" for i in range(len(knob.default))} if isinstance(knob, Floats) else {key}
    return wanted


@pytest.mark.parametrize("kind", list(engine.layers))
def test_every_knob_of_a_layer_has_a_control(kind):
    page = with_spec(network={"layers": [{"kind": kind}]})
    assert expected(engine.layers.lookup(kind), ["network", "layers", 0]) <= keys(page)
    assert any(engine.layers.lookup(kind).label in title.value for title in page.subheader)


@pytest.mark.parametrize("kind", list(engine.optimizers))
def test_every_knob_of_an_optimizer_has_a_control(kind):
    page = with_spec(training={"optimizer": {"kind": kind}})
    assert expected(engine.optimizers.lookup(kind), ["training", "optimizer"]) <= keys(page)


@pytest.mark.parametrize("kind", list(engine.schedules))
def test_every_knob_of_a_schedule_has_a_control(kind):
    page = with_spec(training={"schedule": {"kind": kind}})
    assert expected(engine.schedules.lookup(kind), ["training", "schedule"]) <= keys(page)


@pytest.fixture(scope="module")
def table() -> str:
    """An uploaded table."""
    rows = "\n".join(f"{i},{i * i % 7},{'yes' if i % 3 else 'no'}" for i in range(60))
    return store.save(uploads.read_table(f"a,b,answer\n{rows}\n".encode(), "mine.csv"))


@pytest.mark.parametrize("kind", list(datasets.sources))
def test_every_knob_of_a_data_set_has_a_control(kind, table):
    given = {"upload": table, "target": "answer"} if kind == "csv" else {}
    data = {"kind": kind, **given}
    page = with_spec(data=data, network=starter(datasets.load(data)))
    assert expected(datasets.sources.lookup(kind), ["data"]) <= keys(page)
    assert not page.error


def test_every_knob_of_training_and_network_has_a_control():
    found = keys(with_spec())
    assert expected(engine.Training, ["training"]) <= found
    assert expected(NetworkKnobs, ["network"]) <= found
    assert "knob_seed" in found


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_preset_loads_with_its_story(name):
    page = opened()
    by_label(page, "selectbox", "Preset").set_value(name).run()
    assert not page.exception
    assert not page.error
    assert spec(page) == complete(PRESETS[name].spec)
    assert any(PRESETS[name].story in text.value for text in page.markdown)


def test_presets_are_many_and_each_has_a_story():
    assert len(PRESETS) >= 8
    assert FIRST in PRESETS
    for preset in PRESETS.values():
        assert preset.story.endswith(".")
        assert len(preset.story) > 60
        complete(preset.spec)


def test_a_slider_writes_into_the_spec_and_the_link():
    page = with_spec()
    before = page.query_params["run"]
    by_label(page, "slider", "Batch size").set_value(32).run()
    assert spec(page)["training"]["batch_size"] == 32
    assert page.query_params["run"] != before
    again = opened(query=page.query_params["run"])
    assert spec(again) == spec(page)


def test_undo_and_redo_lead_back_and_forth():
    page = with_spec()
    first = json.dumps(spec(page))
    assert by_label(page, "button", "Redo").disabled
    by_label(page, "slider", "Batch size").set_value(32).run()
    by_label(page, "selectbox", "Optimizer").set_value("adam").run()
    last = json.dumps(spec(page))
    for _ in range(2):
        by_label(page, "button", "Undo").click().run()
    assert json.dumps(spec(page)) == first
    assert by_label(page, "slider", "Batch size").value == 10
    for _ in range(2):
        by_label(page, "button", "Redo").click().run()
    assert json.dumps(spec(page)) == last
    assert by_label(page, "selectbox", "Optimizer").value == "adam"
    assert by_label(page, "button", "Redo").disabled
    by_label(page, "button", "Undo").click().run()
    by_label(page, "slider", "Batch size").set_value(64).run()
    assert by_label(page, "button", "Redo").disabled


def test_undo_has_an_end():
    page = with_spec()
    for value in range(20, 26):
        by_label(page, "slider", "Batch size").set_value(value).run()
    while not by_label(page, "button", "Undo").disabled:
        by_label(page, "button", "Undo").click().run()
    assert not page.exception
    assert workspace(page)["undo"] == []


@pytest.mark.parametrize("kind", list(engine.optimizers))
def test_an_optimizer_is_chosen(kind):
    page = with_spec()
    by_label(page, "selectbox", "Optimizer").set_value(kind).run()
    assert not page.exception
    assert spec(page)["training"]["optimizer"]["kind"] == kind


@pytest.mark.parametrize("kind", list(engine.schedules))
def test_a_schedule_is_chosen(kind):
    page = with_spec()
    by_label(page, "selectbox", "Learning-rate schedule").set_value(kind).run()
    assert not page.exception
    assert spec(page)["training"]["schedule"]["kind"] == kind


def test_a_loss_that_does_not_fit_is_a_sentence_and_the_old_one_stands():
    page = with_spec(data={"kind": "iris"})
    before = spec(page)
    by_label(page, "selectbox", "Loss").set_value("mae").run()
    assert not page.exception
    assert spec(page) == before
    assert by_label(page, "selectbox", "Loss").value == "auto"
    (error,) = errors(page)
    assert "does not fit this data" in error


def test_a_network_that_does_not_fit_does_not_break_the_page():
    page = with_spec(network={"layers": [{"kind": "conv2d"}, {"kind": "lstm"}]})
    assert not page.exception


HOUSES = "id,when,city,size,price\n" + "\n".join(
    f"{i},2020-01-{i % 28 + 1:02d},{'![x](http://example.org/a.png)' if i % 3 else 'Rome'},"
    f"{'' if i % 7 == 0 else i * 3 % 50},{i * 37 % 91 + 0.5}" for i in range(1, 121))
HOSTILE = "![x](http://example.org/a.png),:red[*b*],<b>c</b>\n" + "\n".join(f"{i},{i},{i * i % 7}" for i in range(40))


@pytest.mark.parametrize(("table", "target"), [(HOUSES, "city"), (HOSTILE, "<b>c</b>")], ids=["houses", "hostile"])
def test_every_sentence_about_the_data_stands_on_the_page_once_as_plain_text(table, target):
    upload = store.save(uploads.read_table(table.replace("\n5,5,", "\n5,,").encode(), "mine.csv"))
    page = with_spec(data={"kind": "csv", "upload": upload, "target": target})
    found = datasets.load(spec(page)["data"], spec(page)["seed"]).notes
    assert found
    assert [text.value for text in page.text] == list(dict.fromkeys(found))
    assert not any("example.org" in text.value for text in [*page.markdown, *page.caption])


def test_what_is_special_about_own_points_is_said():
    page = with_spec(data={"kind": "points"})
    assert any("no separate test" in text.value for text in page.text)


def test_an_upload_that_is_gone_is_a_sentence():
    gone = {"data": {"kind": "csv", "upload": "0" * 32, "target": "a"}, "network": {"layers": []}}
    page = opened(query=link.encode(complete(gone)))
    assert not page.exception
    assert any("Upload the file again" in text for text in [*errors(page), *(w.value for w in page.warning)])
