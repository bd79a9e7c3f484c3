"""What `then:` may say: every action of interface 4 with the parameters a pack may give it, and who must approve it.

The table is the only definition: the loader, `policy check` and the reference page are made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bridge.errors import InvalidInput
from bridge.events import CHARGES, money, share
from bridge.model import AUTO
from bridge.policy.facts import nearest
from bridge.timeformat import parse_duration

Written = Any
Param = Callable[[Written, str], Any]

REMEDIES = frozenset(
    {
        "reinstall",
        "clean",
        "remove_content",
        "stop_sending",
        "delist",
        "patch",
        "close_resolver",
        "close_relay",
        "require_authentication",
        "secure_accounts",
    }
)
ADVICE = frozenset({"dkim", "spf", "unsubscribe_link", "double_opt_in"})
TEMPLATES = frozenset(
    {
        *("complaint", "reminder", "advice", "refund_refused", "incomplete", "review", "other_authority"),
        *("steps_not_taken", "credit_by_hand", "resource_use"),
    }
)
UNTIL = frozenset(
    {
        "remediated",
        "not_culpable",
        "paid",
        "fine_paid",
        "fee_paid",
        "deposit_paid",
        "undertaking_signed",
        "listing_cleared",
        "released",
    }
)
SCOPES = frozenset({"all", "outbound", "ip", "ports"})


def _word(allowed: frozenset[str]) -> Param:
    def read(written: Written, name: str) -> str:
        if not isinstance(written, str) or written not in allowed:
            raise InvalidInput(name, nearest(str(written), allowed))
        return written

    return read


def _words(allowed: frozenset[str]) -> Param:
    one = _word(allowed)

    def read(written: Written, name: str) -> tuple[str, ...]:
        return tuple(one(item, name) for item in (written if isinstance(written, list) else [written]))

    return read


def _truth(written: Written, name: str) -> bool:
    if not isinstance(written, bool):
        raise InvalidInput(name, f"{written!r} is not true or false")
    return written


def _text(written: Written, name: str) -> str:
    if not isinstance(written, str) or not written.strip():
        raise InvalidInput(name, "must be text")
    return written


def _amount(written: Written, name: str) -> Decimal:
    amount = money(str(written), name)
    if amount <= 0:
        raise InvalidInput(name, "must be more than nothing")
    return amount


def _cap(written: Written, name: str) -> float:
    cap = share(written, name)
    if not 0 < cap < 1:
        raise InvalidInput(name, "must lie between 0 and 1")
    return float(cap)


def _stages(written: Written, name: str) -> tuple[timedelta, ...]:
    """One time or several rising ones, counted from the notice."""
    stages = tuple(parse_duration(item, name) for item in (written if isinstance(written, list) else [written]))
    if not stages or list(stages) != sorted(set(stages)) or stages[0] <= timedelta():
        raise InvalidInput(name, "must be times that rise, such as [6h, 12h, 24h]")
    return stages


def until(written: Written, name: str) -> tuple[tuple[str, ...], ...]:
    """Alternatives; `remediated and fine_paid` asks for both."""
    alternatives = written if isinstance(written, list) else [written]
    one = _word(UNTIL)
    return tuple(tuple(one(word.strip(), name) for word in str(item).split(" and ")) for item in alternatives)


def _ports(written: Written, name: str) -> tuple[int, ...]:
    ports = tuple(written) if isinstance(written, list) else (written,)
    if not ports or not all(isinstance(port, int) and 0 < port < 65536 for port in ports):
        raise InvalidInput(name, "must be port numbers")
    return tuple(int(port) for port in ports)


@dataclass(frozen=True, slots=True)
class VerbSpec:
    """What one action may be told by a pack.

    approval   who must agree where neither the row nor the configuration says otherwise (G10)
    needed     parameters a row must give
    optional   those it may give
    meaning    one sentence for the reference page
    on         the triggers that tell what it is about; on others it does nothing. Empty: it may be on any
    """

    approval: str | int
    meaning: str
    needed: Mapping[str, Param]
    optional: Mapping[str, Param]
    on: frozenset[str]


def _spec(
    approval: str | int,
    meaning: str,
    *,
    needed: Mapping[str, Param] | None = None,
    on: frozenset[str] = frozenset(),
    **optional: Param,
) -> VerbSpec:
    return VerbSpec(approval, meaning, needed or {}, optional, on)


_TEMPLATE = {"template": _word(TEMPLATES)}
_CHARGE: Mapping[str, Param] = {"amount": _amount, "due": parse_duration}
_PER = _word(frozenset({"ip", "incident"}))
_REACH = _word(frozenset({"service", "client"}))
_EVIDENCE = _word(frozenset({"double_opt_in", "authorization", "not_culpable", "other"}))

_READING = frozenset({"over_limit"})
_INCIDENT = frozenset({"incident_declared"})
_ORDER = frozenset({"question", "order_cleared", "verification_refused"})
_ADDRESS = frozenset({"question", "paid", "unpaid"})
_CASE = frozenset("complaint any_complaint strike released no_reply no_remedy no_evidence finding paid unpaid".split())

VERBS: Mapping[str, VerbSpec] = {
    "notify_customer": _spec(
        AUTO,
        "A notice as a ticket of the case; `reply_within` or `remedy_within` set a deadline, or several in a row.",
        needed=_TEMPLATE,
        reply_within=_stages,
        remedy_within=_stages,
        remedies=_words(REMEDIES),
        advice=_words(ADVICE),
        conditions=_words(frozenset({"deposit", "undertaking"})),
    ),
    "notify_reporter": _spec(AUTO, "A mail to whoever complained.", needed=_TEMPLATE),
    "notify_staff": _spec(AUTO, "A mail to the admins.", needed=_TEMPLATE),
    "request_evidence": _spec(
        AUTO,
        "Asks the customer for evidence, within a time.",
        needed={"kind": _EVIDENCE, "within": parse_duration},
        on=_CASE,
    ),
    "suspend_service": _spec(
        AUTO,
        "Suspends the service and places a hold; `until` names what ends the hold where a remedy does not (no remedy "
        "ends an irrevocable one); `reach: client` holds every service of the client.",
        until=until,
        irrevocable=_truth,
        reach=_REACH,
    ),
    "bar_unsuspension": _spec(
        AUTO,
        "A hold that no one may lift from the panel, for the service or for each complained IP.",
        scope=_word(frozenset({"service", "ip"})),
        until=until,
    ),
    "unsuspend_service": _spec(
        1, "Ends a suspension that somebody else placed; one of ours ends with its last hold, and needs no row."
    ),
    "block_network": _spec(
        AUTO, "Cuts the network, or a part of it.", needed={"scope": _word(SCOPES)}, ports=_ports, until=until
    ),
    "terminate_service": _spec(
        1,
        "Terminates the service; until it is approved the service is held suspended (not where `held` is false). "
        "`at: period_end` does it only when the paid time ends, where that is known.",
        needed={"erase": _truth},
        held=_truth,
        at=_word(frozenset({"period_end"})),
    ),
    "terminate_client": _spec(
        1, "Terminates every service of the client and closes the account; until it is approved all of them are held."
    ),
    "charge_fine": _spec(1, "A fine, once for an incident and clause.", needed=_CHARGE, per=_PER),
    "charge_fee": _spec(1, "A fee.", needed=_CHARGE, per=_PER),
    "hold_deposit": _spec(1, "A deposit, one at a time: an unpaid one stands for later cases.", needed=_CHARGE),
    "forfeit_deposit": _spec(1, "Keeps a deposit that was paid."),
    "return_deposit": _spec(1, "Gives a deposit back that was paid."),
    "waive_charge": _spec(
        1, "Asks no longer for the service's open charges of one kind.", needed={"charge": _word(CHARGES)}
    ),
    "refuse_refund": _spec(
        AUTO,
        "The lasting no-refund mark of the service, made once; `reach: client` marks every service of the client.",
        reach=_REACH,
    ),
    "refuse_ip_replacement": _spec(AUTO, "Tells the customer that the address is not replaced.", on=_ADDRESS),
    "replace_ip": _spec(1, "Gives the service another address in place of the one asked about.", on=_ADDRESS),
    "credit_client": _spec(
        1,
        "The share of the payment for the time of an incident, `at_least` for so long, rounded down to the cent.",
        needed={"for": _word(frozenset({"incident"}))},
        on=_INCIDENT,
        at_least=parse_duration,
    ),
    "migrate_service": _spec(1, "Moves the service to another place.", on=_INCIDENT),
    "record_note": _spec(AUTO, "A note on the client.", needed={"text": lambda written, name: str(written)}),
    "refuse_sla_credit": _spec(AUTO, "Tells the customer that there is no service credit."),
    "refer_to_authority": _spec(
        1,
        "Hands the case to the authorities, once; `only_deferred`: it may not be rejected, only put off with a reason.",
        kind=_text,
        only_deferred=_truth,
    ),
    "preserve_evidence": _spec(AUTO, "Keeps everything about the case beyond its ordinary time, once.", kind=_text),
    "hold_order": _spec(AUTO, "Keeps the order from being provisioned.", on=_ORDER),
    "release_order": _spec(1, "Lets an order go on that was held.", on=_ORDER),
    "refuse_order": _spec(AUTO, "Cancels the order.", on=_ORDER),
    "grant_refund": _spec(
        1,
        "Credits what is left of the paid time, rounded down to the cent and no more than was asked for.",
        needed={"amount": _word(frozenset({"remaining_time"}))},
    ),
    "review_refund": _spec(AUTO, "Asks staff to decide about the refund."),
    "limit_resource": _spec(
        1, "Caps the resource that a reading was of, at a share of the allotment.", needed={"cap": _cap}, on=_READING
    ),
    "no_sanction": _spec(AUTO, "Nothing: the row allows here what it forbids elsewhere."),
    "dismiss": _spec(AUTO, "Closes the case as unfounded: everything it did is undone.", on=_CASE),
}

G10_ONLY: Mapping[str, str | int] = {
    "unblock_network": 1,
    "lift_bar": AUTO,
    "restore_refund": AUTO,
    "grant_sla_credit": 1,
}
"""Approval (G10) of the actions that only common rules decide so far."""

ACTIONS: frozenset[str] = frozenset(VERBS) - {"dismiss", "no_sanction"} | frozenset(G10_ONLY)

CHARGED_BY: Mapping[str, str] = {"fine": "charge_fine", "fee": "charge_fee", "deposit": "hold_deposit"}
"""By charge, the action that makes it."""

NEVER_AUTO = frozenset({"terminate_service", "terminate_client", "forfeit_deposit", "refer_to_authority"})
"""What cannot be undone is never done without a person."""


def common_approval(action: str) -> str | int:
    """Who must agree by G10."""
    spec = VERBS.get(action)
    return spec.approval if spec is not None else G10_ONLY[action]


def read_approval(written: Written, name: str, action: str) -> str | int:
    """auto, 1 or 2; raises InvalidInput, also for `auto` on what cannot be undone."""
    if written not in (AUTO, 1, 2) or isinstance(written, bool):
        raise InvalidInput(name, f"{written!r} is not auto, 1 or 2")
    if written == AUTO and action in NEVER_AUTO:
        raise InvalidInput(name, f"{action} cannot be undone and is never done without a person: 1 or 2")
    return AUTO if written == AUTO else int(written)


NEVER_LAPSE = frozenset({"terminate_service", "terminate_client", "refer_to_authority"})
"""Proposals that wait for an answer for ever; staff is told again every 24 h."""
