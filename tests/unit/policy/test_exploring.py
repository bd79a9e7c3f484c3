"""Exploring a pack finds what is planted in it, with a shortest way there, and nothing where nothing is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bridge.events import parse_event
from bridge.policy.exploring.explore import explore
from bridge.policy.fault import Fault
from bridge.policy.load import load_pack
from bridge.policy.pack import Pack
from bridge.replay import Replay
from bridge.rules import Rules
from tests.unit.policy.tiny import NOTICE, a_pack, clause, line_of


def answers_to(pack: Pack, fault: Fault) -> list[dict[str, Any]]:
    """What replay makes of the events of a fault."""
    events = [parse_event(dict(event)) for event in fault.events]
    return list(Replay(Rules(pack, at_once=fault.approve == "all")).run(events, None))


def told(faults: Sequence[Fault]) -> list[tuple[str, str]]:
    return [(fault.kind, fault.clause) for fault in faults]


def the_one(pack: Pack) -> Fault:
    (fault,) = explore(pack)
    return fault


TOLD = clause("0", "on: strike\n  then: [{notify_customer: {template: complaint}}]")
"""Enough where deadlines do not matter, and quicker to explore than NOTICE."""


def a_question(conditions: str, *, about: str = "refund") -> str:
    return f"on: {{question: {about}}}\n  when: {{{conditions}}}\n  verdict: refuse"


SANE = (
    a_question("refund_reason: product_withdrawn, order_kind: trial"),
    a_question("outage_longer_than: 72h"),
    a_question("paid_longer_ago_than: 24h"),
    a_question("remaining_time: some"),
    a_question("staff_abused: true"),
    a_question("fraud: unknown", about="provision"),
    a_question("verified: email", about="provision"),
    a_question("sla_kind: latency", about="sla_credit"),
    a_question("asn_traffic: {over: 0.10}, sla_kind: loss", about="sla_credit"),
    a_question("refunds_granted: 5+"),
    "on: [terms_declined, expired, payment_disputed, incident_declared]\n  then: [{notify_staff: {template: review}}]",
    "on: [released, verification_refused]\n  then: [{notify_staff: {template: review}}]",
    "on: incident_declared\n  when: {suspended_by_incident: true}\n  then: [unsuspend_service]",
    "on: any_complaint\n  when: {reported_by: court, reporter: individual}\n  then: [preserve_evidence]",
    "on: {no_reply: 24h}\n  when: {severity: severe, client_kind: reseller, strike: 2+}\n  then: [refuse_refund]",
)


@pytest.fixture(scope="module")
def oddities(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What is found, by clause, in one pack of all that is sane."""
    clauses = [clause(str(number), rule) for number, rule in enumerate(SANE, 1)]
    return {
        fault.clause: fault.sentence for fault in explore(a_pack(tmp_path_factory.mktemp("sane"), NOTICE, *clauses))
    }


@pytest.mark.parametrize("number", range(len(SANE) + 1))
def test_what_no_example_shows_is_tried_where_a_rule_asks_for_it(number: int, oddities: Mapping[str, str]) -> None:
    assert str(number) not in oddities


ENDING = "on: {finding: culpable}\n  then: [{terminate_service: {erase: true}}]"
GONE = (
    a_question("terminated_by_policy: true", about="provision"),
    "on: released\n  when: {terminated_by_policy: true}\n  then: [preserve_evidence]",
    "on: verification_refused\n  when: {terminated_by_policy: true}\n  then: [refuse_order]",
)


def test_what_may_still_happen_after_a_termination_is_tried(tmp_path: Path) -> None:
    clauses = [clause(str(number), rule) for number, rule in enumerate(GONE, 2)]
    assert list(explore(a_pack(tmp_path, TOLD, clause("1", ENDING), *clauses))) == []


def test_an_order_is_freed_where_what_it_lacked_comes(tmp_path: Path) -> None:
    held = "on: {question: provision}\n  unless: {verified: email}\n  verdict: hold\n  then: [hold_order]"
    freed = "on: order_cleared\n  then: [release_order]"
    assert list(explore(a_pack(tmp_path, TOLD, clause("1", held, freed)))) == []


def test_what_only_a_rejected_termination_leaves_room_for_is_told_so(tmp_path: Path) -> None:
    ends = (
        "on: {finding: culpable}\n  then: [{terminate_service: {erase: true}}, {charge_fine: {amount: 1.00, due: 24h}}]"
    )
    late = "on: {unpaid: fine}\n  then: [suspend_service]"
    fault = the_one(a_pack(tmp_path, TOLD, clause("1", ends), clause("2", late)))
    assert (fault.kind, fault.clause) == ("never_applies", "2")
    assert "unless an admin does not agree" in fault.sentence


