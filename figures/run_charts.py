"""Figures that frames fill while a run trains.

A trace's `meta` names the columns that its data comes from, such as {"x": "history.epoch", "y": "history.train_loss"};
the page swaps the data in and keeps the rest, zoom included.
"""

from html import escape

import plotly.graph_objects as go

from figures.palette import CLASSES, NEGATIVE, POSITIVE

SCORES = {"accuracy": "Accuracy", "r2": "R²", "perplexity": "Perplexity", "exact_match": "Exact match"}
SHARES = ("accuracy", "exact_match")              # scores from 0 to 1 that read best as percentages
LOOK = {"accuracy": "How often it is right.", "r2": "The share of the target's variance explained.",
        "perplexity": "Among how many equally likely tokens it hesitates: the lower, the better.",
        "exact_match": "How often the whole answer is right, from the first character to the last."}
LOSS = "How wrong the network is. If test rises while train falls, it is learning by heart."
HELD = " Early stopping watches the validation examples, which are held back from training."
WRITTEN = ("next_token", "masked_token", "seq2seq")          # tasks whose answers are texts: no confusion matrix
#: What is measured of two classes: a label, the name in the frame's "measured", and how it is written.
MEASURED = [["Accuracy", "accuracy", "share"], ["Precision", "precision", "share"], ["Recall", "recall", "share"],
            ["F1", "f1", "share"], ["AUC", "auc", "number"], ["Test examples", "examples", "count"]]
#: The same of how reliable it is, in the frame's "calibrated"; the last one of texts alone.
CALIBRATED = [["Calibration error", "error", "share"], ["Test examples", "examples", "count"],
              ["Of short pieces", "short_error", "share"]]
RELIABLE = ("Answers in bins by how sure they are, and how many. On the dotted line it is right as often as it is "
            "sure; below it, it is too sure. The calibration error is the mean distance from the line.")
PIECES = " Short pieces are 2 to 40 words in a row out of the same test examples."
MARGIN = {"l": 52, "r": 12, "t": 8, "b": 40}


def base(x_title: str, y_title: str) -> go.Figure:
    """An empty figure in the house's look; the page sets the colours that depend on the theme."""
    figure = go.Figure()
    figure.update_layout(template="none", margin=MARGIN, uirevision="keep", hovermode="closest",
                         paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
                         font={"size": 12}, legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02,
                                                    "yanchor": "bottom"})
    figure.update_xaxes(title={"text": x_title, "standoff": 6, "font": {"size": 12}}, zeroline=False, automargin=True)
    figure.update_yaxes(title={"text": y_title, "standoff": 6, "font": {"size": 12}}, zeroline=False, automargin=True)
    return figure


def as_text(name: str) -> str:
    """A name that a person gave, without Plotly reading tags into it."""
    return escape(name, quote=False)


def curves(y_title: str, columns: dict[str, tuple[str, str, str]], form: str = ".4g") -> go.Figure:
    """Lines over the epochs, or over the steps where the page wants them: {column: (name, colour, dash)}; `form` is
    how their values are written."""
    figure = base("Epoch", y_title)
    for column, (name, colour, dash) in columns.items():
        figure.add_scatter(name=name, mode="lines", line={"color": colour, "width": 2, "dash": dash},
                           meta={"x": "history.epoch", "y": f"history.{column}", "customdata": "history.moment"},
                           hovertemplate="step %{customdata[0]:,}, epoch %{customdata[1]:.0f}: %{y:" + form
                                         + "}<extra>" + name + "</extra>")
    figure.update_xaxes(rangemode="nonnegative")
    figure.update_layout(showlegend=len(columns) > 1)
    return figure


def loss(held: bool) -> go.Figure:
    """Loss on train and test, and on the examples that early stopping has held back."""
    validation = {"validation_loss": ("Validation", CLASSES[2], "dash")} if held else {}
    return curves("Loss", {"train_loss": ("Train", POSITIVE, "solid"), **validation,
                           "test_loss": ("Test", NEGATIVE, "dot")})


def score(metric: str) -> go.Figure:
    """The task's score on train and test."""
    figure = curves(SCORES.get(metric, metric), {"train_score": ("Train", POSITIVE, "solid"),
                                                 "test_score": ("Test", NEGATIVE, "dot")},
                    ".1%" if metric in SHARES else ".4g")
    if metric in SHARES:
        figure.update_yaxes(tickformat=".0%")
    return figure


def learning_rate() -> go.Figure:
    """The learning rate, schedule included."""
    figure = curves("Learning rate", {"lr": ("Learning rate", CLASSES[2], "solid")})
    figure.update_yaxes(rangemode="tozero")
    return figure


def confusion(classes: list[str]) -> go.Figure:
    """Counts of true against predicted classes on the test split."""
    figure = base("Predicted", "True")
    names = [as_text(name if len(name) < 14 else name[:12] + "…") for name in classes]
    figure.add_heatmap(x=names, y=names, meta={"z": "confusion"}, showscale=False, xgap=1, ygap=1,
                       colorscale=[[0, "rgba(11,115,184,0.04)"], [1, POSITIVE]], zmin=0,
                       texttemplate="%{z}", hovertemplate="true %{y}, predicted %{x}: %{z}<extra></extra>")
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure


