"""The workbench: every change goes through one door, and can be taken back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import datasets
import ui.workspace
from datasets.csv import store
from datasets.csv import table as uploads
from engine.paths import set_path
from engine.trainer import network_for
from live.worker.commands import handle
from live.worker.run import STANDS
from runs.link import decode, encode
from runs.presets import FIRST, PRESETS
from runs.spec import complete
from runs.starters import fits
from tests.live.runs import session
from ui.toolbar import preset_of
from ui.workspace import UNDO_LIMIT, Workspace


@pytest.fixture
def workspace(monkeypatch) -> Workspace:
    monkeypatch.setattr(ui.workspace.st, "session_state", {})
    return Workspace("test", PRESETS[FIRST].spec)


LR = ["training", "optimizer", "lr"]


def test_it_begins_with_a_complete_spec_and_a_run_of_its_own(workspace):
    assert workspace.spec == complete(PRESETS[FIRST].spec)
    assert Workspace("test", {}).state is workspace.state
    assert Workspace("other", PRESETS[FIRST].spec).state["run"] != workspace.state["run"]


@pytest.mark.parametrize("value", ["fast", -1, 1e300, None, [], float("nan")])
def test_what_is_refused_leaves_a_sentence_and_changes_nothing(workspace, value):
    before = workspace.spec
    assert not workspace.set(LR, value)
    assert "lr" in workspace.state["message"]
    assert workspace.spec == before
    assert workspace.state["undo"] == []
    assert workspace.set(LR, 0.5)
    assert workspace.state["message"] == ""


def test_the_same_again_is_no_change(workspace):
    assert workspace.replace(workspace.spec)
    assert workspace.state["undo"] == []


def test_undo_is_bounded(workspace):
    for i in range(UNDO_LIMIT + 20):
        workspace.set(["seed"], i + 1)
    assert len(workspace.state["undo"]) == UNDO_LIMIT


def test_a_story_belongs_to_its_preset(workspace):
    """It stays while the preset's run is changed, goes with another run, and comes back with undo."""
    workspace.load(PRESETS["Iris"].spec, "Iris")
    workspace.set(LR, 0.5)
    assert workspace.state["preset"] == "Iris"
    workspace.choose_data("wine")
    assert workspace.state["preset"] is None
    workspace.undo()
    assert workspace.state["preset"] == "Iris"
    workspace.load(PRESETS["Digits"].spec)
    assert workspace.state["preset"] is None


@pytest.mark.parametrize("name", PRESETS)
def test_a_link_to_a_preset_is_known_as_one(workspace, name):
    workspace.load(PRESETS[name].spec)
    assert preset_of(decode(encode(workspace.spec))) == name
    workspace.set(["seed"], 12345)
    assert preset_of(decode(encode(workspace.spec))) is None


@pytest.mark.parametrize("kind", [kind for kind in datasets.sources if kind != "csv"])
@pytest.mark.parametrize("start", [FIRST, "Iris", "Digits"])
def test_any_data_can_be_chosen_from_any_run(monkeypatch, kind, start):
    """The network stays where it fits; where it doesn't, one that fits takes its place."""
    monkeypatch.setattr(ui.workspace.st, "session_state", {})
    workspace = Workspace("test", PRESETS[start].spec)
    before = workspace.spec["network"]
    assert workspace.choose_data(kind), workspace.state["message"]
    assert workspace.spec["data"]["kind"] == kind
    dataset = datasets.load(workspace.spec["data"], workspace.spec["seed"])
    assert network_for(workspace.spec["network"], dataset).error is None
    if fits(before, dataset):
        assert workspace.spec["network"] == before


TEXTS = {"data": {"kind": "reviews", "collection": "rotten_tomatoes", "reviews": 400, "vocabulary": 300, "length": 20},
         "network": {"layers": [{"kind": "embedding", "dim": 8}, {"kind": "mean_over_time"}]}}
