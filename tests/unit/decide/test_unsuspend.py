"""Who may unsuspend, and whose a suspension is (G6, G7, F Holds, F Panels, Last points)."""

from __future__ import annotations

from bridge.policy.load import find_pack
from tests.unit.decide.scenario import (
    IP,
    OTHER_IP,
    a_complaint,
    a_finding,
    a_service,
    an_event,
    at,
    listing_cleared,
    paid,
    replayed,
    seen,
    spam,
    unsuspend_asked,
)

HELD = [a_service(), a_complaint()]
BARRED = [a_service(), spam()]


# ---- the question ----


def test_automation_is_refused_while_any_hold_is_active() -> None:
    verdict = replayed(*HELD, unsuspend_asked("1h")).expect_one(record="verdict")
    assert (verdict["question"], verdict["outcome"], verdict["clause"]) == ("unsuspend", "refuse", "1a")
    assert (verdict["service"], verdict["client"], verdict["case"]) == ("1", "c1", "k1")


def test_automation_is_allowed_where_nothing_is_held() -> None:
    verdict = replayed(a_service(), unsuspend_asked("1h")).expect_one(record="verdict")
    assert (verdict["outcome"], verdict["clause"]) == ("allow", "G6")


def test_a_service_nobody_knows_is_allowed() -> None:
    verdict = replayed(unsuspend_asked("1h", service="99")).expect_one(record="verdict")
    assert (verdict["outcome"], verdict["service"]) == ("allow", "99")


def test_an_admin_is_allowed_where_no_bar_stands_and_the_verdict_names_the_holds_clause() -> None:
    verdict = replayed(*HELD, unsuspend_asked("1h", "admin")).expect_one(record="verdict")
    assert (verdict["outcome"], verdict["clause"]) == ("allow", "1a")


def test_an_admin_is_refused_while_a_bar_is_active() -> None:
    answers = replayed(*BARRED, unsuspend_asked("7h", "admin"))
    verdict = answers.expect_one(record="verdict")
    assert (verdict["outcome"], verdict["clause"]) == ("refuse", "3")
    answers = replayed(*BARRED, listing_cleared("7h"), unsuspend_asked("8h", "admin"))
    assert answers.expect_one(record="verdict")["outcome"] == "allow"


def test_what_an_admin_unsuspended_is_no_longer_kept_from_automation() -> None:
    answers = replayed(*HELD, unsuspend_asked("1h", "admin"), unsuspend_asked("2h"))
    assert answers.expect_one(record="verdict", at="2h")["outcome"] == "allow"


def test_noted_holds_do_not_suspend_again_and_release_nothing() -> None:
    answers = replayed(*HELD, unsuspend_asked("1h", "admin"), a_finding("remediated", "2h"), until="3h")
    assert answers.expect_one(record="hold", status="ended")["clause"] == "1a"
    answers.expect_none(action="unsuspend_service")
    answers.expect_one(action="suspend_service")


def test_a_new_reason_suspends_what_an_admin_unsuspended() -> None:
    answers = replayed(*HELD, unsuspend_asked("1h", "admin"), until="24h")
    assert [(action["at"], action["clause"]) for action in answers.where(action="suspend_service")] == [
        (at("0h"), "1a"), (at("24h"), "9"),
    ]  # fmt: skip
    release = replayed(*HELD, unsuspend_asked("1h", "admin"), paid("25h"), a_finding("remediated", "26h"))
    assert [action["at"] for action in release.where(action="unsuspend_service")] == [at("26h")]


def test_what_was_noted_does_not_spare_a_customer_who_is_asked_again() -> None:
    asked_again = [unsuspend_asked("25h", "admin"), a_finding("not_remediated", "26h")]
    answers = replayed(a_service(), spam(kind="individual"), *asked_again, until="50h")
    assert [(action["at"], action["clause"]) for action in answers.where(action="suspend_service")] == [
        (at("24h"), "8"), (at("50h"), "8"),
    ]  # fmt: skip


def test_a_noted_hold_keeps_nothing_suspended() -> None:
    answers = replayed(
        *HELD,
        unsuspend_asked("1h", "admin"),
        an_event("customer.replied", "2h", case="k1"),
        paid("25h"),
    )
    answers.expect_one(action="suspend_service", clause="9", at="24h")
    assert answers.expect_one(action="unsuspend_service")["at"] == at("25h")


# ---- blocks of the network ----

BLOCKED = [a_service(), a_complaint("messaging/spam")]
ATLEX = find_pack("atlex")


def billing(status: str, when: str) -> dict[str, object]:
    return a_service(when=when, status=status)


def test_a_block_of_the_network_refuses_automation_like_every_hold() -> None:
    verdict = replayed(*BLOCKED, unsuspend_asked("1h"), pack=ATLEX).expect_one(record="verdict")
    assert (verdict["outcome"], verdict["clause"], verdict["case"]) == ("refuse", "1.5-spam", "k1")


