"""The run as code: a script of our own engine, and one for PyTorch with the examples it learns from."""

from collections.abc import Iterator

import numpy as np

from engine import SpecError
from live.instruments.registry import Answer, instrument
from runs.export import FILE, inside, numpy_script, packed, torch_script


@instrument("code")
def code(run, command) -> Iterator[Answer]:
    """{"step", "numpy", "torch"}: both as text; "torch_error" says why there is no PyTorch, where there is none.

    "file" names the file of examples that belongs beside the PyTorch script; empty where they stand inside it.
    """
    trainer = run.trainer
    script = numpy_script(run.journal, trainer.steps, trainer.dataset, run.spec)
    answer = {"step": trainer.steps, "numpy": script,
              "broken": run.journal.broken, "torch": "", "torch_error": "", "file": ""}
    try:
        answer["torch"] = torch_script(trainer)
        answer["file"] = "" if inside(trainer.dataset) else FILE
    except SpecError as error:
        answer["torch_error"] = str(error)
    yield answer, {}


@instrument("examples")
def examples(run, command) -> Iterator[Answer]:
    """The examples as the bytes of a file of this name: {"file"}, and "bytes" (N,) uint8."""
    yield {"file": FILE}, {"bytes": np.frombuffer(packed(run.trainer.dataset), np.uint8)}
