"""An appeal is decided by another admin, whichever way the finding comes."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.errors import NotAllowed
from tests.contract.store.bureau import Bureau, admin
from tests.unit.decide.scenario import a_complaint, a_finding, a_reply, a_service


@pytest.fixture
def appealed(bureau: Bureau) -> Bureau:
    """anna approved the fine; then the customer appealed."""
    bureau.accept(a_service(when="-1d"), a_complaint())
    bureau.approve(str(bureau.action("charge_fine")["id"]), "anna")
    bureau.wait(minutes=5)
    bureau.accept(a_reply("5m", text="It was not me.", claims="disputes", appeal=True))
    bureau.wait(minutes=5)
    return bureau


def found(by: str, **more: Any) -> dict[str, Any]:
    return {**a_finding("culpable", "6m", **{"name": f"f-{by}", **more}), "by": by}


@pytest.mark.parametrize("which", [{}, {"case": None, "service": "1"}])
def test_an_event_with_the_finding_of_whoever_approved_is_refused(appealed: Bureau, which: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        appealed.accept(found("Anna ", **which))
    with pytest.raises(NotAllowed):
        appealed.accept(found("bert", **which), source=admin("anna"))
    assert appealed.enquiries.case("k1")["findings"] == []
    appealed.accept(found("bert", **which), source=admin("bert"))
    assert [one["by"] for one in appealed.enquiries.case("k1")["findings"]] == ["bert"]
    assert appealed.faults() == []


def test_of_many_events_the_refused_finding_ends_the_batch_and_what_came_before_is_kept(appealed: Bureau) -> None:
    batch = appealed.accept_lines(found("bert"), found("anna"), found("carl"))
    assert (batch.accepted, batch.failed, batch.field, batch.forbidden) == (1, 2, "by", True)
    assert [one["by"] for one in appealed.enquiries.case("k1")["findings"]] == ["bert"]


def test_whoever_found_before_the_appeal_does_not_find_again(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint(), a_finding("remediated", "0h"))
    bureau.wait(minutes=5)
    bureau.accept(a_reply("5m", text="The fine is wrong.", claims="disputes", appeal=True))
    assert bureau.enquiries.case("k1")["status"] == "awaiting_staff"
    with pytest.raises(NotAllowed):
        bureau.accept(found("anna"))
    assert bureau.accept(found("bert")).records


def test_a_repeated_finding_is_a_duplicate_and_not_refused(bureau: Bureau) -> None:
    bureau.wait(minutes=6)
    bureau.accept(a_service(when="-1d"), a_complaint(), found("anna"))
    bureau.wait(minutes=10)
    bureau.accept(a_reply("10m", text="No.", claims="disputes", appeal=True))
    assert bureau.accept(found("anna")).duplicate
