"""The figures of landscapes and races: plain data whose columns the page knows."""

import json
import re
from pathlib import Path

import pytest

from figures import landscape
from live import protocol

STAGE = Path(__file__).parents[2] / "web"
FIGURES = landscape.declared()
OF_A_WAY = {"a", "b", "x", "y", "z", "about", "step", "loss"}


@pytest.mark.parametrize("name", list(FIGURES))
def test_a_figure_is_plain_data_with_axes(name):
    json.dumps(protocol.finite(FIGURES[name]), allow_nan=False)
    layout = FIGURES[name]["layout"]
    assert layout["uirevision"]
    if name != "surface":                                           # the page names a surface's axes
        assert layout["xaxis"]["title"]["text"]
        assert layout["yaxis"]["title"]["text"]


@pytest.mark.parametrize("name", list(FIGURES))
def test_every_column_is_one_that_the_page_makes(name):
    for trace in FIGURES[name]["data"]:
        for column in trace["meta"].values():
            way, _, part = column.partition(".")
            of_a_way = way in {"path", "here", "start", *"0123"} and part in OF_A_WAY
            assert of_a_way or column in {"a", "b", "z", "truth"}


def test_the_page_uses_every_figure():
    used = "".join((STAGE / "panels" / name).read_text(encoding="utf-8") for name in ("landscape.js", "race.js"))
    for name in FIGURES:
        assert re.search(rf'figures\.{name}\b|"{name}"', used), name


def test_racers_have_colours_of_their_own():
    lines = [trace["line"]["color"] for trace in FIGURES["race_curves"]["data"]]
    assert len(set(lines)) == len(lines) == landscape.MOST_RACERS
    assert lines == [trace["line"]["color"] for trace in FIGURES["race_plane"]["data"] if "line" in trace
                     and trace["type"] == "scatter"][:landscape.MOST_RACERS]
