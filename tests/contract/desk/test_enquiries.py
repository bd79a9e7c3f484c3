"""What can be asked: lists in pages, cases and actions whole, services, holds since a cursor."""

from __future__ import annotations

import pytest

from bridge.errors import InvalidInput, NotFound
from bridge.views import Filter, Page
from tests.contract.store.bureau import Bureau
from tests.unit.decide.scenario import IP, OTHER_IP, START, a_complaint, a_finding, a_service, at, spam


def crowd(bureau: Bureau, number: int) -> None:
    """So many clients, each with one service and one case."""
    for place in range(number):
        ip = f"10.0.0.{place}"
        bureau.accept(
            a_service(str(place), "-1d", client=f"c{place}", ips=[ip]), a_complaint(name=f"k{place:03}", ip=ip)
        )


def pages(bureau: Bureau, limit: int, **wanted: str) -> list[Page]:
    found = [bureau.enquiries.cases(Filter(**wanted), limit, None)]
    while found[-1].next is not None:
        found.append(bureau.enquiries.cases(Filter(**wanted), limit, found[-1].next))
    return found


def test_pages_hold_every_case_once_newest_first(bureau: Bureau) -> None:
    crowd(bureau, 7)
    found = pages(bureau, 3)
    assert [len(page.items) for page in found] == [3, 3, 1]
    assert {page.total for page in found} == {7}
    assert [case["id"] for page in found for case in page.items] == [f"k{place:03}" for place in reversed(range(7))]


def test_a_full_last_page_has_no_cursor(bureau: Bureau) -> None:
    crowd(bureau, 4)
    assert [len(page.items) for page in pages(bureau, 2)] == [2, 2]


def test_a_case_that_comes_while_somebody_turns_pages_moves_nothing(bureau: Bureau) -> None:
    crowd(bureau, 4)
    first = bureau.enquiries.cases(Filter(), 2, None)
    bureau.accept(spam(name="new", ip="10.0.0.0"))
    second = bureau.enquiries.cases(Filter(), 2, first.next)
    assert [case["id"] for case in second.items] == ["k001", "k000"]


