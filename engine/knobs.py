"""A knob is a setting declared once: name, default, range or options, scale, label, help.

Control panels, validation, links, tables and tests all read the same declaration.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from engine.errors import SpecError


class Knob:
    """One declared setting of a `Declared` class. Subclasses say which values are allowed."""

    control: ClassVar[str] = ""
    name = ""
    #: Whether it can be changed on a network that has learned something, see `engine.switches`.
    switch = False

    def __init__(self, default: Any, label: str, help: str):
        self.default, self.label, self.help = default, label, help

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def check(self, value: Any) -> Any:
        """Return `value` in its canonical type, or raise SpecError."""
        raise NotImplementedError

    def describe(self) -> dict:
        """The declaration as plain data (for a browser, a table, a test)."""
        return {"name": self.name, "control": self.control, "default": self.default,
                "label": self.label, "help": self.help}

    def refuse(self, value: Any, expected: str) -> SpecError:
        return SpecError(f"{self.label} ({self.name}) must be {expected}, not {_short(value)}.")


class Float(Knob):
    """A number in [low, high]. `slider` is the smaller range that a control offers; `optional` allows None."""

    control = "float"

    def __init__(self, default: float | None, low: float, high: float, label: str, help: str, *,
                 scale: str = "linear", slider: tuple[float, float] | None = None,
                 step: float | None = None, optional: bool = False):
        super().__init__(default, label, help)
        self.low, self.high, self.scale, self.optional = low, high, scale, optional
        self.slider, self.step = slider or (low, high), step

    def check(self, value: Any) -> Any:
        if value is None and self.optional:
            return None
        expected = f"a number from {self.low:g} to {self.high:g}"
        if isinstance(value, bool) or (not isinstance(value, int | float) and not hasattr(value, "__float__")):
            raise self.refuse(value, expected)
        number = self.convert(value)
        if number is None or not math.isfinite(number) or not self.low <= number <= self.high:
            raise self.refuse(value, expected)
        return number

    def convert(self, value: Any) -> float | None:
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            return None

    def describe(self) -> dict:
        return super().describe() | {"low": self.low, "high": self.high, "scale": self.scale, "step": self.step,
                                     "slider": list(self.slider), "optional": self.optional}


class Int(Float):
    """A whole number in [low, high]."""

    control = "int"

    def convert(self, value: Any) -> int | None:
        number = super().convert(value)
        return int(number) if number is not None and math.isfinite(number) and number == int(number) else None

    def refuse(self, value: Any, expected: str) -> SpecError:
        return super().refuse(value, expected.replace("a number", "a whole number"))


class Flag(Knob):
    """Yes or no."""

    control = "flag"

    def check(self, value: Any) -> bool:
        if isinstance(value, bool) or type(value).__name__ == "bool_":
            return bool(value)
        raise self.refuse(value, "true or false")


class Choice(Knob):
    """One of several names. `options` may be a registry, or a function that returns the names.

    `titles` is the registry that knows how a person reads the names, where `options` is none.
    """

    control = "choice"

    def __init__(self, default: Any, options: Iterable[str] | Callable[[], Iterable[str]], label: str, help: str, *,
                 titles: Any = None):
        super().__init__(default, label, help)
        self._options, self._titles = options, titles

    @property
    def options(self) -> list[str]:
        return list(self._options() if callable(self._options) else self._options)

    def title(self, option: str) -> str:
        """The option as a person reads it: a registry's label where there is one."""
        for registry in (self._options, self._titles):
            if option in getattr(registry, "classes", {}):
                return registry.classes[option].label
        return option[:1].upper() + option[1:].replace("_", " ")

    def check(self, value: Any) -> str:
        if isinstance(value, str) and value in self.options:
            return value
        raise self.refuse(value, "one of " + ", ".join(self.options))

    def describe(self) -> dict:
        return super().describe() | {"options": self.options, "titles": [self.title(o) for o in self.options]}


class Choices(Choice):
    """Several of several names, at least one, in the declared order."""

    control = "choices"

    def __init__(self, default: tuple[str, ...], options: Iterable[str], label: str, help: str):
        super().__init__(default, options, label, help)

    def check(self, value: Any) -> list[str]:
        names = list(value) if isinstance(value, list | tuple) else [value]
        if not names or any(not isinstance(n, str) or n not in self.options for n in names):
            raise self.refuse(value, "one or more of " + ", ".join(self.options))
        return [option for option in self.options if option in names]


