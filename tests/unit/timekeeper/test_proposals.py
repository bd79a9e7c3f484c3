"""Proposals: most lapse, what must not lapse is brought to mind again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast

from bridge.errors import PanelUnclear, PanelUnreachable
from bridge.ports import BillingPanel
from bridge.timekeeper import Timekeeper
from tests.unit.timekeeper.case import ADMIN, HOUR, Office


def lapsing(opened: Callable[..., Office]) -> Office:
    """A fine that waits for a person, for three days at most."""
    office = opened(expire_after=timedelta(hours=72))
    office.complain(category="connection/ddos")
    office.notices_done()
    office.ticket()
    return office


def test_a_proposal_nobody_answers_lapses_and_staff_is_told_once(opened: Callable[..., Office]) -> None:
    office = lapsing(opened)
    (fine,) = office.actions("charge_fine")
    office.tick(71 * HOUR)
    assert office.state(fine) == "proposed"
    office.tick(HOUR)
    office.tick(HOUR)
    assert office.state(fine) == "expired"
    assert len(office.events("action.expired")) == len(office.actions("notify_staff")) == 1


def test_an_answered_proposal_does_not_lapse(opened: Callable[..., Office]) -> None:
    office = lapsing(opened)
    (fine,) = office.actions("charge_fine")
    office.desk.reject(fine, "no", ADMIN)
    office.tick(80 * HOUR)
    assert office.state(fine) == "rejected"
    assert office.events("action.expired") == []


def terminating(opened: Callable[..., Office]) -> Office:
    """A termination that waits for a person."""
    office = opened(expire_after=timedelta(hours=72))
    office.complain(category="content/phishing")
    office.notices_done()
    office.ticket()
    return office


def test_a_termination_never_lapses_and_staff_is_told_again_every_day(opened: Callable[..., Office]) -> None:
    office = terminating(opened)
    (termination,) = office.actions("terminate_service")
    office.tick(23 * HOUR)
    assert office.papers.mails == []
    for _ in range(4):
        office.tick(12 * HOUR)
    assert len(office.papers.mails) == 2
    assert office.papers.mails[0].startswith("Still waiting for approval: terminate_service, service 1")
    assert "Clause 4 of klt-net" in office.papers.mails[0]
    office.tick(240 * HOUR)
    assert office.state(termination) == "proposed"


def test_a_decided_termination_is_not_brought_to_mind(opened: Callable[..., Office]) -> None:
    office = terminating(opened)
    office.desk.reject(office.actions("terminate_service")[0], "no", ADMIN)
    office.tick(48 * HOUR)
    assert office.papers.mails == []


def test_a_mail_whose_answer_was_lost_is_not_sent_again(opened: Callable[..., Office]) -> None:
    office = terminating(opened)
    office.papers.trouble["mail"] = PanelUnclear("whmcs", "no answer")
    office.tick(25 * HOUR)
    office.tick(HOUR)
    assert office.papers.asked.count("mail") == 1


def test_a_mail_that_was_never_sent_is_tried_again(opened: Callable[..., Office]) -> None:
    office = terminating(opened)
    office.papers.trouble["mail"] = PanelUnreachable("whmcs", "no connection")
    office.tick(25 * HOUR)
    office.papers.trouble.clear()
    office.tick(HOUR)
    assert len(office.papers.mails) == 1


def test_two_timekeepers_tell_staff_once(opened: Callable[..., Office]) -> None:
    office = terminating(opened)
    other = Timekeeper(office.desk, cast("BillingPanel", office.papers), office.clock)
    office.clock.move(25 * HOUR)
    office.keeper.tick()
    other.tick()
    assert len(office.papers.mails) == 1
