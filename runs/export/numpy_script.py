"""A run as a script on our own engine that ends with the very loss that the page shows, to the last digit."""

from pprint import pformat

from engine import Dataset
from runs.export.naming import in_words
from runs.journal import Journal

OPENING = '''"""{name}, trained by LayerLab's own NumPy engine: the numbers of the page, to the last digit.

Save it in the folder of LayerLab and run it there.{warning}
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"   # as on the page: threads add up in another order
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

import datasets
import engine

SPEC = {spec}

dataset = datasets.load(SPEC["data"], SPEC["seed"])
trainer = engine.Trainer(SPEC, dataset)


def train_until(step):
    while trainer.steps < step:
        trainer.step()


{course}
scores = trainer.evaluate()
print("step", trainer.steps)
print("train loss", scores["train"]["loss"])
print("test loss", scores["test"]["loss"])
'''


def numpy_script(journal: Journal, steps: int, dataset: Dataset, now: dict) -> str:
    """The text of a script that repeats a run up to `steps`, with every change of its settings on the way. `now`: the
    spec that it follows, which may be a later one where an earlier step is looked at."""
    warning = f"\n\nIt is not quite the page's run: {journal.broken}" if journal.broken else ""
    return OPENING.format(name=in_words(dataset.name), warning=warning, spec=written(journal.first),
                          course="\n".join(course(journal, steps, now)))


def course(journal: Journal, steps: int, now: dict) -> list[str]:
    """The lines that train, and change what was changed on the page at the steps where it was changed."""
    lines, before = [], journal.first
    for at, spec in journal.changes:
        if at > steps:
            break
        lines += [f"train_until({at})", *settings(before, spec)]
        before = spec
    lines.append(f"train_until({steps})")
    later = settings(before, now)
    return [*lines, *(["# the page looks back at this step with settings of later"] if later else []), *later]


def settings(before: dict, spec: dict) -> list[str]:
    """The lines that go from one spec to another."""
    lines = []
    if spec["data"] != before["data"]:
        lines.append(f'dataset = datasets.load({written(spec["data"])}, SPEC["seed"])')
        lines.append("trainer.set_data(dataset)")
    if spec["network"] != before["network"]:
        lines.append(f'trainer.set_switches({written(spec["network"])})')
    if spec["training"] != before["training"]:
        lines.append(f'trainer.set_training({written(spec["training"])})')
    return lines


def written(value: dict) -> str:
    return pformat(value, width=100, sort_dicts=False)
