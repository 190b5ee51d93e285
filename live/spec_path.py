"""Setting one value deep inside a plain spec."""

import copy
from typing import Any

from engine import SpecError


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
