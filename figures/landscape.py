"""The loss over a plane of weights, as a map of contours and as a surface, and what a race needs beside it.

The page fills the traces as their `meta` says: {"x": "a"} takes the column "a". Losses reach it already cut or
logarithmic, as chosen; the true ones are in "truth" for whoever points at them.
"""

import plotly.graph_objects as go

from figures.palette import CLASSES, LIGHT, SEQUENTIAL
from figures.run_charts import base

SCALE = [[i / (len(SEQUENTIAL) - 1), colour] for i, colour in enumerate(SEQUENTIAL)]
BAR = {"thickness": 12, "len": 1, "outlinewidth": 0, "title": {"text": "Loss", "side": "right"}}
HALO, WAY = LIGHT["ink"], LIGHT["surface"]   # a white line with a dark edge shows on every colour of the scale
MOST_RACERS = 4
HOVER = "%{x:.3g}, %{y:.3g}: loss %{customdata:.4g}<extra></extra>"
STEP = "step %{customdata[0]}: loss %{customdata[1]:.4g}<extra>The run</extra>"


def ground() -> dict:
    """The map of contours under everything, filled from "a", "b" and "z"."""
    return {"meta": {"x": "a", "y": "b", "z": "z", "customdata": "truth"}, "colorscale": SCALE, "colorbar": BAR,
            "ncontours": 24, "line": {"width": 0.6, "color": "rgba(255,255,255,0.35)"}, "connectgaps": False,
            "hovertemplate": HOVER, "showlegend": False}


def contour() -> go.Figure:
    """The map with the run's way on it."""
    figure = base("First direction", "Second direction")
    figure.add_contour(**ground())
    for colour, width, name in ((HALO, 4.5, None), (WAY, 2.5, "The run")):
        figure.add_scatter(meta={"x": "path.a", "y": "path.b", "customdata": "path.about"}, mode="lines+markers",
                           line={"color": colour, "width": width}, marker={"size": width + 1, "color": colour},
                           name=name, showlegend=False, hovertemplate=STEP, hoverinfo=None if name else "skip")
    figure.add_scatter(meta={"x": "here.a", "y": "here.b"}, mode="markers", name="The weights of now", showlegend=False,
                       marker={"size": 14, "symbol": "x", "color": WAY, "line": {"width": 1.5, "color": HALO}},
                       hovertemplate="the weights of now<extra></extra>")
    return figure


def surface() -> go.Figure:
    """The same as a landscape in three dimensions: the loss is the height."""
    figure = base("", "")
    figure.add_surface(meta={"x": "a", "y": "b", "z": "z", "customdata": "truth"}, colorscale=SCALE, colorbar=BAR,
                       hovertemplate=HOVER, lighting={"ambient": 0.75, "diffuse": 0.5, "specular": 0.05})
    figure.add_scatter3d(meta={"x": "path.x", "y": "path.y", "z": "path.z"}, mode="lines", showlegend=False,
                         line={"color": WAY, "width": 6}, hoverinfo="skip")
    figure.add_scatter3d(meta={"x": "here.x", "y": "here.y", "z": "here.z"}, mode="markers", showlegend=False,
                         marker={"size": 6, "symbol": "diamond", "color": WAY, "line": {"width": 2, "color": HALO}},
                         hovertemplate="the weights of now<extra></extra>")
    figure.update_layout(scene={"aspectratio": {"x": 1.1, "y": 1.1, "z": 0.7}, "uirevision": "keep",
                                "camera": {"eye": {"x": 1.5, "y": -1.5, "z": 1.1}, "center": {"z": -0.15}}},
                         margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure


def race_curves() -> go.Figure:
    """Loss over steps, a line for each racer."""
    figure = base("Step", "Loss")
    for i in range(MOST_RACERS):
        figure.add_scatter(meta={"x": f"{i}.step", "y": f"{i}.loss"}, mode="lines", name=str(i), showlegend=True,
                           line={"color": CLASSES[i], "width": 2}, hovertemplate="step %{x}: %{y:.4g}")
    figure.update_yaxes(type="log", exponentformat="power")
    return figure


def race_plane() -> go.Figure:
    """Each racer's way on the plane on which they differ most."""
    figure = base("First principal direction", "Second principal direction")
    figure.add_contour(**ground())
    for i in range(MOST_RACERS):
        figure.add_scatter(meta={"x": f"{i}.a", "y": f"{i}.b", "customdata": f"{i}.about"}, mode="lines+markers",
                           name=str(i), line={"color": CLASSES[i], "width": 2.5}, marker={"size": 4}, showlegend=True,
                           hovertemplate="step %{customdata[0]}: loss %{customdata[1]:.4g}")
    figure.add_scatter(meta={"x": "start.a", "y": "start.b"}, mode="markers", name="Start", showlegend=True,
                       marker={"size": 11, "symbol": "x", "color": CLASSES[8]}, hovertemplate="start<extra></extra>")
    return figure


def declared() -> dict[str, dict]:
    """The figures of the stage's panels as plain data, by name."""
    return {"contour": contour().to_plotly_json(), "surface": surface().to_plotly_json(),
            "race_curves": race_curves().to_plotly_json(), "race_plane": race_plane().to_plotly_json()}