def test_a_rule_on_what_is_done_no_more_to_a_terminated_service_never_applies(tmp_path: Path) -> None:
    rule = "on: released\n  when: {terminated_by_policy: true}\n  then: [{notify_staff: {template: review}}]"
    fault = the_one(a_pack(tmp_path, TOLD, clause("1", ENDING), clause("2", rule)))
    assert (fault.kind, fault.clause) == ("never_applies", "2")
    assert "the service is gone" in fault.sentence


def limited(pack: Pack) -> Pack:
    """The pack with a limit for the use of cpu."""
    file = Path(pack.file).with_suffix(".limited.yaml")
    settings = "    settings: {usage_limits: {cpu: {share: 0.9, hours: 6}}}\n    groups:"
    file.write_text(Path(pack.file).read_text().replace("    groups:", settings))
    return load_pack(file)


def test_use_over_a_limit_for_a_day_is_tried_though_no_rule_is_on_its_first_reading(tmp_path: Path) -> None:
    rule = "on: {over_limit: cpu}\n  when: {over_limit_since: 24h}\n  then: [{limit_resource: {cap: 0.5}}]"
    assert list(explore(limited(a_pack(tmp_path, TOLD, clause("1", rule))))) == []


def test_a_suspension_for_the_use_of_a_resource_is_not_heard(tmp_path: Path) -> None:
    pack = limited(a_pack(tmp_path, TOLD, clause("1", "on: {over_limit: cpu}\n  then: [suspend_service]")))
    (fault,) = [fault for fault in explore(pack) if fault.kind == "not_heard"]
    assert any(answer.get("status") == "placed" for answer in answers_to(pack, fault))


# ---- a clause that can never apply ----


def test_a_deadline_that_no_notice_sets_is_never_passed(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, NOTICE, clause("1", "on: {no_reply: 7h}\n  then: [suspend_service]"))
    fault = the_one(pack)
    assert (fault.kind, fault.clause, fault.sentence) == (
        "never_applies", "1", "This rule can never apply: no notice sets a deadline for reply of 7h, only of 24h.",
    )  # fmt: skip


def test_a_deadline_that_only_other_groups_have_is_never_passed(tmp_path: Path) -> None:
    asked = "on: strike\n  when: {group: %s}\n  then: [{notify_customer: {template: complaint, remedy_within: %s}}]"
    late = "on: {no_remedy: 12h}\n  then: [suspend_service]"
    wrong = "on: {no_remedy: 12h}\n  when: {group: attacks}\n  then: [refuse_refund]"
    pack = a_pack(tmp_path, clause("1", asked % ("spam", "12h"), asked % ("attacks", "2h"), late, wrong))
    sentences = [fault.sentence for fault in explore(pack)]
    assert sentences == [
        "Nothing follows when the deadline for remedy after 2h passes.",
        ("This rule can never apply: no notice about such a complaint sets a deadline for remedy of 12h, only of 2h."),
    ]


def test_conditions_that_exclude_each_other_are_named_with_what_was_known(tmp_path: Path) -> None:
    rule = "on: strike\n  when: {group: spam, category: connection/*}\n  then: [refuse_refund]"
    pack = a_pack(tmp_path, TOLD, clause("1", rule))
    fault = the_one(pack)
    assert (fault.kind, fault.clause, fault.line) == ("never_applies", "1", line_of(pack, "category: connection") - 1)
    assert "fails" in fault.sentence
    assert [event["type"] for event in fault.events] == ["service.observed", "complaint.received"]


def test_a_question_that_an_earlier_row_always_answers_is_never_answered_by_a_later_one(tmp_path: Path) -> None:
    row = "on: {question: ip_replacement}\n  verdict: refuse"
    pack = a_pack(tmp_path, TOLD, clause("1", row), clause("2", f"{row}\n  when: {{cause: provider}}"))
    fault = the_one(pack)
    first = line_of(pack, "on: {question: ip_replacement}") - 6
    assert (fault.kind, fault.clause, fault.sentence) == (
        "never_applies", "2", f"This rule can never apply: clause 1 (line {first}) answers before it.",
    )  # fmt: skip


