"""The worker's own manners: pauses, loops, and that it outlives whatever goes wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from bridge.errors import PanelRefused, PanelUnclear, PanelUnreachable
from bridge.worker import WorkerSettings
from tests.unit.actions.faults import Fault
from tests.unit.actions.scene import SECRET, Scene, a_work

WORK = a_work("suspend_service", {"reason": "Spam"})


def test_pauses_double_without_chance_and_without_end_up_to_fifteen_minutes() -> None:
    settings = WorkerSettings(secret=SECRET)
    pauses = [settings.pause(attempts).total_seconds() for attempts in range(12)]
    assert pauses[:4] == [2, 4, 8, 16]
    assert pauses[-1] == 900
    assert settings.pause(10**9) == timedelta(minutes=15)


def test_the_secret_does_not_show() -> None:
    assert "installation" not in repr(WorkerSettings(secret=SECRET))


def test_nothing_to_do_is_said() -> None:
    assert Scene().worker().run_once() is False


def test_an_unreachable_panel_is_waited_for_and_nothing_was_done() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.UNREACHABLE)
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert outcome.state == "waiting"
    assert outcome.retry_at is not None
    assert outcome.retry_at > scene.clock.wall()


def test_a_panel_that_cannot_be_read_is_waited_for_before_anything_is_intended() -> None:
    scene = Scene()
    scene.faults.reading = PanelUnclear("panel", "HTTP 502")
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert (outcome.state, outcome.error) == ("waiting", "HTTP 502")
    assert scene.queue.commands == []


def test_a_lost_answer_is_unclear_for_as_long_as_the_panel_cannot_be_read() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.CRASH_AFTER)
    scene.carry(WORK)
    for trouble in (PanelUnclear("panel", "x"), PanelUnreachable("panel", "x"), PanelRefused("panel", "Invalid IP")):
        scene.faults.reading = trouble
        scene.clock.passes(timedelta(minutes=20))
        scene.once()
        assert scene.queue.last(WORK.id).state == "unclear"
    scene.faults.reading = None
    assert scene.settle(WORK.id).state == "done"
    assert scene.faults.writes == ["suspend"]


def test_a_read_that_the_panel_refuses_before_anything_was_sent_fails_in_its_words() -> None:
    scene = Scene()
    scene.faults.reading = PanelRefused("panel", "Invalid Permissions")
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert (outcome.state, outcome.error) == ("failed", "Invalid Permissions")


def test_an_error_of_our_own_is_recorded_and_the_action_waits() -> None:
    scene = Scene()
    scene.faults.reading = ZeroDivisionError("a bug")
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert outcome.state == "waiting"
    assert "ZeroDivisionError" in outcome.error
    scene.faults.reading = None
    assert scene.settle(WORK.id).state == "done"


def test_a_slow_call_whose_answer_was_lost_is_given_as_long_again() -> None:
    scene = Scene()
    original = scene.billing.suspend

    def slowly(service: str, reason: str) -> None:
        scene.clock.moment += timedelta(seconds=60)
        original(service, reason)

    scene.billing.suspend = slowly  # type: ignore[method-assign]  # a panel that takes its time
    scene.faults.at(0, Fault.LOST_BEFORE)
    outcome = scene.carry(WORK)
    assert outcome is not None
    assert outcome.retry_at is not None
    assert outcome.retry_at - scene.clock.wall() >= timedelta(seconds=60)


# ---- the loop ----


def until(happened: Callable[[], bool]) -> None:
    for _ in range(500):
        if happened():
            return
        time.sleep(0.01)
    pytest.fail("it did not happen within five seconds")


def running(scene: Scene) -> tuple[threading.Event, threading.Thread]:
    stop = threading.Event()
    worker = scene.worker()
    worker._settings = WorkerSettings(secret=SECRET, poll=timedelta(milliseconds=20), concurrency=2)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    return stop, thread


def test_the_loop_carries_everything_out_and_stops_when_told() -> None:
    scene = Scene()
    works = [a_work("record_note", {"text": str(number)}, id=f"act_{number}") for number in range(5)]
    for work in works:
        scene.queue.add(work)
    stop, thread = running(scene)
    try:
        until(lambda: all(scene.queue.state(work.id) == "done" for work in works))
    finally:
        stop.set()
        thread.join(5)
    assert not thread.is_alive()
    assert len(scene.billing.notes) == 5


def test_the_loop_outlives_a_queue_that_cannot_be_read() -> None:
    scene = Scene()
    scene.queue.add(WORK)
    original, failures = scene.queue.next_due, iter([OSError("the disk"), OSError("the disk")])

    def sometimes(now: object) -> object:
        for failure in failures:
            raise failure
        return original(scene.clock.wall())

    scene.queue.next_due = sometimes  # type: ignore[method-assign,assignment]  # a database that is away for a moment
    stop, thread = running(scene)
    try:
        until(lambda: scene.queue.state(WORK.id) == "done")
    finally:
        stop.set()
        thread.join(5)
    assert scene.faults.writes == ["suspend"]


def test_an_outcome_that_cannot_be_written_leaves_the_action_to_the_next_claim() -> None:
    scene = Scene()
    scene.queue.add(WORK)
    original = scene.queue.finish

    def fails(*args: object) -> None:
        scene.queue.finish = original  # type: ignore[method-assign]  # only the first time
        raise OSError("the disk is full")

    scene.queue.finish = fails  # type: ignore[method-assign,assignment]  # a database that is away for a moment
    scene.once()
    assert scene.settle(WORK.id).state == "done"
    assert scene.faults.writes == ["suspend"]
