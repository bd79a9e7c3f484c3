"""The worker: claims approved actions and carries each through its steps. It alone makes calls that change a panel.

For each step: look, commit the intent, make the call once, look again. What the panel did not say is not guessed: a
lost answer is looked at, a no is kept in the panel's own words. Deadlines are fired elsewhere. All times here are wall
times.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bridge.actions import Action, Errand, Panels, build
from bridge.actions.step import Attempt, ByHand, Impossible, Later, Seen, Sight, Step, UnderWay
from bridge.errors import (
    Conflict,
    InvalidInput,
    NotSupported,
    PanelError,
    PanelRefused,
    PanelUnclear,
    PanelUnreachable,
)
from bridge.lease import kept
from bridge.letters import Letters
from bridge.ports import Capability, Clock, Mailer
from bridge.queue import Outcome, Queue, StepState, Work

Json = Any

_log = structlog.get_logger(__name__)

_SHORTEST_PAUSE = timedelta(milliseconds=50)


@dataclass(frozen=True, kw_only=True)
class WorkerSettings:
    """How the worker goes about it.

    secret        of the installation, for the marks
    lease         how soon a crash is noticed; longer than a panel's slowest answer. Renewed while a call goes on
    concurrency   actions at once, each with one call in flight
    poll          how long it sleeps at most while nothing is due
    first_retry, longest_retry   the pause before trying again doubles from one to the other
    settle        how long a lost call that must not happen twice is given to show before it is made again
    """

    secret: bytes = field(repr=False)
    name: str = "worker"
    lease: timedelta = timedelta(seconds=120)
    concurrency: int = 4
    poll: timedelta = timedelta(seconds=1)
    first_retry: timedelta = timedelta(seconds=2)
    longest_retry: timedelta = timedelta(minutes=15)
    settle: timedelta = timedelta(seconds=10)

    def pause(self, attempts: int) -> timedelta:
        """Before the next try: doubled each time, without end, never longer than the longest."""
        return min(self.longest_retry, self.first_retry * (1 << min(max(attempts, 0), 20)))


class Worker:
    """Safe to run in several threads and processes: the queue gives each action to one at a time."""

    def __init__(
        self,
        queue: Queue,
        panels: Panels,
        letters: Letters,
        mailer: Mailer | None,
        clock: Clock,
        settings: WorkerSettings,
    ) -> None:
        self._queue = queue
        self._panels = panels
        self._letters = letters
        self._mailer = mailer
        self._clock = clock
        self._settings = settings

    def run_once(self) -> bool:
        """Carry one action as far as it gets now; False where none may run."""
        work = self._queue.claim(self._settings.name, self._clock.wall(), self._settings.lease)
        if work is None:
            return False
        self._carry(work)
        return True

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; what is under way then is finished."""
        slots = threading.Semaphore(self._settings.concurrency)
        with ThreadPoolExecutor(self._settings.concurrency, thread_name_prefix="tipstaff-worker") as threads:
            while not stop.is_set():
                if not slots.acquire(timeout=self._settings.poll.total_seconds()):
                    continue
                work = self._next()
                if work is None:
                    slots.release()
                    stop.wait(self._pause().total_seconds())
                else:
                    threads.submit(self._carry_and_leave, work, slots)

    def _carry_and_leave(self, work: Work, slots: threading.Semaphore) -> None:
        try:
            self._carry(work)
        finally:
            slots.release()

    def _next(self) -> Work | None:
        """The loop outlives whatever goes wrong in the queue."""
        try:
            now = self._clock.wall()
            due = self._queue.next_due(now)
            if due is None or due > now:
                return None
            return self._queue.claim(self._settings.name, now, self._settings.lease)
        except Exception:
            _log.exception("the queue could not be read")
            return None

    def _pause(self) -> timedelta:
        try:
            now = self._clock.wall()
            due = self._queue.next_due(now)
        except Exception:
            _log.exception("the queue could not be read")
            return self._settings.poll
        if due is None or due <= now:
            return self._settings.poll
        return max(_SHORTEST_PAUSE, min(due - now, self._settings.poll))

    def _carry(self, work: Work) -> None:
        """One action to its outcome. A lost lease ends it without one: whoever holds the action now looks first."""
        try:
            with kept(lambda: self._renew(work), self._settings.lease):
                outcome = self._outcome(work)
            self._queue.finish(work, outcome, self._clock.wall())
        except Conflict:
            _log.warning("the lease was lost", action=work.id, name=work.action)
            return
        except Exception:
            _log.exception("an outcome could not be written", action=work.id, name=work.action)
            return
        _log.info("action", action=work.id, name=work.action, state=outcome.state, attempts=work.attempts)

    def _renew(self, work: Work) -> bool:
        """Whether the lease is still ours, as far as is known; the database may be busy just now."""
        try:
            self._queue.renew(work, self._clock.wall())
        except Conflict:
            return False
        except Exception:
            _log.exception("a lease could not be renewed", action=work.id)
        return True

    def _outcome(self, work: Work) -> Outcome:
        """Raises Conflict where the lease was lost."""
        carrying = Carrying(self._queue, work, self._errand(work), self._clock, self._settings)
        try:
            return carrying.outcome()
        except Conflict:
            raise
        except Exception as error:
            _log.exception("an action met an error of our own", action=work.id, name=work.action)
            return carrying.again(f"an error of Tipstaff's own: {type(error).__name__}")

    def _errand(self, work: Work) -> Errand:
        return Errand(
            work=work,
            panels=self._panels,
            letters=self._letters,
            mailer=self._mailer,
            secret=self._settings.secret,
            now=self._clock.now(),
        )


