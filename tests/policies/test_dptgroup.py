"""dptgroup, row by row: what each clause demands of which complaint, when, and what it must not do."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.categories import CATEGORIES
from bridge.events import DeadlineDue
from bridge.policy.examples import run_examples
from bridge.policy.load import find_pack
from bridge.policy.pack import Pack
from tests.unit.decide.scenario import (
    IP,
    OTHER_IP,
    START,
    Answers,
    Story,
    a_complaint,
    a_finding,
    a_reply,
    a_reseller,
    a_service,
    an_event,
    at,
    hours,
    replayed,
)

SECURITY = ["connection/ddos", "infrastructure/botnet", "content/phishing", "content/malware", "content/fraud"]
SPAM = ["messaging/spam", "messaging/bulk_messaging", "messaging/spamvertised", "messaging/public_mail_service"]
CHILD_ABUSE = ["content/csam", "content/csem"]
VIOLATIONS = [
    "copyright/copyright",
    "content/abusive",
    "content/illegal",
    "usage/mining",
    "conduct/export_control",
    "reputation/threat_intelligence",
    "vulnerability/cve",
    "other/unclassified",
]
ROW_OF = {
    **dict.fromkeys(VIOLATIONS, "violation"),
    **dict.fromkeys(SECURITY, "security"),
    **dict.fromkeys(SPAM, "spam"),
    "reputation/blocklist": "blacklisted",
}
LINK = "http://hidden.example/picture.jpg"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return find_pack("dptgroup")


def run(*events: dict[str, Any], approve: str = "none", until: str | None = None) -> Answers:
    return replayed(a_service(), *events, approve=approve, until=until, pack=find_pack("dptgroup"))


def test_the_packs_own_examples_hold(pack: Pack) -> None:
    assert [failure for _, _, failure in run_examples(pack) if failure is not None] == []


def test_every_clause_is_there_and_the_version_is_the_texts(pack: Pack) -> None:
    rows = "violation security blacklisted spam relay csam lawful end-users asn acceptance information"
    assert list(pack.newest.clauses) == rows.split()
    assert (pack.name, pack.newest.number, pack.newest.currency) == ("dptgroup", "2014-01-01", "USD")
    assert pack.newest.consolidate.total_seconds() == 24 * 3600


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_no_complaint_alone_fines_or_terminates(category: str) -> None:
    answers = run(a_complaint(category), until="100h")
    answers.expect_none(action="charge_fine")
    answers.expect_none(action="terminate_service")
    assert answers.expect_one(record="case", status="opened")["strike"] == 1


# ---- violation, and what is as a violation ----


@pytest.mark.parametrize(("category", "row"), ROW_OF.items())
def test_a_violation_is_told_and_investigated(category: str, row: str) -> None:
    answers = run(a_complaint(category))
    notice = answers.expect_one(action="notify_customer")
    assert (notice["clause"], notice["template"], notice["respond_by"]) == (row, "complaint", at("24h"))
    deadline = answers.expect_one(record="deadline", for_="reply")
    assert (deadline["due"], deadline["case"], deadline["clause"]) == (at("24h"), "k1", row)
    assert answers.expect_one(action="notify_staff")["clause"] == row
    assert answers.expect_one(record="case", status="awaiting_customer")["case"] == "k1"


@pytest.mark.parametrize("category", [*VIOLATIONS, *SECURITY, "reputation/blocklist"])
@pytest.mark.parametrize("approve", ["all", "none"])
def test_silence_has_no_sanction(category: str, approve: str) -> None:
    answers = run(a_complaint(category), approve=approve, until="100h")
    assert answers.where(record="action", at="24h") == []
    answers.expect_none(action="suspend_service")


@pytest.mark.parametrize(("category", "row"), ROW_OF.items())
def test_who_did_it_himself_is_suspended_where_an_admin_agrees(category: str, row: str) -> None:
    events = [a_complaint(category), a_finding("culpable", "2h")]
    suspension = run(*events).expect_one(action="suspend_service")
    assert (suspension["clause"], suspension["approval"], suspension["state"]) == (row, 1, "proposed")
    agreed = run(*events, approve="all")
    assert agreed.expect_one(action="suspend_service", at="2h")["state"] == "done"
    assert agreed.expect_one(record="hold", status="placed", clause=row, at="2h")["irrevocable"] is False


@pytest.mark.parametrize("category", sorted(CATEGORIES - set(CHILD_ABUSE)))
def test_only_security_goes_to_the_authorities_and_only_where_it_was_found_culpable(category: str) -> None:
    answers = run(a_complaint(category), a_finding("culpable", "2h"))
    security = category.startswith(("connection/", "infrastructure/")) or category in SECURITY
    referrals = answers.where(action="refer_to_authority")
    assert [(item["at"], item["clause"], item["approval"]) for item in referrals] == (
        [(at("2h"), "security", 1)] if security else []
    )


def test_an_ordinary_referral_may_be_rejected_and_the_suspension_ends_with_the_remedy() -> None:
    events = [a_complaint(), a_finding("culpable", "2h"), a_finding("remediated", "5h")]
    answers = run(*events, approve="all")
    assert answers.expect_one(record="hold", status="ended")["clause"] == "security"
    assert answers.expect_one(action="unsuspend_service", at="5h")["clause"] == "security"


# ---- blacklisted ----


def test_a_listed_address_is_blocked_where_an_admin_agrees() -> None:
    block = run(a_complaint("reputation/blocklist")).expect_one(action="block_network")
    assert (block["clause"], block["scope"], block["ips"]) == ("blacklisted", "ip", [IP])
    assert (block["approval"], block["state"]) == (1, "proposed")


def test_the_block_is_not_proposed_any_more_once_remedied() -> None:
    listing = a_complaint("reputation/blocklist")
    undone = run(listing, a_finding("remediated", "5h"), approve="all")
    assert undone.expect_one(action="unblock_network")["ips"] == [IP]
    run(listing, a_finding("remediated", "5h")).expect_none(action="unblock_network")


# ---- spam ----


@pytest.mark.parametrize("category", SPAM)
def test_records_of_consent_are_asked_for(category: str) -> None:
    answers = run(a_complaint(category))
    request = answers.expect_one(action="request_evidence")
    assert (request["clause"], request["kind"], request["respond_by"]) == ("spam", "double_opt_in", at("24h"))
    assert answers.expect_one(record="deadline", for_="evidence")["due"] == at("24h")


@pytest.mark.parametrize("approve", ["all", "none"])
def test_without_records_in_time_an_admin_is_asked_to_suspend(approve: str) -> None:
    answers = run(a_complaint("messaging/spam"), until="25h", approve=approve)
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["at"], suspension["clause"], suspension["approval"]) == (at("24h"), "spam", 1)
    assert suspension["state"] == ("done" if approve == "all" else "proposed")


@pytest.mark.parametrize(
    "answer",
    [
        an_event("evidence.provided", "3h", case="k1", kind="double_opt_in"),
        a_reply("3h", claims="evidence"),
        an_event("evidence.provided", "3h", service="1", kind="other"),
    ],
)
def test_evidence_ends_its_deadline(answer: dict[str, Any]) -> None:
    answers = run(a_complaint("messaging/spam"), answer, until="100h")
    answers.expect_none(action="suspend_service")
    answers.expect_one(record="case", status="awaiting_staff", at="3h")


@pytest.mark.parametrize(
    "answer", [an_event("evidence.provided", "30h", case="k1", kind="double_opt_in"), a_reply("30h", claims="evidence")]
)
def test_late_evidence_takes_the_proposal_back(answer: dict[str, Any]) -> None:
    story = Story(a_service(), pack=find_pack("dptgroup"))
    story.take(a_complaint("messaging/spam"))
    due = DeadlineDue(id="due", at=START + hours(24), deadline="k1.0.86400.evidence", client="c1")
    proposal = story.take(due).expect_one(action="suspend_service")
    assert proposal["state"] == "proposed"
    story.take(answer)
    assert proposal["id"] not in story.replay.states["c1"].pending


@pytest.mark.parametrize("claims", [None, "remediated", "disputes", "other"])
def test_another_reply_is_no_evidence(claims: str | None) -> None:
    more = {"claims": claims} if claims else {}
    answers = run(a_complaint("messaging/spam"), a_reply("3h", **more), until="24h")
    assert answers.expect_one(action="suspend_service")["at"] == at("24h")


@pytest.mark.parametrize("category", SPAM)
def test_verified_opt_in_dismisses(category: str) -> None:
    events = [a_complaint(category), a_finding("culpable", "1h"), a_finding("verified_opt_in", "2h")]
    answers = run(*events, approve="all", until="100h")
    dismissed = answers.expect_one(record="case", status="dismissed")
    assert (dismissed["strike"], dismissed["clause"], dismissed["at"]) == (0, "spam", at("2h"))
    answers.expect_one(action="unsuspend_service", at="2h")
    assert answers.where(record="action", at="24h") == []


@pytest.mark.parametrize("category", ["messaging/open_relay", "copyright/p2p", "reputation/blocklist"])
def test_verified_opt_in_of_anything_else_is_noted_and_changes_nothing(category: str) -> None:
    answers = run(a_complaint(category), a_finding("verified_opt_in", "2h"))
    assert [answer.get("action") for answer in answers.where(at="2h")] == ["record_note"]


# ---- relay ----


def test_an_open_relay_is_told_what_to_do_and_staff_is_not_asked() -> None:
    answers = run(a_complaint("messaging/open_relay"))
    assert answers.actions() == ["notify_customer"]
    notice = answers.expect_one(action="notify_customer")
    assert notice["remedies"] == ["close_relay", "require_authentication"]
    assert (notice["clause"], notice["respond_by"]) == ("relay", at("24h"))


def test_silence_about_an_open_relay_is_suspended_where_an_admin_agrees() -> None:
    relay = a_complaint("messaging/open_relay")
    suspension = run(relay, until="25h").expect_one(action="suspend_service")
    assert (suspension["at"], suspension["clause"], suspension["approval"]) == (at("24h"), "relay", 1)
    run(relay, a_reply("23h"), until="100h").expect_none(action="suspend_service")


def test_a_late_reply_takes_the_proposal_back() -> None:
    answers = run(a_complaint("messaging/open_relay"), a_reply("25h"), a_finding("not_remediated", "26h"), until="50h")
    assert [item["at"] for item in answers.where(action="suspend_service")] == [at("24h"), at("50h")]


# ---- csam ----


@pytest.mark.parametrize("category", CHILD_ABUSE)
def test_child_abuse_is_referred_kept_and_suspended_and_nobody_is_told(category: str) -> None:
    answers = run(a_complaint(category, targets=[LINK]), until="100h")
    referral = answers.expect_one(action="refer_to_authority")
    assert (referral["clause"], referral["approval"], referral["state"]) == ("csam", 1, "proposed")
    assert answers.expect_one(action="preserve_evidence")["state"] == "done"
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["clause"], suspension["approval"], suspension["state"]) == ("csam", "auto", "done")
    assert sorted(answers.actions()) == ["preserve_evidence", "refer_to_authority", "suspend_service"]


@pytest.mark.parametrize("category", CHILD_ABUSE)
def test_child_abuse_is_told_only_once_it_is_released(category: str) -> None:
    events = [a_complaint(category, targets=[LINK]), a_finding("not_remediated", "1h")]
    released = an_event("notification.released", "200h", case="k1", by="anna")
    answers = run(*events, released, until="300h")
    assert answers.expect_one(action="notify_customer")["at"] == at("200h")


def test_a_reseller_is_told_of_child_abuse_in_the_resellers_form_and_no_sooner() -> None:
    released = an_event("notification.released", "2h", case="k1", by="anna")
    notice = run(a_reseller(), a_complaint("content/csam"), released).expect_one(action="notify_customer")
    assert (notice["at"], notice["template"]) == (at("2h"), "reseller_complaint")


def test_what_the_customer_reads_of_a_suspension_does_not_tip_him_off() -> None:
    reason = run(a_complaint("content/csam")).expect_one(action="suspend_service")["reason"]
    assert not [word for word in ("abuse", "child", "csam", "authorit", "police", "content") if word in reason.lower()]


def test_no_link_of_child_abuse_is_in_any_record() -> None:
    answers = run(
        a_complaint("content/csam", targets=[LINK]),
        a_complaint("content/csam", "1h", "k2", targets=[LINK, "hidden.example"]),
        an_event("action.deferred", "2h", case="k1", by="anna", action="refer_to_authority", reason=f"see {LINK}"),
        a_reply("3h", text=LINK),
        an_event("notification.released", "4h", case="k1", by="anna"),
        an_event("hold.lifted", "5h", case="k1", by="anna", reason=LINK),
        a_finding("culpable", "6h", note=LINK),
        until="100h",
    )
    assert not [answer for answer in answers if "hidden" in str(answer) or "picture" in str(answer)]


def test_the_referral_is_deferred_with_a_note_that_names_it() -> None:
    deferral = an_event("action.deferred", "2h", case="k1", by="anna", action="refer_to_authority", reason="they ask")
    note = run(a_complaint("content/csam"), deferral).expect_one(action="record_note")
    assert note["text"] == "refer_to_authority was deferred by anna: they ask"


# ---- lawful, end-users ----


@pytest.mark.parametrize("category", ["content/adult", "copyright/copyright", "messaging/spam", "content/csam"])
def test_what_is_lawful_is_dismissed_and_undone(category: str) -> None:
    answers = run(a_complaint(category), a_finding("culpable", "1h"), a_finding("lawful", "2h"), approve="all")
    dismissed = answers.expect_one(record="case", status="dismissed")
    assert (dismissed["strike"], dismissed["clause"]) == (0, "G3")
    answers.expect_one(action="unsuspend_service", at="2h")


@pytest.mark.parametrize(("second", "told"), [("48h", 1), ("720h", 1), ("721h", 0)])
def test_a_second_strike_of_a_category_within_30_days_on_a_reseller_is_told_to_staff(second: str, told: int) -> None:
    first = a_complaint("copyright/p2p", "0h")
    answers = run(a_reseller(), first, a_complaint("copyright/p2p", second, "k2"))
    found = answers.where(action="notify_staff", clause="end-users")
    assert [(item["at"], item["case"]) for item in found] == [(at(second), "k2")][:told]


def test_another_category_or_service_or_a_void_strike_is_no_second_one() -> None:
    first = a_complaint("copyright/p2p")
    run(a_reseller(), first, a_complaint("copyright/usenet", "48h", "k2")).expect_none(clause="end-users")
    void = run(a_reseller(), first, a_finding("lawful", "1h"), a_complaint("copyright/p2p", "48h", "k2"))
    void.expect_none(clause="end-users")
    other = run(a_reseller(), a_service("2", ips=[OTHER_IP]), first, a_complaint("copyright/p2p", "48h", ip=OTHER_IP))
    other.expect_none(clause="end-users")
    run(first, a_complaint("copyright/p2p", "48h", "k2")).expect_none(clause="end-users")


# ---- asn ----


def traffic(value: float, when: str = "1h", asn: int | str = 64500, service: str = "1") -> dict[str, Any]:
    return an_event(
        "usage.observed", when, f"{when}.{asn}.{value}", service=service, metric="asn_traffic", value=value, hours=1,
        asn=asn,
    )  # fmt: skip


def credit(kind: str = "loss", when: str = "100h", service: str = "1", **more: Any) -> dict[str, Any]:
    return an_event("sla_credit.requested", when, service=service, kind=kind, **{"asn": 64500, **more})


@pytest.mark.parametrize("kind", ["loss", "latency"])
def test_no_credit_for_a_network_with_over_a_tenth_of_the_committed_rate(kind: str) -> None:
    answers = run(traffic(0.11), traffic(0.01, "50h"), credit(kind))
    verdict = answers.expect_one(record="verdict")
    assert (verdict["question"], verdict["outcome"], verdict["clause"]) == ("sla_credit", "refuse", "asn")
    refusal = answers.expect_one(action="refuse_sla_credit")
    assert (refusal["asn"], refusal["clause"], refusal["approval"]) == (64500, "asn", "auto")


@pytest.mark.parametrize(
    ("observed", "asked"),
    [
        ([traffic(0.10)], credit()),
        ([], credit()),
        ([traffic(0.5)], credit("downtime")),
        ([traffic(0.5, asn=64501)], credit()),
        ([traffic(0.5)], credit(asn=None)),
        ([traffic(0.5)], credit(when="744h")),
        ([traffic(0.5), traffic(0.01, "744h")], credit(when="745h")),
    ],
    ids=["a tenth", "nothing", "downtime", "another network", "no network", "another month", "less in this month"],
)
def test_any_other_credit_is_for_a_person_to_judge(observed: list[dict[str, Any]], asked: dict[str, Any]) -> None:
    answers = run(*observed, asked)
    verdict = answers.expect_one(record="verdict")
    assert (verdict["outcome"], verdict["clause"]) == ("review", "asn")
    assert answers.actions() == []


def test_the_traffic_of_another_service_is_not_counted_and_the_month_is_utc() -> None:
    other = run(a_service("2", ips=[OTHER_IP]), traffic(0.5, service="2"), credit())
    assert other.expect_one(record="verdict")["outcome"] == "review"
    late = run(traffic(0.5, asn="AS64500"), credit(when="743h", asn="as64500"))
    assert late.expect_one(record="verdict")["outcome"] == "refuse"


# ---- acceptance ----


def test_whoever_declines_the_terms_is_let_go_where_an_admin_agrees() -> None:
    answers = run(a_service("2", ips=[OTHER_IP]), an_event("terms.declined", "1h", client="c1"))
    gone = answers.where(action="terminate_service")
    assert [(item["service"], item["clause"], item["erase"], item["approval"], item["state"]) for item in gone] == [
        ("1", "acceptance", False, 1, "proposed"),
        ("2", "acceptance", False, 1, "proposed"),
    ]
    assert answers.actions() == ["terminate_service"] * 2
    answers.expect_none(record="hold")


def test_a_service_that_is_named_is_closed_alone() -> None:
    answers = run(a_service("2", ips=[OTHER_IP]), an_event("terms.declined", "1h", service="2"), approve="all")
    assert answers.expect_one(action="terminate_service")["service"] == "2"


# ---- information ----


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_an_incomplete_complaint_is_asked_back_and_nothing_else(category: str) -> None:
    answers = run(a_complaint(category, complete=False), until="100h")
    assert answers.actions() == ["notify_reporter"]
    asked = answers.expect_one(action="notify_reporter")
    assert (asked["template"], asked["clause"]) == ("incomplete", "G11")
    assert [item["status"] for item in answers.where(record="case")] == ["opened", "awaiting_reporter"]
    assert {item["strike"] for item in answers.where(record="case")} == {0}


def test_once_complete_it_counts_from_then_on() -> None:
    answers = run(a_complaint(complete=False), a_complaint(when="5h", name="k2"))
    kinds = [(item["record"], item.get("status") or item.get("action")) for item in answers.where(at="5h")]
    assert kinds[:3] == [("duplicate", None), ("case", "opened"), ("action", "notify_customer")]
    assert answers.expect_one(record="case", status="opened", at="5h")["strike"] == 1


def test_the_story_of_a_rejected_suspension_leaves_the_case_open() -> None:
    story = Story(a_service(), pack=find_pack("dptgroup"))
    story.take(a_complaint("content/abusive"))
    proposed = story.take(a_finding("culpable", "1h")).expect_one(action="suspend_service")
    assert proposed["state"] == "proposed"
    assert story.take(a_finding("remediated", "2h")).where(record="case")[0]["status"] == "resolved"
