"""What the lines of `then:` mean: one small function per verb, over a Draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bridge.decide.account import refuse_refund, suspend_service, terminate_client
from bridge.decide.amends import MADE_GOOD, credit_client, migrate_service, unsuspend_service
from bridge.decide.authority import NO_SANCTIONS, preserve_evidence, refer_to_authority
from bridge.decide.deposits import OWED, forfeit_deposit, hold_deposit, return_deposit, waive_charge
from bridge.decide.dismissal import dismiss
from bridge.decide.draft import Draft, bar_plans
from bridge.decide.network import block_network
from bridge.decide.occasion import Occasion
from bridge.decide.periods import end_with_period, ends_later
from bridge.decide.requests import ABOUT_ORDERS, grant_refund, limit_resource, order_action, review_refund
from bridge.events import Event, PaymentDisputed
from bridge.model import Basis, CaseRecord
from bridge.policy.facts import Facts
from bridge.policy.pack import Rule, Trigger, Verb
from bridge.policy.verbs import VERBS
from bridge.state import Case, Pending, Service, Timer
from bridge.timeformat import format_time

Json = Any


_STILL_DONE = NO_SANCTIONS | OWED | MADE_GOOD | ABOUT_ORDERS
"""What is done about a service even after it was terminated."""

NOT_ANY_MORE = frozenset(VERBS) - _STILL_DONE
"""What no rule brings about any more once a service is gone."""

_SANCTIONS = frozenset(
    "suspend_service bar_unsuspension block_network limit_resource terminate_service terminate_client charge_fine "
    "charge_fee hold_deposit forfeit_deposit refuse_refund refuse_order".split()
)
"""What no incomplete complaint brings about, whatever is found of it."""


def matching(facts: Facts, trigger: Trigger) -> list[Rule]:
    """The rules that this trigger and these facts make apply, in the order of the file."""
    matcher = facts.version.matchers.get(trigger)
    return matcher.match(facts) if matcher is not None else []


def apply(draft: Draft, facts: Facts, rules: list[Rule], *, timer: Timer | None = None, demanded: int = 0) -> None:
    """Decide everything these rules demand."""
    if not rules:
        return
    service, spared = facts.service, spared_by(facts, rules)
    if service is not None and any(rule.terminates for rule in rules) and "terminate_service" not in spared:
        _end_at_once(draft, service)
    for rule in rules:
        verbs = [verb for verb in rule.verbs if verb.name not in spared] if spared else rule.verbs
        if rule.verbs and not verbs:
            continue
        occasion = Occasion(draft, facts, rule, timer, demanded)
        for verb in verbs:
            _DOES[verb.name](occasion, verb)


def spared_by(facts: Facts, rules: list[Rule]) -> frozenset[str]:
    """What is not done: to a service that is gone (G7), and because of a complaint that is not complete (G11)."""
    service, case = facts.service, facts.case
    if service is not None and service.terminated and not any(rule.verdict for rule in rules):
        return NOT_ANY_MORE
    return _SANCTIONS if case is not None and not case.complete else frozenset()


def _end_at_once(draft: Draft, service: Service) -> None:
    """Where a termination waits for nobody, the same decision suspends nothing (F, Holds)."""
    if draft.rules.at_once or draft.rules.simulates(service.id):
        draft.will_terminate_at_once(service.id)


# ---- messages ----


def _notify_customer(now: Occasion, verb: Verb) -> None:
    draft, case, params = now.draft, now.case, verb.params
    template = params["template"]
    if draft.state.is_reseller:
        template = f"reseller_{template}"
    own: dict[str, Json] = {"template": template}
    group = now.facts.version.groups.get(case.group) if case else None
    for name, default in (("remedies", group.remedies if group else ()), ("advice", group.advice if group else ())):
        words = params.get(name, default if params["template"] == "complaint" or name == "remedies" else ())
        if words:
            own[name] = list(words)
    if "conditions" in params:
        own["conditions"] = list(params["conditions"])
    for_, stages = _asked(params)
    if now.timer is not None:
        _remind(now, verb, own)
    elif stages and case is not None:
        own["respond_by"] = format_time(draft.at + stages[0])
        now.act("notify_customer", verb, own, {"asks": case.asked})
        set_stage(draft, case, now.basis, for_, [int(stage.total_seconds()) for stage in stages], 0)
        draft.case_status(case, "awaiting_customer", now.basis)
    else:
        now.act("notify_customer", verb, own, {"tells": True})


def _asked(params: Mapping[str, Any]) -> tuple[str, tuple[timedelta, ...]]:
    if "reply_within" in params:
        return "reply", params["reply_within"]
    return "remedy", params.get("remedy_within", ())


def _remind(now: Occasion, verb: Verb, own: dict[str, Json]) -> None:
    """A reminder names its number and the next time of the notice it repeats."""
    timer, case = now.timer, now.case
    if timer is None or timer.plan is None or case is None:
        return
    stages: list[int] = timer.plan["stages"]
    place = stages.index(timer.stage)
    own["reminder"] = place + 1
    rests = {"rests_on": now.rests_on()}
    if place + 1 == len(stages):
        now.act("notify_customer", verb, own, rests)
        return
    own["respond_by"] = format_time(now.draft.at + timedelta(seconds=stages[place + 1] - timer.stage))
    now.act("notify_customer", verb, own, rests)
    now.draft.case_status(case, "awaiting_customer", now.basis)


def set_stage(draft: Draft, case: Case, basis: Basis, for_: str, stages: list[int], place: int) -> None:
    """Set the deadline of one stage of a notice; later stages are counted from the same notice."""
    passed = stages[place - 1] if place else 0
    draft.deadline(
        for_,
        draft.at + timedelta(seconds=stages[place] - passed),
        basis,
        key=f"{case.id}.{case.asked}.{stages[place]}",
        case=case,
        service=case.service,
        stage=stages[place],
        plan={"stages": stages},
    )


def _notify_plain(name: str) -> Callable[[Occasion, Verb], None]:
    def does(now: Occasion, verb: Verb) -> None:
        now.act(name, verb, {"template": verb.params["template"]})

    return does


def _request_evidence(now: Occasion, verb: Verb) -> None:
    draft, case = now.draft, now.case
    if case is None:
        return
    within: timedelta = verb.params["within"]
    now.act("request_evidence", verb, {"kind": verb.params["kind"], "respond_by": format_time(draft.at + within)})
    set_stage(draft, case, now.basis, "evidence", [int(within.total_seconds())], 0)
    if not _awaits_customer(draft, case):
        draft.case_status(case, "awaiting_customer", now.basis)


def _awaits_customer(draft: Draft, case: Case) -> bool:
    """Whether this decision has said so already."""
    said = [record.status for record in draft.records if isinstance(record, CaseRecord) and record.case == case.id]
    return said[-1:] == ["awaiting_customer"]


def _record_note(now: Occasion, verb: Verb) -> None:
    now.act("record_note", verb, {"text": verb.params["text"]})


# ---- suspension, bars, blocks, termination ----


def _bar_unsuspension(now: Occasion, verb: Verb) -> None:
    draft, service, case = now.draft, now.service, now.case
    if service is None or draft.is_terminating(service.id):
        return
    clause = now.basis.clause
    if any(
        hold.irrevocable and hold.case == now.case_id and hold.basis.clause == clause for hold in service.holds.values()
    ):
        return
    if any(
        item.case == now.case_id and item.basis.clause == clause
        for item in draft.state.pending_for(service.id, "bar_unsuspension")
    ):
        return
    scope = verb.params.get("scope", "service")
    ips = list(case.ips) if case and scope == "ip" else []
    plans = bar_plans(now.basis, case, scope, ips, verb.params.get("until", ()))
    if not ips and draft.is_barred(service):
        draft.place(plans[0], now.basis, service.id, simulated=draft.rules.simulates(service.id))
        return
    own: dict[str, Json] = {"scope": scope}
    if ips:
        own["ips"] = ips
    now.act("bar_unsuspension", verb, own, {"holds": plans})


def _terminate_service(now: Occasion, verb: Verb) -> None:
    draft, service = now.draft, now.service
    if service is None or service.terminated or draft.decided("terminate_service", service.id, None):
        return
    waiting = next(draft.state.pending_for(service.id, "terminate_service"), None)
    if waiting is not None:
        _join_termination(now, verb, waiting)
        return
    if verb.params.get("at") == "period_end" and ends_later(draft, service):
        end_with_period(draft, service, now.basis, {"erase": verb.params["erase"], "approval": verb.approval})
        return
    draft.settle_once("terminate_service", service.id)
    action = now.act("terminate_service", verb, {"erase": verb.params["erase"]})
    if action.state == "proposed" and verb.params.get("held", True):
        draft.suspend(now.basis, service, case=now.case, until=(), proposal=action.id)


def _join_termination(now: Occasion, verb: Verb, waiting: Pending) -> None:
    """It is proposed once; a further case that demands it holds the service for it too, and keeps it proposed."""
    if now.service is None or now.case is None or now.case_id == waiting.case or not verb.params.get("held", True):
        return
    now.draft.suspend(now.basis, now.service, case=now.case, until=(), proposal=waiting.id)


# ---- money ----


def _charge(name: str, charge: str) -> Callable[[Occasion, Verb], None]:
    def does(now: Occasion, verb: Verb) -> None:
        draft, case = now.draft, now.case
        if case is not None and now.basis.clause in case.fined and charge == "fine":
            return
        asked = getattr(now.facts.event, "ip", None) if case is None else None
        ips = list(case.ips) if case else [asked] if isinstance(asked, str) else []
        units = max(1, len(ips)) if verb.params.get("per") == "ip" else 1
        unit: Decimal = verb.params["amount"]
        due: timedelta = verb.params["due"]
        own: dict[str, Json] = {"amount": str(unit * units), "currency": now.facts.version.currency}
        if ips:
            own["ips"] = ips
        own["due"] = format_time(draft.at + due)
        plan = {
            "charge": charge,
            "unit": str(unit),
            "units": units,
            "due_in": int(due.total_seconds()),
            "asked_for": "case" if case else now.facts.question or _occasion_of(now.facts.event),
            "event": draft.event.id,
        }
        now.act(name, verb, own, plan)

    return does


def _occasion_of(event: Event) -> str:
    """What a charge is for that neither a case nor a question led to."""
    return "dispute" if isinstance(event, PaymentDisputed) else "other"


# ---- addresses ----


def _address_action(name: str) -> Callable[[Occasion, Verb], None]:
    def does(now: Occasion, verb: Verb) -> None:
        asked = getattr(now.facts.event, "ip", None)
        ip = asked if isinstance(asked, str) else (now.facts.charge.ips[0] if now.facts.charge else "")
        now.act(name, verb, {"ip": ip})

    return does


# ---- service credits ----


def _refuse_sla_credit(now: Occasion, verb: Verb) -> None:
    asn = getattr(now.facts.event, "asn", None)
    now.act("refuse_sla_credit", verb, {} if asn is None else {"asn": asn})


def _dismiss(now: Occasion, verb: Verb) -> None:
    if now.case is not None:
        dismiss(now.draft, now.case, now.basis)


def _no_sanction(now: Occasion, verb: Verb) -> None:
    """The rule says why nothing follows."""


_DOES: Mapping[str, Callable[[Occasion, Verb], None]] = {
    "notify_customer": _notify_customer,
    "notify_reporter": _notify_plain("notify_reporter"),
    "notify_staff": _notify_plain("notify_staff"),
    "request_evidence": _request_evidence,
    "record_note": _record_note,
    "suspend_service": suspend_service,
    "bar_unsuspension": _bar_unsuspension,
    "block_network": block_network,
    "terminate_service": _terminate_service,
    "charge_fine": _charge("charge_fine", "fine"),
    "charge_fee": _charge("charge_fee", "fee"),
    "unsuspend_service": unsuspend_service,
    "credit_client": credit_client,
    "migrate_service": migrate_service,
    "hold_deposit": hold_deposit,
    "forfeit_deposit": forfeit_deposit,
    "return_deposit": return_deposit,
    "waive_charge": waive_charge,
    "refuse_refund": refuse_refund,
    "terminate_client": terminate_client,
    "hold_order": order_action("hold_order"),
    "release_order": order_action("release_order"),
    "refuse_order": order_action("refuse_order"),
    "grant_refund": grant_refund,
    "review_refund": review_refund,
    "limit_resource": limit_resource,
    "no_sanction": _no_sanction,
    "refuse_ip_replacement": _address_action("refuse_ip_replacement"),
    "replace_ip": _address_action("replace_ip"),
    "refuse_sla_credit": _refuse_sla_credit,
    "refer_to_authority": refer_to_authority,
    "preserve_evidence": preserve_evidence,
    "dismiss": _dismiss,
}
