"""Commands: what a page tells a run, and what only the server does. Each is an object with its name as "op"."""

from typing import Any, Literal, NotRequired, TypedDict, get_args, get_type_hints


class Attach(TypedDict):
    """A page has connected: it needs the scene and the whole history."""

    op: Literal["attach"]


class Detach(TypedDict):
    """No page is connected any more."""

    op: Literal["detach"]


class Credit(TypedDict):
    """The page has drawn a frame and can take another."""

    op: Literal["credit"]


class Watch(TypedDict):
    """The page shows these pictures, and these views of the layers as "view:<name>"."""

    op: Literal["watch"]
    views: list[str]


class Probe(TypedDict):
    """Look at another example in detail: at a test example, or at the person's own."""

    op: Literal["probe"]
    index: NotRequired[int]
    own: NotRequired[Any]          # as the data set takes it: a text, numbers, a place on the plane


class Ask(TypedDict):
    """Put an instrument to work. What else the question holds, the instrument declares."""

    op: Literal["ask"]
    instrument: str


class Speed(TypedDict):
    """Train at so many steps a second, with a gentle start, or as fast as it goes (null)."""

    op: Literal["speed"]
    steps: float | Literal["gentle"] | None


class Spec(TypedDict):
    """Follow another spec; a `fresh` one, such as a preset, waits at its beginning until it is played."""

    op: Literal["spec"]
    spec: dict[str, Any]
    fresh: NotRequired[bool]


class Set(TypedDict):
    """One setting, while its slider moves: `path` leads to it in the spec."""

    op: Literal["set"]
    path: list[str | int]
    value: Any


class Play(TypedDict):
    """Train from what is shown, until something else is said."""

    op: Literal["play"]


class Pause(TypedDict):
    """Rest; what is shown stays."""

    op: Literal["pause"]


class Step(TypedDict):
    """Make one step, or `count`, from what is shown."""

    op: Literal["step"]
    count: NotRequired[int]


class Rewind(TypedDict):
    """Back to the beginning; what was is forgotten."""

    op: Literal["rewind"]


class Scrub(TypedDict):
    """Show the kept step that is nearest to `step`, or the present (null)."""

    op: Literal["scrub"]
    step: int | None


class Poke(TypedDict):
    """Change one weight by hand; `again` says that it is still the same change, while a slider moves."""

    op: Literal["poke"]
    name: str
    index: list[int]
    value: float
    again: NotRequired[bool]


class Unpoke(TypedDict):
    """Take back the last change by hand."""

    op: Literal["unpoke"]


PageCommand = (Credit | Watch | Probe | Ask | Speed | Spec | Set | Play | Pause | Step | Rewind | Scrub | Poke | Unpoke)
ServerCommand = Attach | Detach


def names(union: Any) -> frozenset[str]:
    """What the commands of a union are called."""
    return frozenset(get_args(get_type_hints(record)["op"])[0] for record in get_args(union))


FROM_PAGE, FROM_SERVER = names(PageCommand), names(ServerCommand)