def test_actions_of_one_decision_are_divided_between_pages_without_loss(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint("content/phishing"))
    seen = []
    cursor = None
    while True:
        page = bureau.enquiries.actions(Filter(), 1, cursor)
        seen += [action["id"] for action in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == page.total


def test_cases_are_narrowed_by_every_filter(bureau: Bureau) -> None:
    crowd(bureau, 3)
    bureau.accept(spam(name="s", ip="10.0.0.0"), a_finding("unfounded", "0h", "k001"))
    for wanted, ids in (
        ({"status": "dismissed"}, {"k001"}),
        ({"service": "2"}, {"k002"}),
        ({"client": "c0"}, {"k000", "s"}),
        ({"case": "k002"}, {"k002"}),
        ({"category": "messaging/spam"}, {"s"}),
        ({"client": "c0", "category": "connection/ddos"}, {"k000"}),
        ({"service": "nobody's"}, set()),
        ({"client": "nobody"}, set()),
        ({"service": "\0"}, set()),
        ({"state": "proposed", "service": "2"}, {"k002"}),
        ({"state": "failed"}, set()),
    ):
        assert {case["id"] for case in bureau.cases(**wanted)} == ids, wanted


def test_actions_are_narrowed_by_every_filter(bureau: Bureau) -> None:
    crowd(bureau, 2)
    fine = bureau.action("charge_fine", service="1")["id"]
    assert bureau.action("charge_fine", state="proposed", service="1")["id"] == fine
    assert bureau.action("charge_fine", case="k001")["id"] == fine
    assert bureau.action("charge_fine", client="c1", category="connection/ddos")["id"] == fine
    assert bureau.action("charge_fine", client="c1", status="awaiting_customer")["id"] == fine
    assert bureau.actions(client="c1", category="messaging/spam") == []
    assert bureau.actions(client="\0") == []


def test_a_state_includes_what_only_the_queue_tells_apart(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    work = bureau.claimed()
    bureau.finish(work, "unclear", retry_at=START)
    assert bureau.action("suspend_service", state="executing")["waiting"]
    assert [action["action"] for action in bureau.actions(state="unclear")] == ["suspend_service"]


@pytest.mark.parametrize(("name", "value"), [("status", "open"), ("category", "spam"), ("status", "\0")])
def test_an_unknown_status_or_category_is_refused(bureau: Bureau, name: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        bureau.cases(**{name: value})
    assert refusal.value.field == name


def test_an_unknown_state_is_refused(bureau: Bureau) -> None:
    with pytest.raises(InvalidInput) as refusal:
        bureau.actions(state="doing")
    assert refusal.value.field == "state"


@pytest.mark.parametrize(
    "cursor",
    ["x", "", "W10", "WzEsMl0", "WzFd", "bnVsbA", "\N{SNOWMAN}", "WzEsIngiLDNd", "W3RydWUsIngiXQ", "A" * 5000,
     "WzFlOTksIngiXQ"],
)  # fmt: skip
def test_a_cursor_that_is_none_is_refused(bureau: Bureau, cursor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        bureau.enquiries.cases(Filter(), 10, cursor)
    assert refusal.value.field == "cursor"


def test_a_cursor_with_what_no_id_holds_is_beyond_the_last_page(bureau: Bureau) -> None:
    assert bureau.enquiries.cases(Filter(), 10, "WzEsIlx1MDAwMCJd").items == []


@pytest.mark.parametrize("name", ["nobody", "\0", "x" * 10_000, "\N{SNOWMAN}"])
def test_what_is_not_there_is_not_found(bureau: Bureau, name: str) -> None:
    for ask in (bureau.enquiries.case, bureau.enquiries.action, bureau.enquiries.service):
        with pytest.raises(NotFound):
            ask(name)


def test_a_case_shows_everything_about_it(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), spam(), spam(name="k2", when="1s", targets=["http://x/"], ip=IP))
    bureau.finish_all()
    bureau.accept(a_finding("remediated", "2s", note="done"))
    case = bureau.enquiries.case("k1")
    assert (case["status"], case["service"], case["client"]) == ("resolved", "1", "c1")
    assert (case["strike"], case["category"], case["opened_at"]) == (1, "messaging/spam", at("0h"))
    assert [complaint["id"] for complaint in case["complaints"]] == ["k1", "k2"]
    assert [(found["finding"], found["by"], found["note"]) for found in case["findings"]] == [
        ("remediated", "anna", "done")
    ]
    assert {deadline["state"] for deadline in case["deadlines"]} == {"ended"}
    assert {"suspend_service", "notify_customer"} <= {action["action"] for action in case["actions"]}


def test_a_complaint_in_a_case_is_not_mixed_up_with_an_event_of_the_programs_own(bureau: Bureau) -> None:
    """The program's own events have ids that a sender may choose as well."""
    bureau.accept(a_service(when="-1d"))
    bureau.accept(a_complaint("messaging/spam"))
    deadline = bureau.enquiries.case("k1")["deadlines"][0]["id"]
    bureau.accept(a_complaint("messaging/spam", name=f"{deadline}.due"))
    bureau.finish_all()
    bureau.wait(hours=7)
    bureau.fire_due()
    assert [complaint["id"] for complaint in bureau.enquiries.case("k1")["complaints"]] == ["k1", f"{deadline}.due"]


def test_a_service_shows_holds_bars_strikes_charges_refunds_and_addresses(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), spam())
    bureau.finish_all()
    bureau.wait(hours=7)
    bureau.fire_due()
    bureau.approve(str(bureau.action("charge_fine")["id"]))
    bureau.finish_all()
    bureau.wait(hours=20)
    bureau.fire_due()
    bureau.finish_all()
    service = bureau.enquiries.service("1")
    assert {hold["clause"] for hold in service["holds"]} >= {"3"}
    assert [(bar["clause"], bar["ip"]) for bar in service["bars"]] == [("3", IP)]
    assert [(strike["case"], strike["void"]) for strike in service["strikes"]] == [("k1", False)]
    assert [(charge["charge"], charge["status"]) for charge in service["charges"]] == [("fine", "open")]
    assert service["refund"] == {"refused": True, "clause": "8"}
    assert service["ips"] == [{"ip": IP, "from": at("-1d"), "to": None}]


# ---- holds, for the addon ----


def test_holds_are_told_from_a_cursor_on_and_each_change_moves_it(bureau: Bureau) -> None:
    assert bureau.enquiries.holds_since(None).cursor == "0"
    bureau.accept(a_service(when="-1d"), a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
    bureau.accept(a_complaint())
    bureau.finish_all()
    first = bureau.enquiries.holds_since("0")
    assert [(hold["service"], hold["bar"], hold["status"]) for hold in first.holds] == [("1", False, "placed")]
    assert bureau.enquiries.holds_since(first.cursor).holds == []
    bureau.accept(a_complaint(name="k2", ip=OTHER_IP))
    bureau.finish_all()
    second = bureau.enquiries.holds_since(first.cursor)
    assert [hold["service"] for hold in second.holds] == ["2"]
    bureau.accept(a_finding("unfounded", "0h", "k1"))
    third = bureau.enquiries.holds_since(second.cursor)
    assert [(hold["service"], hold["status"]) for hold in third.holds] == [("1", "ended")]
    assert {hold["status"] for hold in bureau.enquiries.holds_since(None).holds} == {"ended", "placed"}


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "9" * 19, "\0"])
def test_a_cursor_of_holds_that_is_none_is_refused(bureau: Bureau, cursor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        bureau.enquiries.holds_since(cursor)
    assert refusal.value.field == "since"


# ---- health ----


def test_gauges_count_what_waits_and_what_is_overdue(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    bureau.wait(hours=7)
    gauges = bureau.enquiries.gauges()
    assert gauges["tipstaff_actions"][("proposed",)] == 1
    assert gauges["tipstaff_oldest_waiting_action_seconds"][()] == 7 * 3600
    assert gauges["tipstaff_deadlines_overdue"][()] == 1
    assert gauges["tipstaff_oldest_overdue_deadline_seconds"][()] == 3600
    assert bureau.enquiries.health().ready