def shares(x_title: str, y_title: str) -> go.Figure:
    """Two shares from 0 to 1, and a dotted line where they are equal."""
    figure = base(x_title, y_title)
    figure.add_scatter(mode="lines", meta={"x": "chance", "y": "chance"}, hoverinfo="skip", showlegend=False,
                       line={"color": "rgba(128,128,128,0.7)", "dash": "dot", "width": 1})
    figure.update_xaxes(range=[-0.01, 1.01], tickformat=".0%")
    figure.update_yaxes(range=[-0.01, 1.01], tickformat=".0%")
    return figure


def roc(first: str, second: str) -> go.Figure:
    """For every threshold, how many of the second class are found, and how many of the first are taken for it."""
    figure = shares("False positives", "True positives")
    figure.add_scatter(mode="lines", meta={"x": "roc.false", "y": "roc.true"}, showlegend=False,
                       line={"color": POSITIVE, "width": 2, "shape": "hv"},
                       hovertemplate=f"%{{y:.1%}} of {as_text(second)} found, %{{x:.1%}} of {as_text(first)} taken for "
                                     "it<extra></extra>")
    return figure


def reliability(classes: int, text: bool) -> go.Figure:
    """The reliability diagram (Guo et al., 2017), of texts also that of short pieces; numbers count the answers."""
    figure = shares("How sure it is", "How often it is right")
    parts = [("test", "Test examples", POSITIVE, "solid", "top center")]
    if text:
        parts.append(("short", "Short pieces", NEGATIVE, "dot", "bottom center"))
    for part, name, colour, dash, place in parts:
        figure.add_scatter(name=name, mode="lines+markers+text", textposition=place, textfont={"size": 10},
                           line={"color": colour, "width": 2, "dash": dash}, marker={"size": 6}, cliponaxis=False,
                           meta={"x": f"reliability.{part}.sure", "y": f"reliability.{part}.right",
                                 "text": f"reliability.{part}.count"},
                           hovertemplate="%{x:.1%} sure, %{y:.1%} right, of %{text} answers<extra>" + name + "</extra>")
    figure.update_xaxes(range=[0.98 / classes, 1.01])
    figure.update_layout(showlegend=text)
    return figure


def predicted_against_true(target: str) -> go.Figure:
    """Each test example's prediction over its truth; a perfect network's points lie on the diagonal."""
    figure = base(f"True {as_text(target)}".strip(), "Predicted")
    figure.add_scatter(mode="lines", meta={"x": "diagonal", "y": "diagonal"}, hoverinfo="skip", showlegend=False,
                       line={"color": "rgba(128,128,128,0.7)", "dash": "dot", "width": 1})
    figure.add_scatter(mode="markers", meta={"x": "true", "y": "predicted"}, showlegend=False,
                       marker={"color": POSITIVE, "size": 6, "opacity": 0.6},
                       hovertemplate="true %{x:.3g}, predicted %{y:.3g}<extra></extra>")
    return figure


def of_classes(task: str, classes: list[str], text: bool) -> list[dict]:
    """What a classifier answers to test examples. `numbers` below a chart come from the frame's array `measured`."""
    found = [{"name": "confusion", "title": "Confusion", "figure": confusion(classes),
              "look": "Test examples by true and predicted class. Off the diagonal are the mistakes."}]
    if task == "binary":
        both = {"numbers": MEASURED, "measured": "measured"}
        first, second = (f"“{name}”" for name in classes) if classes else ("the first class", "the second class")
        told = f" Precision, recall and F1 are those of {second}."
        found[0] |= both | {"look": found[0]["look"] + told}
        found.append({"name": "roc", "title": "ROC", "figure": roc(first, second), "look":
                      f"Each threshold finds some of {second} (true positives) and takes some of {first} for it (false "
                      "positives). The closer to the top left corner, the better; the dotted line is guessing." + told
                      } | both)
    numbers = CALIBRATED if text else CALIBRATED[:2]
    found.append({"name": "reliability", "title": "Reliability", "figure": reliability(max(len(classes), 2), text),
                  "numbers": numbers, "measured": "calibrated", "look": RELIABLE + (PIECES if text else "")})
    return found


def for_run(task: str, metric: str, classes: list[str], target: str, plane: bool, held: bool = False,
            text: bool = False) -> list[dict]:
    """The charts of a run as plain data: name, title, what to look for, the figure, and what must be watched for it.

    `of` says which examples the numbers are of: "test", "both" splits or "nothing". `beside` says that the page draws
    the input plane as well, so that all charts share one place beside it. held: early stopping holds examples back.
    text: the examples are texts.
    """
    answers = [] if task in WRITTEN else [
        {"name": "fit", "title": "Predictions", "figure": predicted_against_true(target),
         "look": "Each point is a test example. The closer to the diagonal, the better."}
    ] if task == "regression" else of_classes(task, classes, text)
    charts = [
        {"name": "loss", "title": "Loss", "figure": loss(held), "log": True, "look": LOSS + (HELD if held else "")},
        {"name": "score", "title": SCORES.get(metric, metric), "figure": score(metric),
         "look": LOOK.get(metric, "")},
        *(chart | {"watch": "predictions"} for chart in answers),
        {"name": "lr", "title": "Learning rate", "figure": learning_rate(),
         "look": "How far each step goes; a schedule bends this line."},
    ]
    return [chart | {"figure": chart["figure"].to_plotly_json(), "beside": plane,
                     "of": "test" if "watch" in chart else "nothing" if chart["name"] == "lr" else "both"}
            for chart in charts]
