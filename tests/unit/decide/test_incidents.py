"""Which complaints are one incident, and that it counts once (interface 1, G2, G11, F Incidents)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bridge.policy.load import find_pack
from tests.unit.decide.scenario import (
    IP,
    OTHER_IP,
    a_complaint,
    a_finding,
    a_reply,
    a_reseller,
    a_service,
    at,
    replayed,
    spam,
)

WORK = "http://shop.example/film"
OTHER_WORK = "http://shop.example/song"
BOTH = a_service(ips=[IP, OTHER_IP])


def joins(first: Mapping[str, Any], second: Mapping[str, Any], *between: Mapping[str, Any]) -> bool:
    """Whether the second complaint joins the case of the first, and does nothing but that."""
    answers = replayed(BOTH, first, *between, second)
    mine = [
        answer for answer in answers if answer.get("complaint") == second["id"] or answer.get("case") == second["id"]
    ]
    if not mine:
        raise AssertionError(answers.told())
    if mine[0]["record"] != "duplicate":
        return False
    assert [answer["record"] for answer in mine] == ["duplicate"]
    assert (mine[0]["case"], mine[0]["clause"], mine[0]["at"]) == (first["id"], "G2", second["at"])
    answers.expect_one(record="case", status="opened")
    return True


def later(when: str = "1h", category: str = "connection/ddos", **more: Any) -> dict[str, Any]:
    return a_complaint(category, when, "k2", **more)


def test_a_target_in_common_joins() -> None:
    first = a_complaint(targets=[WORK, OTHER_WORK])
    assert joins(first, later(targets=["http://else.example/", WORK], ip=OTHER_IP))


def test_different_targets_do_not_join_though_the_address_is_the_same() -> None:
    assert not joins(a_complaint(targets=[WORK]), later(targets=[OTHER_WORK]))


def test_an_address_in_common_joins_where_one_side_names_no_target() -> None:
    assert joins(a_complaint(targets=[WORK]), later())
    assert joins(a_complaint(), later(targets=[WORK]))
    assert joins(a_complaint(), later())
    assert joins(a_complaint(ips=[IP, OTHER_IP]), later(ip=OTHER_IP))


def test_different_addresses_without_targets_do_not_join() -> None:
    assert not joins(a_complaint(), later(ip=OTHER_IP))
    assert not joins(a_complaint(targets=[WORK]), later(ip=OTHER_IP))


def test_without_addresses_and_targets_service_and_category_suffice() -> None:
    assert joins(a_complaint(service="1"), later(service="1"))
    assert not joins(a_complaint(service="1"), later())
    assert not joins(a_complaint(service="1", targets=[WORK]), later(service="1"))


def test_another_category_is_another_incident() -> None:
    assert not joins(a_complaint(), later(category="connection/port_scan"))


def test_another_service_is_another_incident() -> None:
    answers = replayed(
        a_service("1", ips=[IP]),
        a_service("2", ips=[OTHER_IP]),
        a_complaint(targets=[WORK]),
        later(targets=[WORK], ip=OTHER_IP),
    )
    assert [answer["case"] for answer in answers.where(record="case", status="opened")] == ["k1", "k2"]


def test_a_target_of_any_complaint_of_the_case_suffices() -> None:
    answers = replayed(
        BOTH,
        a_complaint(targets=[WORK]),
        a_complaint(name="k2", when="1h", targets=[WORK, OTHER_WORK]),
        a_complaint(name="k3", when="2h", targets=[OTHER_WORK], ip=OTHER_IP),
    )
    assert [answer["complaint"] for answer in answers.where(record="duplicate", case="k1")] == ["k2", "k3"]


def test_the_window_is_counted_from_the_first_complaint_and_includes_its_end() -> None:
    assert joins(a_complaint(), later("24h"))
    just_after = {**later(), "at": "2024-03-02T00:00:01Z"}
    assert not joins(a_complaint(), just_after)
    answers = replayed(BOTH, a_complaint(), a_complaint(name="k2", when="20h"), a_complaint(name="k3", when="30h"))
    assert answers.where(complaint="k3") == []
    assert answers.expect_one(record="case", status="opened", case="k3")["strike"] == 2


def test_the_window_is_measured_on_at_and_not_on_the_time_of_the_abuse() -> None:
    assert not joins(a_complaint(occurred_at=at("0h")), later("25h", occurred_at=at("1h")))


def test_the_same_report_joins_at_any_time() -> None:
    reporter = {"name": "a cert", "kind": "cert"}
    first = a_complaint(report_id="R-1", reporter=reporter)
    assert joins(first, later("2000h", report_id="R-1", reporter=reporter, ip=OTHER_IP))
    assert not joins(first, later("2000h", report_id="R-2", reporter=reporter))
    assert not joins(first, later("2000h", report_id="R-1", reporter={"name": "another", "kind": "cert"}))


@pytest.mark.parametrize("finding", ["remediated", "unfounded"])
def test_the_same_report_joins_resolved_and_dismissed_cases_too(finding: str) -> None:
    reporter = {"name": "a cert", "kind": "cert"}
    first = a_complaint(report_id="R-1", reporter=reporter)
    assert joins(first, later("99h", report_id="R-1", reporter=reporter), a_finding(finding, "2h"))


def test_an_old_report_that_comes_again_does_not_hide_a_newer_incident() -> None:
    reporter = {"name": "a cert", "kind": "cert"}
    answers = replayed(
        a_service(),
        a_complaint(report_id="R-1", reporter=reporter),
        later("48h"),
        a_complaint(when="49h", name="k3", report_id="R-1", reporter=reporter),
        a_complaint(when="50h", name="k4"),
    )
    assert answers.expect_one(record="duplicate", complaint="k3")["case"] == "k1"
    assert answers.expect_one(record="duplicate", complaint="k4")["case"] == "k2"


def test_a_newer_incident_that_is_resolved_does_not_hide_an_older_one() -> None:
    answers = replayed(
        BOTH,
        a_complaint(targets=[WORK]),
        later(targets=[OTHER_WORK]),
        a_finding("remediated", "2h", "k2"),
        a_complaint(when="3h", name="k3"),
    )
    assert answers.expect_one(record="duplicate")["case"] == "k1"


def test_a_report_id_means_something_for_its_service_only() -> None:
    reporter = {"name": "a cert", "kind": "cert"}
    answers = replayed(
        a_service("1", ips=[IP]),
        a_service("2", ips=[OTHER_IP]),
        a_complaint(report_id="R-1", reporter=reporter),
        later("1h", report_id="R-1", reporter=reporter, ip=OTHER_IP),
    )
    answers.expect_none(record="duplicate")


def test_a_resolved_case_is_joined_only_by_what_happened_before_the_finding() -> None:
    found = a_finding("remediated", "2h")
    assert joins(a_complaint(), later("3h", occurred_at=at("1h")), found)
    assert not joins(a_complaint(), later("3h", occurred_at=at("2h")), found)
    assert not joins(a_complaint(), later("3h"), found)


def test_a_dismissed_case_is_joined_while_the_window_lasts() -> None:
    found = a_finding("unfounded", "2h")
    assert joins(a_complaint(), later("24h"), found)
    assert not joins(a_complaint(), later("25h"), found)


def test_a_case_reopened_by_staff_is_joined_again() -> None:
    assert joins(a_complaint(), later("4h"), a_finding("remediated", "2h"), a_finding("not_remediated", "3h"))


def test_the_case_of_a_terminated_service_is_joined_while_the_window_lasts() -> None:
    assert joins(a_complaint("content/phishing"), later("1h", "content/phishing"))


def test_what_joins_neither_fines_nor_counts_again() -> None:
    answers = replayed(BOTH, a_complaint(), later("1h"), later("30h") | {"id": "k3"}, until="31h")
    assert [answer["case"] for answer in answers.where(action="charge_fine")] == ["k1", "k3"]
    assert answers.expect_one(record="case", status="opened", case="k3")["strike"] == 2


def test_addresses_of_a_complaint_that_joined_are_fined_with_the_case() -> None:
    answers = replayed(BOTH, spam(targets=[WORK]), spam("1h", "k2", targets=[WORK], ip=OTHER_IP), until="6h")
    fine = answers.expect_one(action="charge_fine")
    assert (fine["amount"], fine["ips"]) == ("40.00", [IP, OTHER_IP])


def test_the_window_is_the_packs() -> None:
    assert find_pack("klt-net").newest.consolidate.total_seconds() == 24 * 3600


# ---- incomplete complaints ----


def test_an_incomplete_complaint_asks_the_reporter_and_does_nothing_else() -> None:
    answers = replayed(BOTH, a_complaint(complete=False), until="99h")
    assert answers.actions() == ["notify_reporter"]
    asked = answers.expect_one(action="notify_reporter")
    assert (asked["clause"], asked["case"], asked["template"]) == ("G11", "k1", "incomplete")
    assert [(answer["status"], answer["strike"]) for answer in answers.where(record="case")] == [
        ("opened", 0), ("awaiting_reporter", 0),
    ]  # fmt: skip
    answers.expect_none(record="deadline")


def test_an_incomplete_complaint_made_complete_counts_from_then_on() -> None:
    answers = replayed(BOTH, a_complaint(complete=False), later("1h"))
    told = [(answer["record"], answer.get("status"), answer.get("strike")) for answer in answers.where(at="1h")]
    assert told[0] == ("duplicate", None, None)
    assert told[1] == ("case", "opened", 1)
    assert answers.where(at="1h")[2]["action"] == "suspend_service"
    assert {answer["case"] for answer in answers if "case" in answer} == {"k1"}
    assert answers.expect_one(action="charge_fine")["clause"] == "1a"


def test_the_window_of_a_completed_incident_began_with_its_first_complaint() -> None:
    answers = replayed(BOTH, a_complaint(complete=False), later("20h"), a_complaint(when="25h", name="k3"))
    assert answers.expect_one(record="case", status="opened", case="k3")["strike"] == 2


def test_a_completed_incident_is_judged_by_the_complete_complaint() -> None:
    answers = replayed(BOTH, a_complaint("messaging/spam", complete=False), spam("1h", "k2"))
    assert answers.expect_one(action="suspend_service")["clause"] == "3"


def test_an_incomplete_complaint_joins_a_running_case_without_a_question() -> None:
    assert joins(a_complaint(), later(complete=False))


def test_a_second_incomplete_complaint_only_joins() -> None:
    assert joins(a_complaint(complete=False), later(complete=False))


def test_an_incomplete_complaint_does_not_raise_the_number_of_later_strikes() -> None:
    answers = replayed(BOTH, a_complaint(complete=False), later("1h", "connection/port_scan"))
    assert answers.expect_one(record="case", status="opened", case="k2")["strike"] == 1


def test_a_reply_to_an_incomplete_case_leaves_it_to_be_completed() -> None:
    answers = replayed(BOTH, a_complaint(complete=False), a_reply("1h"), later("2h"))
    assert answers.expect_one(record="case", status="opened", at="2h")["strike"] == 1


@pytest.mark.parametrize(
    ("pack", "category", "finding"),
    [
        ("atlex", "content/phishing", "culpable"),
        ("dptgroup", "connection/ddos", "culpable"),
        ("klt-net", "messaging/spam", "not_remediated"),
    ],
)
def test_whatever_is_found_of_an_incomplete_complaint_it_brings_no_sanction(
    pack: str, category: str, finding: str
) -> None:
    incomplete = a_complaint(category, complete=False, reporter={"name": "a list", "kind": "blocklist"})
    answers = replayed(BOTH, incomplete, a_finding(finding, "1h"), pack=find_pack(pack))
    sanctions = {"suspend_service", "charge_fine", "bar_unsuspension"}
    assert sanctions.isdisjoint(answers.actions())


def test_what_is_found_of_an_incomplete_complaint_is_noted_and_the_case_can_still_be_completed() -> None:
    incomplete = a_complaint("content/phishing", complete=False)
    answers = replayed(BOTH, incomplete, a_finding("culpable", "1h"), pack=find_pack("atlex"))
    note = answers.expect_one(action="record_note")
    assert "not complete" in note["text"]
    whole = a_complaint("content/phishing", "2h", "k2")
    completed = replayed(BOTH, incomplete, a_finding("culpable", "1h"), whole, a_finding("culpable", "3h"),
                         pack=find_pack("atlex"))  # fmt: skip
    completed.expect_one(action="suspend_service", at="3h")


def test_strikes_count_against_the_resellers_service() -> None:
    answers = replayed(
        a_reseller(), a_service("1", ips=[IP]), a_service("2", ips=[OTHER_IP]), a_complaint(), later("1h", ip=OTHER_IP)
    )
    assert [answer["strike"] for answer in answers.where(record="case", status="opened")] == [1, 1]