def test_an_admin_may_pass_over_a_block_and_automation_after_him() -> None:
    asked = [unsuspend_asked("1h", "admin"), unsuspend_asked("2h")]
    answers = replayed(*BLOCKED, *asked, a_finding("remediated", "3h"), pack=ATLEX)
    assert [item["outcome"] for item in answers.where(record="verdict")] == ["allow", "allow"]
    answers.expect_one(action="unblock_network", at="3h")
    answers.expect_none(action="unsuspend_service")


def test_what_billing_suspended_and_a_block_kept_suspended_is_released_with_the_block() -> None:
    story = [*BLOCKED, billing("suspended", "1h"), unsuspend_asked("2h"), a_finding("remediated", "3h")]
    answers = replayed(*story, pack=ATLEX)
    answers.expect_one(action="unblock_network", at="3h")
    assert answers.expect_one(action="unsuspend_service")["at"] == at("3h")
    unasked = replayed(*BLOCKED, billing("suspended", "1h"), a_finding("remediated", "3h"), pack=ATLEX)
    unasked.expect_one(action="unblock_network")
    unasked.expect_none(action="unsuspend_service")


def test_a_block_does_not_delay_the_release_from_a_suspension_of_ours() -> None:
    attack = a_complaint("connection/ddos", "1h", "k2")
    answers = replayed(*BLOCKED, attack, a_finding("remediated", "4h", "k2"), pack=ATLEX)
    answers.expect_one(action="suspend_service", at="3h")
    answers.expect_one(action="unsuspend_service", at="4h")
    answers.expect_none(action="unblock_network")


# ---- several holds ----


def test_a_second_hold_suspends_nothing_twice() -> None:
    answers = replayed(*HELD, a_complaint("connection/port_scan", "1h", "k2"))
    answers.expect_one(action="suspend_service")
    assert [hold["clause"] for hold in answers.where(record="hold", status="placed")] == ["1a", "1b"]


def test_the_service_is_released_with_its_last_hold_under_the_clause_of_that_hold() -> None:
    answers = replayed(
        *HELD,
        a_complaint("connection/port_scan", "1h", "k2"),
        paid("2h"),
        a_finding("remediated", "3h", "k2"),
        a_finding("remediated", "4h", "k1"),
    )
    release = answers.expect_one(action="unsuspend_service")
    assert (release["at"], release["clause"], release["case"]) == (at("4h"), "1a", "k1")


def test_of_holds_that_end_together_the_one_placed_last_names_the_clause() -> None:
    answers = replayed(*HELD, an_event("hold.lifted", "30h", service="1", by="anna", reason="enough"))
    placed = [hold["clause"] for hold in answers.where(record="hold", status="placed")]
    assert placed == ["1a", "9", "8"]
    assert answers.expect_one(action="unsuspend_service")["clause"] == "8"


def test_of_holds_placed_at_one_instant_the_last_still_names_the_clause() -> None:
    events = [a_service(), spam(kind="individual"), a_complaint("copyright/copyright", "1h", "k2")]
    third = a_complaint("connection/ddos", "2h", "k3")
    answers = replayed(*events, third, a_finding("unfounded", "3h", "k3"), approve="none")
    assert [hold["clause"] for hold in answers.where(record="hold", status="placed")] == ["1a", "10"]
    assert answers.expect_one(action="unsuspend_service")["clause"] == "10"


# ---- an admin lifts in Tipstaff ----


def test_lifting_by_service_ends_all_its_holds_and_bars() -> None:
    answers = replayed(*BARRED, an_event("hold.lifted", "7h", service="1", by="anna", reason="agreed"))
    assert [hold["irrevocable"] for hold in answers.where(record="hold", status="ended")] == [False, True]
    assert answers.actions(at="7h") == ["lift_bar", "unsuspend_service"]


def test_lifting_by_case_leaves_other_cases_holds() -> None:
    answers = replayed(
        *HELD,
        a_complaint("connection/port_scan", "1h", "k2"),
        an_event("hold.lifted", "2h", case="k2", by="anna", reason="agreed"),
    )
    assert answers.expect_one(record="hold", status="ended")["case"] == "k2"
    answers.expect_none(action="unsuspend_service")


def test_lifting_ends_the_hold_of_a_proposed_termination_and_the_proposal_stays() -> None:
    events = [a_service(), a_complaint("content/phishing")]
    lifted = an_event("hold.lifted", "1h", case="k1", by="anna", reason="agreed")
    again = a_complaint("content/fraud", "2h", "k2")
    answers = replayed(*events, lifted, again, approve="none")
    answers.expect_one(record="hold", status="ended", clause="4")
    answers.expect_one(action="unsuspend_service", clause="4")
    answers.expect_one(action="terminate_service")


def test_lifting_where_nothing_is_held_is_noted() -> None:
    for named in ({"service": "1"}, {"service": "99"}, {"case": "nowhere"}):
        answers = replayed(a_service(), an_event("hold.lifted", "1h", by="anna", reason="agreed", **named))
        assert answers.actions() == ["record_note"]


# ---- theirs and ours ----


