"""Whatever the panels and the machine do in between: one suspension, one ticket, one invoice."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import pytest

from adapters.whmcs.sandbox import Fault, FaultKind
from tests.flows.installation import Installation

WRITES = ("ModuleSuspend", "OpenTicket", "CreateInvoice")


KINDS = (
    FaultKind.HTTP_500,
    FaultKind.HTTP_500_AFTER,
    FaultKind.LOST_BEFORE,
    FaultKind.LOST_AFTER,
    FaultKind.HTML_AFTER,
    FaultKind.CUT_JSON,
)


@pytest.mark.parametrize(("service", "kind"), list(enumerate(KINDS, 1)))
def test_a_call_whose_answer_is_lost_is_never_made_twice_for_nothing(
    place: Installation, service: int, kind: FaultKind
) -> None:
    for action in WRITES:
        place.world.faults.order(Fault(kind=kind, action=action))
    case = place.complain(f"192.0.2.{10 + service}")
    place.approve(case, "charge_fine")
    for action in ("suspend_service", "notify_customer", "charge_fine"):
        place.action(case, action, "done")
    assert place.world.state.services[service].status == "Suspended"
    assert len(place.tickets_of(service)) == 1
    assert len(place.invoices_of(service)) == 1
    assert place.world.journal.violations == ()


def test_a_panel_that_refuses_is_quoted_and_an_admin_may_try_again(place: Installation) -> None:
    place.world.faults.order(Fault(kind=FaultKind.ERROR, action="ModuleSuspend", words="VPS node is on fire"))
    case = place.complain("192.0.2.17")
    failed = place.action(case, "suspend_service", "failed")
    assert "VPS node is on fire" in failed["error"]
    place.post(f"/actions/{failed['id']}/retry", {"by": "anna"})
    place.action(case, "suspend_service", "done")
    assert place.world.state.services[7].status == "Suspended"


def test_a_service_killed_again_and_again_does_everything_once(own_place: Installation) -> None:
    chance = random.Random(7)
    cases = {number: own_place.complain(f"192.0.2.{10 + number}", "connection/port_scan") for number in range(1, 12)}
    for case in cases.values():
        own_place.approve(case, "charge_fine")
    for _ in range(5):
        time.sleep(chance.uniform(0.1, 1.2))
        own_place.kill()
        own_place.start()
    own_place.until(own_place.is_settled, patience=240)
    state = own_place.world.state
    with state.lock:
        assert Counter(ticket.client for ticket in state.tickets.values()) == Counter(dict.fromkeys(cases, 1))
        assert Counter(invoice.client for invoice in state.invoices.values()) == Counter(dict.fromkeys(cases, 1))
        assert {state.services[number].status for number in cases} == {"Suspended"}
    assert own_place.world.journal.violations == ()
    assert own_place.run("audit", "verify").startswith("the chain is whole")


def test_a_panel_that_is_down_is_waited_for(place: Installation) -> None:
    for _ in range(12):
        place.world.faults.order(Fault(kind=FaultKind.HTTP_500))
    threading.Timer(3.0, place.world.faults.clear).start()
    case = place.complain("192.0.2.18")
    place.action(case, "suspend_service", "done")
    assert place.world.state.services[8].status == "Suspended"
