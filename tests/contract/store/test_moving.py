"""A service that goes to another client, in the tables: who is asked, what the panel's own copy of the holds learns."""

from __future__ import annotations

from typing import Any

from bridge.views import HookQuestion
from tests.contract.store.bureau import Bureau
from tests.contract.store.conftest import Opening
from tests.unit.decide.scenario import a_complaint, a_finding, a_service, an_event, seen

MOVED = seen(when="2h", client="c2")


def question(bureau: Bureau, by: str = "automation") -> dict[str, Any]:
    """May service 1 be unsuspended?"""
    asked = an_event("unsuspend.requested", "3h", f"q-{by}", service="1", by=by)
    return dict(bureau.doorway.hook(f"d-{by}", lambda _: HookQuestion(event=asked), bureau.clock.now()).body)


def held_and_moved(bureau: Bureau) -> None:
    bureau.accept(a_service(), a_complaint())
    bureau.finish_all()
    bureau.wait(hours=3)
    bureau.accept(MOVED)


def test_the_hold_answers_for_the_new_client_in_every_process(open_desk: Opening) -> None:
    bureau = open_desk()
    held_and_moved(bureau)
    assert (question(bureau)["outcome"], question(bureau)["clause"]) == ("refuse", "1a")
    other = open_desk(clock=bureau.clock)
    assert question(other, "admin")["outcome"] == "allow"
    assert bureau.faults() == []


def test_the_panels_copy_of_the_holds_keeps_the_service_held(bureau: Bureau) -> None:
    bureau.accept(a_service(), a_complaint())
    bureau.finish_all()
    cursor = bureau.enquiries.holds_since(None).cursor
    bureau.wait(hours=3)
    bureau.accept(MOVED)
    changes = bureau.enquiries.holds_since(cursor).holds
    assert [(change["service"], change["clause"], change["status"]) for change in changes] == [
        ("1", "1a", "ended"), ("1", "1a", "placed"),
    ]  # fmt: skip


def test_a_finding_on_the_earlier_clients_case_is_kept_once_and_releases(bureau: Bureau) -> None:
    held_and_moved(bureau)
    bureau.accept(a_finding("unfounded", "3h"))
    release = bureau.action("unsuspend_service")
    assert (release["client"], release["state"]) == ("c2", "proposed")
    assert [finding["finding"] for finding in bureau.enquiries.case("k1")["findings"]] == ["unfounded"]
    assert bureau.action("notify_staff")["template"] == "service_moved"