def test_a_fourth_strike_is_found_though_it_lies_deep(tmp_path: Path) -> None:
    rule = "on: strike\n  when: {strike_of_group: 4, group: spam}\n  then: [refuse_refund]"
    assert list(explore(a_pack(tmp_path, TOLD, clause("1", rule)))) == []


def test_no_strike_is_counted_after_the_service_is_gone(tmp_path: Path) -> None:
    gone = "on: strike\n  when: {strike: 2+}\n  then: [{terminate_service: {erase: true}}]"
    late = "on: strike\n  when: {strike: 3}\n  then: [refuse_refund]"
    assert told(list(explore(a_pack(tmp_path, TOLD, clause("1", gone), clause("2", late))))) == [("never_applies", "2")]


MEANINGLESS = {
    "on: strike\n  when: {group: spam}\n  then: [{limit_resource: {cap: 0.5}}]": (
        "limit_resource does nothing on strike: only over_limit can bring it about."
    ),
    "on: {finding: culpable}\n  then: [migrate_service]": (
        "migrate_service does nothing on finding: culpable: only incident_declared can bring it about."
    ),
    "on: [terms_declined, {finding: culpable}]\n  then: [dismiss]": (
        "dismiss does nothing on terms_declined: only any_complaint, complaint, finding, no_evidence, "
        "no_remedy, no_reply, paid, released, strike or unpaid can bring it about."
    ),
}


def test_an_action_that_means_nothing_where_it_stands_is_told(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, TOLD, *(clause(str(number), rule) for number, rule in enumerate(MEANINGLESS, 1)))
    told = {fault.clause: fault for fault in explore(pack) if "does nothing" in fault.sentence}
    assert [fault.sentence for fault in told.values()] == list(MEANINGLESS.values())
    capped = told["1"]
    assert (capped.kind, capped.line) == ("never_applies", line_of(pack, "limit_resource"))
    assert "limit_resource" not in [answer.get("action") for answer in answers_to(pack, capped)]


# ---- fined twice ----

FINE = "then: [{charge_fine: {amount: 10.00, due: 24h}}]"
UNPAID = clause("9", "on: {unpaid: fine}\n  then: [{suspend_service: {until: paid}}]")


def test_two_clauses_that_fine_one_incident_are_found(tmp_path: Path) -> None:
    pack = a_pack(
        tmp_path, NOTICE, UNPAID,
        clause("1", f"on: strike\n  when: {{group: spam}}\n  {FINE}"),
        clause("2", f"on: {{no_reply: 24h}}\n  {FINE}"),
    )  # fmt: skip
    fault = the_one(pack)
    assert (fault.kind, fault.clause, fault.line) == ("fined_twice", "2", line_of(pack, "charge_fine"))
    fines = [answer["clause"] for answer in answers_to(pack, fault) if answer.get("action") == "charge_fine"]
    assert fines == ["1", "2"]
    assert len(fault.events) == 3


def test_two_fines_of_which_one_spares_the_other_are_fine(tmp_path: Path) -> None:
    pack = a_pack(
        tmp_path, NOTICE, UNPAID,
        clause("1", f"on: strike\n  when: {{group: spam}}\n  {FINE}"),
        clause("2", f"on: {{no_reply: 24h}}\n  unless: {{fined: true}}\n  {FINE}"),
    )  # fmt: skip
    assert list(explore(pack)) == []


def test_a_fine_that_is_the_second_only_of_a_resellers_second_strike_is_found_though_it_lies_deep(
    tmp_path: Path,
) -> None:
    again = f"on: strike\n  when: {{client_kind: reseller, strike_of_category: {{count: 2+, within: 30d}}}}\n  {FINE}"
    silent = f"on: {{no_reply: 24h}}\n  when: {{group: attacks}}\n  {FINE}"
    pack = a_pack(tmp_path, NOTICE, UNPAID, clause("1", again), clause("2", silent))
    assert ("fined_twice", "2") in told(list(explore(pack)))


# ---- never lifted ----


def test_a_block_until_a_charge_is_paid_that_nobody_asked_for_is_never_lifted(tmp_path: Path) -> None:
    rule = "on: strike\n  when: {group: spam}\n  then: [{block_network: {scope: ip, until: [paid, fee_paid]}}]"
    dismissed = "on: {finding: verified_opt_in}\n  when: {group: spam}\n  then: [dismiss]"
    pack = a_pack(tmp_path, TOLD, clause("1", rule, dismissed))
    fault = the_one(pack)
    assert (fault.kind, fault.clause, fault.line) == ("never_lifted", "1", line_of(pack, "until: [paid"))


