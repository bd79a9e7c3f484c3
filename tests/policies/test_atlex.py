"""atlex, row by row: what each clause demands of which complaint, when, and what it must not do."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.categories import CATEGORIES
from bridge.events import ActionRejected
from bridge.policy.examples import run_examples
from bridge.policy.load import find_pack
from tests.unit.decide.scenario import (
    IP,
    OTHER_IP,
    Answers,
    Story,
    a_complaint,
    a_finding,
    a_reply,
    a_reseller,
    a_service,
    an_event,
    at,
    replayed,
    seen,
    unsuspend_asked,
)

COURT = {"name": "a court", "kind": "court"}
ROWS = {
    "content/malware": ("1.5-trojan", "12h"),
    "infrastructure/compromised_server": ("1.5-trojan", "12h"),
    "messaging/spam": ("1.5-spam", "12h"),
    "messaging/bulk_messaging": ("1.5-spam", "12h"),
    "reputation/blocklist": ("1.5-sbl", "12h"),
    "messaging/spamvertised": ("1.5-spamvertised", "12h"),
    "connection/ddos": ("1.5-ddos", "2h"),
    "connection/login_attack": ("1.5-bruteforce", "2h"),
    "content/phishing": ("1.5-phishing", "12h"),
    "content/phishing_redirect": ("1.5-redirect", "12h"),
    "vulnerability/open_resolver": ("1.5-resolver", "12h"),
    "connection/port_scan": ("1.5-other", "12h"),
    "connection/intrusion": ("1.5-other", "12h"),
    "connection/arp_spoofing": ("1.5-other", "12h"),
    "messaging/open_relay": ("1.5-any", "12h"),
    "content/csam": ("1.5-any", "12h"),
    "content/fraud": ("1.5-any", "12h"),
    "usage/mining": ("1.5-any", "12h"),
    "reputation/threat_intelligence": ("1.5-any", "12h"),
    "conduct/payment_fraud": ("1.5-any", "12h"),
    "other/unclassified": ("1.5-any", "12h"),
}
BOTNET = ["infrastructure/botnet", "connection/infected_host"]
COPYRIGHT = ["copyright/copyright", "copyright/p2p", "copyright/usenet", "content/brand_infringement"]
ADVICE = ["vulnerability/cve", "vulnerability/misconfiguration", "vulnerability/open_service"]
IRREVOCABLE_IF_CULPABLE = ["1.5-phishing", "1.5-resolver", "1.5-other"]
SEVERE = ["connection/ddos", "content/phishing", "content/phishing_redirect", "vulnerability/open_resolver"]
MAIL_PORTS = [25, 465, 587]


def run(*events: dict[str, Any], approve: str = "all", until: str | None = None, **service: Any) -> Answers:
    return replayed(a_service(**service), *events, approve=approve, until=until, pack=find_pack("atlex"))


def strikes(category: str, *times: str, remedied: bool = True) -> list[dict[str, Any]]:
    """Complaints k1, k2, … of a category, each remedied a minute later where it does not matter."""
    told = []
    for number, when in enumerate(times, 1):
        told.append(a_complaint(category, when, f"k{number}", reporter=COURT))
        if remedied and number < len(times):
            told.append({**a_finding("remediated", when, f"k{number}"), "id": f"remedied {number}"})
    return told


def test_the_packs_own_examples_hold() -> None:
    assert [failure for _, _, failure in run_examples(find_pack("atlex")) if failure is not None] == []


def test_every_clause_is_there_and_the_version_is_ours() -> None:
    pack = find_pack("atlex")
    types = "trojan spam sbl spamvertised ddos bruteforce phishing redirect resolver copyright vulnerability any other"
    assert list(pack.newest.clauses) == ["1.1", "1.2", "1.3", "1.4", *(f"1.5-{name}" for name in types.split()), "2.1"]
    assert (pack.name, pack.newest.number, pack.newest.currency) == ("atlex", "2021-01-01", "RUB")


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_nothing_is_fined_and_no_first_complaint_terminates_or_forfeits(category: str) -> None:
    answers = run(a_complaint(category, severity="severe"), until="100h")
    for action in ("charge_fine", "terminate_service", "refuse_refund"):
        answers.expect_none(action=action)


# ---- 1.1, 1.3 and the times of 1.5 ----


@pytest.mark.parametrize(("category", "row", "time"), [(category, *row) for category, row in ROWS.items()])
def test_a_complaint_is_told_with_its_time_and_suspends_when_that_has_passed(
    category: str, row: str, time: str
) -> None:
    answers = run(a_complaint(category), until="20h")
    notice = answers.expect_one(action="notify_customer")
    assert (notice["at"], notice["clause"], notice["template"]) == (at("0h"), row, "complaint")
    assert notice["respond_by"] == at(time)
    assert answers.expect_one(record="deadline", for_="remedy")["due"] == at(time)
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["at"], suspension["clause"], suspension["approval"]) == (at(time), row, "auto")
    assert "irrevocable" not in suspension
    assert answers.expect_one(record="hold", at=time)["irrevocable"] is False
    assert answers.expect_one(record="case", status="opened")["strike"] == 1
    answers.expect_one(record="case", status="awaiting_customer")


@pytest.mark.parametrize(("category", "time"), [("connection/ddos", "2h"), ("messaging/spam", "12h")])
def test_where_the_customer_has_answered_an_admin_has_to_agree(category: str, time: str) -> None:
    answers = run(a_complaint(category), a_reply("1h"), until="20h", approve="none")
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["at"], suspension["approval"], suspension["state"]) == (at(time), 1, "proposed")
    answers.expect_one(record="case", status="awaiting_staff")
    agreed = run(a_complaint(category), a_reply("1h"), until="20h")
    assert agreed.expect_one(action="suspend_service")["state"] == "done"


@pytest.mark.parametrize("finding", ["remediated", "unfounded", "lawful", "authorized"])
def test_what_is_settled_in_time_is_not_suspended(finding: str) -> None:
    run(a_complaint("content/malware"), a_finding(finding, "11h"), until="40h").expect_none(action="suspend_service")


def test_a_trouble_that_goes_on_is_told_again_and_an_answer_from_before_counts_no_longer() -> None:
    answers = run(a_complaint("content/malware"), a_reply("1h"), a_finding("not_remediated", "10h"), until="30h")
    again = answers.expect_one(action="notify_customer", at="10h")
    assert (again["respond_by"], again["clause"]) == (at("22h"), "1.5-trojan")
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["at"], suspension["approval"]) == (at("22h"), "auto")


def test_a_reseller_gets_the_resellers_form() -> None:
    notice = run(a_reseller(), a_complaint()).expect_one(action="notify_customer")
    assert (notice["template"], notice["respond_by"]) == ("reseller_complaint", at("2h"))


# ---- 1.2 ----


@pytest.mark.parametrize("category", SEVERE)
def test_a_severe_complaint_blocks_the_address_before_the_notice(category: str) -> None:
    answers = run(a_complaint(category, severity="severe", ips=[IP]))
    block = answers.expect_one(action="block_network", clause="1.2")
    assert (block["scope"], block["ips"], block["approval"], block["state"]) == ("ip", [IP], "auto", "done")
    assert answers.actions()[:2] == ["block_network", "notify_customer"]
    assert answers.expect_one(record="hold", clause="1.2")["status"] == "placed"
    run(a_complaint(category)).expect_none(clause="1.2")


@pytest.mark.parametrize("category", sorted(CATEGORIES - set(SEVERE)))
def test_no_other_type_is_blocked_for_its_severity(category: str) -> None:
    run(a_complaint(category, severity="severe")).expect_none(clause="1.2")


def test_the_block_ends_with_the_remedy_and_with_a_dismissal() -> None:
    for finding in ("remediated", "unfounded"):
        answers = run(a_complaint(severity="severe"), a_finding(finding, "1h"))
        freed = answers.expect_one(action="unblock_network", at="1h")
        assert (freed["clause"], freed["scope"], freed["ips"], freed["approval"]) == ("1.2", "ip", [IP], 1)


# ---- 1.4 ----


@pytest.mark.parametrize("category", ["connection/ddos", "content/malware", "usage/mining", *COPYRIGHT[:1]])
def test_the_third_of_a_type_within_30_days_is_suspended_for_good_and_its_data_deleted(category: str) -> None:
    answers = run(*strikes(category, "0h", "240h", "720h"), approve="none")
    assert answers.expect_one(record="case", status="opened", case="k3")["strike"] == 3
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["at"], suspension["clause"], suspension["irrevocable"]) == (at("720h"), "1.4", True)
    hold = answers.expect_one(record="hold", status="placed")
    assert (hold["clause"], hold["irrevocable"], hold["case"]) == ("1.4", True, "k3")
    gone = answers.expect_one(action="terminate_service")
    assert (gone["clause"], gone["erase"], gone["approval"], gone["state"]) == ("1.4", True, 1, "proposed")


def test_where_it_is_agreed_at_once_nothing_is_suspended_first() -> None:
    answers = run(*strikes("connection/ddos", "0h", "240h", "480h"), until="500h")
    assert answers.actions(at="480h") == ["terminate_service", "notify_customer"]
    assert answers.expect_one(action="terminate_service")["state"] == "done"
    answers.expect_none(action="suspend_service")


@pytest.mark.parametrize(
    "events",
    [
        strikes("connection/ddos", "0h", "240h", "721h"),
        strikes("messaging/spam", "0h", "721h"),
        strikes("connection/ddos", "0h", "240h"),
        [*strikes("connection/ddos", "0h", "48h", remedied=False), a_complaint("connection/login_attack", "96h", "k9")],
        [*strikes("usage/mining", "0h", "48h"), a_finding("lawful", "50h"), a_complaint("usage/mining", "96h", "k9")],
        strikes("vulnerability/cve", "0h", "48h", "96h", "144h"),
    ],
    ids=["after 30 days", "spam after 30 days", "twice", "another type", "a void one", "no strikes"],
)  # fmt: skip
def test_what_is_not_the_third_of_a_type_within_30_days_is_not(events: list[dict[str, Any]]) -> None:
    run(*events).expect_none(clause="1.4")


def test_the_days_move_on_with_the_strikes() -> None:
    answers = run(*strikes("connection/ddos", "0h", "600h", "800h", "1000h"), approve="none")
    assert answers.expect_one(action="terminate_service")["case"] == "k4"


def test_different_categories_of_one_row_are_one_type() -> None:
    events = [
        a_complaint("connection/port_scan", "0h", "k1"),
        a_complaint("connection/intrusion", "48h", "k2"),
        a_complaint("connection/spoofing", "96h", "k3"),
    ]
    assert run(*events, approve="none").expect_one(action="terminate_service")["case"] == "k3"


def test_the_count_is_of_the_service_and_not_of_the_client() -> None:
    other = a_service("2", ips=[OTHER_IP])
    events = [a_complaint(), a_complaint(when="48h", name="k2", ip=OTHER_IP), a_complaint(when="96h", name="k3")]
    run(other, *events).expect_none(clause="1.4")


def test_an_incomplete_complaint_counts_from_when_it_is_complete() -> None:
    events = [
        a_complaint("content/malware", "0h", "k1", complete=False, targets=["http://a.example/x"], report_id="r1"),
        a_complaint("content/malware", "480h", "k2"),
        a_complaint("content/malware", "600h", "k1b", targets=["http://a.example/x"], report_id="r1"),
        a_complaint("content/malware", "800h", "k3"),
    ]
    assert run(*events, approve="none").expect_one(action="terminate_service")["case"] == "k3"


def test_the_second_spam_is_suspended_for_good_and_the_third_terminates() -> None:
    answers = run(*strikes("messaging/spam", "0h", "240h", "480h"), approve="none")
    suspension = answers.expect_one(action="suspend_service", at="240h")
    assert (suspension["clause"], suspension["irrevocable"]) == ("1.4", True)
    answers.expect_none(action="terminate_service", at="240h")
    gone = answers.expect_one(action="terminate_service")
    assert (gone["at"], gone["clause"], gone["erase"]) == (at("480h"), "1.4", True)


def test_spam_and_bulk_messaging_are_one_type() -> None:
    events = [a_complaint("messaging/spam"), a_complaint("messaging/bulk_messaging", "5h", "k2")]
    assert run(*events).expect_one(action="suspend_service")["clause"] == "1.4"


@pytest.mark.parametrize("category", BOTNET)
def test_a_botnet_is_suspended_for_good_at_once_with_a_notice_that_sets_no_time(category: str) -> None:
    answers = run(a_complaint(category), until="100h")
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["at"], suspension["clause"], suspension["irrevocable"]) == (at("0h"), "1.4", True)
    notice = answers.expect_one(action="notify_customer")
    assert (notice["clause"], notice["template"]) == ("1.4", "complaint")
    assert "respond_by" not in notice
    answers.expect_none(record="deadline")
    answers.expect_none(action="terminate_service")
    answers.expect_none(action="bar_unsuspension")
    assert answers.expect_one(record="hold")["irrevocable"] is True


@pytest.mark.parametrize("by", ["automation", "admin"])
def test_nobody_unsuspends_from_the_panel_what_is_suspended_for_good(by: str) -> None:
    answers = run(a_complaint(BOTNET[0]), a_finding("remediated", "1h"), unsuspend_asked("2h", by))
    verdict = answers.expect_one(record="verdict")
    assert (verdict["outcome"], verdict["clause"]) == ("refuse", "1.4")
    answers.expect_none(action="unsuspend_service")


@pytest.mark.parametrize(
    "ended", [a_finding("unfounded", "2h"), an_event("hold.lifted", "2h", case="k1", by="anna", reason="x")]
)
def test_a_dismissal_or_an_admin_in_tipstaff_ends_it(ended: dict[str, Any]) -> None:
    answers = run(a_complaint(BOTNET[0]), ended)
    hold = answers.expect_one(record="hold", status="ended")
    assert (hold["irrevocable"], hold["clause"]) == (True, "1.4")
    assert answers.expect_one(action="lift_bar")["scope"] == "service"
    answers.expect_one(action="unsuspend_service")


def test_what_is_suspended_already_is_held_for_good_and_barred_once() -> None:
    answers = run(*strikes("messaging/spam", "0h", "240h", "480h", remedied=False), approve="none")
    assert answers.expect_one(action="suspend_service")["at"] == at("12h")
    bar = answers.expect_one(action="bar_unsuspension")
    assert (bar["at"], bar["clause"], bar["scope"]) == (at("240h"), "1.4", "service")
    bars = answers.where(record="hold", status="placed", irrevocable=True)
    assert [(item["at"], item["case"]) for item in bars] == [(at("240h"), "k2"), (at("480h"), "k3")]


def test_the_bar_falls_with_the_last_hold_that_it_rests_on() -> None:
    events = strikes("messaging/spam", "0h", "240h", "480h")
    first = run(*events, a_finding("unfounded", "500h", "k2"), approve="none")
    first.expect_none(action="lift_bar")
    both = run(*events, a_finding("unfounded", "500h", "k2"), a_finding("unfounded", "501h", "k3"), approve="none")
    assert both.expect_one(action="lift_bar")["at"] == at("501h")


def test_a_rejected_termination_leaves_the_suspension_for_good() -> None:
    story = Story(a_service(), pack=find_pack("atlex"))
    for event in strikes("connection/ddos", "0h", "24h", "48h"):
        story.take(event)
    proposal = story.last.expect_one(action="terminate_service")
    assert story.answer(ActionRejected, proposal, "50h").actions() == []


@pytest.mark.parametrize(("category", "template"), [(BOTNET[0], "complaint"), ("vulnerability/cve", "advice")])
def test_a_notice_that_sets_no_time_is_repeated_without_one(category: str, template: str) -> None:
    answers = run(a_complaint(category), a_finding("not_remediated", "5h"), until="100h")
    again = answers.expect_one(action="notify_customer", at="5h")
    assert (again["template"], "respond_by" in again) == (template, False)
    answers.expect_none(record="deadline")
    answers.expect_none(record="case", status="awaiting_customer")


def test_a_trouble_that_goes_on_reopens_a_case_that_sets_no_time() -> None:
    answers = run(a_complaint(BOTNET[0]), a_finding("remediated", "4h"), a_finding("not_remediated", "5h"))
    assert answers.expect_one(record="case", at="5h")["status"] == "awaiting_staff"
    late = run(a_complaint(BOTNET[0]), a_finding("remediated", "4h"), a_finding("not_remediated", "5h"), a_reply("6h"))
    late.expect_one(record="case", at="6h", status="awaiting_staff")


# ---- 1.5-spam, 2.1 ----


@pytest.mark.parametrize("category", ["messaging/spam", "messaging/bulk_messaging"])
def test_spam_blocks_the_mail_ports_and_advises(category: str) -> None:
    answers = run(a_complaint(category))
    block = answers.expect_one(action="block_network")
    assert (block["clause"], block["scope"], block["ports"], block["approval"]) == (
        "1.5-spam", "ports", MAIL_PORTS, "auto",
    )  # fmt: skip
    assert answers.expect_one(action="notify_customer")["advice"] == ["dkim", "spf", "unsubscribe_link"]
    assert answers.actions()[:2] == ["block_network", "notify_customer"]


@pytest.mark.parametrize("category", sorted(CATEGORIES - {"messaging/spam", "messaging/bulk_messaging"}))
def test_nothing_else_blocks_the_mail_ports_or_asks_for_opt_in(category: str) -> None:
    answers = run(a_complaint(category))
    answers.expect_none(scope="ports")
    answers.expect_none(action="request_evidence")


def test_a_second_spam_incident_finds_the_ports_blocked_and_holds_them_too() -> None:
    first = strikes("messaging/spam", "0h", "30h", remedied=False)
    answers = run(*first, a_finding("remediated", "40h", "k1"))
    answers.expect_one(action="block_network")
    assert len(answers.where(record="hold", clause="1.5-spam", status="placed", at="30h")) == 1
    answers.expect_none(action="unblock_network")
    over = run(*first, a_finding("remediated", "40h", "k1"), a_finding("remediated", "41h", "k2"))
    assert over.expect_one(action="unblock_network")["at"] == at("41h")


def test_bulk_messaging_is_asked_for_the_opt_in() -> None:
    answers = run(a_complaint("messaging/bulk_messaging"), until="12h")
    request = answers.expect_one(action="request_evidence")
    assert (request["clause"], request["kind"], request["respond_by"]) == ("2.1", "double_opt_in", at("12h"))
    assert answers.expect_one(record="deadline", for_="evidence")["due"] == at("12h")
    assert answers.actions(at="12h") == ["suspend_service"]
    assert answers.expect_one(action="suspend_service")["clause"] == "1.5-spam"


def test_evidence_does_not_end_the_time_to_remedy_and_a_verified_opt_in_does() -> None:
    given = an_event("evidence.provided", "3h", case="k1", kind="double_opt_in")
    answers = run(a_complaint("messaging/bulk_messaging"), given, until="20h")
    assert answers.expect_one(action="suspend_service")["at"] == at("12h")
    verified = run(a_complaint("messaging/bulk_messaging"), given, a_finding("verified_opt_in", "4h"), until="20h")
    dismissed = verified.expect_one(record="case", status="dismissed")
    assert (dismissed["strike"], dismissed["clause"]) == (0, "2.1")
    assert verified.expect_one(action="unblock_network")["ports"] == MAIL_PORTS
    verified.expect_none(action="suspend_service")


def test_a_verified_opt_in_of_other_spam_is_noted_and_changes_nothing() -> None:
    answers = run(a_complaint("messaging/spam"), a_finding("verified_opt_in", "4h"))
    assert answers.actions(at="4h") == ["record_note"]


def test_the_opt_in_is_asked_for_again_where_the_trouble_goes_on_without_it() -> None:
    events = [a_complaint("messaging/bulk_messaging"), a_reply("1h", claims="evidence")]
    again = a_finding("not_remediated", "5h")
    answers = run(*events, again)
    assert answers.actions(at="5h") == ["notify_customer", "request_evidence"]
    assert answers.expect_one(action="request_evidence", at="5h")["respond_by"] == at("17h")
    deadlines = answers.where(record="deadline", at="5h")
    assert [(item["for"], item["due"]) for item in deadlines] == [("remedy", at("17h")), ("evidence", at("17h"))]
    assert len({item["id"] for item in answers.where(record="deadline")}) == 4
    given = an_event("evidence.provided", "2h", case="k1", kind="double_opt_in")
    assert run(*events, given, again).actions(at="5h") == ["notify_customer"]


# ---- culpable ----


@pytest.mark.parametrize(("category", "row"), [(category, row) for category, (row, _) in ROWS.items()])
def test_who_did_it_himself_is_suspended_for_good_where_the_clause_says_so(category: str, row: str) -> None:
    answers = run(a_complaint(category), a_finding("culpable", "1h"))
    if row not in IRREVOCABLE_IF_CULPABLE:
        assert answers.actions(at="1h") == ["record_note"]
        return
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["at"], suspension["clause"], suspension["irrevocable"]) == (at("1h"), row, True)
    assert answers.expect_one(record="hold", clause=row)["irrevocable"] is True


def test_a_suspension_becomes_one_for_good_once_he_is_found_culpable() -> None:
    answers = run(a_complaint("content/phishing"), a_finding("culpable", "13h"), a_finding("remediated", "20h"))
    assert answers.expect_one(action="suspend_service")["at"] == at("12h")
    bar = answers.expect_one(action="bar_unsuspension")
    assert (bar["at"], bar["clause"], bar["scope"]) == (at("13h"), "1.5-phishing", "service")
    placed = answers.where(record="hold", status="placed")
    assert [item["irrevocable"] for item in placed] == [False, True]
    answers.expect_none(action="unsuspend_service")


# ---- 1.5-redirect ----


def test_a_redirect_is_told_and_then_its_outgoing_traffic_is_blocked() -> None:
    answers = run(a_complaint("content/phishing_redirect"))
    assert answers.actions() == ["notify_customer", "block_network"]
    block = answers.expect_one(action="block_network")
    assert (block["clause"], block["scope"], block["approval"]) == ("1.5-redirect", "outbound", "auto")


def test_a_severe_redirect_blocks_both_and_both_end_with_the_remedy() -> None:
    answers = run(a_complaint("content/phishing_redirect", severity="severe"), a_finding("remediated", "1h"))
    blocks = answers.where(action="block_network")
    assert [(item["clause"], item["scope"]) for item in blocks] == [("1.2", "ip"), ("1.5-redirect", "outbound")]
    assert sorted(item["scope"] for item in answers.where(action="unblock_network")) == ["ip", "outbound"]


# ---- 1.5-copyright, 1.5-vulnerability ----


@pytest.mark.parametrize("kind", ["court", "law_enforcement", "authority"])
@pytest.mark.parametrize("category", COPYRIGHT)
def test_a_competent_authority_is_followed_within_12_hours(category: str, kind: str) -> None:
    answers = run(a_complaint(category, reporter={"name": "it", "kind": kind}), until="20h")
    assert answers.expect_one(record="case", status="opened")["strike"] == 1
    notice = answers.expect_one(action="notify_customer")
    assert (notice["clause"], notice["respond_by"]) == ("1.5-copyright", at("12h"))
    suspension = answers.expect_one(action="suspend_service")
    assert (suspension["at"], suspension["clause"]) == (at("12h"), "1.5-copyright")
    answers.expect_none(action="notify_reporter")


@pytest.mark.parametrize("kind", ["rights_holder", "individual", "cert", "provider", "automated", None])
@pytest.mark.parametrize("category", COPYRIGHT)
def test_anybody_else_is_sent_to_the_authorities_and_the_customer_only_told(category: str, kind: str | None) -> None:
    answers = run(a_complaint(category, reporter={"name": "it", "kind": kind}), until="100h")
    assert sorted(answers.actions()) == ["notify_customer", "notify_reporter"]
    told = answers.expect_one(action="notify_reporter")
    assert (told["clause"], told["template"]) == ("1.5-copyright", "other_authority")
    assert "respond_by" not in answers.expect_one(action="notify_customer")
    assert {item["strike"] for item in answers.where(record="case")} == {0}
    answers.expect_none(record="deadline")


def test_a_court_that_joins_a_claim_makes_it_a_strike_from_then_on() -> None:
    work = ["http://shop.example/film"]
    claim = a_complaint("copyright/copyright", targets=work, reporter={"name": "a studio", "kind": "rights_holder"})
    order = a_complaint("copyright/copyright", "5h", "k2", targets=work, reporter=COURT)
    answers = run(claim, order, {**order, "id": "k3", "at": at("6h")}, until="30h")
    assert [item["at"] for item in answers.where(record="duplicate")] == [at("5h"), at("6h")]
    assert answers.expect_one(record="case", status="opened", at="5h")["strike"] == 1
    assert answers.expect_one(action="notify_customer", at="5h")["respond_by"] == at("17h")
    assert answers.expect_one(action="suspend_service")["at"] == at("17h")
    assert answers.where(at="6h", record="action") == []


@pytest.mark.parametrize("category", ADVICE)
def test_a_vulnerability_is_advice_without_time_strike_or_threat(category: str) -> None:
    answers = run(a_complaint(category), until="100h")
    notice = answers.expect_one(action="notify_customer")
    assert (notice["clause"], notice["template"]) == ("1.5-vulnerability", "advice")
    assert "respond_by" not in notice
    assert answers.actions() == ["notify_customer"]
    assert {item["strike"] for item in answers.where(record="case")} == {0}
    answers.expect_none(record="deadline")
    reseller = run(a_reseller(), a_complaint(category)).expect_one(action="notify_customer")
    assert reseller["template"] == "reseller_advice"


# ---- G11 ----


@pytest.mark.parametrize("category", ["messaging/spam", "infrastructure/botnet", "vulnerability/cve", "copyright/p2p"])
def test_an_incomplete_complaint_is_asked_back_and_nothing_else(category: str) -> None:
    answers = run(a_complaint(category, complete=False, severity="severe"), until="100h")
    assert answers.actions() == ["notify_reporter"]
    assert answers.expect_one(action="notify_reporter")["template"] == "incomplete"
    assert [item["status"] for item in answers.where(record="case")] == ["opened", "awaiting_reporter"]


def test_1_5_copyright_names_the_kind_of_an_authority_in_plain_words() -> None:
    authority = {"name": "the office", "kind": "authority"}
    answers = run(a_complaint("copyright/p2p", reporter=authority))
    assert "claimed by a reporter of kind authority" in answers.expect_one(action="notify_customer")["because"]


def test_an_address_that_the_service_no_longer_has_is_not_blocked() -> None:
    moved = a_service("1", "30m", ips=[OTHER_IP])
    before = {"severity": "severe", "occurred_at": at("10m")}
    both = replayed(
        a_service(ips=[IP, OTHER_IP]),
        moved,
        a_complaint(when="1h", ips=[IP, OTHER_IP], **before),
        pack=find_pack("atlex"),
    )
    assert both.expect_one(action="block_network")["ips"] == [OTHER_IP]
    none = replayed(a_service(), moved, a_complaint(when="1h", **before), pack=find_pack("atlex"))
    none.expect_none(action="block_network")
    none.expect_one(action="notify_customer", service="1")


def test_what_billing_had_suspended_stays_suspended_though_an_approved_suspension_came_to_it() -> None:
    answers = run(
        a_complaint("content/malware"),
        seen(when="1h", status="suspended"),
        a_reply("2h"),
        a_finding("remediated", "13h"),
    )
    assert answers.expect_one(action="suspend_service", at="12h")["approval"] == 1
    answers.expect_one(record="hold", status="ended", at="13h")
    answers.expect_none(action="unsuspend_service")
