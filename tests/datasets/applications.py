"""An application without its page: the runs that its script declares."""

import runpy
from functools import cache
from pathlib import Path
from unittest import mock

import datasets
from engine import Trainer
from runs.spec import complete
from ui.application import Application

PAGES = Path(__file__).parents[2] / "pages" / "applications"


@cache
def application(name: str) -> Application:
    """The application that pages/applications/<name>.py shows."""
    with mock.patch.object(Application, "show", autospec=True) as show:
        runpy.run_path(str(PAGES / f"{name}.py"))
    return show.call_args.args[0]


def trainer(name: str, model: str = "", seed: int = 0, **data) -> Trainer:
    """The run of one of its networks at its beginning: of the first, if none is named. `locales=2` changes the data."""
    models = application(name).models
    spec = models[model] if model else next(iter(models.values()))
    spec = complete(spec | {"data": spec["data"] | data, "seed": seed})
    return Trainer(spec, datasets.load(spec["data"], seed))


def passes(run: Trainer, count: int) -> Trainer:
    """The same run after so many passes over its data."""
    while run.epoch < count:
        run.step()
    return run
