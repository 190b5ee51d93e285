"""Settings of a plain spec, named by the path that leads to them: `["network", "layers", 0, "units"]`."""

import copy
from typing import Any

from engine.errors import SpecError


def keys_of(path: str) -> list:
    """The keys and indices that a dotted path is made of."""
    return [int(key) if key.isdigit() else key for key in path.split(".")]


def at(spec: Any, path: list) -> Any:
    """What stands at a path; KeyError, IndexError or TypeError where nothing does."""
    for key in path:
        spec = spec[key]
    return spec


def set_path(spec: dict, path: Any, value: Any) -> dict:
    """A copy of `spec` in which the value at `path` (a list of keys and indices) is another."""
    changed = copy.deepcopy(spec)
    place = changed
    if not isinstance(path, list) or not path:
        raise SpecError("A setting is named by the path that leads to it.")
    try:
        for key in path[:-1]:
            place = place[key]
        place[path[-1]]                                     # only what exists can be set
        place[path[-1]] = value
    except (KeyError, IndexError, TypeError) as error:
        raise SpecError(f"There is no setting at {'.'.join(map(str, path))[:80]}.") from error
    return changed