def test_what_billing_suspended_is_held_too_and_never_released_by_us() -> None:
    answers = replayed(a_service(status="suspended"), a_complaint(), paid("1h"), a_finding("remediated", "2h"))
    answers.expect_none(action="suspend_service")
    answers.expect_one(record="hold", status="placed", clause="1a", at="0h")
    answers.expect_one(record="hold", status="ended", at="2h")
    answers.expect_none(action="unsuspend_service")


def test_a_refused_automation_makes_the_suspension_ours() -> None:
    answers = replayed(
        a_service(status="suspended"), a_complaint(), paid("1h"), unsuspend_asked("2h"), a_finding("remediated", "3h")
    )
    answers.expect_one(action="unsuspend_service", at="3h", clause="1a")


def test_an_admin_refused_by_a_bar_does_not_make_it_ours() -> None:
    answers = replayed(
        a_service(status="suspended"),
        spam(),
        unsuspend_asked("7h", "admin"),
        an_event("hold.lifted", "8h", service="1", by="anna", reason="agreed"),
    )
    answers.expect_none(action="unsuspend_service")


def test_seen_active_and_suspended_again_while_our_hold_stands_it_is_ours() -> None:
    answers = replayed(
        a_service(status="suspended"),
        a_complaint(),
        paid("1h"),
        seen(when="2h", status="active"),
        seen(when="3h", status="suspended"),
        a_finding("remediated", "4h"),
    )
    answers.expect_one(action="unsuspend_service", at="4h")


def test_seen_active_while_our_hold_stands_the_hold_stays() -> None:
    answers = replayed(*HELD, paid("1h"), seen(when="2h", status="active"), unsuspend_asked("3h"))
    answers.expect_none(record="hold", status="ended")
    assert answers.expect_one(record="verdict")["outcome"] == "refuse"
    after = replayed(*HELD, paid("1h"), seen(when="2h", status="active"), a_finding("remediated", "4h"))
    after.expect_one(record="hold", status="ended")
    after.expect_none(action="unsuspend_service")


def test_seen_suspended_while_ours_stands_it_stays_ours() -> None:
    answers = replayed(*HELD, paid("1h"), seen(when="2h", status="suspended"), a_finding("remediated", "3h"))
    answers.expect_one(action="unsuspend_service", at="3h")


def test_seen_suspended_without_a_hold_of_ours_it_is_theirs() -> None:
    answers = replayed(
        *HELD,
        paid("1h"),
        a_finding("remediated", "2h"),
        seen(when="3h", status="suspended"),
        a_complaint("connection/port_scan", "30h", "k2"),
        paid("31h"),
        a_finding("remediated", "32h", "k2"),
    )
    assert [action["at"] for action in answers.where(action="suspend_service")] == [at("0h")]
    assert [action["at"] for action in answers.where(action="unsuspend_service")] == [at("2h")]


def test_a_release_that_waits_for_approval_is_withdrawn_by_a_new_hold() -> None:
    answers = replayed(
        a_service(),
        a_complaint(),
        a_finding("remediated", "1h"),
        a_complaint("connection/port_scan", "30h", "k2"),
        a_finding("remediated", "31h", "k2"),
        approve="none",
    )
    assert [(release["at"], release["clause"]) for release in answers.where(action="unsuspend_service")] == [
        (at("1h"), "1a"), (at("31h"), "1b"),
    ]  # fmt: skip
    answers.expect_one(action="suspend_service")


# ---- bars by address ----


def test_a_bar_is_one_action_with_a_hold_for_each_address() -> None:
    answers = replayed(a_service(ips=[IP, OTHER_IP]), spam(ips=[IP, OTHER_IP]), until="6h")
    bar = answers.expect_one(action="bar_unsuspension")
    assert (bar["scope"], bar["ips"], bar["approval"]) == ("ip", [IP, OTHER_IP], "auto")
    bars = answers.where(record="hold", status="placed", irrevocable=True)
    assert [hold["ip"] for hold in bars] == [IP, OTHER_IP]


def test_a_cleared_listing_lifts_the_bar_of_its_address_and_not_the_hold() -> None:
    barred = [a_service(ips=[IP, OTHER_IP]), spam(ips=[IP, OTHER_IP])]
    answers = replayed(*barred, listing_cleared("7h", OTHER_IP), unsuspend_asked("8h", "admin"))
    assert answers.expect_one(record="hold", status="ended")["ip"] == OTHER_IP
    assert answers.expect_one(action="lift_bar")["ips"] == [OTHER_IP]
    assert answers.expect_one(record="verdict")["outcome"] == "refuse"
    answers.expect_none(action="unsuspend_service")


def test_a_listing_that_nobody_is_barred_for_does_nothing() -> None:
    assert replayed(a_service(), listing_cleared("1h")).all == []


def test_a_bar_of_an_address_that_moved_still_falls_with_its_listing() -> None:
    answers = replayed(
        *BARRED, a_service("2", "7h", client="c2", ips=[IP]), listing_cleared("8h"), unsuspend_asked("9h", service="2")
    )
    assert answers.expect_one(action="lift_bar")["service"] == "1"
    assert answers.expect_one(record="verdict")["outcome"] == "allow"
