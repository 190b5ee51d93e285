"""What a page can tell a run, one function a command: {"op": "play"} calls `play(session, command)`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from engine.paths import set_path
from live.instruments import instruments
from live.watch.pictures import pictures
from live.worker.pace import GENTLE
from live.worker.weight_edits import Hands
from runs.journal import Journal

if TYPE_CHECKING:
    from live.worker.run import Session

MOST_VIEWS = 24

Command = Callable[["Session", Mapping[str, Any]], None]

commands: dict[str, Command] = {}


def command(name: str) -> Callable[[Command], Command]:
    """Register a function as what a command does; what is wrong with it, it raises as SpecError."""

    def add(function: Command) -> Command:
        commands[name] = function
        return function

    return add


@command("attach")
def attach(session: "Session", given: Mapping) -> None:
    """A page has connected: it needs the scene and the whole history, and can take two frames."""
    session.shown, session.credits = True, 2
    session.scene_due = session.spec is not None
    session.begin()


@command("detach")
def detach(session: "Session", given: Mapping) -> None:
    """No page is connected: a run that plays holds its breath, so that others have the processor."""
    session.shown = False


@command("credit")
def credit(session: "Session", given: Mapping) -> None:
    """The page has drawn a frame and can take another."""
    session.credits = min(session.credits + 1, 2)


@command("watch")
def watch(session: "Session", given: Mapping) -> None:
    """The page shows these pictures, and these views of the layers as "view:<name>"."""
    wanted = [name for name in as_list(given.get("views"))[:MOST_VIEWS] if isinstance(name, str)]
    session.views = [name for name in wanted if name in pictures or name.startswith("view:")]


@command("probe")
def probe(session: "Session", given: Mapping) -> None:
    """Look at another test example in detail ("index"), or at the person's own ("own")."""
    if session.observer is not None:
        session.observer.look_at(given, session.spec)


@command("ask")
def ask(session: "Session", given: Mapping) -> None:
    """Put an instrument to work; its answers go out as they come."""
    name = given.get("instrument")
    if isinstance(name, str) and name in instruments and session.trainer is not None:
        session.jobs[name], session.asked = instruments[name](session, given), True


@command("speed")
def speed(session: "Session", given: Mapping) -> None:
    """Train at so many steps a second, "gentle" (a slow start), or as fast as it goes (null)."""
    value = given.get("steps")
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6
    session.pace.speed = value if number or value == GENTLE else None
    session.begin()


@command("spec")
def spec(session: "Session", given: Mapping) -> None:
    """Follow another spec; a `fresh` one, such as a preset, waits at its beginning until it is played."""
    session.apply(given.get("spec"))
    if given.get("fresh"):
        rewind(session, given)


@command("set")
def setting(session: "Session", given: Mapping) -> None:
    """One setting, while its slider moves: `path` leads to it in the spec."""
    if session.spec is not None:
        session.apply(set_path(session.spec, given.get("path"), given.get("value")))


@command("play")
def play(session: "Session", given: Mapping) -> None:
    """Train from what is shown, until something else is said."""
    if session.trainer is not None:
        session.branch()
        session.status, session.notice = "playing", ""
        session.begin()


@command("pause")
def pause(session: "Session", given: Mapping) -> None:
    """Rest; what is shown stays."""
    if session.status == "playing":
        session.status = "paused"


@command("step")
def step(session: "Session", given: Mapping) -> None:
    """Make one step, or `count`, from what is shown."""
    if session.trainer is not None:
        session.branch()
        session.status, session.notice = "paused", ""
        count = given.get("count", 1)
        session.train(count if isinstance(count, int) and 0 < count <= 1000 else 1)


@command("rewind")
def rewind(session: "Session", given: Mapping) -> None:
    """Back to the beginning; what was is forgotten."""
    if session.trainer is not None:
        session.trainer.rewind()
        session.timeline.begin(session.trainer)
        session.hands, session.journal = Hands(), Journal(session.spec)
        session.status, session.notice, session.sent_rows = "paused", "", 0


@command("scrub")
def scrub(session: "Session", given: Mapping) -> None:
    """Show the kept step that is nearest to `step`, or the present (null): every view follows."""
    step = given.get("step")
    if session.trainer is not None and (step is None or (isinstance(step, int) and not isinstance(step, bool))):
        session.look_back(step)


@command("poke")
def poke(session: "Session", given: Mapping) -> None:
    """Change one weight by hand: `name`, `index`, `value`."""
    if session.trainer is not None:
        by_hand(session, lambda: session.hands.poke(session.trainer, given))


@command("unpoke")
def unpoke(session: "Session", given: Mapping) -> None:
    """Take back the last change by hand."""
    if session.trainer is not None and session.hands.count(session.trainer.steps):
        by_hand(session, lambda: session.hands.undo(session.trainer))


def by_hand(session: "Session", change: Callable[[], None]) -> None:
    """Change weights of the step that is shown: the run goes on from there."""
    change()                                # a refusal leaves what came later as it is
    session.branch()
    session.observer.outdate()
    session.timeline.changed(session.trainer)
    session.notice = ""
    session.journal.by_hand(session.trainer.steps)


def as_list(value: Any) -> list:
    return value if isinstance(value, list) else []
