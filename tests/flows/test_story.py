"""One complaint, end to end: in by HTTP, decided by klt-net, carried out in both panels, answered, released."""

from __future__ import annotations

from datetime import UTC, datetime

import requests

from bridge.showcase.complaints import SAMPLES
from tests.flows.installation import Installation


def test_a_security_complaint_suspends_writes_a_ticket_and_after_approval_an_invoice(place: Installation) -> None:
    case = place.complain("192.0.2.13")
    place.action(case, "suspend_service", "done")
    place.action(case, "notify_customer", "done")
    service = place.world.state.services[3]
    assert service.status == "Suspended"
    assert "TS-" in service.suspend_reason
    assert len(place.tickets_of(3)) == 1
    assert place.invoices_of(3) == []
    place.approve(case, "charge_fine")
    place.action(case, "charge_fine", "done")
    (invoice,) = place.invoices_of(3)
    assert (invoice.status, str(invoice.total)) == ("Unpaid", "20.00")
    assert "TS-" in invoice.notes
    assert place.world.journal.violations == ()


def test_paying_and_remedying_releases_the_service_after_approval(place: Installation) -> None:
    case = place.complain("192.0.2.11")
    place.action(case, "suspend_service", "done")
    place.approve(case, "charge_fine")
    place.action(case, "charge_fine", "done")
    (invoice,) = place.invoices_of(1)
    requests.post(f"{place.panels.whmcs.url}/sandbox/invoices/{invoice.id}/pay", json={}, timeout=10).raise_for_status()
    place.until(lambda: place.get("/services/1")["charges"][0]["status"] == "paid")
    place.post(f"/cases/{case}/findings", {"finding": "remediated", "by": "anna", "note": "reinstalled"})
    place.approve(case, "unsuspend_service")
    place.action(case, "unsuspend_service", "done")
    assert place.world.state.services[1].status == "Active"
    assert place.get(f"/cases/{case}")["status"] == "resolved"


def test_automation_may_not_unsuspend_what_is_held_and_an_admin_may(place: Installation) -> None:
    case = place.complain("192.0.2.16")
    place.action(case, "suspend_service", "done")
    commands = f"{place.panels.whmcs.url}/sandbox/services/6/unsuspend"
    requests.post(commands, json={"by": "automation"}, timeout=10)
    assert place.world.state.services[6].status == "Suspended"
    requests.post(commands, json={"by": "admin", "admin": 1}, timeout=10)
    assert place.world.state.services[6].status == "Active"
    assert [hold["noted"] for hold in place.get("/services/6")["holds"]] == [True]


def test_a_reply_to_the_ticket_ends_the_deadline(place: Installation) -> None:
    case = place.complain("192.0.2.17")
    place.action(case, "notify_customer", "done")
    (ticket,) = place.tickets_of(7)
    answer = requests.post(
        f"{place.panels.whmcs.url}/sandbox/tickets/{ticket.id}/reply",
        json={"message": "I have reinstalled"},
        timeout=10,
    )
    answer.raise_for_status()
    place.until(lambda: place.get(f"/cases/{case}")["status"] == "awaiting_staff")
    states = {item["for"]: item["state"] for item in place.get(f"/cases/{case}")["deadlines"]}
    assert states["reply"] == "ended"


def test_every_sample_complaint_is_taken_and_attributed(own_place: Installation) -> None:
    now = datetime.now(UTC)
    statuses = []
    for sample in SAMPLES:
        headers = {"Content-Type": sample.content_type}
        answer = own_place.call("POST", "/complaints", data=sample.body(now), headers=headers)
        assert answer.status_code == 202, answer.text
        statuses += [item["status"] for item in answer.json()["complaints"]]
    assert statuses == ["accepted"] * 7 + ["duplicate", "unattributed"]
    own_place.until(own_place.is_settled)
    assert own_place.world.journal.violations == ()
    assert own_place.run("audit", "verify").startswith("the chain is whole")


def test_an_unfounded_complaint_is_undone_in_both_panels(place: Installation) -> None:
    case = place.complain("192.0.2.15")
    place.action(case, "suspend_service", "done")
    place.approve(case, "charge_fine")
    place.action(case, "charge_fine", "done")
    place.post(f"/cases/{case}/findings", {"finding": "unfounded", "by": "anna"})
    for action in ("unsuspend_service", "waive_charge"):
        place.approve(case, action)
        place.action(case, action, "done")
    assert place.world.state.services[5].status == "Active"
    assert [invoice.status for invoice in place.invoices_of(5)] == ["Cancelled"]
