"""A run as plain data: what to learn from, the network, how to train it, and the seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import SpecError
from engine.knobs import Choice, Declared, Float, Int
from engine.layers.base import layers
from engine.losses import losses
from engine.network import check_network
from engine.optimizers import optimizers
from engine.schedules import schedules
from engine.seq2seq import STACKS, check_seq2seq
from engine.switches import without_switches


class Training(Declared):
    """How the network is trained."""

    loss = Choice("auto", lambda: ["auto", *losses], "Loss",
                  "What the network tries to make small. Auto takes the task's usual one.", titles=losses)
    batch_size = Int(10, 1, 100_000, "Batch size", "How many examples are averaged in each step.", slider=(1, 128))
    l1 = Float(0.0, 0.0, 10.0, "L1", "Pulls every weight towards zero by the same amount, so that many end up near it.",
               scale="log", slider=(1e-5, 1.0))
    l2 = Float(0.0, 0.0, 10.0, "L2", "Pulls every weight towards zero in proportion to its size.",
               scale="log", slider=(1e-5, 1.0))
    clip_norm = Float(None, 1e-6, 1e6, "Clip gradient", "Shortens a gradient that is longer than this.",
                      scale="log", slider=(0.01, 100.0), optional=True)
    patience = Int(0, 0, 1000, "Patience", "Early stopping: up to a tenth of the training examples is held back, and "
                   "the run ends with its best weights when so many passes in a row did no better on them. 0 never "
                   "stops.", slider=(0, 20))

    def __init__(self, optimizer: Any = "sgd", schedule: Any = "constant", **settings):
        super().__init__(**settings)
        self.optimizer = optimizers.build(optimizer).to_dict()
        self.schedule = schedules.build(schedule).to_dict()

    def to_dict(self) -> dict:
        plain = super().to_dict() | {"optimizer": self.optimizer, "schedule": self.schedule}
        del plain["kind"]
        return plain


def check_stacks(spec: Mapping) -> dict:
    """A network of one stack of layers, or of an encoder and a decoder, with every setting checked and filled in."""
    if not isinstance(spec, Mapping) or not any(name in spec for name in STACKS):
        names = ("layers",)
    else:
        names, spec = STACKS, check_seq2seq(spec)
    plain: dict = {}
    for name in names:
        stack, knobs = check_network(spec if name == "layers" else {
            "layers": spec[name], **{key: value for key, value in spec.items() if key not in STACKS}})
        plain |= {**knobs.to_dict(), name: [layers.build(layer).to_dict() for layer in stack]}
    del plain["kind"]
    return plain


def same_but_switches(network: Mapping, other: Mapping) -> bool:
    """Whether two checked networks differ in nothing but switches, so that the weights of one serve the other."""
    plain, others = ({name: without_switches(value, layers) if isinstance(value, list) else value
                      for name, value in spec.items()} for spec in (network, other))
    return plain == others


@dataclass(frozen=True)
class RunSpec:
    """`{data, network, training, seed}`, every setting checked and filled in. Round-trips through `to_dict`.

    `data` stays as given: the data packages check it where they load it.
    """

    data: dict
    network: dict
    training: dict
    seed: int = 0

    @classmethod
    def from_dict(cls, spec: Mapping) -> "RunSpec":
        """Check a plain dict and fill in the defaults; SpecError says what is wrong."""
        if not isinstance(spec, Mapping):
            raise SpecError("A run is written as {'data': ..., 'network': ..., 'training': ..., 'seed': ...}.")
        unknown = [str(name)[:40] for name in spec if name not in ("data", "network", "training", "seed")]
        if unknown:
            raise SpecError(f"A run has no part called '{unknown[0]}'. It has data, network, training and seed.")
        data, training = spec.get("data") or {}, spec.get("training") or {}
        if not isinstance(data, Mapping) or not isinstance(training, Mapping):
            raise SpecError("The parts 'data' and 'training' of a run are written as {'name': value}.")
        network = check_stacks(spec.get("network") or {"layers": []})
        seed = spec.get("seed", 0)
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
            raise SpecError(f"The seed must be a whole number from 0 to {2**32 - 1}, not {str(seed)[:40]!r}.")
        return cls(dict(data), network, Training(**{str(k): v for k, v in training.items()}).to_dict(), seed)

    def to_dict(self) -> dict:
        return {"data": self.data, "network": self.network, "training": self.training, "seed": self.seed}
