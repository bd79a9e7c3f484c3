"""What keeps the program from doing too much: limits per hour, observing, exemptions."""

from __future__ import annotations

from collections import Counter

import pytest

from bridge.config import Limits
from tests.contract.store.bureau import Bureau
from tests.contract.store.conftest import Opening
from tests.unit.decide.scenario import a_complaint, a_service, spam, unsuspend_asked

TWO_AN_HOUR = Limits(suspensions_per_hour=2, terminations_per_hour=None)


def addresses(number: int) -> list[str]:
    return [f"10.0.0.{place}" for place in range(number)]


def services(number: int, *, clients: int) -> list[dict[str, object]]:
    return [
        a_service(str(place), "-1d", client=f"c{place % clients}", ips=[ip])
        for place, ip in enumerate(addresses(number))
    ]


def states(bureau: Bureau, action: str) -> Counter[str]:
    return Counter(item["state"] for item in bureau.actions() if item["action"] == action)


def test_more_suspensions_than_the_limit_wait_for_a_person(open_desk: Opening) -> None:
    bureau = open_desk(limits=TWO_AN_HOUR)
    bureau.accept(*services(5, clients=5))
    for place, ip in enumerate(addresses(5)):
        bureau.accept(a_complaint(name=f"k{place}", ip=ip))
    assert states(bureau, "suspend_service") == {"approved": 2, "proposed": 3}
    limited = [action for action in bureau.actions(state="proposed") if action["action"] == "suspend_service"]
    assert {(action["limited"], action["approval"]) for action in limited} == {(True, 1)}
    assert bureau.faults() == []


@pytest.mark.parametrize("clients", [1, 5])
def test_one_complaint_about_many_addresses_cannot_pass_the_limit(open_desk: Opening, clients: int) -> None:
    bureau = open_desk(limits=TWO_AN_HOUR)
    bureau.accept(*services(5, clients=clients), a_complaint(ips=addresses(5)))
    assert states(bureau, "suspend_service") == {"approved": 2, "proposed": 3}


def test_the_limit_counts_one_hour_back(open_desk: Opening) -> None:
    bureau = open_desk(limits=TWO_AN_HOUR)
    bureau.accept(*services(4, clients=4), a_complaint(ips=addresses(2)))
    bureau.wait(minutes=59)
    bureau.accept(a_complaint(name="k2", ip="10.0.0.2"))
    bureau.wait(minutes=2)
    bureau.accept(a_complaint(name="k3", ip="10.0.0.3"))
    suspensions = [action for action in bureau.actions() if action["action"] == "suspend_service"]
    assert {action["service"] for action in suspensions if action["state"] == "proposed"} == {"2"}
    assert {action["service"] for action in suspensions if action["state"] == "approved"} == {"0", "1", "3"}


def test_a_limited_suspension_that_is_approved_is_carried_out(open_desk: Opening) -> None:
    bureau = open_desk(limits=Limits(suspensions_per_hour=0, terminations_per_hour=None))
    bureau.accept(a_service(when="-1d"), a_complaint())
    bureau.approve(str(bureau.action("suspend_service")["id"]))
    bureau.finish_all()
    assert len(bureau.enquiries.service("1")["holds"]) == 1


# ---- only simulated ----


def test_observing_everything_is_done_at_once_and_only_simulated(open_desk: Opening) -> None:
    bureau = open_desk(mode="observe")
    bureau.accept(a_service(when="-1d"), spam())
    assert {(action["state"], action["simulated"]) for action in bureau.actions()} == {("done", True)}
    assert bureau.claim() is None
    assert [hold["simulated"] for hold in bureau.enquiries.service("1")["holds"]] == [True]
    assert bureau.enquiries.holds_since(None).holds == []
    assert bureau.faults() == []


def test_observing_a_question_is_allowed_and_says_what_it_would_be(open_desk: Opening) -> None:
    bureau = open_desk(mode="observe")
    bureau.accept(a_service(when="-1d"), spam())
    verdict = bureau.accept(unsuspend_asked("1s")).records[0]
    assert (verdict["outcome"], verdict["would"]) == ("allow", "refuse")


def test_an_exempt_service_is_only_simulated_in_any_mode(open_desk: Opening) -> None:
    bureau = open_desk(exempt={"1": "our own name server"})
    bureau.accept(a_service(when="-1d"), a_service("2", "-1d", client="c2", ips=["192.0.2.99"]))
    bureau.accept(spam(), spam(name="k2", ip="192.0.2.99"))
    assert {action["service"]: action.get("simulated", False) for action in bureau.actions()} == {"1": True, "2": False}
    assert [hold["simulated"] for hold in bureau.enquiries.service("1")["holds"]] == [True]


def test_what_was_only_simulated_ends_when_the_mode_changes_and_strikes_stay(open_desk: Opening) -> None:
    watching = open_desk(mode="observe")
    watching.desk.settle_regime()
    watching.accept(a_service(when="-1d"), spam())
    watching.close()
    bureau = open_desk(clock=watching.clock)
    bureau.desk.settle_regime()
    service = bureau.enquiries.service("1")
    assert all(hold["ended"] for hold in service["holds"])
    assert [strike["void"] for strike in service["strikes"]] == [False]
    assert "would" not in bureau.accept(unsuspend_asked("1s")).records[0]
    assert bureau.faults() == []


def test_a_simulated_charge_or_mark_ends_even_where_no_hold_is_left(open_desk: Opening) -> None:
    watching = open_desk(mode="observe")
    watching.desk.settle_regime()
    watching.accept(a_service(when="-1d"), a_complaint("content/phishing"))
    before = watching.enquiries.service("1")
    assert [charge["simulated"] for charge in before["charges"]] == [True]
    assert before["holds"] == []
    watching.close()
    bureau = open_desk(clock=watching.clock)
    bureau.desk.settle_regime()
    assert [charge["status"] for charge in bureau.enquiries.service("1")["charges"]] == ["closed"]
    assert bureau.faults() == []


def test_a_regime_that_did_not_change_is_settled_once(open_desk: Opening) -> None:
    bureau = open_desk(mode="observe")
    bureau.desk.settle_regime()
    bureau.accept(a_service(when="-1d"), spam())
    before = bureau.counts()
    bureau.desk.settle_regime()
    assert bureau.counts() == before
