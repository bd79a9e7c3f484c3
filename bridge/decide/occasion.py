"""One rule being applied: what it may speak of, and the one way in which it decides an action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from string import Formatter
from typing import Any

from bridge.decide.draft import Draft
from bridge.model import Basis
from bridge.policy.facts import Facts
from bridge.policy.pack import Rule, Verb
from bridge.state import Case, Service, Timer
from bridge.timeformat import format_duration

Json = Any


class Occasion:
    """One rule being applied: the draft, the facts, the timer that fired where one did."""

    def __init__(self, draft: Draft, facts: Facts, rule: Rule, timer: Timer | None, demanded: int) -> None:
        self.draft = draft
        self.facts = facts
        self.rule = rule
        self.timer = timer
        self.demanded = demanded
        self.case: Case | None = facts.case
        self.service: Service | None = facts.service
        self.case_id = self.case.id if self.case is not None else None
        self.service_id = self.service.id if self.service is not None else None
        because = sentence_of(rule.because, facts, timer)
        self.basis = Basis(facts.version.policy, facts.version.number, rule.clause, because)

    def rests_on(self) -> str:
        """The deadline whose being met late ends the reason of an action: a reply, or evidence."""
        return self.timer.for_ if self.timer is not None and self.timer.for_ in ("reply", "evidence") else ""

    def act(
        self,
        name: str,
        verb: Verb,
        own: Mapping[str, Json],
        plan: Mapping[str, Json] | None = None,
        *,
        service: str | None = None,
    ) -> Any:
        """Decide an action about the service the rule is applied to, unless `service` names another."""
        return self.draft.action(
            name,
            self.basis,
            service=service or self.service_id,
            case=self.case_id,
            own=own,
            plan=plan,
            row=verb.approval,
            demanded=self.demanded,
        )


Mention = Callable[[Facts, Timer | None], Json]


def sentence_of(template: str, facts: Facts, timer: Timer | None = None) -> str:
    """A `because:` sentence with what it mentions. Only our own words: nothing a sender wrote."""
    return "".join([
        f"{literal}{mention(facts, timer)}" if mention is not None else literal for literal, mention in _parts(template)
    ])  # fmt: skip


@lru_cache(maxsize=4096)
def _parts(template: str) -> tuple[tuple[str, Mention | None], ...]:
    """The sentence taken apart once, not each time a rule applies: what is said before each thing mentioned."""
    parsed = Formatter().parse(template)
    return tuple((literal, _MENTIONED[name] if name is not None else None) for literal, name, _, _ in parsed)


def _ips(facts: Facts) -> str:
    return ", ".join(facts.case.ips if facts.case else facts.charge.ips if facts.charge else ())


def _ip(facts: Facts, timer: Timer | None) -> str:
    asked = getattr(facts.event, "ip", None)
    return asked if isinstance(asked, str) else _ips(facts)


_MENTIONED: Mapping[str, Mention] = {
    "service": lambda facts, timer: facts.service.id if facts.service else "?",
    "category": lambda facts, timer: facts.case.category if facts.case else "",
    "group": lambda facts, timer: facts.case.group if facts.case else "",
    "ips": lambda facts, timer: _ips(facts),
    "strike": lambda facts, timer: facts.case.strike if facts.case else 0,
    "reporter": lambda facts, timer: (facts.case.reporter.kind or "reporter") if facts.case else "",
    "amount": lambda facts, timer: facts.charge.amount if facts.charge else "",
    "currency": lambda facts, timer: facts.charge.currency if facts.charge else "",
    "charge": lambda facts, timer: facts.charge.charge if facts.charge else "",
    "cause": lambda facts, timer: getattr(facts.event, "cause", "") or "",
    "ip": _ip,
    "order": lambda facts, timer: getattr(facts.event, "order", None) or "",
    "metric": lambda facts, timer: str(getattr(facts.event, "metric", "")).replace("_", " "),
    "asn": lambda facts, timer: getattr(facts.event, "asn", None) or "",
    "after": lambda facts, timer: format_duration(timedelta(seconds=timer.stage)) if timer else "",
}
