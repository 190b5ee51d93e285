"""A layer that only registers itself: it trains, has its views on the stage, and stands in the palette."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine import layers
from engine.layers import Layer
from engine.views import View
from live.watch import observer as observe
from live.worker.commands import handle
from tests.live.runs import frame, scene, session, spec, step

ROOT = Path(__file__).resolve().parents[2]
READ: list[str] = []


@pytest.fixture
def toy():
    @layers.register("toy_gain", "Toy gain")
    class ToyGain(Layer):
        """Multiplies every feature by a factor that is learned."""

        def build(self, in_shape):
            self.parameter("W", (1, in_shape[-1]))

        def forward(self, x, ctx):
            self.x, self.a = x, x * self.W
            return self.a

        def backward(self, dy):
            self.dW[...] = (dy * self.x).sum(axis=0)
            return dy * self.W

        def views(self):
            def read():
                READ.append("factors")
                return self.W

            return [*super().views(), View("matrix", "factors", "Factors", ("", "feature"), read)]

    READ.clear()
    yield ToyGain
    del layers.classes["toy_gain"]


def run_with(toy):
    return session(spec(network={"layers": [{"kind": "dense", "units": 4}, {"kind": toy.kind}]}))


def test_it_trains_and_shows_its_own_view(toy):
    run = run_with(toy)
    header, _ = scene(run)
    card = header["layers"][1]
    assert card["label"] == "Toy gain"
    before = run.trainer.network.parameters()["1.W"].copy()
    step(run, 3)
    assert not np.array_equal(run.trainer.network.parameters()["1.W"], before)
    handle(run, {"op": "watch", "views": ["view:1.factors"]})
    _, arrays = frame(run)
    assert np.array_equal(arrays["view:1.factors"].ravel(), run.trainer.network.parameters()["1.W"].ravel())


def test_a_view_that_is_not_watched_is_not_computed(toy, monkeypatch):
    made = []
    for name, known in list(observe.pictures.items()):
        monkeypatch.setitem(observe.pictures, name, dataclasses.replace(
            known, make=lambda observer, name=name, make=known.make: made.append(name) or make(observer)))
    run = run_with(toy)
    handle(run, {"op": "watch", "views": ["boundary"]})
    step(run)
    frame(run)
    assert set(made) == {"boundary"}
    assert READ == []
    handle(run, {"op": "watch", "views": ["view:1.factors"]})
    frame(run)
    assert len(READ) == 1


def test_it_stands_in_the_playgrounds_palette(toy, monkeypatch):
    from ui import stage as stage_view

    seen = {}
    monkeypatch.setattr(stage_view, "register", lambda *a: lambda **given: seen.update(given["data"]))
    page = AppTest.from_file(str(ROOT / "ui" / "shell.py"), default_timeout=60).run()
    assert not page.exception
    assert "toy_gain" in {layer["kind"] for layer in seen["palette"]}
