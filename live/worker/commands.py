"""What a page can tell a run, one function a command: {"op": "play"} calls `play(run, command)`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import ShapeError, SpecError
from engine.paths import set_path
from live.instruments import instruments
from live.messages import FROM_PAGE, FROM_SERVER
from live.watch.picture import pictures
from live.worker.pace import GENTLE
from live.worker.run import Run
from live.worker.weight_edits import WeightEdits
from runs.journal import Journal

MOST_VIEWS = 24

Work = Callable[[Run, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Command:
    """What a command does to a run, and what follows from its being done."""

    work: Work
    looks: bool           # changes nothing of the run: it need not wait until an evaluation has ended
    redraws: bool         # the page is due a frame
    follows: bool         # brings another spec, which the page follows even where the run refuses it


commands: dict[str, Command] = {}


def command(name: str, *, looks: bool = False, redraws: bool = True, follows: bool = False) -> Callable[[Work], Work]:
    """Register a function as what a command does; what is wrong with it, it raises as SpecError."""
    if name not in FROM_PAGE | FROM_SERVER:
        raise ValueError(f"live/messages/commands.py declares no command '{name}'.")

    def add(work: Work) -> Work:
        commands[name] = Command(work, looks, redraws, follows)
        return work

    return add


def handle(run: Run, given: Mapping[str, Any]) -> None:
    """Carry out one command. A refusal becomes a notice; everything else stays as it was."""
    known = find(given)
    if known is None:
        return
    try:
        known.work(run, given)
    except (SpecError, ShapeError) as error:
        run.refuse(str(error), followed=known.follows)
    run.frame_due = run.frame_due or known.redraws


def only_looks(given: Mapping[str, Any] | None) -> bool:
    """Whether this is a command that changes nothing of the run."""
    known = find(given) if given is not None else None
    return known is not None and known.looks


def find(given: Mapping[str, Any]) -> Command | None:
    """What is known of a command, None of one that nobody has declared."""
    name = given.get("op")
    return commands.get(name) if isinstance(name, str) else None


@command("attach")
def attach(run: Run, given: Mapping) -> None:
    """A page has connected: it needs the scene and the whole history, and can take two frames."""
    run.shown, run.credits = True, 2
    run.scene_due = run.spec is not None
    run.begin()


@command("detach")
def detach(run: Run, given: Mapping) -> None:
    """No page is connected: a run that plays holds its breath, so that others have the processor."""
    run.shown = False


@command("credit", looks=True, redraws=False)
def credit(run: Run, given: Mapping) -> None:
    """The page has drawn a frame and can take another."""
    run.credits = min(run.credits + 1, 2)


@command("watch", looks=True)
def watch(run: Run, given: Mapping) -> None:
    """The page shows these pictures, and these views of the layers as "view:<name>"."""
    wanted = [name for name in as_list(given.get("views"))[:MOST_VIEWS] if isinstance(name, str)]
    run.views = [name for name in wanted if name in pictures or name.startswith("view:")]


@command("probe", looks=True)
def probe(run: Run, given: Mapping) -> None:
    """Look at another test example in detail ("index"), or at the person's own ("own")."""
    if run.observer is not None:
        run.observer.look_at(given, run.spec)


@command("ask", looks=True, redraws=False)
def ask(run: Run, given: Mapping) -> None:
    """Put an instrument to work; its answers go out as they come."""
    name = given.get("instrument")
    if isinstance(name, str) and name in instruments and run.trainer is not None:
        run.jobs[name], run.asked = instruments[name](run, given), True


@command("speed")
def speed(run: Run, given: Mapping) -> None:
    """Train at so many steps a second, "gentle" (a slow start), or as fast as it goes (null)."""
    value = given.get("steps")
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6
    run.pace.speed = value if number or value == GENTLE else None
    run.begin()


@command("spec", follows=True)
def spec(run: Run, given: Mapping) -> None:
    """Follow another spec; a `fresh` one, such as a preset, waits at its beginning until it is played."""
    run.apply(given.get("spec"))
    if given.get("fresh"):
        rewind(run, given)


@command("set", follows=True)
def setting(run: Run, given: Mapping) -> None:
    """One setting, while its slider moves: `path` leads to it in the spec."""
    if run.spec is not None:
        run.apply(set_path(run.spec, given.get("path"), given.get("value")))


@command("play")
def play(run: Run, given: Mapping) -> None:
    """Train from what is shown, until something else is said."""
    if run.trainer is not None:
        run.branch()
        run.status, run.notice = "playing", ""
        run.begin()


@command("pause")
def pause(run: Run, given: Mapping) -> None:
    """Rest; what is shown stays."""
    if run.status == "playing":
        run.status = "paused"


@command("step")
def step(run: Run, given: Mapping) -> None:
    """Make one step, or `count`, from what is shown."""
    if run.trainer is not None:
        run.branch()
        run.status, run.notice = "paused", ""
        count = given.get("count", 1)
        run.train(count if isinstance(count, int) and 0 < count <= 1000 else 1)


@command("rewind")
def rewind(run: Run, given: Mapping) -> None:
    """Back to the beginning; what was is forgotten."""
    if run.trainer is not None:
        run.trainer.rewind()
        run.timeline.begin(run.trainer)
        run.hands, run.journal = WeightEdits(), Journal(run.spec)
        run.status, run.notice, run.sent_rows = "paused", "", 0


@command("scrub")
def scrub(run: Run, given: Mapping) -> None:
    """Show the kept step that is nearest to `step`, or the present (null): every view follows."""
    step = given.get("step")
    if run.trainer is not None and (step is None or (isinstance(step, int) and not isinstance(step, bool))):
        run.look_back(step)


@command("poke")
def poke(run: Run, given: Mapping) -> None:
    """Change one weight by hand: `name`, `index`, `value`."""
    if run.trainer is not None:
        by_hand(run, lambda: run.hands.poke(run.trainer, given))


@command("unpoke")
def unpoke(run: Run, given: Mapping) -> None:
    """Take back the last change by hand."""
    if run.trainer is not None and run.hands.count(run.trainer.steps):
        by_hand(run, lambda: run.hands.undo(run.trainer))


def by_hand(run: Run, change: Callable[[], None]) -> None:
    """Change weights of the step that is shown: the run goes on from there."""
    change()                                # a refusal leaves what came later as it is
    run.branch()
    run.observer.outdate()
    run.timeline.changed(run.trainer)
    run.notice = ""
    run.journal.by_hand(run.trainer.steps)


def as_list(value: Any) -> list:
    return value if isinstance(value, list) else []