def test_a_suspension_that_waits_for_what_never_ends_it_is_found(tmp_path: Path) -> None:
    rule = "on: strike\n  when: {group: spam}\n  then: [{suspend_service: {until: listing_cleared}}]"
    pack = a_pack(tmp_path, TOLD, clause("1", rule))
    fault = the_one(pack)
    assert (fault.kind, fault.clause, fault.line) == ("never_lifted", "1", line_of(pack, "listing_cleared"))
    placed = [answer for answer in answers_to(pack, fault) if answer["record"] == "hold"]
    assert [answer["status"] for answer in placed] == ["placed"]


def test_a_bar_without_an_end_is_found_and_one_that_is_said_to_be_final_is_not(tmp_path: Path) -> None:
    bar = "on: strike\n  when: {group: spam}\n  then: [{bar_unsuspension: {scope: service}}]"
    final = "on: strike\n  when: {group: spam}\n  then: [{suspend_service: {irrevocable: true, until: released}}]"
    assert told(list(explore(a_pack(tmp_path, TOLD, clause("1", bar))))) == [("never_lifted", "1")]
    assert list(explore(a_pack(tmp_path, TOLD, clause("1", final)))) == []


@pytest.mark.parametrize("word", ["paid", "fee_paid"])
def test_a_suspension_until_a_fee_of_its_case_is_paid_is_lifted(word: str, tmp_path: Path) -> None:
    more = "accepted: {nothing_follows: The service stays suspended.}\n"
    fee, held = "{charge_fee: {amount: 15.00, due: 14d}}", f"{{suspend_service: {{until: remediated and {word}}}}}"
    pack = a_pack(tmp_path, TOLD, clause("1", f"on: strike\n  then: [{fee}, {held}]", more=more))
    assert [fault for fault in explore(pack) if not fault.accepted] == []


# ---- nothing follows ----


def test_a_fine_that_may_go_unpaid_is_found(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, TOLD, clause("1", f"on: strike\n  when: {{group: spam}}\n  {FINE}"))
    fault = the_one(pack)
    assert (fault.kind, fault.clause, fault.line) == ("nothing_follows", "1", line_of(pack, "charge_fine"))
    assert "payment" in fault.sentence
    assert fault.events[-1]["at"] == "2020-01-03T00:01:00Z"


def test_a_stage_of_a_notice_that_nobody_minds_is_found(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, NOTICE.replace("reply_within: 24h", "reply_within: [6h, 24h]"))
    assert told(list(explore(pack))) == [("nothing_follows", "0")]


def test_a_fee_of_the_client_alone_has_a_deadline_too(tmp_path: Path) -> None:
    fee = "on: payment_disputed\n  then: [{charge_fee: {amount: 35.00, due: 7d}}]"
    fault = the_one(a_pack(tmp_path, TOLD, clause("1", fee)))
    assert (fault.kind, fault.clause) == ("nothing_follows", "1")
    assert "payment of a fee" in fault.sentence


def test_a_suspension_until_the_fee_of_a_dispute_is_paid_ends_with_its_payment(tmp_path: Path) -> None:
    fee = "on: payment_disputed\n  then: [{charge_fee: {amount: 35.00, due: 7d}}]"
    late = (
        "on: {unpaid: fee}\n  when: {charged_for: dispute}\n  then: [{suspend_service: {reach: client, until: paid}}]"
    )
    more = "accepted: {not_heard: The reminder of the bill is word enough.}\n"
    pack = a_pack(tmp_path, NOTICE, clause("1", fee, late, more=more))
    assert [fault.kind for fault in explore(pack) if fault.accepted is None] == []


def test_a_deadline_that_is_followed_for_one_group_only_is_found_for_the_other(tmp_path: Path) -> None:
    asked = "on: strike\n  then: [{notify_customer: {template: complaint, remedy_within: 12h}}]"
    late = "on: {no_remedy: 12h}\n  unless: {group: attacks}\n  then: [suspend_service]"
    fault = the_one(a_pack(tmp_path, clause("1", asked, late)))
    assert (fault.kind, fault.sentence) == (
        "nothing_follows", "Nothing follows when the deadline for remedy after 12h of group attacks passes.",
    )  # fmt: skip


