"""One run as a state machine: it takes commands and specs, trains, and has a scene and frames to show.

It knows nothing of processes, pipes or sockets, so that all of it can be tested in place.
"""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

import datasets
from engine import Diverged, ShapeError, SpecError, Trainer
from live import scene
from live.frame import pack_frame
from live.instruments import instruments
from live.journal import Journal
from live.limits import check_size
from live.observe import Observer
from live.pace import GENTLE, Pace, Rate
from live.pictures import pictures
from live.protocol import pack
from live.specs import complete, set_path
from live.timeline import Timeline

MOST_VIEWS = 24
BURST = 0.004            # seconds of training between looks at the inbox
WATCH_SHARE = 0.2       # at most this share of a run's time goes into making frames


class Session:
    """A run and what its page watches. `handle` takes a command; `advance` trains; `message` is what to send next."""

    def __init__(self):
        self.spec: dict | None = None
        self.trainer: Trainer | None = None
        self.observer: Observer | None = None
        self.status = "paused"
        self.notice = ""                       # a sentence for the person: what is wrong and what to do
        self.views: list[str] = []
        self.pace = Pace()
        self.timeline = Timeline()
        self.journal: Journal | None = None    # what was done to the run, for whoever wants to repeat it
        self.credits = 0
        self._jobs: dict[str, Iterator] = {}   # instruments at work, by name
        self._outbox: deque[bytes] = deque(maxlen=64)
        self.scene_due = self.frame_due = False
        self.generation = 0                    # counts scenes, so that a page can drop frames of an older one
        self.sent_rows = 0                     # rows of the history that the page has
        self.rate = Rate()
        self._not_before = 0.0

    # -- commands --------------------------------------------------------------------------------------------------

    def handle(self, command: Mapping[str, Any]) -> None:
        """Carry out one command. A refusal becomes a notice; everything else stays as it was."""
        operation = getattr(self, f"do_{command.get('op')}", None)
        if operation is None:
            return
        try:
            operation(command)
        except (SpecError, ShapeError) as error:
            self.notice = str(error)
        self.frame_due = self.frame_due or operation != self.do_credit

    def do_attach(self, command: Mapping) -> None:
        """A page has connected: it needs the scene and the whole history, and can take two frames."""
        self.credits = 2
        self.scene_due = self.spec is not None

    def do_credit(self, command: Mapping) -> None:
        """The page has drawn a frame and can take another."""
        self.credits = min(self.credits + 1, 2)

    def do_watch(self, command: Mapping) -> None:
        """The page shows these pictures, and these views of the layers as "view:<name>"."""
        wanted = [name for name in as_list(command.get("views"))[:MOST_VIEWS] if isinstance(name, str)]
        self.views = [name for name in wanted if name in pictures or name.startswith("view:")]

    def do_probe(self, command: Mapping) -> None:
        """Look at another test example in detail ("index"), or at the person's own ("own")."""
        if self.observer is not None:
            self.observer.look_at(command, self.spec)

    def do_ask(self, command: Mapping) -> None:
        """Put an instrument to work; its answers go out as they come."""
        name = command.get("instrument")
        if name in instruments and self.trainer is not None:
            self._jobs[name] = instruments[name](self, command)

    def do_speed(self, command: Mapping) -> None:
        """Train at so many steps a second, "gentle" (a slow start), or as fast as it goes (null)."""
        value = command.get("steps")
        number = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6
        self.pace.speed = value if number or value == GENTLE else None
        self._begin()

    def do_spec(self, command: Mapping) -> None:
        """Follow another spec; a `fresh` one, such as a preset, waits at its beginning until it is played."""
        self.apply(command.get("spec"))
        if command.get("fresh"):
            self.do_rewind(command)

    def do_set(self, command: Mapping) -> None:
        """One setting, while its slider moves: `path` leads to it in the spec."""
        if self.spec is not None:
            self.apply(set_path(self.spec, command.get("path"), command.get("value")))

    def do_play(self, command: Mapping) -> None:
        if self.trainer is not None:
            self.branch()
            self.status, self.notice = "playing", ""
            self._begin()

    def do_pause(self, command: Mapping) -> None:
        if self.status == "playing":
            self.status = "paused"

    def do_step(self, command: Mapping) -> None:
        if self.trainer is not None:
            self.branch()
            self.status, self.notice = "paused", ""
            count = command.get("count", 1)
            self._train(count if isinstance(count, int) and 0 < count <= 1000 else 1)

    def do_rewind(self, command: Mapping) -> None:
        if self.trainer is not None:
            self.trainer.rewind()
            self.timeline.begin(self.trainer)
            self.journal = Journal(self.spec)
            self.status, self.notice, self.sent_rows = "paused", "", 0

    def do_scrub(self, command: Mapping) -> None:
        """Show the kept step that is nearest to `step`, or the present (null): every view follows."""
        step = command.get("step")
        if self.trainer is not None and (step is None or (isinstance(step, int) and not isinstance(step, bool))):
            self.status, self.notice = "paused", ""
            self.timeline.show(self.trainer, step)

    # -- the spec --------------------------------------------------------------------------------------------------

    def apply(self, spec: Any) -> None:
        """Make the run follow another spec, keeping the weights wherever they still fit."""
        new = complete(spec)
        old = self.spec
        if new == old:
            return
        dataset = datasets.load(new["data"], new["seed"])
        check_size(new, dataset)
        same = self.trainer is not None and old is not None and all(
            new[part] == old[part] for part in ("network", "seed")) and new["data"]["kind"] == old["data"]["kind"]
        if same and self._compatible(dataset):
            if new["training"] != old["training"]:
                self.trainer.set_training(new["training"])
            if new["data"] != old["data"]:
                self.trainer.set_data(dataset)
                self.observer.set_data(dataset)
                self.scene_due = True
            self.spec, self.notice = new, ""
            self.journal.note(self.trainer.steps, new)
            if self.status == "diverged":
                self.status = "paused"
        else:
            self._rebuild(new, dataset)

    def _compatible(self, dataset) -> bool:
        before = self.trainer.dataset
        return (dataset.task, dataset.input_shape, dataset.outputs, dataset.feature_names) == (
            before.task, before.input_shape, before.outputs, before.feature_names)

    def _rebuild(self, spec: dict, dataset) -> None:
        """A new network from its seed. One that doesn't fit is shown with the reason, and nothing trains."""
        try:
            trainer = Trainer(spec, dataset)
        except ShapeError as error:
            self.trainer = self.observer = None
            self.status, self.notice = "paused", str(error)
        else:
            self.trainer, self.observer = trainer, Observer(trainer)
            self.notice = ""
            if self.status != "playing":
                self.status = "paused"
        self.spec, self.dataset, self.journal = spec, dataset, Journal(spec)
        self.scene_due = True
        self.timeline.begin(self.trainer)
        self._jobs.clear()
        self._begin()

    # -- training --------------------------------------------------------------------------------------------------

    def wait(self) -> float | None:
        """Seconds until there is something to do without a command; None is for ever."""
        if self._jobs or self._outbox:
            return 0
        if self.status != "playing":
            return 0 if self._can_send() else None
        return self.pace.wait(time.perf_counter())

    def advance(self, interrupted) -> None:
        """Train for a burst, or for as many steps as the chosen speed has due; ends early if `interrupted()`."""
        if self.status != "playing":
            return
        now = time.perf_counter()
        due = self.pace.take(now)
        if due != 0:
            self._train(due, until=now + BURST, interrupted=interrupted)

    def work(self) -> None:
        """Let each instrument at work find its next answer."""
        for name, job in list(self._jobs.items()):
            try:
                header, arrays = next(job)
            except StopIteration:
                del self._jobs[name]
            except (SpecError, ShapeError) as error:
                del self._jobs[name]
                self._outbox.append(pack({"type": "answer", "instrument": name, "error": str(error)}))
            else:
                self._outbox.append(pack({"type": "answer", "instrument": name, **header}, arrays))

    def _begin(self) -> None:
        self.pace.begin(time.perf_counter(), self.trainer.steps if self.trainer else 0)

    def branch(self) -> None:
        """Whatever changes the run while an earlier step is shown makes it go on from there."""
        if self.timeline.scrubbing:
            self.journal.note(self.trainer.steps, self.spec)
        self.timeline.branch(self.trainer)
        self.sent_rows = min(self.sent_rows, len(self.trainer.history))

    def _train(self, count: int | None, until: float = float("inf"), interrupted=lambda: False) -> None:
        trainer, timeline, clock = self.trainer, self.timeline, time.perf_counter
        timeline.burst(trainer, by_hand=self.status != "playing")
        done = 0
        try:
            with np.errstate(all="ignore"):                 # a loss that is not finite is caught as Diverged
                while done != count and clock() < until and not interrupted():
                    trainer.step()
                    done += 1
                    if trainer.steps >= timeline.due:
                        timeline.passed(trainer)
        except Diverged as error:
            self.status, self.notice = "diverged", str(error)
            self.journal.broken = f"It diverged at step {trainer.steps:,} and went on from its last finite weights."
        self.frame_due = True

    # -- what the page sees ------------------------------------------------------------------------------------------

    def _can_send(self) -> bool:
        return self.credits > 0 and (self.scene_due or self.frame_due)

    def message(self) -> bytes | None:
        """The next message for the page, if it can take one: the scene first, then the newest frame."""
        if self._outbox:
            return self._outbox.popleft()
        now = time.perf_counter()
        if not self._can_send() or (self.status == "playing" and now < self._not_before):
            return None
        if self.scene_due:
            self.scene_due, self.frame_due, self.sent_rows = False, True, 0
            self.generation += 1
            return scene.pack_scene(self)
        self.frame_due = False
        self.credits -= 1
        began = time.thread_time()
        message = pack_frame(self)
        self._not_before = now + (time.thread_time() - began) / WATCH_SHARE
        return message


def as_list(value: Any) -> list:
    return value if isinstance(value, list) else []
