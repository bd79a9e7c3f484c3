"""Deadlines fire once, in order, and only after the panel was looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from bridge.errors import PanelRefused, PanelUnclear, PanelUnreachable
from bridge.ids import invoice_event_id, reply_event_id
from bridge.ports import BillingPanel, InvoiceStatus
from bridge.timekeeper import Timekeeper
from tests.unit.packs import DISPUTES
from tests.unit.timekeeper.case import HOUR, NOW, Office, a_reply


def silent(office: Office) -> None:
    """A complaint whose notice reached the customer."""
    office.complain()
    office.notices_done()
    office.ticket()


def test_silence_is_followed_by_reminders_and_then_by_suspension(office: Office) -> None:
    office.complain(category="messaging/spam")
    office.notices_done()
    office.ticket()
    assert [office.tick(6 * HOUR), office.tick(6 * HOUR), office.tick(12 * HOUR)] == [1, 1, 1]
    assert len(office.actions("notify_customer")) == 3
    assert office.actions("suspend_service") != []


def test_nothing_fires_before_its_time(office: Office) -> None:
    silent(office)
    assert office.tick(6 * HOUR - timedelta(seconds=1)) == 0
    assert office.papers.asked == []


def test_deadlines_that_firing_sets_fire_in_the_same_tick_when_they_are_due_too(office: Office) -> None:
    silent(office)
    assert office.tick(24 * HOUR) == 3
    assert {state for _, state in office.deadlines()} == {"fired"}
    assert office.tick() == 0


def test_a_reply_that_no_hook_told_ends_the_deadline(office: Office) -> None:
    silent(office)
    office.papers.replies["t1"] = [a_reply("5", text="fixed it"), a_reply("6", by_staff=True)]
    assert office.tick(6 * HOUR) == 0
    assert office.events("customer.replied") == ["whmcs.reply.t1.5"]
    body = office.body("whmcs.reply.t1.5")
    assert (body["case"], body["text"], body["at"]) == ("k1", "fixed it", "2026-03-02T13:00:00Z")
    assert office.deadlines() == [("reply", "ended")]


def test_the_notice_itself_is_no_reply_whoever_the_panel_says_wrote_it(office: Office) -> None:
    silent(office)
    assert office.tick(6 * HOUR) == 1
    assert office.events("customer.replied") == []


def test_a_reply_that_a_hook_told_is_not_taken_twice(office: Office) -> None:
    silent(office)
    office.accept("customer.replied", reply_event_id("t1", "5"), case="k1")
    office.accept("finding.recorded", "f1", case="k1", finding="not_remediated", by="ada")
    office.notices_done()
    office.papers.replies["t1"] = [a_reply("5")]
    assert office.tick(6 * HOUR) == 1
    assert office.events("customer.replied") == ["whmcs.reply.t1.5"]


def test_a_reply_from_a_panel_whose_clock_is_ahead_counts_as_of_now(office: Office) -> None:
    silent(office)
    office.papers.replies["t1"] = [a_reply("5", 48 * HOUR)]
    office.tick(6 * HOUR)
    assert office.body("whmcs.reply.t1.5")["at"] == "2026-03-02T18:00:00Z"


def test_a_reply_of_any_length_is_heard(office: Office) -> None:
    silent(office)
    office.papers.replies["t1"] = [a_reply("5", text="x" * 200_000)]
    office.tick(6 * HOUR)
    assert office.deadlines() == [("reply", "ended")]


@pytest.mark.parametrize(
    ("status", "became"),
    [
        (InvoiceStatus.PAID, "paid"),
        (InvoiceStatus.CANCELLED, "cancelled"),
        (InvoiceStatus.REFUNDED, "refunded"),
    ],
)
def test_what_became_of_an_invoice_is_taken_in_before_its_deadline(
    office: Office, status: InvoiceStatus, became: str
) -> None:
    office.complain()
    office.notices_done()
    office.charged("77")
    office.accept("finding.recorded", "f1", case="k1", finding="remediated", by="ada")
    office.papers.invoices["77"] = status
    assert office.tick(25 * HOUR) == 0
    assert office.events(f"invoice.{became}") == [invoice_event_id("77", became)]
    assert office.deadlines()[-1] == ("payment", "ended")


def test_an_unpaid_fine_is_followed_by_its_consequence(office: Office) -> None:
    office.complain()
    office.notices_done()
    office.charged("77")
    office.accept("finding.recorded", "f1", case="k1", finding="remediated", by="ada")
    assert office.tick(25 * HOUR) == 1
    assert office.deadlines()[-1] == ("payment", "fired")
    assert office.papers.asked == ["invoice 77"]


def test_an_invoice_that_staff_deleted_asks_for_nothing_any_more(office: Office) -> None:
    office.complain()
    office.notices_done()
    office.charged("77")
    office.accept("finding.recorded", "f1", case="k1", finding="remediated", by="ada")
    del office.papers.invoices["77"]
    office.tick(25 * HOUR)
    assert office.events("invoice.cancelled") == ["whmcs.invoice.77.cancelled"]


def test_a_fee_that_is_the_clients_and_no_services_is_followed_and_settled(
    opened: Callable[..., Office], tmp_path: Path
) -> None:
    file = tmp_path / "disputes.yaml"
    file.write_text(DISPUTES)
    office = opened(pack=str(file))
    office.accept("payment.disputed", "d1", client="c1", contacted_support=True)
    office.charged("77", "charge_fee")
    assert office.deadlines() == [("payment", "open")]
    assert office.tick(8 * 24 * HOUR) == 1
    assert office.papers.asked == ["invoice 77"]
    assert office.deadlines() == [("payment", "fired")]
    assert len(office.actions("suspend_service")) == 1
    office.accept("invoice.paid", "p1", invoice="77")
    assert office.state(*office.actions("suspend_service")) == "cancelled"


@pytest.mark.parametrize("kind", [PanelUnreachable, PanelUnclear, PanelRefused])
def test_while_the_panel_cannot_be_read_the_deadline_waits_and_its_age_shows(
    office: Office, kind: type[PanelUnreachable]
) -> None:
    silent(office)
    office.papers.trouble["*"] = kind("whmcs", "no")
    assert office.tick(8 * HOUR) == 0
    waiting = office.keeper.overdue()
    assert (waiting.number, waiting.age(office.clock.now())) == (1, 2 * HOUR)
    office.papers.trouble.clear()
    assert office.tick(timedelta(minutes=5)) == 1
    assert office.keeper.overdue().number == 0


def test_a_panel_that_is_down_is_not_asked_for_every_deadline(office: Office) -> None:
    silent(office)
    office.complain("k2", category="messaging/spam")
    office.notices_done()
    office.ticket("k2", "t2")
    office.papers.trouble["*"] = PanelUnreachable("whmcs", "no connection")
    office.tick(6 * HOUR)
    office.tick()
    assert len(office.papers.asked) == 1


def test_what_the_panel_refuses_about_one_ticket_holds_up_no_other(office: Office) -> None:
    silent(office)
    office.complain("k2", category="messaging/spam")
    office.notices_done()
    office.ticket("k2", "t2")
    office.papers.trouble["ticket t1"] = PanelRefused("whmcs", "not allowed")
    assert office.tick(6 * HOUR) == 1
    assert office.keeper.overdue().number == 1


def test_a_customer_whom_no_notice_has_reached_cannot_have_been_silent(office: Office) -> None:
    office.complain()
    assert office.tick(6 * HOUR) == 0
    office.notices_done()
    office.ticket()
    assert office.tick() == 1


def test_without_a_panel_deadlines_fire_without_a_look(opened: Callable[..., Office]) -> None:
    office = opened(with_panel=False)
    office.complain()
    assert office.tick(6 * HOUR) == 1


def test_what_is_only_simulated_is_not_looked_up(opened: Callable[..., Office]) -> None:
    office = opened(mode="observe")
    office.complain()
    assert office.tick(25 * HOUR) > 0
    assert [asked for asked in office.papers.asked if asked.startswith("invoice")] == []


def test_two_timekeepers_fire_a_deadline_once(office: Office) -> None:
    silent(office)
    other = Timekeeper(office.desk, cast("BillingPanel", office.papers), office.clock)
    office.clock.move(6 * HOUR)
    assert office.keeper.tick() + other.tick() == 1
    assert len(office.events("deadline.due")) == 1
    assert office.body(office.events("deadline.due")[0])["at"] == "2026-03-02T18:00:00Z"
    assert office.clock.now() == NOW + 6 * HOUR
