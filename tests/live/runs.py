"""Sessions for tests: a small run, its commands, and what its page would see."""

import copy

from live.protocol import unpack
from live.worker.commands import handle
from live.worker.run import Run

SPEC = {
    "data": {"kind": "xor", "samples": 100},
    "network": {"layers": [{"kind": "dense", "units": 4}]},
    "training": {"optimizer": {"kind": "sgd", "lr": 0.1}, "batch_size": 10},
    "seed": 3,
}


def spec(**parts) -> dict:
    return copy.deepcopy(SPEC) | parts


def session(of: dict | None = None) -> Run:
    """A session with a page attached that follows a spec."""
    new = Run()
    handle(new, {"op": "attach"})
    handle(new, {"op": "spec", "spec": of or spec()})
    return new


def step(run: Run, count: int = 1) -> None:
    handle(run, {"op": "step", "count": count})


def messages(run: Run) -> list[tuple[dict, dict]]:
    """Everything that is due, as a page that draws at once would get it."""
    found = []
    while (message := run.message()) is not None:
        found.append(unpack(message))
        handle(run, {"op": "credit"})
    return found


def frame(run: Run) -> tuple[dict, dict]:
    """The newest frame."""
    run.frame_due, run.credits = True, 2
    return messages(run)[-1]


def scene(run: Run) -> tuple[dict, dict]:
    handle(run, {"op": "attach"})
    return next(message for message in messages(run) if message[0]["type"] == "scene")


def theta(run: Run) -> bytes:
    return run.trainer.network.theta.tobytes()


def losses(run: Run) -> bytes:
    return run.trainer.history.rows(0).tobytes()


def everything(run: Run) -> tuple:
    """What a refused command must leave as it was."""
    return (
        copy.deepcopy(run.spec),
        run.status,
        list(run.views),
        theta(run),
        losses(run),
        run.trainer.steps,
        run.trainer.lr,
        run.trainer.training.to_dict(),
    )