class Carrying:
    """One action under lease, on its way through its steps."""

    def __init__(self, queue: Queue, work: Work, errand: Errand, clock: Clock, settings: WorkerSettings) -> None:
        self._queue = queue
        self._work = work
        self._errand = errand
        self._clock = clock
        self._settings = settings
        self._states: Mapping[int, StepState] = {state.place: state for state in work.steps}
        self._effect = False
        self._open = any(state.state == "intended" for state in work.steps)

    def outcome(self) -> Outcome:
        """How far it got. Raises Conflict where the lease was lost, and what nobody foresaw."""
        try:
            action = build(self._work.action, self._work.own)
        except InvalidInput as error:
            return Outcome(state="failed", error=str(error))
        try:
            return self._through(action)
        except ByHand as task:
            return Outcome(state="manual", instructions=task.instructions)
        except NotSupported as error:
            return Outcome(state="manual", instructions=action.by_hand(self._errand), error=error.words)
        except Later as later:
            return self.again(later.words, is_known=isinstance(later, UnderWay))
        except Impossible as error:
            return Outcome(state="cancelled" if self._is_moot() else "failed", error=error.words)
        except PanelRefused as refusal:
            return self.again(refusal.words) if self._open else Outcome(state="failed", error=refusal.words)
        except PanelError as error:
            return self.again(error.words)
        except InvalidInput as error:
            return Outcome(state="failed", error=str(error))

    def again(self, words: str, at_least: timedelta = timedelta(), *, is_known: bool = False) -> Outcome:
        """Later: unclear where something may have happened already and nobody knows, else it merely waits."""
        pause = max(self._settings.pause(self._work.attempts), at_least)
        state = "unclear" if (self._open or self._effect) and not is_known else "waiting"
        return Outcome(state=state, error=words, retry_at=self._clock.wall() + min(pause, self._settings.longest_retry))

    def _through(self, action: Action) -> Outcome:
        if self._is_moot() and not self._work.steps:
            return Outcome(state="cancelled")
        if not self._open and not action.needs <= self._capabilities() | _OF_SERVERS:
            return Outcome(state="manual", instructions=action.by_hand(self._errand))
        for place, step in enumerate(action.steps(self._errand)):
            state = self._states.get(place)
            if state is not None and state.state == "done":
                self._remember(step, state.result)
                continue
            stopped = self._step(place, step, state)
            if stopped is not None:
                return stopped
        return Outcome(state="cancelled") if self._is_moot() else self._done()

    def _is_moot(self) -> bool:
        """Withdrawn, and no effect was found so far. What is half done is finished; the decision undoes it whole."""
        return self._work.withdrawn and not self._effect

    def _capabilities(self) -> frozenset[Capability]:
        mail = {Capability.REPORTER_MAIL} if self._errand.mailer is not None else set()
        return self._errand.billing.capabilities | mail

    # ---- one step ----

    def _step(self, place: int, step: Step, state: StepState | None) -> Outcome | None:
        """None: done, go on. Otherwise where it stopped."""
        if state is None and self._is_moot():
            return Outcome(state="cancelled")
        if step.sight is Sight.BLIND and state is not None and state.state == "intended":
            self._keep(place, step, {"unconfirmed": True})
            return None
        seen = step.look(self._errand, state.intent_at if state is not None else None)
        if seen is not None:
            if state is None:
                self._intend(place, step, "")
                seen = Seen({**seen.result, _AS_FOUND: True})
            self._keep(place, step, seen.result)
            return None
        if self._is_moot():
            return self._settled(step, state)
        return self._attempt(place, step, step.prepare(self._errand))

    def _settled(self, step: Step, state: StepState | None) -> Outcome:
        """Withdrawn and not to be seen: cancelled, once a lost call has had its time to show."""
        if state is not None and state.state == "intended" and step.sight is not Sight.FACT:
            shows_by = (state.tried_at or state.intent_at) + self._settings.settle
            if self._clock.wall() < shows_by:
                return Outcome(state="unclear", error="a lost call is given time to show", retry_at=shows_by)
        return Outcome(state="cancelled")

    def _attempt(self, place: int, step: Step, attempt: Attempt) -> Outcome | None:
        was_open = self._open
        started = self._clock.wall()
        intent = self._intend(place, step, attempt.command, attempt.service)
        self._open = True
        try:
            answer = attempt.call()
        except PanelUnclear as lost:
            return self._after_lost(place, step, intent, lost, started)
        except (PanelUnreachable, PanelRefused, NotSupported, InvalidInput, Later) as error:
            self._queue.step_failed(self._work, place, _words(error), self._clock.wall())
            self._open = was_open
            if isinstance(error, PanelRefused):
                return Outcome(state="failed", error=error.words)
            raise
        if isinstance(answer, Seen):
            self._keep(place, step, answer.result)
            return None
        return self._after_yes(place, step, intent, answer)

    def _after_lost(
        self, place: int, step: Step, intent: StepState, lost: PanelUnclear, started: datetime
    ) -> Outcome | None:
        """The answer was lost: look at once. A slow call may still be on its way, so it is given as long again."""
        if step.sight is Sight.BLIND:
            self._keep(place, step, {"unconfirmed": True})
            return None
        took = self._clock.wall() - started
        given = max(took, self._settings.settle) if step.sight in _GIVEN_TIME else took
        try:
            seen = step.look(self._errand, intent.intent_at)
        except PanelError as error:
            return self.again(f"{lost.words}; and it could not be looked at: {error.words}", given)
        if seen is None:
            return self.again(lost.words, given)
        self._keep(place, step, seen.result)
        return None

    def _after_yes(self, place: int, step: Step, intent: StepState, answer: Mapping[str, Json]) -> Outcome | None:
        """The panel said yes: read it back. An object is made by its word, even where it does not show: never again."""
        if step.sight is Sight.BLIND:
            self._keep(place, step, answer)
            return None
        words = "the panel said yes, but does not show it"
        try:
            seen = step.confirm(self._errand, intent.intent_at, answer)
        except PanelError as error:
            seen, words = None, f"the panel said yes, but could not be read back: {error.words}"
        if seen is not None:
            self._keep(place, step, seen.result)
            return None
        if step.sight is Sight.OBJECT:
            self._keep(place, step, {**answer, "unconfirmed": True})
            return None
        return self.again(words, self._settings.settle if step.sight in _GIVEN_TIME else timedelta())

    # ---- what is written down ----

    def _intend(self, place: int, step: Step, command: str, service: str | None = None) -> StepState:
        return self._queue.intend(self._work, place, step.name, command, self._clock.wall(), service)

    def _keep(self, place: int, step: Step, result: Mapping[str, Json]) -> None:
        self._queue.step_done(self._work, place, result, self._clock.wall())
        self._remember(step, result)
        self._open = False

    def _remember(self, step: Step, result: Mapping[str, Json]) -> None:
        self._errand.results[step.name] = result
        self._effect = self._effect or not (step.sight is Sight.FACT or result.get(_AS_FOUND))

    def _done(self) -> Outcome:
        results: Sequence[Mapping[str, Json]] = list(self._errand.results.values())
        notes = [str(result["note"]) for result in results if result.get("note")]
        return Outcome(
            state="done",
            invoice=next((result["invoice"] for result in results if result.get("invoice")), None),
            invoiced=next((result["invoiced"] for result in results if result.get("invoiced")), None),
            theirs=any(result.get("theirs") for result in results),
            unconfirmed=any(result.get("unconfirmed") for result in results),
            note="; ".join(notes),
        )


_GIVEN_TIME = frozenset({Sight.ONCE, Sight.OBJECT})

_AS_FOUND = "as_found"
"""In the result of a step that found its effect before any call of ours."""

_OF_SERVERS = frozenset(
    {
        Capability.CUT_NETWORK,
        Capability.FIREWALL_PLAN,
        Capability.REPLACE_IP,
        Capability.LIMIT_RESOURCE,
        Capability.MIGRATE,
    }
)
"""Which server a service is on is only known by looking, so steps ask for these themselves."""


def _words(error: Exception) -> str:
    return getattr(error, "words", "") or str(error)
