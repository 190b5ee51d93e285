"""The run as code: a script of our own engine, and the network in PyTorch."""

from collections.abc import Iterator

from engine import SpecError
from live.export import numpy_script, torch_script
from live.instruments import Answer, instrument


@instrument("code")
def code(session, command) -> Iterator[Answer]:
    """{"step", "numpy", "torch"}: both as text; "torch_error" says why there is no PyTorch, where there is none."""
    trainer = session.trainer
    answer = {"step": trainer.steps, "numpy": numpy_script(session.journal, trainer.steps, trainer.dataset),
              "broken": session.journal.broken, "torch": "", "torch_error": ""}
    try:
        answer["torch"] = torch_script(trainer)
    except SpecError as error:
        answer["torch_error"] = str(error)
    yield answer, {}
