"""What two packs, or two versions of one, would do differently with the same events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from bridge.events import Event
from bridge.replay import Replay
from bridge.rules import Rules

Json = Any

OUTCOMES: Mapping[str, str] = {
    "suspend_service": "suspended",
    "block_network": "blocked",
    "charge_fine": "fined",
    "refuse_refund": "no_refund",
    "terminate_service": "terminated",
    "terminate_client": "terminated",
    "unsuspend_service": "freed",
}
"""What befalls a service, by the action that does it."""

WHAT = ("suspended", "blocked", "fined", "no_refund", "terminated", "freed")

SUMS: Mapping[str, str] = {
    "charge_fine": "fines",
    "charge_fee": "fees",
    "hold_deposit": "deposits",
    "forfeit_deposit": "forfeited",
    "return_deposit": "returned",
    "waive_charge": "waived",
    "grant_refund": "refunded",
    "credit_client": "credited",
}
"""What money an action moves, by the action."""

Account = dict[tuple[str, str], Decimal]
"""Sums by currency and what for."""


@dataclass
class Fate:
    """What befell one service, each with the clauses that did it, and what it cost."""

    befell: dict[str, list[str]] = field(default_factory=dict)
    sums: Account = field(default_factory=dict)

    def looks_like(self, other: Fate) -> bool:
        """The same befell it, for whatever clauses, at the same cost."""
        return self.befell.keys() == other.befell.keys() and self.sums == other.sums


@dataclass
class Tally:
    """What a run did to every service; `policy` and `versions` are what decided, be it one or several."""

    policy: str
    versions: list[str] = field(default_factory=list)
    fates: dict[tuple[str, str], Fate] = field(default_factory=dict)

    def add(self, answer: Mapping[str, Json]) -> None:
        """Count one record, as `replay` prints it."""
        if answer["version"] not in self.versions:
            self.versions.append(answer["version"])
        action = answer.get("action", "")
        if action not in OUTCOMES and action not in SUMS:
            return
        fate = self.fates.setdefault((answer.get("client") or "", answer.get("service") or ""), Fate())
        if action in OUTCOMES:
            clauses = fate.befell.setdefault(OUTCOMES[action], [])
            if answer["clause"] not in clauses:
                clauses.append(answer["clause"])
        if action in SUMS and answer.get("amount") is not None:
            key = (answer.get("currency") or "", SUMS[action])
            fate.sums[key] = fate.sums.get(key, Decimal()) + Decimal(answer["amount"])

    def services(self, outcome: str) -> set[str]:
        """Whom it befell; a client is named where all his services are meant."""
        return {
            service or f"client {client}" for (client, service), fate in self.fates.items() if outcome in fate.befell
        }

    def account(self) -> Account:
        total: Account = {}
        for fate in self.fates.values():
            for key, amount in fate.sums.items():
                total[key] = total.get(key, Decimal()) + amount
        return total


@dataclass(frozen=True)
class Comparison:
    """Two runs over the same events."""

    a: Tally
    b: Tally

    def different(self) -> list[tuple[str, str]]:
        """The clients and services that the two treat differently, in a fixed order."""
        keys = sorted({*self.a.fates, *self.b.fates})
        return [key for key in keys if not self.a.fates.get(key, Fate()).looks_like(self.b.fates.get(key, Fate()))]

    def to_json(self) -> dict[str, Json]:
        answer: dict[str, Json] = {
            "a": {"policy": self.a.policy, "versions": self.a.versions},
            "b": {"policy": self.b.policy, "versions": self.b.versions},
        }
        for outcome in WHAT:
            a, b = self.a.services(outcome), self.b.services(outcome)
            answer[outcome] = {"both": sorted(a & b), "only_a": sorted(a - b), "only_b": sorted(b - a)}
        answer["sums"] = self.sums()
        answer["services"] = [
            {"client": client, "service": service or None, "a": _fate_json(self.a, client, service),
             "b": _fate_json(self.b, client, service)}
            for client, service in self.different()
        ]  # fmt: skip
        return answer

    def sums(self) -> dict[str, dict[str, dict[str, str]]]:
        """By currency and what for: what a and b would move."""
        a, b = self.a.account(), self.b.account()
        sums: dict[str, dict[str, dict[str, str]]] = {}
        for currency, what in sorted({*a, *b}):
            row = {"a": _money(a.get((currency, what))), "b": _money(b.get((currency, what)))}
            sums.setdefault(currency, {})[what] = row
        return sums


def compare(
    a: Rules, b: Rules, events: Sequence[Event], until: datetime | None, *, each: Callable[[], None] | None = None
) -> Comparison:
    """Replay the events through both, under the same approvals; `each` is called before every event of either run."""
    return Comparison(tally(a, events, until, each), tally(b, events, until, each))


def tally(
    rules: Rules, events: Sequence[Event], until: datetime | None, each: Callable[[], None] | None = None
) -> Tally:
    return tallied(", ".join(pack.name for pack in rules.packs), Replay(rules).run(events, until, each))


def tallied(policy: str, answers: Iterable[Mapping[str, Json]]) -> Tally:
    """What these records did; `policy` names who decided."""
    found = Tally(policy)
    for answer in answers:
        found.add(answer)
    return found


def _money(amount: Decimal | None) -> str:
    return str((amount or Decimal()).quantize(Decimal("0.01")))


def _fate_json(of: Tally, client: str, service: str) -> dict[str, Json]:
    fate = of.fates.get((client, service), Fate())
    sums: dict[str, dict[str, str]] = {}
    for (currency, what), amount in sorted(fate.sums.items()):
        sums.setdefault(currency, {})[what] = _money(amount)
    return {**{outcome: fate.befell.get(outcome, []) for outcome in WHAT}, "sums": sums}
