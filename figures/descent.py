"""Ways down a loss of two parameters: as lines on a map of contours, or on the surface itself, which can be turned."""

import numpy as np
import plotly.graph_objects as go

from figures.landscape import HALO, SCALE, WAY
from figures.run_charts import base

GREY = [[0, "rgba(128,128,128,0.05)"], [1, "rgba(128,128,128,0.75)"]]


def descent(axes: tuple[str, str], ticks: tuple[np.ndarray, np.ndarray], loss: np.ndarray, paths: list[dict],
            surface: bool, eye: tuple[float, float] = (1.35, -1.35)) -> dict:
    """The figure as plain data, its arrays as lists.

    axes: names of the two parameters. ticks: values of each. loss (rows, columns): over both, cut off where it soars.
    paths: {"name", "color", "a", "b", "loss"} of each way; one without a colour is drawn white with a dark edge.
    eye: from which side the surface is seen at first.
    """
    figure = (turnable if surface else flat)(axes, [tick.tolist() for tick in ticks], loss, paths)
    if surface:
        camera = {"eye": {"x": eye[0], "y": eye[1], "z": 1.0}, "center": {"z": -0.15}}
        figure.update_layout(scene={"camera": camera, "uirevision": f"{axes} {eye}"})
    figure.update_layout(legend={"x": 0, "xanchor": "left", "y": 1.01}, showlegend=len(paths) > 1)
    plain = figure.to_plotly_json()
    return {"data": plain["data"], "layout": plain["layout"]}


def flat(axes: tuple[str, str], ticks: list[list], loss: np.ndarray, paths: list[dict]) -> go.Figure:
    """Contours, and the ways on them."""
    figure = base(*axes)
    figure.add_contour(x=ticks[0], y=ticks[1], z=loss.tolist(), colorscale=GREY if paths[0].get("color") else SCALE,
                       ncontours=26, showscale=False, showlegend=False,
                       line={"width": 0.7, "color": "rgba(128,128,128,0.5)"},
                       hovertemplate="%{x:.3g}, %{y:.3g}: loss %{z:.4g}<extra></extra>")
    for path in paths:
        edges = ((path["color"], 2.5),) if path.get("color") else ((HALO, 4.5), (WAY, 2.5))
        for colour, width in edges:
            figure.add_scatter(x=path["a"], y=path["b"], mode="lines+markers", name=path["name"],
                               line={"color": colour, "width": width}, marker={"size": width + 2, "color": colour},
                               customdata=path["loss"], hovertemplate="step %{pointNumber}: loss %{customdata:.4g}")
    first = paths[0]
    figure.add_scatter(x=first["a"][:1], y=first["b"][:1], mode="markers", showlegend=False, hoverinfo="skip",
                       marker={"size": 13, "symbol": "x", "color": WAY, "line": {"width": 1.5, "color": HALO}})
    figure.update_xaxes(range=[ticks[0][0], ticks[0][-1]])
    figure.update_yaxes(range=[ticks[1][0], ticks[1][-1]])
    return figure


def turnable(axes: tuple[str, str], ticks: list[list], loss: np.ndarray, paths: list[dict]) -> go.Figure:
    """The surface in three dimensions, and the ways just above it."""
    figure, (low, high) = base("", ""), (float(loss.min()), float(loss.max()))
    figure.add_surface(x=ticks[0], y=ticks[1], z=loss.tolist(), colorscale=SCALE, showscale=False, showlegend=False,
                       opacity=0.95, lighting={"ambient": 0.8, "diffuse": 0.4, "specular": 0.05},
                       hovertemplate="%{x:.3g}, %{y:.3g}: loss %{z:.4g}<extra></extra>")
    for path in paths:
        inside = [ticks[0][0] <= a <= ticks[0][-1] and ticks[1][0] <= b <= ticks[1][-1]
                  for a, b in zip(path["a"], path["b"], strict=True)]
        height = [min(value, high) + 0.02 * (high - low) if ok else None
                  for value, ok in zip(path["loss"], inside, strict=True)]
        colour = path.get("color") or WAY
        figure.add_scatter3d(x=path["a"], y=path["b"], z=height, mode="lines+markers", name=path["name"],
                             line={"color": colour, "width": 6}, marker={"size": 3.5, "color": colour},
                             hoverinfo="skip")
    first = paths[0]
    figure.add_scatter3d(x=first["a"][:1], y=first["b"][:1], z=[first["loss"][0] + 0.02 * (high - low)], mode="markers",
                         marker={"size": 6, "symbol": "x", "color": HALO}, showlegend=False, hoverinfo="skip")
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, scene={
        "xaxis": {"title": {"text": axes[0]}}, "yaxis": {"title": {"text": axes[1]}}, "zaxis": {"title": {"text": "L"}},
        "aspectratio": {"x": 1.1, "y": 1.1, "z": 0.7}})
    return figure
