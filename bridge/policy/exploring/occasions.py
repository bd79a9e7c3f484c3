"""What can happen under a pack besides complaints and what follows them: questions, readings, disputes, ends of a term.

An event is tried where a rule is looked at on it, and varied as the conditions of that rule ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bridge.policy.exploring.world import CLIENT, IP, SERVICE
from bridge.policy.pack import Condition, Rule, Trigger, Version
from bridge.timeformat import parse_duration

Json = Any
Fields = Mapping[str, Json]
Beginning = tuple[Fields, Fields | None]

ORDER, ASN = "1", 64500

_ASKED: Mapping[str, Sequence[Fields]] = {
    "ip_replacement": [{"cause": "customer"}, {"cause": "third_party"}, {"cause": "provider"}],
    "refund": [{"reason": "change_of_mind"}, {"reason": "outage", "outage_hours": 48}],
    "provision": [{"fraud": "passed"}, {"fraud": "failed"}],
    "sla_credit": [{"kind": "loss", "asn": ASN}, {"kind": "downtime"}],
}
_ASKING: Mapping[str, Fields] = {
    "ip_replacement": {"type": "ip_replacement.requested", "service": SERVICE, "ip": IP},
    "refund": {"type": "refund.requested", "service": SERVICE},
    "provision": {"type": "order.placed", "order": ORDER, "client": CLIENT, "service": SERVICE, "product_kind": "vps"},
    "sla_credit": {"type": "sla_credit.requested", "service": SERVICE},
}
_SAYS: Mapping[str, Mapping[str, str]] = {
    "ip_replacement": {"cause": "cause"},
    "refund": {"refund_reason": "reason", "order_kind": "order_kind"},
    "provision": {"fraud": "fraud", "product_kind": "product_kind"},
    "sla_credit": {"sla_kind": "kind"},
}
"""The field of a question that says what a condition asks for."""

_NEEDED: Mapping[str, Fields] = {"ip_replacement": {"cause": "customer"}, "sla_credit": {"kind": "loss"}}
"""What a question cannot be asked without."""

_HAPPENS: Mapping[str, Sequence[Fields]] = {
    "expired": [{"type": "service.expired", "service": SERVICE}],
    "terms_declined": [{"type": "terms.declined", "service": SERVICE}],
    "payment_disputed": [
        {"type": "payment.disputed", "client": CLIENT, "contacted_support": False},
        {"type": "payment.disputed", "client": CLIENT, "contacted_support": True},
    ],
    "released": [{"type": "notification.released", "by": "staff"}],
    "order_cleared": [
        {
            "type": "client.observed",
            "client": CLIENT,
            "verified": {"email": True, "details": True, "identity": True},
        }
    ],
    "verification_refused": [{"type": "order.verification_refused", "order": ORDER, "client": CLIENT}],
}
_ABOUT_ORDERS = frozenset({"order_cleared", "verification_refused"})
_MADE_SO: Mapping[str, Fields] = {
    "refunds_granted": {"type": "refund.granted", "service": SERVICE, "client": CLIENT},
    "staff_abused": {"type": "staff.abused", "client": CLIENT},
    "asn_traffic": {
        "type": "usage.observed",
        "service": SERVICE,
        "metric": "asn_traffic",
        "value": 1.0,
        "hours": 1,
        "asn": ASN,
    },
    "suspended_by_incident": {"type": "service.observed", "service": SERVICE, "client": CLIENT, "status": "suspended"},
    "client_refused": {"type": "client.refused", "client": CLIENT, "by": "staff"},
}
"""What makes a condition true that nothing under a pack would."""


def brought_by(trigger: Trigger) -> frozenset[str]:
    """The types of the events that make a rule be looked at on this trigger, complaints and what follows them aside."""
    if trigger.name == "question":
        return frozenset({str(_ASKING[str(trigger.argument)]["type"])})
    if trigger.name in _ABOUT_ORDERS:
        return frozenset({"order.placed", *(str(fields["type"]) for fields in _HAPPENS[trigger.name])})
    if trigger.name == "over_limit":
        return frozenset({"usage.observed"})
    if trigger.name == "incident_declared":
        return frozenset({"incident.declared"})
    if trigger.name in ("finding", "paid"):
        return frozenset({"finding.recorded", "invoice.paid"})
    return frozenset(str(fields["type"]) for fields in _HAPPENS.get(trigger.name, ()))


def made_so(condition: Condition) -> frozenset[str]:
    """The types of the events that make a condition true which nothing under a pack would."""
    return frozenset({str(_MADE_SO[condition.fact]["type"])} if condition.fact in _MADE_SO else ())


def occasions(version: Version) -> Iterator[Fields]:
    """Every event, as often as a rule or a condition asks for it."""
    for rule in _rules(version):
        for trigger in rule.triggers:
            yield from _HAPPENS.get(trigger.name, ())
            if trigger.name in _ABOUT_ORDERS:
                yield _ASKING["provision"]
            if trigger.name == "question":
                yield from _questions(version, rule, str(trigger.argument))
            if trigger.name == "over_limit":
                yield from _readings(version, str(trigger.argument))
            if trigger.name == "incident_declared":
                yield from _incidents()
        for condition in rule.conditions:
            if condition.fact in _MADE_SO:
                yield _MADE_SO[condition.fact]


def _rules(version: Version) -> Iterator[Rule]:
    for clause in version.clauses.values():
        yield from clause.rules


def _questions(version: Version, rule: Rule, question: str) -> Iterator[Fields]:
    """The question in its common forms, and as this very rule would have it."""
    asking = _ASKING[question]
    for more in _ASKED[question]:
        yield {**asking, **more}
    wanted = {name: value for item in rule.conditions for name, value in _asked_by(version, question, item)}
    if wanted:
        yield {**asking, **_NEEDED.get(question, {}), **wanted}


def _asked_by(version: Version, question: str, condition: Condition) -> Iterator[tuple[str, Json]]:
    if condition.negated:
        return
    if (field := _SAYS[question].get(condition.fact)) is not None:
        yield field, condition.wanted.split(" or ")[0]
    if condition.fact == "outage_longer_than" and question == "refund":
        yield "reason", "outage"
        yield "outage_hours", _hours(condition)
    if condition.fact == "identity_region" and question == "provision":
        for region in sorted(version.settings.get("identity_regions", ()))[:1]:
            yield "region", region


def _hours(condition: Condition) -> int:
    """An hour more than what a condition on a time asks for, in whole hours."""
    return int(parse_duration(condition.wanted, condition.fact) / timedelta(hours=1)) + 1


def _readings(version: Version, metric: str) -> Iterator[Fields]:
    limit = version.settings.get("usage_limits", {}).get(metric)
    if limit is not None:
        reading = {"type": "usage.observed", "service": SERVICE, "metric": metric}
        yield {**reading, "value": float(limit.share), "hours": float(limit.hours)}


def _incidents() -> Iterator[Fields]:
    """One that hits the service, one that it causes, one that asks to move what was hit."""
    incident = {"type": "incident.declared", "affected": [SERVICE], "started": "-25h", "ended": "0h"}
    kinds: Sequence[Fields] = [{}, {"cause": SERVICE}, {"migrate": True}]
    for number, more in enumerate(kinds, 1):
        yield {**incident, "incident": str(number), **more}


# ---- what the service and its client are ----


def _paid(ago: str, until: str) -> Beginning:
    return {"paid_at": ago, "paid_amount": "30.00", "period_start": ago, "period_end": until}, None


def _paid_longer_ago(condition: Condition) -> Iterable[Beginning]:
    return [_paid("0h", "30d"), _paid(f"-{_hours(condition)}h", "30d")]


def _kinds(condition: Condition) -> list[str]:
    """The kinds of product that it names, after one that it does not."""
    named = condition.wanted.split(" or ")
    return ["other", *named] if "vps" in named else named


_BEGINS: Mapping[str, Callable[[Condition], Iterable[Beginning]]] = {
    "mail_port_open": lambda condition: [({"attributes": {"mail_port_open": True}}, None)],
    "product_kind": lambda condition: [({"product_kind": kind}, None) for kind in _kinds(condition)],
    "exclusive_bandwidth": lambda condition: [({"exclusive_bandwidth": True}, None)],
    "client_kind": lambda condition: [({}, {"type": "client.observed", "client": CLIENT, "kind": "reseller"})],
    "verified": lambda condition: [
        (
            {},
            {
                "type": "client.observed",
                "client": CLIENT,
                "verified": dict.fromkeys(condition.wanted.split(" or "), True),
            },
        )
    ],
    "paid_longer_ago_than": _paid_longer_ago,
    "remaining_time": lambda condition: [_paid("0h", "30d"), _paid("-40d", "-10d")],
    "payment_known": lambda condition: [_paid("0h", "30d")],
}


def begun_for(condition: Condition) -> Iterable[Beginning]:
    """How the service and its client may begin, that this condition could tell apart."""
    begins = _BEGINS.get(condition.fact)
    return begins(condition) if begins is not None else ()
