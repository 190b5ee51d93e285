"""A registry maps a `kind` to the class that was registered under it: the one place to add a thing."""

import difflib
from collections.abc import Callable, Iterator, Mapping

from engine.errors import SpecError
from engine.knobs import Declared


class Registry(Mapping):
    """Kinds in the order of their registration. `noun` names the things in messages."""

    def __init__(self, noun: str):
        self.noun = noun
        self.classes: dict[str, type] = {}

    def register(self, kind: str, label: str) -> Callable[[type], type]:
        """Class decorator: make the class known as `kind` and give it a human label."""

        def add(cls: type) -> type:
            cls.kind, cls.label = kind, label
            self.classes[kind] = cls
            return cls

        return add

    def lookup(self, kind: str) -> type:
        """The class registered under `kind`; SpecError with the nearest known name otherwise."""
        if isinstance(kind, str) and kind in self.classes:
            return self.classes[kind]
        near = difflib.get_close_matches(str(kind)[:60], self.classes, 1)
        hint = f"Did you mean '{near[0]}'?" if near else "Known: " + ", ".join(self.classes) + "."
        raise SpecError(f"There is no {self.noun} called '{str(kind)[:60]}'. {hint}")

    def build(self, spec: Mapping | str) -> Declared:
        """An instance from `{"kind": ..., knob: value}` (or from a bare kind)."""
        if isinstance(spec, str):
            spec = {"kind": spec}
        if not isinstance(spec, Mapping) or "kind" not in spec:
            raise SpecError(f"Each {self.noun} is written as {{'kind': ...}} with its settings, "
                            f"not {str(spec)[:60]!r}.")
        settings = {str(name): value for name, value in spec.items() if name != "kind"}
        return self.lookup(spec["kind"])(**settings)

    def __getitem__(self, kind: str) -> type:
        return self.lookup(kind)

    def __iter__(self) -> Iterator[str]:
        return iter(self.classes)

    def __len__(self) -> int:
        return len(self.classes)

    def __contains__(self, kind: object) -> bool:
        return kind in self.classes


class DefaultsRegistry(Registry):
    """A registry whose things are used as they are: `registry[kind]` is an instance with its default knobs."""

    def __getitem__(self, kind: str) -> Declared:
        return self.lookup(kind)()