class Floats(Knob):
    """A fixed number of numbers, each in [low, high], such as Adam's two betas."""

    control = "floats"

    def __init__(self, default: tuple[float, ...], low: float, high: float, label: str, help: str):
        super().__init__(default, label, help)
        self.low, self.high = low, high

    def check(self, value: Any) -> list[float]:
        expected = f"{len(self.default)} numbers from {self.low:g} to {self.high:g}"
        if not isinstance(value, list | tuple) or len(value) != len(self.default):
            raise self.refuse(value, expected)
        if any(isinstance(v, bool) or not isinstance(v, int | float) or not self.low <= v <= self.high for v in value):
            raise self.refuse(value, expected)
        return [float(v) for v in value]

    def describe(self) -> dict:
        return super().describe() | {"default": list(self.default), "low": self.low, "high": self.high}


class Stack(Knob):
    """A list of specs of things from a registry, which may hold stacks of their own: layers inside a layer."""

    control = "stack"

    def __init__(self, default: Iterable[Mapping], registry: Mapping, label: str, help: str, *,
                 longest: int = 16, deepest: int = 3):
        super().__init__([dict(spec) for spec in default], label, help)
        self.registry, self.longest, self.deepest = registry, longest, deepest

    def check(self, value: Any) -> list[dict]:
        if not isinstance(value, list | tuple) or len(value) > self.longest:
            raise self.refuse(value, f"a list of at most {self.longest} entries like {{'kind': ...}}")
        if self.depth(value) > self.deepest:
            raise self.refuse(value, f"nested at most {self.deepest} deep")
        return [self.registry.build(spec).to_dict() for spec in value]

    def depth(self, value: Any, level: int = 1) -> int:
        """How deep lists lie in lists, looking no further than is allowed: what is checked here may be anything."""
        if level > self.deepest:
            return level
        inner = (v for spec in value if isinstance(spec, Mapping) for v in spec.values() if isinstance(v, list | tuple))
        return max((self.depth(v, level + 1) for v in inner if any(isinstance(e, Mapping | str) for e in v)),
                   default=level)

    def describe(self) -> dict:
        return super().describe() | {"longest": self.longest, "deepest": self.deepest}


class Text(Knob):
    """A short text, such as the id of an upload or the name of a column."""

    control = "text"

    def __init__(self, default: str, label: str, help: str, *, longest: int = 200):
        super().__init__(default, label, help)
        self.longest = longest

    def check(self, value: Any) -> str:
        if isinstance(value, str) and len(value) <= self.longest:
            return value
        raise self.refuse(value, f"a text of at most {self.longest} characters")


class Declared:
    """A class whose settings are knobs. `Cls(**settings)` checks each of them; the rest take their defaults.

    A plain value in place of an inherited knob settles it: it is no setting of that class.
    """

    kind: ClassVar[str] = ""
    label: ClassVar[str] = ""
    knobs: ClassVar[dict[str, Knob]] = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        own = {name: knob for name, knob in vars(cls).items() if isinstance(knob, Knob)}
        knobs = {name: knob for name, knob in {**cls.knobs, **own}.items() if name in own or name not in vars(cls)}
        cls.knobs = dict(sorted(knobs.items(), key=lambda item: item[1].switch))              # switches come last

    def __init__(self, **settings):
        for name in settings:
            if name not in self.knobs:
                known = ", ".join(self.knobs) or "none"
                raise SpecError(f"{self.kind or type(self).__name__} has no setting {_short(name)}. It has: {known}.")
        for name, knob in self.knobs.items():
            setattr(self, name, knob.check(settings.get(name, knob.default)))

    def to_dict(self) -> dict:
        """The settings as plain data: `{"kind": ..., knob: value, ...}`."""
        return {"kind": self.kind, **{name: getattr(self, name) for name in self.knobs}}

    @classmethod
    def describe(cls) -> dict:
        """Kind, label, help and every knob as plain data."""
        return {"kind": cls.kind, "label": cls.label, "help": first_sentence(cls.__doc__),
                "knobs": [knob.describe() for knob in cls.knobs.values()]}


def first_sentence(doc: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((doc or "").strip().split("\n\n")[0].split())


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