ROWS = "\n".join(f"{i % 17 + 0.5},{(i * 7) % 23 + 0.5},{'yes' if (i % 17) > 8 else 'no'}" for i in range(150))


@pytest.fixture(scope="module")
def table() -> dict:
    """An uploaded table of two numbers and an answer."""
    return {"kind": "csv", "upload": store.save(uploads.read_table(f"a,b,answer\n{ROWS}\n".encode(), "mine.csv"))}


@pytest.mark.parametrize("before", [TEXTS, PRESETS["Digits"].spec, PRESETS["Regression"].spec, PRESETS["Iris"].spec | {
    "training": {"loss": "cross_entropy"}}], ids=["text", "pictures", "a number", "a loss of its own"])
def test_a_table_and_each_of_its_columns_is_learned_by_a_network_that_fits(workspace, table, before):
    workspace.load(before)
    assert workspace.learn_from(table | {"target": "answer"}, fresh=True), workspace.state["message"]
    for target, task in (("a", "regression"), ("answer", "binary"), ("b", "regression")):
        assert workspace.set(["data", "target"], target), workspace.state["message"]
        run = session(workspace.spec)
        assert run.trainer, run.notice
        assert (run.trainer.dataset.task, run.trainer.dataset.target_name) == (task, target)


def test_another_kind_of_answer_brings_the_loss_that_fits(workspace, table):
    workspace.learn_from(table | {"target": "answer"})
    assert workspace.set(["training", "loss"], "brier")
    assert workspace.set(["data", "target"], "a"), workspace.state["message"]
    assert workspace.spec["training"]["loss"] == "auto"
    assert not workspace.set(["data", "goal"], "nonsense")


TOO_MANY = {"layers": [{"kind": "dense", "units": 4096}] * 8}
TOO_LARGE = {"layers": [{"kind": "dense", "units": 4096}, *[{"kind": "dropout"}] * 3]}
TWO_STACKS = {"encoder": [{"kind": "embedding"}], "decoder": [{"kind": "embedding"}]}


@pytest.mark.parametrize(("path", "value", "told"), [
    (["training", "loss"], "mae", "does not fit this data"), (["network"], TOO_LARGE, "too large"),
    (["network"], TOO_MANY, "parameters"),
    (["network"], TWO_STACKS, "one stack"), (["data"], {"kind": "csv", "upload": "0" * 32}, "Upload the file again"),
    (["data"], {"kind": "dates"}, "encoder")])
def test_what_a_run_would_refuse_the_bench_refuses_too(workspace, path, value, told):
    """The page and its run stay at the same spec, so that nothing on it is of another one."""
    before = workspace.spec
    wanted = complete(set_path(before, path, value))
    assert not workspace.replace(wanted)
    assert told in workspace.state["message"]
    assert workspace.spec == before
    run = session(before)
    handle(run, {"op": "spec", "spec": wanted})
    assert run.spec == before
    assert run.notice == f"{workspace.state['message']} {STANDS}"


def test_the_selection_stays_among_the_layers(workspace):
    workspace.state["selected"] = 9
    assert workspace.selected == len(workspace.layers) - 1
    workspace.set(["network", "layers"], [])
    assert workspace.selected == -1


CHANGES = st.lists(st.sampled_from(["undo", "redo"]) | st.integers(0, 5), max_size=30)


@given(CHANGES)
def test_undo_and_redo_walk_one_line(changes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ui.workspace.st, "session_state", {})
        workspace = Workspace("test", PRESETS[FIRST].spec)
        line, at = [workspace.spec["seed"]], 0
        for change in changes:
            if change == "undo":
                workspace.undo()
                at = max(0, at - 1)
            elif change == "redo":
                workspace.redo()
                at = min(len(line) - 1, at + 1)
            elif change != line[at]:
                workspace.set(["seed"], change)
                line, at = [*line[: at + 1], change], at + 1
            assert workspace.spec["seed"] == line[at]
