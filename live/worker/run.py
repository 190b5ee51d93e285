"""One run as a state machine: it follows specs, trains, and has a scene and frames to show.

It knows nothing of commands, processes, pipes or sockets, so that all of it can be tested in place.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from engine import Diverged, ShapeError, SpecError, Trainer
from engine.spec import same_but_switches
from engine.trainer import network_for
from explain.cures import Cures
from explain.titles import refusal
from live.instruments.registry import describe_questions
from live.protocol import pack
from live.watch import scene
from live.watch.frame import pack_frame
from live.watch.observer import Observer
from live.worker.pace import Pace, Rate
from live.worker.timeline import Timeline
from live.worker.weight_edits import WeightEdits
from runs.journal import Journal
from runs.spec import admit, complete

BURST = 0.004            # seconds of training between looks at the inbox
WATCH_SHARE = 0.2        # at most this share of a run's time goes into making frames,
LONGEST_WAIT = 0.025     # unless fewer than about 30 a second would be left
SAME = ("task", "input_shape", "outputs", "feature_names", "class_names", "target_name")    # where weights may be kept
STANDS = "What is shown is still as it was before."


class Run:
    """A run and what its page watches. `advance` trains; `message` is what to send next; commands act on it."""

    def __init__(self):
        self.spec: dict | None = None
        self.trainer: Trainer | None = None
        self.observer: Observer | None = None
        self.status = "paused"
        self.unfit = -1                        # the place of the layer that is at fault where the shapes don't tell
        self.notice = ""                       # a sentence for the person: what is wrong and what to do
        self.views: list[str] = []
        self.pace = Pace()
        self.timeline, self.hands = Timeline(), WeightEdits()
        self.cures: Cures | None = None        # what helps a run that has diverged
        self.journal: Journal | None = None    # what was done to the run, for whoever wants to repeat it
        self.shown, self.credits = True, 0     # whether a page is connected, and how many frames it can take
        self.jobs: dict[str, Iterator] = {}   # instruments at work, by name,
        self.asked = False                     # one of which has just been asked
        self._outbox: deque[bytes] = deque(maxlen=64)
        self.scene_due = self.frame_due = False
        self.generation = 0                    # counts scenes, so that a page can drop frames of an older one
        self.sent_rows = 0                     # rows of the history that the page has
        self.rate = Rate()
        self.glance: Callable[[], None] = lambda: None      # called in the middle of long evaluations
        self._not_before = 0.0
        self._left = "paused", ""              # status and notice of the present, while an earlier step is shown
        self._refusal = "", ""                 # the notice before the last refusal, and that of the refusal

    # -- refusals -----------------------------------------------------------------------------------------------------

    def refuse(self, why: str, followed: bool) -> None:
        """Say why something isn't done, and what stands on a page that has `followed` another spec than the run."""
        before, said = self._refusal
        before = before if self.notice == said else self.notice
        self.notice = f"{why} {STANDS}" if followed and self.spec is not None else why
        self._refusal = before, self.notice

    def take_back(self) -> None:
        """The page is back at the spec that the run follows: nothing is refused any more."""
        before, said = self._refusal
        if self.notice == said:
            self.notice = before

    # -- the spec --------------------------------------------------------------------------------------------------

    def apply(self, spec: Any) -> None:
        """Make the run follow another spec, keeping the weights wherever they still fit."""
        new, old = complete(spec), self.spec
        if new == old:
            self.take_back()
            return
        dataset = admit(new)
        same = self.trainer is not None and (new["seed"], new["data"]["kind"]) == (old["seed"], old["data"]["kind"])
        if same and same_but_switches(new["network"], old["network"]) and self._compatible(dataset):
            if new["network"] != old["network"]:
                self.trainer.set_switches(new["network"])
                self.observer.follow()
                self.scene_due = True
            if new["training"] != old["training"]:
                told = self.trainer.loss.label, self.trainer.learned
                self.trainer.set_training(new["training"])
                self.observer.outdate()
                self.scene_due |= told != (self.trainer.loss.label, self.trainer.learned)
            if new["data"] != old["data"]:
                self.trainer.set_data(dataset)
                self.observer.set_data(dataset)
                self.scene_due = True
            self.spec, self.notice = new, ""
            if not self.timeline.scrubbing:            # else it counts from where the run goes on: here, or the present
                self.journal.note(self.trainer.steps, new)
            if self.status in ("diverged", "ended"):
                self.status = "paused"
        else:
            self._rebuild(new, dataset)

    def _compatible(self, dataset) -> bool:
        before = self.trainer.dataset
        return all(getattr(dataset, name) == getattr(before, name) for name in SAME)

    def _rebuild(self, spec: dict, dataset) -> None:
        """A new network from its seed. One that doesn't fit is shown with the reason, and nothing trains.

        Data, size and loss have been admitted: whatever is wrong now is that the layers don't suit what is asked.
        """
        try:
            trainer = Trainer(spec, dataset)
        except (ShapeError, SpecError) as error:
            self.trainer = self.observer = None
            network = network_for(spec["network"], dataset)
            self.unfit = getattr(error, "place", -1)
            self.status, self.notice = "paused", refusal(network, spec["network"], network.error or error)
        else:
            self.trainer, self.observer = trainer, Observer(trainer)
            trainer.between = self.glance
            self.notice = ""
            if self.status != "playing":
                self.status = "paused"
        self.spec, self.dataset, self.journal = spec, dataset, Journal(spec)
        self.scene_due = True
        self.timeline.begin(self.trainer)
        self.hands = WeightEdits()
        self.jobs.clear()
        self.begin()

    # -- training --------------------------------------------------------------------------------------------------

    def wait(self) -> float | None:
        """Seconds until there is something to do without a command; None is for ever."""
        if not self.shown:
            return None
        if self.jobs or self._outbox:
            return 0
        if self.status != "playing":
            return 0 if self._can_send() else None
        return self.pace.wait(time.perf_counter())

    def advance(self, interrupted) -> None:
        """Train for a burst, or for as many steps as the chosen speed has due; ends early if `interrupted()`."""
        if self.status != "playing" or not self.shown:
            return
        now = time.perf_counter()
        due = self.pace.take(now)
        if due != 0:
            self.train(due, until=now + BURST, interrupted=interrupted)

    def work(self) -> None:
        """Let each instrument at work find its next answer."""
        self.asked = False
        for name, job in list(self.jobs.items()):
            try:
                found = next(job)
            except StopIteration:
                del self.jobs[name]
            except (SpecError, ShapeError) as error:
                del self.jobs[name]
                self._outbox.append(pack({"type": "answer", "instrument": name, "error": str(error)}))
            else:
                if found is not None:
                    self._outbox.append(pack({"type": "answer", "instrument": name, **found[0]}, found[1]))

    def begin(self) -> None:
        """Training begins, or its pace has changed."""
        self.pace.begin(time.perf_counter(), self.trainer.steps if self.trainer else 0)

    def branch(self) -> None:
        """Whatever changes the run while an earlier step is shown makes it go on from there."""
        if self.timeline.scrubbing:
            self.journal.note(self.trainer.steps, self.spec)
        self.timeline.branch(self.trainer)
        self.sent_rows = min(self.sent_rows, len(self.trainer.history))

    def look_back(self, step: int | None) -> None:
        """Show the kept step that is nearest to `step`, or the present (None), as it was left; what was set meanwhile
        counts from there."""
        if not self.timeline.scrubbing:
            self._left = (self.status, self.notice) if self.status in ("ended", "diverged") else ("paused", "")
        self.timeline.show(self.trainer, step)
        self.status, self.notice = ("paused", "") if self.timeline.scrubbing else self._left
        if not self.timeline.scrubbing and self.journal.now != self.spec:
            if self.journal.now["data"] != self.spec["data"]:
                self.trainer.set_data(self.trainer.dataset)      # a new pass begins, as wherever data changes
            self.journal.note(self.trainer.steps, self.spec)
            self.status, self.notice = "paused", ""

    def train(self, count: int | None, until: float = float("inf"), interrupted=lambda: False) -> None:
        """Make so many steps, or as many as there is time for."""
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
                    if trainer.ended:
                        self.status, self.notice = "ended", trainer.ended
                        break
        except Diverged as error:
            self.status, self.notice = "diverged", str(error)
            self._went_back()
        self.frame_due = True

    def _went_back(self) -> None:
        """The trainer has taken itself back to an earlier step: what came later did not happen."""
        self.journal.note(self.trainer.steps, self.spec)
        self.hands.forget_after(self.trainer.steps)
        self.timeline.cut(self.trainer)
        self.sent_rows = min(self.sent_rows, len(self.trainer.history))
        self.cures = Cures(self.spec, self.trainer)

    # -- what the page sees ------------------------------------------------------------------------------------------

    @property
    def _hurry(self) -> bool:
        return self.observer is not None and self.observer.hurry

    def _can_send(self) -> bool:
        """Whether the page can take what is due; an answer to its own input goes beside the frames that it draws."""
        return self.credits > (-1 if self._hurry else 0) and (self.scene_due or self.frame_due)

    @property
    def urgent(self) -> bool:
        """Whether the person waits for an answer that can be given now, before training goes on."""
        return self.asked or (self._hurry and self._can_send())

    def message(self) -> bytes | None:
        """The next message for the page, if it can take one: the scene first, then the newest frame."""
        if self._outbox:
            return self._outbox.popleft()
        now = time.perf_counter()
        hurry = self._hurry
        if not self._can_send() or (self.status == "playing" and now < self._not_before and not hurry):
            return None
        if self.scene_due:
            self.scene_due, self.frame_due, self.sent_rows = False, True, 0
            self.generation += 1
            return scene.pack_scene(self, describe_questions)
        self.frame_due = False
        self.credits -= 1
        began = time.thread_time()
        message = pack_frame(self)
        if hurry:
            self.observer.hurry, self.frame_due = False, True
        elif self.observer is not None and self.observer.unfinished:
            self.frame_due = True
        self._not_before = now + min((time.thread_time() - began) / WATCH_SHARE, LONGEST_WAIT)
        return message
