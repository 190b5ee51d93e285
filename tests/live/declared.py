"""Holds a message against its declaration: exactly the declared keys, each of its declared type, and known arrays."""

import fnmatch
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import numpy as np

from live.messages import ANSWERS, ARRAYS, Died, Frame, Refused, Rest, Scene

ENVELOPE = {"type", "instrument"}


def faults(header: dict, arrays: dict[str, np.ndarray]) -> list[str]:
    """What of a message is not as it is declared: of the record that comes nearest."""
    options = [wrong(header, record) + unlike(arrays, record) for record in records(header)]
    return min(options, key=len)


def records(header: dict) -> list[type]:
    """The records that a message of this type may be."""
    if header["type"] == "answer":
        return [Refused, *alternatives(ANSWERS[header["instrument"]])]
    return {"scene": [Scene], "frame": [Frame, Rest], "died": [Died]}[header["type"]]


def alternatives(hint: Any) -> list[Any]:
    return list(get_args(hint)) if get_origin(hint) in (Union, UnionType) else [hint]


def wrong(value: Any, hint: Any, where: str = "") -> list[str]:
    """Where plain data is not of a type: TypedDict, list, dict, Literal, a union of them, or a plain one."""
    if hint is Any:
        return []
    if is_typeddict(hint):
        return wrong_record(value, hint, where)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return min((wrong(value, option, where) for option in inner), key=len)
    if origin is Literal:
        fine = value in inner
    elif origin is list and isinstance(value, list):
        return [fault for i, item in enumerate(value) for fault in wrong(item, inner[0], f"{where}[{i}]")]
    elif origin is dict and isinstance(value, dict):
        return [fault for key, item in value.items() for fault in wrong(item, inner[1], f"{where}.{key}")]
    elif hint is type(None):
        fine = value is None
    elif hint is float:
        fine = isinstance(value, int | float) and not isinstance(value, bool)
    elif hint is int:
        fine = isinstance(value, int) and not isinstance(value, bool)
    else:
        fine = origin is None and isinstance(value, hint)
    return [] if fine else [f"{where} is {value!r:.60}, not {hint}"]


def wrong_record(value: Any, record: type, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is {value!r:.60}, not {record.__name__}"]
    hints = get_type_hints(record)
    given = set(value) - (ENVELOPE - set(hints) if not where else set())
    found = [f"{where}.{key} is not declared in {record.__name__}" for key in sorted(given - set(hints))]
    found += [f"{where}.{key} of {record.__name__} is missing" for key in sorted(record.__required_keys__ - given)]
    return found + [fault for key in given & set(hints) for fault in wrong(value[key], hints[key], f"{where}.{key}")]


def unlike(arrays: dict[str, np.ndarray], record: type) -> list[str]:
    """Arrays that a record does not declare, by name, dtype and number of axes."""
    declared, found = ARRAYS.get(record, {}), []
    for name, array in arrays.items():
        fits = [said for pattern, said in declared.items() if fnmatch.fnmatchcase(name, pattern)]
        if not any(like(array, said) for said in fits):
            found.append(f"array {name} {array.dtype} {array.shape}, declared {fits}")
    return found


def like(array: np.ndarray, said: str) -> bool:
    """Whether an array is of "dtype (axes)", where dtypes may be several and (...) stands for any axes."""
    dtypes, axes = said.split(" ", 1)
    return array.dtype.name in dtypes.split("|") and (axes == "(...)" or array.ndim == axes.count(",") + 1)
