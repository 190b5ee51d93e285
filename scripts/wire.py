"""Make the page's types of the messages that live/messages declares: `python -m scripts.wire`."""

import inspect
import json
import sys
from pathlib import Path
from types import UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from live.messages import ANSWERS, ARRAYS, Died, Frame, PageCommand, Refused, Rest, Scene  # noqa: E402

PLACE = ROOT / "web" / "wire" / "messages.d.ts"
HEAD = """// What goes over the wire, as live/messages declares it. Made by `python -m scripts.wire`: change it there.

/** An array of a message, with the lengths of its axes. */
type Shaped<T> = T & { shape: number[] };
"""
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", Any: "any"}
KINDS = {"float32": "Float32Array", "float64": "Float64Array", "uint8": "Uint8Array", "uint16": "Uint16Array",
         "int32": "Int32Array"}


def types() -> str:
    """The whole file."""
    made: dict[str, str] = {}
    for record in (Scene, Frame, Rest, Died, Refused, *(r for union in ANSWERS.values() for r in members(union)),
                   *members(PageCommand)):
        declare(record, made)
    answers = [f"{envelope(name)} & ({' | '.join(r.__name__ for r in (*members(union), Refused))})"
               for name, union in ANSWERS.items()]
    unions = [union_of("Command", [record.__name__ for record in members(PageCommand)]), union_of("Answer", answers),
              union_of("Message", ["Scene", "Frame", "Rest", "Died", "Answer"])]
    return "\n".join([HEAD, *made.values(), *unions])


def members(union: Any) -> list[type]:
    return list(get_args(union)) if get_origin(union) in (Union, UnionType) else [union]


def envelope(instrument: str) -> str:
    return f'{{ type: "answer"; instrument: {json.dumps(instrument)}; }}'


def union_of(name: str, options: list[str]) -> str:
    return f"export type {name} =\n" + "\n".join(f"  | {option}" for option in options) + ";\n"


def declare(record: type, made: dict[str, str]) -> None:
    """Add a record, and before it those that it is made of."""
    if record.__name__ in made:
        return
    hints = get_type_hints(record, include_extras=True)
    lines = [f"/** {inspect.getdoc(record)} */", f"export interface {record.__name__} {{"]
    for key, hint in hints.items():
        optional = key not in record.__required_keys__
        inner = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
        lines.append(f"  {key}{'?' * optional}: {written(inner, made)};")
    lines.append("}\n")
    if record in ARRAYS:
        lines += [f"/** What travels behind {record.__name__}. */", f"export interface {record.__name__}Arrays {{",
                  *(array(name, said) for name, said in ARRAYS[record].items()), "}\n"]
    made[record.__name__] = "\n".join(lines)


def array(name: str, said: str) -> str:
    """One array's line: by its name, or by the pattern that names follow."""
    dtypes, axes = said.split(" ", 1)
    kind = " | ".join(f"Shaped<{KINDS[dtype]}>" for dtype in dtypes.split("|"))
    key = f"[name: `{name.replace('*', '${string}')}`]" if "*" in name else f"{json.dumps(name)}?"
    return f"  {key}: {kind};  // {axes}"


def written(hint: Any, made: dict[str, str]) -> str:
    """A type as TypeScript writes it."""
    if is_typeddict(hint):
        declare(hint, made)
        return hint.__name__
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " | ".join(written(option, made) for option in inner)
    if origin is Literal:
        return " | ".join(map(json.dumps, inner))
    if origin is list:
        of = written(inner[0], made)
        return f"({of})[]" if " " in of else f"{of}[]"
    if origin is dict:
        return f"Record<string, {written(inner[1], made)}>"
    return PLAIN[hint]


if __name__ == "__main__":
    PLACE.write_text(types(), encoding="utf-8")
