"""What the stage may change of a run: settings that exist, of the network and of training, and clicked points."""

import pytest

from explain.health import LayerHealth, Measured, examine
from runs.spec import complete
from ui.stage import editable

SPEC = complete({"data": {"kind": "xor"}, "network": {"layers": [{"kind": "dense"}, {"kind": "dropout"}]}})


@pytest.mark.parametrize("path", [
    ["network", "layers"], ["network", "layers", 0, "activation"], ["network", "initializer"], ["training", "l2"],
    ["training", "clip_norm"], ["training", "optimizer"], ["training", "optimizer", "lr"]])
def test_a_setting_that_exists_can_be_changed(path):
    assert editable(SPEC, path)


@pytest.mark.parametrize("path", [
    None, "network", [], ["network"], ["training"], ["seed"], ["data"], ["data", "kind"], ["data", "points"],
    ["network", "layers", 7], ["network", "layers", "0"], ["network", "layers", 0, "no such"], ["network", "no such"],
    ["network", "layers", 0, "activation", 0], ["network", "layers", [0]], ["network", {"a": 1}],
    [["network"], "layers"],
    ["__class__", "__init__"], ["training", "optimizer", "lr", "real"]])
def test_anything_else_can_not(path):
    assert not editable(SPEC, path)


def test_clicked_points_can_be_changed_where_there_are_some():
    assert editable(complete({"data": {"kind": "points"}}), ["data", "points"])


def test_every_remedy_is_something_that_the_stage_may_change():
    layer = LayerHealth("0", "layer 1", ["network", "layers", 0], slope=1e9, ratio=9.0, dead=1.0, units=8)
    sick = Measured(SPEC, [layer], gradient=1e9)
    remedies = [remedy for finding in examine(sick) for remedy in finding.remedies]
    assert len(remedies) > 3
    assert all(editable(SPEC, remedy.path) for remedy in remedies)
