"""Questions that a panel asks and that are answered at once: verdicts (G6, G12)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bridge.decide.consequences import apply, matching
from bridge.decide.draft import Draft, placed_last
from bridge.decide.occasion import sentence_of
from bridge.decide.requests import sum_granted
from bridge.events import (
    Event,
    IpReplacementRequested,
    RefundRequested,
    SlaCreditRequested,
    UnsuspendRequested,
)
from bridge.model import Basis, HoldRecord, SuspensionRecord, VerdictRecord
from bridge.policy.facts import Facts
from bridge.policy.pack import Rule, Trigger
from bridge.state import OURS, THEIRS, Client, Hold, Service

_DEFAULT: Mapping[str, str] = {
    "provision": "allow",
    "refund": "review",
    "sla_credit": "review",
    "ip_replacement": "review",
}
"""What is answered where a pack has no row for a question (F)."""


def answer(
    draft: Draft,
    question: str,
    outcome: str,
    basis: Basis,
    *,
    service: str | None,
    case: str | None = None,
    granted: tuple[Decimal, str] | None = None,
) -> None:
    """Give the verdict; where only observing, everything is allowed and `would` says the rest.

    granted  the sum that is granted, and its currency
    """
    simulated = draft.rules.simulates(service)
    draft.add(
        VerdictRecord(
            at=draft.at,
            basis=basis,
            case=case,
            service=service,
            client=draft.state.id,
            question=question,
            outcome="allow" if simulated else outcome,
            ip=draft.event.ip if isinstance(draft.event, IpReplacementRequested) else None,
            amount=str(granted[0]) if granted else None,
            currency=granted[1] if granted else None,
            would=outcome if simulated else None,
        )
    )


# ---- unsuspend ----


def on_unsuspend(draft: Draft, event: UnsuspendRequested) -> None:
    service = draft.service(event.service)
    if service is None:
        basis = draft.common("G6", "The service is not known here.")
        answer(draft, "unsuspend", "allow", basis, service=event.service)
        return
    simulated = draft.rules.simulates(service.id)
    holds = list(service.active_holds(simulated=simulated))
    if any(hold.irrevocable or event.by == "automation" for hold in holds):
        _refuse(draft, event, service, _foremost(holds))
        return
    _allow(draft, service, holds)
    if event.by == "admin" and not simulated:
        _note_holds(draft, service)


def _allow(draft: Draft, service: Service, holds: list[Hold]) -> None:
    """Holds that an admin may pass over are named; the verdict bears the clause of the foremost."""
    if not holds:
        answer(draft, "unsuspend", "allow", draft.common("G6", "No hold stands against it."), service=service.id)
        return
    hold = _foremost(holds)
    because = f"An admin may: no bar stands against it. Held under clause {hold.basis.clause}: {hold.basis.because}"
    answer(draft, "unsuspend", "allow", hold.basis._replace(because=because), service=service.id, case=hold.case)


def _foremost(holds: list[Hold]) -> Hold:
    """A bar before other holds, the newest before older ones."""
    return placed_last([hold for hold in holds if hold.irrevocable] or holds)


def _refuse(draft: Draft, event: UnsuspendRequested, service: Service, hold: Hold) -> None:
    because = f"Held under clause {hold.basis.clause}: {hold.basis.because}"
    basis = Basis(hold.basis.policy, hold.basis.version, hold.basis.clause, because)
    answer(draft, "unsuspend", "refuse", basis, service=service.id, case=hold.case)
    if event.by == "automation" and service.suspension == THEIRS and not draft.rules.simulates(service.id):
        draft.add(_suspension(draft, service, OURS, basis))


def _suspension(draft: Draft, service: Service, owner: str, basis: Basis) -> SuspensionRecord:
    return SuspensionRecord(
        at=draft.at, basis=basis, service=service.id, client=draft.state.id, owner=owner, unmarked=owner == OURS
    )


def _note_holds(draft: Draft, service: Service) -> None:
    """The service counts as active; its holds stay noted and do not suspend it again."""
    basis = draft.common("G6", "An admin unsuspended the service in the panel.")
    for hold in list(service.active_holds()):
        draft.add(
            HoldRecord(
                at=draft.at, basis=hold.basis, case=hold.case, service=service.id, client=draft.state.id, id=hold.id,
                status="noted", irrevocable=hold.irrevocable, scope=hold.scope, ip=hold.ip,
            )
        )  # fmt: skip
    draft.withdraw([item.id for item in draft.state.pending_for(service.id, "unsuspend_service")], basis)
    if service.suspension:
        draft.add(_suspension(draft, service, "", basis))


# ---- what packs answer ----


def on_question(draft: Draft, event: Event, question: str) -> None:
    """The first row that applies answers; without one, the common answer."""
    facts = question_facts(draft, event, question)
    named: str | None = getattr(event, "service", None)
    if facts.service is None and named is not None and question != "provision":
        answer(draft, question, "allow", draft.common("F", "The service is not known here."), service=named)
        return
    rules = matching(facts, Trigger("question", question))[:1]
    if rules:
        answer_by(draft, facts, rules[0])
        return
    basis = draft.common("F", f"The policy has no clause about this question ({question}).")
    answer(draft, question, _DEFAULT[question], basis, service=named)


def question_facts(draft: Draft, event: Event, question: str, client: Client | None = None) -> Facts:
    """What a question is judged by; `client` where it is judged by more than the state says."""
    named: str | None = getattr(event, "service", None)
    return Facts(
        event=event,
        client=client or draft.state,
        service=draft.service(named),
        version=draft.version(event=event),
        question=question,
        simulated=draft.rules.simulates(named),
    )


def answer_by(draft: Draft, facts: Facts, rule: Rule) -> None:
    """The verdict of a row, then what the row demands besides."""
    sentence = sentence_of(rule.because, facts)
    basis = Basis(facts.version.policy, facts.version.number, rule.clause, sentence)
    named: str | None = getattr(facts.event, "service", None)
    granted = sum_granted(facts, rule)
    answer(draft, facts.question, rule.verdict or "review", basis, service=named, granted=granted)
    apply(draft, facts, [rule])


def on_ip_replacement(draft: Draft, event: IpReplacementRequested) -> None:
    on_question(draft, event, "ip_replacement")


def on_sla_credit(draft: Draft, event: SlaCreditRequested) -> None:
    on_question(draft, event, "sla_credit")


def on_refund(draft: Draft, event: RefundRequested) -> None:
    """A marked service gets no refund, whatever else would apply; the customer is told why (G12)."""
    facts = question_facts(draft, event, "refund")
    service, mark = facts.service, facts.service.no_refund if facts.service else None
    rules = matching(facts, Trigger("question", "refund"))[:1]
    refused = bool(rules) and rules[0].verdict == "refuse"
    if service is None or mark is None or refused or (mark.simulated and not facts.simulated):
        on_question(draft, event, "refund")
        return
    because = f"Refunds of this service are refused under clause {mark.basis.clause}: {mark.basis.because}"
    basis = Basis(mark.basis.policy, mark.basis.version, mark.basis.clause, because)
    answer(draft, "refund", "refuse", basis, service=service.id)
    template = "reseller_refund_refused" if draft.state.is_reseller else "refund_refused"
    draft.action("notify_customer", basis, service=service.id, own={"template": template})