NARROW = {
    "when: {strike: 1}": "`strike: 1` fails (strike is 2)",
    "when: {category: messaging/spam}": "`category: messaging/spam` fails (category is messaging/bulk_messaging)",
    "when: {product_kind: [vps, shared]}": "`product_kind: vps or shared` fails (product_kind is other)",
    "unless: {reporter: court}": "`unless reporter: court` fails (reporter is court)",
    "when: {suspended: true}": "`suspended: true` fails (suspended is false)",
}


@pytest.mark.parametrize("conditions", NARROW)
def test_a_deadline_that_is_followed_in_some_cases_alone_is_found_for_another(conditions: str, tmp_path: Path) -> None:
    asked = "on: strike\n  when: {group: spam}\n  then: [{notify_customer: {template: complaint, remedy_within: 12h}}]"
    severe = "on: strike\n  when: {group: spam, severity: severe}\n  then: [suspend_service]"
    late = f"on: {{no_remedy: 12h}}\n  {conditions}\n  then: [suspend_service]"
    pack = a_pack(tmp_path, clause("1", asked, severe, late))
    fault = the_one(pack)
    assert fault.line == line_of(pack, "remedy_within")
    assert (
        fault.sentence == f"Nothing follows when the deadline for remedy after 12h passes where {NARROW[conditions]}."
    )
    answers = answers_to(pack, fault)
    last = max(answer["due"] for answer in answers if answer["record"] == "deadline")
    assert last <= fault.events[-1]["at"]
    assert not [answer for answer in answers if answer["at"] >= last]


def test_a_deadline_that_spares_whom_the_policy_has_hit_already_is_followed(tmp_path: Path) -> None:
    asked = "on: strike\n  then: [{notify_customer: {template: complaint, remedy_within: 12h}}]"
    severe = "on: strike\n  when: {severity: severe}\n  then: [suspend_service]"
    late = "on: {no_remedy: 12h}\n  unless: {suspended: true}\n  then: [suspend_service]"
    assert list(explore(a_pack(tmp_path, clause("1", asked, severe, late)))) == []


# ---- without approval ----


def test_a_termination_that_nobody_is_asked_about_is_found(tmp_path: Path) -> None:
    """Loading refuses to read such a pack, so that it has to be made by hand here."""
    rule = "on: strike\n  when: {group: spam}\n  then: [{terminate_service: {erase: true}}]"
    pack = a_pack(tmp_path, TOLD, clause("1", rule))
    assert list(explore(pack)) == []
    version = pack.newest
    row = version.clauses["1"].rules[0]
    hasty = replace(row, verbs=tuple(replace(verb, approval="auto") for verb in row.verbs))
    changed = replace(version.clauses["1"], rules=(hasty,))
    fault = the_one(replace(pack, versions=(replace(version, clauses={**version.clauses, "1": changed}),)))
    assert (fault.kind, fault.clause, fault.line) == ("terminates_unasked", "1", line_of(pack, "terminate_service"))


# ---- not heard ----


def test_a_suspension_without_a_word_to_the_customer_is_found(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, clause("1", "on: strike\n  then: [suspend_service]"))
    fault = the_one(pack)
    assert (fault.kind, fault.clause) == ("not_heard", "1")
    assert [answer["action"] for answer in answers_to(pack, fault) if answer["record"] == "action"] == [
        "suspend_service"
    ]


# ---- accepted ----


def test_what_a_clause_owns_to_is_accepted_with_its_reason(tmp_path: Path) -> None:
    more = "accepted: {nothing_follows: Whoever does not pay does not pay.}\n"
    rule = f"on: strike\n  when: {{group: spam}}\n  {FINE}"
    fault = the_one(a_pack(tmp_path, TOLD, clause("1", rule, more=more)))
    assert (fault.kind, fault.accepted) == ("nothing_follows", "Whoever does not pay does not pay.")


def test_what_one_rule_owns_to_is_accepted_there_alone(tmp_path: Path) -> None:
    quiet = "on: strike\n  when: {group: %s}\n  then: [suspend_service]"
    meant = quiet % "spam" + "\n  accepted: {not_heard: Spammers are not spoken with.}"
    pack = a_pack(tmp_path, clause("1", meant, quiet % "attacks"))
    assert [(fault.kind, fault.accepted is None) for fault in explore(pack)] == [
        ("not_heard", False), ("not_heard", True),
    ]  # fmt: skip


def test_the_same_pack_gives_the_same_faults(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, TOLD, clause("1", f"on: strike\n  when: {{group: spam}}\n  {FINE}"))
    assert list(explore(pack)) == list(explore(pack))
