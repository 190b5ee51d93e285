"""Which knob stands behind a path of a spec."""

import datasets
from engine import Training, layers, optimizers, schedules
from engine.knobs import Declared, Knob
from engine.network import NetworkKnobs
from engine.paths import at


def declared_at(spec: dict, path: list) -> type[Declared]:
    """The class whose settings stand at this path: a data set, a layer, an optimizer, a schedule, or a part itself."""
    match path:
        case ["data"]:
            return datasets.sources.lookup(spec["data"]["kind"])
        case ["training"]:
            return Training
        case ["training", "optimizer"]:
            return optimizers.lookup(at(spec, path)["kind"])
        case ["training", "schedule"]:
            return schedules.lookup(at(spec, path)["kind"])
        case ["network"]:
            return NetworkKnobs
        case ["network", *_, int()]:
            return layers.lookup(at(spec, path)["kind"])
    raise KeyError(f"nothing is declared at {path}")


def knob_at(spec: dict, path: list) -> Knob:
    """The knob of the setting at this path."""
    return declared_at(spec, path[:-1]).knobs[path[-1]]
