"""ipcats, row by row: what each clause demands of which event, when, and what it must not do."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.categories import CATEGORIES
from bridge.events import ActionApproved, ActionDone, ActionRejected
from bridge.policy.examples import run_examples
from bridge.policy.load import find_pack
from tests.unit.decide.scenario import (
    Answers,
    Story,
    a_complaint,
    a_finding,
    a_reseller,
    a_service,
    an_event,
    at,
    replayed,
    seen,
    spam,
    unsuspend_asked,
)

IPCATS = find_pack("ipcats")
GRAVE = ["content/fraud", "content/phishing", "conduct/system_abuse", "conduct/payment_fraud", "conduct/export_control"]
SHARED_ONLY = ["usage/proxy", "messaging/public_mail_service"]
HEAVY_USE = ["usage/mining", "usage/cluster_computing"]
HEAVY_TRAFFIC = ["usage/media_streaming", "usage/traffic_exchange", "usage/traffic_accelerator", "usage/file_sharing"]
VIRTUALIZATION = "usage/nested_virtualization"
NOT_NAMED = sorted(
    category for category in CATEGORIES if category.startswith(("reputation/", "vulnerability/", "other/"))
)
PROHIBITED = sorted(
    CATEGORIES - {*GRAVE, *SHARED_ONLY, *HEAVY_USE, *HEAVY_TRAFFIC, *NOT_NAMED, VIRTUALIZATION, "messaging/spam"}
)
OTHER = a_service("2", ips=["192.0.2.12"], product_kind="shared")


def judged(*written: dict[str, Any], until: str | None = None, approve: str = "all", **more: Any) -> Answers:
    return replayed(*written, until=until, approve=approve, pack=IPCATS, **more)


def told(*written: dict[str, Any], approve: str = "none") -> Story:
    return Story(*written, approve=approve, pack=IPCATS)


def clauses(answers: Answers, **wanted: Any) -> set[str]:
    return {answer["clause"] for answer in answers.where(**wanted)}


def test_the_packs_own_examples_hold() -> None:
    assert [failure for _, _, failure in run_examples(IPCATS) if failure is not None] == []


def test_every_row_is_a_clause_and_the_version_is_the_agreed_one() -> None:
    assert set(IPCATS.newest.clauses) == set(
        "prohibited shared-hosting virtualization heavy-use heavy-traffic mail resources verification refund-none "
        "refund-exception refund-grounds refund-early dispute changed-terms refuse-service".split()
    )
    answer = judged(a_service(), a_complaint()).expect_one(action="suspend_service")
    assert (answer["policy"], answer["version"], IPCATS.newest.currency) == ("ipcats", "2023-01-01", "CNY")


# ---- prohibited ----


@pytest.mark.parametrize("category", PROHIBITED)
def test_the_first_strike_suspends_without_a_refund_and_sets_no_deadline(category: str) -> None:
    answers = judged(a_service(), a_complaint(category), until="40d")
    assert answers.actions() == ["suspend_service", "refuse_refund", "notify_customer"]
    assert clauses(answers, record="action") == {"prohibited"}
    notice = answers.expect_one(action="notify_customer")
    assert (notice["template"], "respond_by" in notice) == ("complaint", False)
    answers.expect_none(record="deadline")
    assert [case["status"] for case in answers.where(record="case")] == ["opened"]
    assert answers.expect_one(record="case")["strike"] == 1


@pytest.mark.parametrize("category", ["connection/port_scan", "copyright/p2p", "usage/irc"])
def test_the_second_strike_of_any_kind_terminates_and_suspends_nothing_more(category: str) -> None:
    answers = judged(a_service(), a_complaint(), a_complaint(category, "30h", "k2"))
    ended = answers.expect_one(action="terminate_service")
    assert (ended["clause"], ended["case"], ended["approval"], ended["erase"]) == ("prohibited", "k2", 1, True)
    answers.expect_none(action="suspend_service", at="30h")
    answers.expect_one(action="refuse_refund")


def test_until_the_termination_is_approved_a_second_hold_stands() -> None:
    answers = judged(a_service(), a_complaint(), a_complaint("usage/irc", "30h", "k2"), approve="none")
    assert answers.expect_one(action="terminate_service")["state"] == "proposed"
    answers.expect_one(action="suspend_service")
    answers.expect_one(record="hold", status="placed", case="k2")


THREE = [
    a_service(),
    *(a_complaint("usage/irc", when, name) for when, name in (("0h", "k1"), ("30h", "k2"), ("60h", "k3"))),
]


def test_a_termination_that_a_later_strike_demands_too_outlives_the_dismissal_of_the_one_that_proposed_it() -> None:
    answers = judged(*THREE, a_finding("unfounded", "70h", "k2"), a_finding("remediated", "71h"), approve="none")
    proposed = answers.expect_one(action="terminate_service")
    assert answers.expect_one(record="hold", status="placed", case="k3")["proposal"] == proposed["id"]
    answers.expect_none(record="hold", status="ended", case="k3")
    answers.expect_none(action="unsuspend_service")
    later = a_complaint("usage/irc", "99h", "k4")
    judged(*THREE, a_finding("unfounded", "70h", "k2"), later, approve="none").expect_one(action="terminate_service")


@pytest.mark.parametrize("order", [("k2", "k3"), ("k3", "k2")])
def test_the_termination_ends_with_the_last_case_that_demands_it(order: tuple[str, str]) -> None:
    dismissed = [a_finding("unfounded", f"{70 + place}h", case) for place, case in enumerate(order)]
    answers = judged(*THREE, *dismissed, a_finding("remediated", "75h"), approve="none")
    answers.expect_one(action="unsuspend_service", at="75h")
    again = judged(*THREE, *dismissed, a_complaint("usage/irc", "99h", "k4"), approve="none")
    assert [action["case"] for action in again.where(action="terminate_service")] == ["k2", "k4"]


def test_a_strike_holds_a_service_whose_customer_gave_notice_and_its_dismissal_leaves_the_notice() -> None:
    notice = an_event("terms.declined", "1h", service="1")
    fraud = a_complaint("content/fraud", "2h")
    answers = judged(a_service(), notice, fraud, a_finding("unfounded", "3h"), approve="none")
    answers.expect_one(action="suspend_service", at="2h")
    answers.expect_one(action="unsuspend_service", at="3h")
    again = judged(
        a_service(), notice, fraud, a_finding("unfounded", "3h"), {**notice, "at": at("4h"), "id": "n2"}, approve="none"
    )
    again.expect_one(action="terminate_service")


@pytest.mark.parametrize("category", GRAVE)
def test_fraud_phishing_and_misconduct_terminate_at_the_first(category: str) -> None:
    answers = judged(a_service(), a_complaint(category))
    assert answers.actions() == ["terminate_service", "refuse_refund", "notify_customer"]
    assert clauses(answers, record="action") == {"prohibited"}
    held = judged(a_service(), a_complaint(category), approve="none")
    assert held.actions() == ["terminate_service", "suspend_service", "refuse_refund", "notify_customer"]
    assert held.expect_one(action="suspend_service")["state"] == "done"


@pytest.mark.parametrize("kind", ["law_enforcement", "court"])
@pytest.mark.parametrize("category", ["content/illegal", "content/fraud", "messaging/spam", "usage/mining"])
def test_what_police_or_courts_report_is_referred_too(category: str, kind: str) -> None:
    answers = judged(a_service(), a_complaint(category, reporter={"name": "x", "kind": kind}), approve="none")
    referral = answers.expect_one(action="refer_to_authority")
    assert (referral["clause"], referral["approval"], referral["state"]) == ("prohibited", 1, "proposed")


@pytest.mark.parametrize("kind", ["authority", "rights_holder", "individual", "provider"])
def test_what_others_report_is_not_referred(kind: str) -> None:
    answers = judged(a_service(), a_complaint("content/illegal", reporter={"name": "x", "kind": kind}))
    answers.expect_none(action="refer_to_authority")


@pytest.mark.parametrize("category", NOT_NAMED)
def test_what_no_row_names_is_no_strike_and_told_to_staff(category: str) -> None:
    answers = judged(a_service(), a_complaint(category))
    assert answers.actions() == ["notify_staff"]
    assert answers.expect_one(record="case")["strike"] == 0


def test_a_resellers_notice_takes_the_resellers_form() -> None:
    notice = judged(a_reseller(), a_service(), a_complaint()).expect_one(action="notify_customer")
    assert notice["template"] == "reseller_complaint"


def test_a_dismissal_frees_the_service_and_its_refund_and_voids_the_strike() -> None:
    answers = judged(a_service(), a_complaint(), a_finding("unfounded", "1h"), a_complaint("usage/irc", "30h", "k2"))
    assert answers.actions(at="1h") == ["unsuspend_service", "restore_refund"]
    answers.expect_none(action="terminate_service")
    assert answers.expect_one(record="case", status="opened", case="k2")["strike"] == 1


def test_a_remedy_frees_the_service_and_not_its_refund() -> None:
    answers = judged(a_service(), a_complaint(), a_finding("remediated", "1h"))
    assert answers.actions(at="1h") == ["unsuspend_service"]


# ---- products that are exempt ----


@pytest.mark.parametrize("category", SHARED_ONLY)
@pytest.mark.parametrize("kind", ["vps", "dedicated", "colocation", "other"])
def test_what_only_shared_hosting_may_not_run_is_noted_elsewhere(category: str, kind: str) -> None:
    answers = judged(a_service(product_kind=kind), a_complaint(category))
    assert answers.expect_one(record="case")["strike"] == 0
    assert answers.actions() == ["record_note"]
    assert answers.expect_one(action="record_note")["clause"] == "shared-hosting"


@pytest.mark.parametrize(
    ("category", "clause", "service"),
    [
        *((category, "shared-hosting", a_service(product_kind="shared")) for category in SHARED_ONLY),
        *((category, "heavy-use", a_service(exclusive_bandwidth=True)) for category in HEAVY_USE),
        *((category, "heavy-traffic", a_service(product_kind="dedicated")) for category in HEAVY_TRAFFIC),
        (VIRTUALIZATION, "virtualization", a_service(product_kind="dedicated", exclusive_bandwidth=True)),
    ],
)
def test_each_kind_of_forbidden_use_suspends_and_at_the_second_strike_terminates(
    category: str, clause: str, service: dict[str, Any]
) -> None:
    answers = judged(service, a_complaint(category), a_complaint(category, "30h", "k2"))
    assert answers.actions(at="0h") == ["suspend_service", "refuse_refund", "notify_customer"]
    assert answers.actions(at="30h") == ["terminate_service", "notify_customer"]
    assert clauses(answers, record="action") == {clause}


@pytest.mark.parametrize(
    ("category", "service"),
    [
        *((category, a_service(product_kind="dedicated")) for category in HEAVY_USE),
        *((category, a_service(exclusive_bandwidth=True)) for category in HEAVY_TRAFFIC),
    ],
)
def test_what_a_product_is_free_to_do_is_no_strike_and_nothing_follows(category: str, service: dict[str, Any]) -> None:
    answers = judged(service, a_complaint(category), a_complaint("connection/ddos", "1h", "k2"))
    opened = answers.expect_one(record="case", case="k1")
    assert (opened["status"], opened["strike"]) == ("opened", 0)
    assert answers.where(record="action", at="0h") == []
    assert answers.expect_one(record="case", case="k2")["strike"] == 1
    answers.expect_none(action="terminate_service")


# ---- mail ----


def test_spam_suspends_the_whole_account_once_and_for_one_case() -> None:
    answers = judged(a_service(), OTHER, a_service("9", client="c9", ips=[]), spam())
    assert answers.actions() == ["suspend_service"] * 2 + ["refuse_refund"] * 2 + ["notify_customer"]
    assert {answer["service"] for answer in answers.where(action="suspend_service")} == {"1", "2"}
    assert clauses(answers, record="action") == {"mail"}
    assert [answer["case"] for answer in answers.where(record="hold")] == ["k1", "k1"]


def test_neither_service_of_the_account_may_be_unsuspended_by_automation() -> None:
    answers = judged(a_service(), OTHER, spam(), unsuspend_asked("1h", service="2"))
    verdict = answers.expect_one(record="verdict")
    assert (verdict["outcome"], verdict["clause"]) == ("refuse", "mail")


@pytest.mark.parametrize(("finding", "restored"), [("remediated", []), ("unfounded", ["1", "2"])])
def test_the_finding_frees_the_whole_account(finding: str, restored: list[str]) -> None:
    answers = judged(a_service(), OTHER, spam(), a_finding(finding, "1h"))
    assert [answer["service"] for answer in answers.where(action="unsuspend_service")] == ["1", "2"]
    assert [answer["service"] for answer in answers.where(action="restore_refund")] == restored


def test_a_second_strike_for_spam_terminates_the_service_it_came_from() -> None:
    answers = judged(a_service(), OTHER, spam(), a_finding("remediated", "1h"), spam("30h", "k2"))
    assert answers.actions(at="30h") == ["terminate_service", "notify_customer"]
    assert answers.expect_one(action="terminate_service")["service"] == "1"


def test_a_first_strike_of_the_other_service_adds_a_hold_for_each() -> None:
    answers = judged(a_service(), OTHER, spam(), spam("30h", "k2", ip="192.0.2.12"))
    assert answers.actions(at="30h") == ["notify_customer"]
    assert [answer["service"] for answer in answers.where(record="hold", case="k2")] == ["2", "1"]


def test_a_reseller_is_asked_to_help_and_staff_is_told_when_he_does_not() -> None:
    events = [a_reseller(), a_service(), spam()]
    asked = judged(*events, until="3d").expect_one(action="request_evidence")
    assert (asked["clause"], asked["kind"], asked["respond_by"]) == ("mail", "other", at("24h"))
    assert judged(*events, until="3d").expect_one(action="notify_staff")["at"] == at("24h")
    given = an_event("evidence.provided", "2h", case="k1", kind="other")
    judged(*events, given, until="3d").expect_none(action="notify_staff")
    judged(a_service(), spam()).expect_none(action="request_evidence")


# ---- resources ----


def used(metric: str, value: float, when: str = "0h", hours: float = 6, **more: Any) -> dict[str, Any]:
    given = {"service": "1", "metric": metric, "value": value, "hours": hours, **more}
    return an_event("usage.observed", when, f"{metric}@{when}", **given)


@pytest.mark.parametrize("metric", ["cpu", "disk_io", "bandwidth"])
def test_too_much_for_six_hours_is_told_and_limited_and_a_day_later_suspended(metric: str) -> None:
    answers = judged(
        a_service(), used(metric, 0.90), used(metric, 1, "23h"), used(metric, 0.90, "24h"), used(metric, 1, "48h")
    )
    assert answers.actions() == ["notify_customer", "limit_resource", "suspend_service"]
    assert clauses(answers, record="action") == {"resources"}
    limit = answers.expect_one(action="limit_resource")
    assert (limit["metric"], limit["approval"], limit["at"], "cap" in limit) == (metric, 1, at("0h"), True)
    assert answers.expect_one(action="suspend_service")["at"] == at("24h")
    answers.expect_none(record="case")
    answers.expect_none(action="refuse_refund")


@pytest.mark.parametrize(("value", "hours"), [(0.89, 100), (1, 5.99), (0.8999, 6)])
def test_less_or_for_a_shorter_time_is_nothing(value: float, hours: float) -> None:
    assert judged(a_service(), used("cpu", value, hours=hours)).actions() == []


def test_each_metric_is_told_and_counted_for_itself() -> None:
    answers = judged(a_service(), used("cpu", 1), used("disk_io", 1, "23h"), used("disk_io", 1, "30h"))
    assert [limit["metric"] for limit in answers.where(action="limit_resource")] == ["cpu", "disk_io"]
    answers.expect_none(action="suspend_service")


def test_a_lower_reading_ends_it_and_a_short_one_does_not() -> None:
    ended = judged(a_service(), used("cpu", 1), used("cpu", 0.5, "12h"), used("cpu", 1, "30h"))
    assert ended.actions(at="30h") == ["notify_customer", "limit_resource"]
    going_on = judged(a_service(), used("cpu", 1), used("cpu", 1, "12h", hours=1), used("cpu", 1, "30h"))
    assert going_on.actions(at="30h") == ["suspend_service"]


@pytest.mark.parametrize(
    ("metric", "service", "exempt"),
    [
        ("cpu", a_service(product_kind="dedicated"), True),
        ("disk_io", a_service(product_kind="dedicated"), True),
        ("bandwidth", a_service(product_kind="dedicated"), False),
        ("cpu", a_service(exclusive_bandwidth=True), False),
        ("disk_io", a_service(exclusive_bandwidth=True), False),
        ("bandwidth", a_service(exclusive_bandwidth=True), True),
    ],
)
def test_dedicated_machines_and_exclusive_lines_are_free_in_what_is_theirs(
    metric: str, service: dict[str, Any], exempt: bool
) -> None:
    answers = judged(service, used(metric, 1), used(metric, 1, "30h"))
    expected = [] if exempt else ["notify_customer", "limit_resource", "suspend_service"]
    assert answers.actions() == expected


def test_who_is_freed_by_an_admin_and_still_uses_too_much_is_told_again_first() -> None:
    lifted = an_event("hold.lifted", "26h", service="1", by="anna", reason="promised to stop")
    answers = judged(
        a_service(), used("cpu", 1), used("cpu", 1, "24h"), used("cpu", 1, "25h"), lifted, used("cpu", 1, "27h")
    )
    assert answers.actions(at="25h") == []
    assert answers.actions(at="26h") == ["unsuspend_service"]
    assert answers.actions(at="27h") == ["notify_customer", "limit_resource"]


def test_a_reading_of_a_terminated_or_unknown_service_limits_nothing() -> None:
    assert judged(a_service(status="terminated"), used("cpu", 1)).actions() == []
    assert judged(used("cpu", 1, service="77")).actions() == ["record_note"]


def test_traffic_to_a_network_is_no_matter_of_resources() -> None:
    assert judged(a_service(), used("asn_traffic", 1, asn=64500)).actions() == []


# ---- verification ----


def ordered(when: str = "0h", order: str = "o1", **more: Any) -> dict[str, Any]:
    return an_event("order.placed", when, f"{order}@{when}", order=order, client="c1", product_kind="vps", **more)


def verified(when: str = "0h", /, **what: bool) -> dict[str, Any]:
    return an_event("client.observed", when, f"verified@{when}", client="c1", verified=what)


def refused_to_verify(when: str, order: str = "o1") -> dict[str, Any]:
    return an_event("order.verification_refused", when, order=order, client="c1")


BOTH = verified(email=True, details=True)


@pytest.mark.parametrize("what", [{}, {"email": True}, {"details": True}, {"email": True, "details": False}])
def test_an_order_waits_for_mail_address_and_details(what: dict[str, bool]) -> None:
    answers = judged(verified("0h", **what), ordered())
    verdict = answers.expect_one(record="verdict")
    assert (verdict["question"], verdict["outcome"], verdict["clause"]) == ("provision", "hold", "verification")
    held = answers.expect_one(action="hold_order")
    assert (held["order"], held["client"], held["clause"], held["approval"]) == ("o1", "c1", "verification", "auto")


@pytest.mark.parametrize("fraud", [None, "passed", "unknown"])
def test_a_verified_client_is_served_at_once(fraud: str | None) -> None:
    answers = judged(BOTH, ordered(fraud=fraud))
    assert answers.expect_one(record="verdict")["outcome"] == "allow"
    assert answers.actions() == []


@pytest.mark.parametrize("who", [{}, {"email": True, "details": True, "identity": True}])
def test_what_the_fraud_service_fails_is_refused_and_never_released(who: dict[str, bool]) -> None:
    answers = judged(verified("0h", **who), ordered(fraud="failed"), verified("1h", email=True, details=True))
    verdict = answers.expect_one(record="verdict")
    assert (verdict["outcome"], verdict["clause"]) == ("refuse", "verification")
    assert answers.actions() == []


@pytest.mark.parametrize(("region", "outcome"), [("mainland-china", "hold"), ("hong-kong", "allow"), (None, "allow")])
def test_the_identity_is_asked_for_in_the_regions_of_the_settings(region: str | None, outcome: str) -> None:
    assert judged(BOTH, ordered(region=region)).expect_one(record="verdict")["outcome"] == outcome


def test_where_the_order_names_no_region_that_of_its_service_counts() -> None:
    service = a_service(region="mainland-china", status="pending")
    assert judged(service, BOTH, ordered(service="1")).expect_one(record="verdict")["outcome"] == "hold"


def test_an_order_is_judged_by_its_client_though_its_service_is_not_known() -> None:
    answers = judged(ordered(service="77"))
    assert answers.expect_one(record="verdict")["service"] == "77"
    assert answers.expect_one(action="hold_order")["service"] == "77"


def test_the_order_goes_on_once_all_that_was_missing_has_come() -> None:
    answers = judged(
        ordered(region="mainland-china"),
        verified("1h", email=True),
        verified("2h", details=True),
        verified("3h", identity=True),
        verified("4h", identity=True),
    )
    released = answers.expect_one(action="release_order")
    assert (released["at"], released["order"], released["clause"], released["approval"]) == (
        at("3h"), "o1", "verification", 1
    )  # fmt: skip
    answers.expect_one(record="verdict")


def test_each_held_order_is_freed_for_itself() -> None:
    answers = judged(
        ordered(order="o1"), ordered("1h", "o2", region="mainland-china"), verified("2h", email=True, details=True)
    )
    assert [answer["order"] for answer in answers.where(action="release_order")] == ["o1"]


def test_an_order_asked_about_again_is_answered_again_and_held_once() -> None:
    answers = judged(ordered(), ordered("1h"))
    assert len(answers.where(record="verdict", outcome="hold")) == 2
    answers.expect_one(action="hold_order")


def test_only_asking_whether_one_may_order_holds_nothing() -> None:
    answers = judged(ordered(placed=False), verified("1h", email=True, details=True))
    assert answers.expect_one(record="verdict")["outcome"] == "hold"
    assert answers.actions() == []


def test_a_release_that_waits_is_not_proposed_twice_and_ends_with_a_refusal() -> None:
    story = told(ordered(), verified("1h", email=True, details=True))
    release = story.last.expect_one(action="release_order", state="proposed")
    assert story.take(verified("2h", identity=True)).actions() == []
    assert story.take(refused_to_verify("3h")).actions() == ["refuse_order"]
    assert release["id"] not in story.replay.states["c1"].pending


def test_a_rejected_release_is_proposed_again_when_more_is_verified() -> None:
    story = told(ordered(), verified("1h", email=True, details=True))
    story.answer(ActionRejected, story.last.expect_one(action="release_order"), "2h")
    assert story.take(verified("3h", email=True)).actions() == []
    assert story.take(verified("4h", identity=True)).actions() == ["release_order"]


def test_who_refuses_to_be_verified_loses_order_and_refund() -> None:
    answers = judged(
        a_service(status="pending"), ordered(service="1"), refused_to_verify("1h"), refused_to_verify("2h"),
        verified("3h", email=True, details=True),
    )  # fmt: skip
    assert answers.actions(at="1h") == ["refuse_order", "refuse_refund"]
    assert answers.expect_one(action="refuse_order")["order"] == "o1"
    assert answers.expect_one(action="refuse_refund")["service"] == "1"
    assert clauses(answers, at="1h") == {"verification"}
    assert answers.actions(at="2h") == answers.actions(at="3h") == []


def test_an_order_that_names_no_service_marks_none_and_one_never_told_of_is_refused_too() -> None:
    assert judged(ordered(), refused_to_verify("1h")).actions(at="1h") == ["refuse_order"]
    assert judged(refused_to_verify("1h", "o9")).actions() == ["refuse_order"]


def test_the_mark_waits_for_a_service_that_is_seen_only_later() -> None:
    answers = judged(
        ordered(service="1"), refused_to_verify("1h"), a_service(when="2h", paid_at=at("2h")), refund("3h")
    )
    assert answers.expect_one(action="refuse_refund")["service"] == "1"
    verdict = answers.expect_one(record="verdict", question="refund")
    assert (verdict["outcome"], verdict["clause"]) == ("refuse", "refund-grounds")


def test_the_order_of_a_terminated_service_is_refused_too() -> None:
    events = [a_service(status="pending"), ordered(service="1"), seen(when="1h", status="terminated")]
    assert judged(*events, refused_to_verify("2h")).actions(at="2h") == ["refuse_order"]


# ---- refuse-service ----


def test_every_order_of_a_refused_client_is_held_from_then_on() -> None:
    refusal = an_event("client.refused", "1h", client="c1", by="anna")
    answers = judged(
        BOTH, ordered(), refusal, ordered("2h", "o2"), ordered("3h", "o3", fraud="failed"),
        verified("4h", identity=True),
    )  # fmt: skip
    assert [verdict["outcome"] for verdict in answers.where(record="verdict")] == ["allow", "hold", "hold"]
    assert [answer["order"] for answer in answers.where(action="hold_order")] == ["o2", "o3"]
    assert clauses(answers, action="hold_order") == {"refuse-service"}
    answers.expect_none(action="release_order")


def test_what_was_held_before_the_refusal_is_not_released_after_it() -> None:
    refusal = an_event("client.refused", "1h", client="c1", by="anna")
    judged(ordered(), refusal, verified("2h", email=True, details=True)).expect_none(action="release_order")


# ---- refunds ----


def a_paid_service(paid_at: str = "-10d", start: str = "-10d", end: str = "20d", **more: Any) -> dict[str, Any]:
    """30 days for 100.00 yuan, ten of them gone."""
    given = {"paid_amount": "100.00", "currency": "CNY", **more}
    return a_service(paid_at=at(paid_at), period_start=at(start), period_end=at(end), **given)


def refund(when: str = "0h", **more: Any) -> dict[str, Any]:
    return an_event("refund.requested", when, f"refund@{when}", service="1", **more)


def withdrawn(when: str = "0h", **more: Any) -> dict[str, Any]:
    return refund(when, reason="product_withdrawn", **more)


def answered(answers: Answers, **wanted: Any) -> tuple[str, str]:
    verdict = answers.expect_one(record="verdict", question="refund", **wanted)
    return verdict["outcome"], verdict["clause"]


@pytest.mark.parametrize("reason", [None, "change_of_mind", "outage"])
def test_more_than_twelve_hours_after_payment_nothing_is_paid_back(reason: str | None) -> None:
    answers = judged(a_paid_service(), refund(reason=reason))
    assert answered(answers) == ("refuse", "refund-none")
    assert answers.actions() == ["notify_customer"]
    assert answers.expect_one(action="notify_customer")["template"] == "refund_refused"


@pytest.mark.parametrize(
    ("when", "clause"), [("1s", "refund-early"), ("12h", "refund-early"), ("43201s", "refund-none")]
)
def test_within_twelve_hours_of_payment_a_person_decides(when: str, clause: str) -> None:
    answers = judged(a_paid_service("0h", "0h", "30d"), refund(when))
    assert answered(answers)[1] == clause
    assert answers.actions() == (["review_refund"] if clause == "refund-early" else ["notify_customer"])


def test_where_the_panel_does_not_say_when_it_was_paid_a_person_decides() -> None:
    assert answered(judged(a_service(), refund())) == ("review", "refund-early")


def test_a_review_names_what_was_asked_and_the_balance() -> None:
    review = judged(a_paid_service("0h"), refund("1h", amount="12.50", channel="gateway")).expect_one(
        action="review_refund"
    )
    assert (review["amount"], review["to"], review["approval"]) == ("12.50", "credit", "auto")


@pytest.mark.parametrize("channel", [None, "credit", "gateway"])
@pytest.mark.parametrize("more", [{"reason": "product_withdrawn"}, {"reason": "outage", "outage_hours": 24.01}])
def test_the_exception_credits_what_is_left_rounded_down(more: dict[str, Any], channel: str | None) -> None:
    answers = judged(a_paid_service(), refund(channel=channel, **more))
    verdict = answers.expect_one(record="verdict")
    assert (verdict["outcome"], verdict["amount"], verdict["clause"]) == ("allow", "66.66", "refund-exception")
    grant = answers.expect_one(action="grant_refund")
    assert (grant["amount"], grant["currency"], grant["to"], grant["approval"]) == ("66.66", "CNY", "credit", 1)
    assert answers.actions() == ["grant_refund"]


@pytest.mark.parametrize("more", [{"reason": "outage", "outage_hours": 24}, {"reason": "outage"}, {"outage_hours": 50}])
def test_an_outage_of_a_day_or_less_is_no_exception(more: dict[str, Any]) -> None:
    assert answered(judged(a_paid_service(), refund(**more))) == ("refuse", "refund-none")


def test_the_exception_comes_before_the_first_twelve_hours() -> None:
    answers = judged(a_paid_service("0h", "0h", "30d"), withdrawn("1h"))
    assert answered(answers) == ("allow", "refund-exception")
    assert answers.expect_one(action="grant_refund")["amount"] == "99.86"


@pytest.mark.parametrize("when", ["20d", "21d"])
def test_once_the_period_is_over_nothing_is_left(when: str) -> None:
    assert answered(judged(a_paid_service(), withdrawn(when))) == ("refuse", "refund-none")


@pytest.mark.parametrize(("asked", "granted"), [("10.00", "10.00"), ("100.00", "66.66")])
def test_no_more_is_granted_than_was_asked_nor_than_is_left(asked: str, granted: str) -> None:
    answers = judged(a_paid_service(), withdrawn(amount=asked))
    assert answers.expect_one(action="grant_refund")["amount"] == granted


def test_time_that_was_paid_ahead_is_refunded_whole_and_not_more() -> None:
    answers = judged(a_paid_service("0h", "5d", "35d"), withdrawn("1h"))
    assert answers.expect_one(action="grant_refund")["amount"] == "100.00"


@pytest.mark.parametrize("missing", ["paid_amount", "period_start", "period_end"])
def test_where_it_is_not_known_what_was_paid_a_person_decides_the_exception(missing: str) -> None:
    service = {name: value for name, value in a_paid_service().items() if name != missing}
    answers = judged(service, withdrawn())
    assert answered(answers) == ("review", "refund-exception")
    assert answers.actions() == ["review_refund"]


def test_the_same_paid_time_is_not_refunded_twice_and_the_next_may_be() -> None:
    renewed = seen(when="2h", paid_at=at("2h"), paid_amount="30.00", period_start=at("2h"), period_end=at("722h"))
    answers = judged(a_paid_service(), withdrawn(), withdrawn("1h"), renewed, withdrawn("2h"))
    assert answered(answers, at="1h") == ("refuse", "refund-none")
    assert [grant["amount"] for grant in answers.where(action="grant_refund")] == ["66.66", "30.00"]
    waiting = judged(a_paid_service(), withdrawn(), withdrawn("1h"), approve="none")
    waiting.expect_one(action="grant_refund")


def test_a_grant_that_still_waits_ends_with_a_sanction() -> None:
    story = told(a_paid_service(), withdrawn())
    grant = story.last.expect_one(action="grant_refund", state="proposed")
    story.take(a_complaint(when="1h"))
    assert grant["id"] not in story.replay.states["c1"].pending


GROUNDS: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "staff was abused": ([an_event("staff.abused", "1h", client="c1")], {}),
    "suspended": ([used("cpu", 1, "1h"), used("cpu", 1, "25h")], {}),
    "marked": ([a_complaint(when="1h"), a_finding("remediated", "2h")], {}),
    "terminated": ([a_complaint("content/phishing", "1h")], {}),
    "a trial": ([], {"order_kind": "trial"}),
    "three refunds": (
        [an_event("refund.granted", f"{hour}h", service="1", client="c1") for hour in (1, 2, 3)], {}
    ),
}  # fmt: skip


@pytest.mark.parametrize("ground", GROUNDS)
def test_each_ground_refuses_even_the_exception_and_the_early_one(ground: str) -> None:
    events, asked = GROUNDS[ground]
    for service in (a_paid_service(), a_paid_service("26h")):
        answers = judged(service, *events, withdrawn("26h", **asked))
        assert answered(answers) == ("refuse", "refund-grounds")
        notice = answers.expect_one(action="notify_customer", at="26h")
        assert (notice["template"], notice["clause"]) == ("refund_refused", "refund-grounds")
        answers.expect_none(action="grant_refund")
        assert "refuse_refund" not in answers.actions(at="26h")


def test_none_of_the_grounds_is_anothers() -> None:
    others = [an_event("staff.abused", "1h", client="c2"), a_complaint(when="1h", ip="192.0.2.12")]
    answers = judged(a_paid_service(), OTHER, *others, withdrawn("2h", order_kind="normal"))
    assert answered(answers) == ("allow", "refund-exception")


def test_two_refunds_do_not_stand_against_a_third_and_our_own_grants_count_once() -> None:
    def granted(when: str) -> dict[str, Any]:
        return an_event("refund.granted", when, service="1", client="c1")

    assert answered(judged(a_paid_service(), granted("1h"), granted("2h"), withdrawn("3h"))) == (
        "allow", "refund-exception"
    )  # fmt: skip
    once = judged(a_paid_service(), withdrawn(), granted("1h"), granted("2h"), refund("3h"))
    assert answered(once, at="3h") == ("refuse", "refund-none")
    thrice = judged(a_paid_service(), withdrawn(), granted("1h"), granted("2h"), granted("3h"), refund("4h"))
    assert answered(thrice, at="4h") == ("refuse", "refund-grounds")


def test_a_refund_told_of_long_after_our_own_is_another_one() -> None:
    def granted(when: str) -> dict[str, Any]:
        return an_event("refund.granted", when, service="1", client="c1")

    answers = judged(a_paid_service(), withdrawn(), granted("25h"), granted("26h"), refund("27h"))
    assert answered(answers, at="27h") == ("refuse", "refund-grounds")


def test_staff_is_told_of_a_refund_against_a_sanction_even_right_after_one_that_we_granted() -> None:
    told = an_event("refund.granted", "2h", service="1", client="c1")
    answers = judged(a_paid_service(), withdrawn(), a_complaint(when="1h"), told)
    assert answers.expect_one(action="notify_staff", at="2h")["template"] == "refund_alarm"


def test_a_suspension_by_billing_is_no_ground() -> None:
    billed = seen(when="1h", status="suspended")
    assert answered(judged(a_paid_service(), billed, withdrawn("2h"))) == ("allow", "refund-exception")


def test_a_dismissed_sanction_is_no_ground_any_more() -> None:
    answers = judged(a_paid_service(), a_complaint(), a_finding("lawful", "1h"), withdrawn("2h"))
    assert answered(answers) == ("allow", "refund-exception")


def test_a_reseller_reads_of_his_refused_refund_in_his_own_form() -> None:
    notice = judged(a_reseller(), a_paid_service(), refund()).expect_one(action="notify_customer")
    assert notice["template"] == "reseller_refund_refused"


def test_a_refund_for_a_service_that_is_not_known_is_nobodys_to_refuse() -> None:
    assert judged(refund()).expect_one(record="verdict")["outcome"] == "allow"


def test_where_only_observing_everything_is_allowed_and_the_rest_is_said() -> None:
    answers = judged(a_paid_service(), a_complaint(), refund("1h"), mode="observe")
    verdict = answers.expect_one(record="verdict")
    assert (verdict["outcome"], verdict["would"], verdict["clause"]) == ("allow", "refuse", "refund-grounds")


# ---- dispute ----


def disputed(when: str = "1h", **more: Any) -> dict[str, Any]:
    return an_event("payment.disputed", when, client="c1", **{"contacted_support": False, **more})


def test_a_dispute_out_of_the_blue_costs_every_refund_and_the_account() -> None:
    answers = judged(a_service(), OTHER, disputed(service="2"))
    assert answers.actions() == ["refuse_refund", "refuse_refund", "terminate_client"]
    assert clauses(answers, record="action") == {"dispute"}
    assert answers.expect_one(action="terminate_client")["client"] == "c1"


def test_while_the_end_of_the_account_is_proposed_every_service_is_held() -> None:
    story = told(a_service(), OTHER, disputed())
    answers = story.last
    assert {hold["service"] for hold in answers.where(record="hold", status="placed")} == {"1", "2"}
    assert {action["service"] for action in answers.where(action="suspend_service", state="done")} == {"1", "2"}
    proposal = answers.expect_one(action="terminate_client", state="proposed")
    story.answer(ActionApproved, proposal, "2h")
    story.answer(ActionDone, proposal, "2h")
    assert story.take(a_complaint(when="3h")).actions() == []


def test_the_marks_of_a_dispute_outlive_its_rejected_proposal() -> None:
    story = told(a_paid_service(), disputed())
    story.answer(ActionRejected, story.last.expect_one(action="terminate_client"), "2h")
    assert answered(story.take(withdrawn("3h"))) == ("refuse", "refund-grounds")


def test_a_word_with_support_first_spares_all_of_it() -> None:
    answers = judged(a_service(), disputed(contacted_support=True))
    assert answers.actions() == ["notify_staff"]
    assert answers.expect_one(action="notify_staff")["clause"] == "dispute"


# ---- changed-terms ----


def declined(when: str = "1h", **named: str) -> dict[str, Any]:
    return an_event("terms.declined", when, **named)


def test_who_declines_the_terms_keeps_the_service_until_its_period_ends() -> None:
    service = a_paid_service()
    assert judged(service, declined(service="1"), until="479h").actions() == []
    answers = judged(service, declined(service="1"), until="30d")
    ended = answers.expect_one(action="terminate_service")
    assert (ended["at"], ended["clause"], ended["erase"], ended["service"]) == (at("20d"), "changed-terms", True, "1")
    assert answers.actions() == ["terminate_service"]
    assert answers.expect_one(record="deadline")["due"] == at("20d")


def test_without_a_period_or_after_it_the_service_ends_at_once() -> None:
    for service in (a_service(), a_paid_service(end="1h")):
        assert judged(service, declined(service="1")).expect_one(action="terminate_service")["at"] == at("1h")


def test_a_client_who_declines_ends_each_service_with_its_own_period() -> None:
    events = [a_paid_service(), a_service("2", ips=[], period_end=at("5d")), a_service("3", ips=[])]
    answers = judged(*events, seen("3", "30m", status="terminated"), declined(client="c1"), until="30d")
    assert [(ended["service"], ended["at"]) for ended in answers.where(action="terminate_service")] == [
        ("2", at("5d")), ("1", at("20d"))
    ]  # fmt: skip


def test_the_customers_own_notice_suspends_nothing_while_it_waits() -> None:
    answers = judged(a_paid_service(), declined(service="1"), until="30d", approve="none")
    assert answers.actions() == ["terminate_service"]
    assert answers.expect_one(action="terminate_service")["state"] == "proposed"


def test_declining_twice_ends_the_service_once() -> None:
    answers = judged(a_paid_service(), declined(service="1"), declined("2h", client="c1"), until="30d", approve="none")
    answers.expect_one(record="deadline")
    answers.expect_one(action="terminate_service")


def test_what_was_paid_for_again_meanwhile_is_not_taken_away() -> None:
    renewed = seen(when="19d", paid_at=at("19d"), period_start=at("20d"), period_end=at("50d"))
    answers = judged(a_paid_service(), declined(service="1"), renewed, until="60d")
    assert answers.expect_one(action="terminate_service")["at"] == at("50d")


def test_a_service_that_ended_otherwise_is_not_ended_again() -> None:
    gone = seen(when="2h", status="terminated")
    assert judged(a_paid_service(), declined(service="1"), gone, until="30d").actions() == []
