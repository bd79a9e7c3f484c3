"""What the page says, before it is Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.model import AUTO
from bridge.policy.pack import Clause, Group, Pack, Rule, Verb, Version
from bridge.policy.settings import UsageLimit
from bridge.policy.spelling import listed
from bridge.policy.telling.phrases import (
    VERDICTS,
    category,
    condition,
    does,
    ends,
    happens,
    length,
    money,
    percent,
    plain_words,
)
from bridge.policy.verbs import CHARGED_BY, common_approval


@dataclass(frozen=True)
class Effect:
    """When something happens, and what is done then."""

    when: str
    then: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One clause."""

    number: str
    says: str
    reading: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first heading names the clause."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Page:
    """The policy: `kinds` says what its groups of categories are, `tables` the times, sums and ends at a glance."""

    title: str
    version: str
    effective: datetime
    kinds: Table
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    common: tuple[str, ...]


def page_of(pack: Pack) -> Page:
    """The page of the newest version."""
    version = pack.newest
    return Page(
        title=pack.title,
        version=version.number,
        effective=version.effective,
        kinds=_kinds(version),
        sections=tuple(_section(clause, version) for clause in version.clauses.values()),
        tables=tuple(
            table
            for table in (_times(version), _sums(version), _limits(version), _regions(version), _endings(version))
            if table.rows
        ),
        common=_common(version),
    )


def _kinds(version: Version) -> Table:
    rows = tuple(
        (
            plain_words(group.name),
            (", ".join(map(category, group.patterns)) if len(version.groups) > 1 else _alone(group)) + _counted(group),
            listed(map(plain_words, group.remedies)) if group.remedies else "",
        )
        for group in version.groups.values()
    )
    return Table("What complaints are about", ("called", "complaints about", "what the customer is asked to do"), rows)


def _alone(group: Group) -> str:
    """What the only group is about; beside none, everything else is everything."""
    return ", ".join("everything" if pattern == "*" else category(pattern) for pattern in group.patterns)


def _counted(group: Group) -> str:
    """When a complaint of the group counts at all, where it does not always."""
    where = [condition(part) for part in group.counts if not part.negated and part.fact != "counts"]
    unless = [condition(part) for part in group.counts if part.negated]
    if any(part.fact == "counts" for part in group.counts):
        return "; none of them counts"
    only = f"; counts only where {listed(where)}" if where else ""
    never = f"; does not count where {listed(unless, 'or')}" if unless else ""
    return only + never


def _section(clause: Clause, version: Version) -> Section:
    return Section(
        clause.number, clause.says, clause.reading, tuple(_effect(rule, version.currency) for rule in clause.rules)
    )


def _effect(rule: Rule, currency: str) -> Effect:
    when = listed((happens(trigger) for trigger in rule.triggers), "or")
    where = [condition(part) for part in rule.conditions if not part.negated]
    unless = [condition(part) for part in rule.conditions if part.negated]
    when += f", where {listed(where)}" if where else ""
    when += f", but not where {listed(unless, 'or')}" if unless else ""
    then = [VERDICTS[rule.verdict]] if rule.verdict is not None else []
    then += [f"{does(verb, currency)}{_agreed(verb)}" for verb in rule.verbs]
    return Effect(when[0].upper() + when[1:], tuple(then))


def _agreed(verb: Verb) -> str:
    """Who has to agree, where it is not done at once."""
    if verb.name == "dismiss":
        return ""
    approval = verb.approval if verb.approval is not None else common_approval(verb.name)
    if approval == AUTO:
        return ""
    return " (once two admins agree)" if approval == 2 else " (once an admin agrees)"


def _verbs(version: Version) -> Iterator[tuple[Clause, Rule, Verb]]:
    for clause in version.clauses.values():
        for rule in clause.rules:
            for verb in rule.verbs:
                yield clause, rule, verb


_TIMED = {
    "reply_within": "to reply", "remedy_within": "to remedy the trouble", "within": "to give evidence", "due": "to pay",
}  # fmt: skip


def _times(version: Version) -> Table:
    rows = []
    for clause, _, verb in _verbs(version):
        for name, what in _TIMED.items():
            if name in verb.params:
                stages = verb.params[name]
                told = length(stages) if isinstance(stages, timedelta) else listed(length(stage) for stage in stages)
                rows.append((clause.number, what, told))
    return Table("Times", ("clause", "time", "how long"), tuple(dict.fromkeys(rows)))


_CHARGED = {action: charge for charge, action in CHARGED_BY.items()}


def _sums(version: Version) -> Table:
    rows = [
        (
            clause.number,
            _CHARGED[verb.name],
            money(verb.params["amount"], version.currency),
            "each complained IP address" if verb.params.get("per") == "ip" else "once",
        )
        for clause, _, verb in _verbs(version)
        if verb.name in _CHARGED
    ]
    return Table("Sums", ("clause", "what", "amount", "for"), tuple(dict.fromkeys(rows)))


def _limits(version: Version) -> Table:
    limits: Mapping[str, UsageLimit] = version.settings.get("usage_limits", {})
    rows = tuple(
        (plain_words(metric), f"{percent(limit.share)} of the allotment", _hours(limit))
        for metric, limit in limits.items()
    )
    return Table("How much use is too much", ("use of", "from", "for"), rows)


def _hours(limit: UsageLimit) -> str:
    return f"{limit.hours.normalize():f} hour{'' if limit.hours == 1 else 's'}"


def _regions(version: Version) -> Table:
    rows = tuple((plain_words(region),) for region in sorted(version.settings.get("identity_regions", ())))
    return Table("Regions that ask for a verified identity", ("region",), rows)


_LIFTED = {"suspend_service": "suspension", "bar_unsuspension": "bar", "block_network": "block"}


def _endings(version: Version) -> Table:
    rows = [
        (clause.number, _LIFTED[verb.name], _ending(verb))
        for clause, _, verb in _verbs(version)
        if verb.name in _LIFTED
    ]
    return Table("What lifts what", ("clause", "what", "is lifted when"), tuple(dict.fromkeys(rows)))


def _ending(verb: Verb) -> str:
    if "until" in verb.params:
        return ends(verb.params["until"])
    ordinary = verb.name != "bar_unsuspension" and not verb.params.get("irrevocable")
    return ends((("remediated",),)) if ordinary else "an admin ends it"


_ALWAYS = """\
A complaint found unfounded, authorized or lawful is dismissed: it counts no more, and what it did is undone.
A service is released when the last reason to hold it has ended.
A reply ends reminders; it does not by itself end a suspension.
What cannot be undone is never done without a person's agreement."""


def _common(version: Version) -> tuple[str, ...]:
    """What holds whatever the clauses say."""
    once = f"Complaints about the same trouble within {length(version.consolidate)} are one incident and count once."
    return (once, *_ALWAYS.splitlines())
