"""What is wrong with a pack, found by living through it: faults with a shortest way to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bridge.policy.examples import example_events
from bridge.policy.exploring.alphabet import beginnings, complaints, concerns, every_rule, most_strikes, others
from bridge.policy.exploring.search import Bounds, Place, Search
from bridge.policy.exploring.seen import DeadlineKind, Miss, Seen
from bridge.policy.exploring.world import HoldKind
from bridge.policy.fault import (
    FINED_TWICE,
    NEVER_APPLIES,
    NEVER_LIFTED,
    NOT_HEARD,
    NOTHING_FOLLOWS,
    TERMINATES_UNASKED,
    Fault,
)
from bridge.policy.pack import Pack, Rule, Trigger, Version
from bridge.policy.spelling import listed, spelled_condition, spelled_trigger, spelled_value
from bridge.timeformat import format_duration

Json = Any

ENOUGH = 20_000
"""Steps after which nothing more is looked for by itself: no policy of a person needs so many."""

FEW = 6
ONE_RULE = Bounds(steps=1_500, patience=1_500, complaints=12, depth=20)
AFTERWARDS = Bounds(steps=300, patience=150, complaints=0, depth=6)
UNAPPROVED = Bounds(steps=400, patience=150, complaints=2, depth=4)


def everything(version: Version) -> Bounds:
    """As many complaints as any rule counts to, deeper where more is needed for a single rule."""
    return Bounds(steps=4_000, patience=500, complaints=min(most_strikes(version), 4), depth=7)


def explore(pack: Pack) -> Iterator[Fault]:
    """The faults of every version, in the order of the file."""
    for version in pack.versions:
        yield from sorted(_Exploration(pack, version).faults(), key=lambda fault: (fault.line, fault.kind))


class _Exploration:
    """One version: searched as a whole, then again where something was not seen."""

    def __init__(self, pack: Pack, version: Version) -> None:
        self.version = version
        self.seen, self.unapproved = Seen(), Seen()
        self.complaints, self.others = complaints(version), others(version)
        self.search = Search(pack, version, self.seen.asked, self.seen.witness, at_once=True)
        self.waiting = Search(pack, version, self.unapproved.asked, self.unapproved.witness, at_once=False)
        self.places = [self.search.beginning(*begun) for begun in beginnings(version)]
        self.idle = _counts_days(version)

    def faults(self) -> Iterator[Fault]:
        alphabet = [*self.complaints, *self.others]
        self.search.run(self.places, alphabet, everything(self.version), idle=self.idle)
        self.waiting.run(self.places, alphabet, UNAPPROVED, idle=False)
        self._follow_examples()
        self._look_for_rules()
        self._look_afterwards()
        yield from self._never_applies()
        yield from self._fined_twice()
        yield from self._never_lifted()
        yield from self._nothing_follows()
        yield from self._unasked()
        yield from self._not_heard()

    # ---- searching ----

    def _follow_examples(self) -> None:
        for clause in self.version.clauses.values():
            for example in clause.examples:
                search = self.search if example.approve == "all" else self.waiting
                until = search.start + example.until if example.until is not None else None
                search.follow(list(example_events(example, search.start)), until)

    def _look_for_rules(self) -> None:
        """A rule that did not apply is looked for by itself, deeper, among complaints that it speaks of."""
        for rule in every_rule(self.version):
            if self._is_seen(rule) or self.search.steps > ENOUGH:
                continue
            own = [symbol for symbol in self.complaints if concerns(rule, self.version, symbol.category)]
            for few in dict.fromkeys((1, FEW)):
                if not self._is_seen(rule):
                    self.search.run(self.places, [*own[:few], *self.others], ONE_RULE, idle=self.idle)

    def _is_seen(self, rule: Rule) -> bool:
        return all((rule.line, trigger) in self.seen.applied for trigger in rule.triggers)

    def _look_afterwards(self) -> None:
        """From where a hold or a deadline was first placed: what answers, payments and time bring."""
        places = [place for kind, place in self.seen.placed.items() if kind not in self.seen.ended]
        places += [place for kind, place in self.seen.deadlines.items() if kind not in self.seen.followed]
        for place in places:
            if self.search.steps > ENOUGH:
                return
            self.search.run([place], self.others, AFTERWARDS, idle=False)

    # ---- judging ----

    def _never_applies(self) -> Iterator[Fault]:
        for rule in every_rule(self.version):
            missing = [trigger for trigger in rule.triggers if (rule.line, trigger) not in self.seen.applied]
            if not missing:
                continue
            miss = self._nearest(rule, missing)
            on = "" if len(missing) == len(rule.triggers) else f" on {listed(map(spelled_trigger, missing))}"
            why = self._why_not_asked(rule, missing) or (_why(miss) if miss else _never(missing))
            sentence = f"This rule can never apply{on}: {why}."
            place = miss.place if miss else self._near(missing)
            yield self._fault(NEVER_APPLIES, rule.clause, rule.line, sentence, place)

    def _nearest(self, rule: Rule, missing: Iterable[Trigger]) -> Miss | None:
        misses = [miss for trigger in missing if (miss := self.seen.misses.get((rule.line, trigger)))]
        return min(misses, key=lambda miss: len(miss.failed), default=None)

    def _why_not_asked(self, rule: Rule, missing: Sequence[Trigger]) -> str:
        """The clause that always answers a question first, where one does."""
        for trigger in missing:
            if (rule.line, trigger) in self.seen.masked:
                return f"clause {self.seen.masked[rule.line, trigger]} answers before it"
        return ""

    def _near(self, missing: Sequence[Trigger]) -> Place | None:
        """Where a deadline of the kind was set, for a trigger that never happens; else wherever anything happened."""
        for trigger in missing:
            for (_, for_, _), place in self.seen.deadlines.items():
                if _DEADLINE_OF.get(trigger.name) == for_:
                    return place
        return self.seen.first

    def _fined_twice(self) -> Iterator[Fault]:
        for clauses, place in _smallest({**self.unapproved.fined, **self.seen.fined}).items():
            named = sorted(clauses)
            sentence = f"Clauses {listed(named)} fine the same incident."
            line = self._line(named[-1], "charge_fine")
            approve = "all" if clauses in self.seen.fined else "none"
            yield self._fault(FINED_TWICE, named[-1], line, sentence, place, approve=approve, also=named)

    def _never_lifted(self) -> Iterator[Fault]:
        for kind, place in self.seen.placed.items():
            clause, scope, _, until = kind
            if kind in self.seen.ended or self._is_final(kind):
                continue
            what = "block" if scope == "network" else "hold"
            ends = " or ".join(" and ".join(group) for group in until)
            waits = f"it waits for {ends}, which never ends it" if until else "no `until` names its end"
            sentence = f"Nothing ever ends this {what}, short of dismissing the complaint: {waits}."
            line = self._line_of_hold(kind)
            yield self._fault(NEVER_LIFTED, clause, line, sentence, place)

    def _line_of_hold(self, kind: HoldKind) -> int:
        """Where the clause places such a hold: an action that waits for the same, else one that could place it."""
        clause, scope, irrevocable, until = kind
        verb_of_service = "bar_unsuspension" if irrevocable else "suspend_service"
        verbs = ["block_network" if scope == "network" else verb_of_service]
        known = self.version.clauses.get(clause)
        said = [verb for rule in known.rules for verb in rule.verbs if verb.name in verbs] if known is not None else []
        alike = [verb.line for verb in said if verb.params.get("until", ()) == until]
        return alike[0] if alike else self._line(clause, *verbs, "suspend_service")

    def _is_final(self, kind: HoldKind) -> bool:
        """Whether the clause itself calls the suspension irrevocable."""
        clause, _, irrevocable, _ = kind
        rules = self.version.clauses[clause].rules if clause in self.version.clauses else ()
        return irrevocable and any(verb.params.get("irrevocable") for rule in rules for verb in rule.verbs)

    def _nothing_follows(self) -> Iterator[Fault]:
        for kind, place in self.seen.deadlines.items():
            if kind in self.seen.followed:
                continue
            clause, for_, _ = kind
            sentence = f"Nothing follows when the deadline for {_deadline(kind)} passes."
            line = self._line(clause, *_SETS_DEADLINE.get(for_, ()))
            yield self._fault(NOTHING_FOLLOWS, clause, line, sentence, self.seen.passed.get(kind, place))

    def _unasked(self) -> Iterator[Fault]:
        for (clause, action), place in {**self.unapproved.unasked, **self.seen.unasked}.items():
            sentence = f"{action} is done without any person's approval."
            yield self._fault(TERMINATES_UNASKED, clause, self._line(clause, action), sentence, place)

    def _not_heard(self) -> Iterator[Fault]:
        for clause, place in {**self.unapproved.unheard, **self.seen.unheard}.items():
            sentence = "The service is suspended and its customer was sent no notice that he could answer."
            line = self._line(clause, "suspend_service", "terminate_service")
            approve = "all" if clause in self.seen.unheard else "none"
            yield self._fault(NOT_HEARD, clause, line, sentence, place, approve=approve)

    def _fault(
        self,
        kind: str,
        clause: str,
        line: int,
        sentence: str,
        place: Place | None,
        *,
        approve: str = "all",
        also: Sequence[str] = (),
    ) -> Fault:
        reasons = [
            known.accepted[kind]
            for number in (clause, *also)
            if (known := self.version.clauses.get(number)) is not None and kind in known.accepted
        ]
        return Fault(
            kind=kind,
            version=self.version.number,
            clause=clause,
            line=line,
            sentence=sentence,
            events=tuple(place.written()) if place else (),
            approve=approve,
            accepted=reasons[0] if reasons else None,
        )

    def _line(self, clause: str, *verbs: str) -> int:
        """Where the clause says one of these; else where it begins."""
        known = self.version.clauses.get(clause)
        if known is None:
            return 1
        said = [verb.line for rule in known.rules for verb in rule.verbs if verb.name in verbs]
        return said[0] if said else known.line


_DEADLINE_OF: Mapping[str, str] = {
    "no_reply": "reply", "no_remedy": "remedy", "no_evidence": "evidence", "unpaid": "payment", "paid": "payment",
}  # fmt: skip
_SETS_DEADLINE: Mapping[str, tuple[str, ...]] = {
    "reply": ("notify_customer",),
    "remedy": ("notify_customer",),
    "evidence": ("request_evidence",),
    "payment": ("charge_fee", "charge_fine", "hold_deposit"),
}


def _counts_days(version: Version) -> bool:
    """Whether any rule can tell that time has gone by, deadlines aside."""
    conditions = [condition for rule in every_rule(version) for condition in rule.conditions]
    return any(
        condition.fact in ("new_target", "over_limit_since") or "within" in condition.wanted for condition in conditions
    )


def _smallest(found: Mapping[frozenset[str], Place]) -> dict[frozenset[str], Place]:
    """Three clauses that fine an incident are told as the two of them that do."""
    return {clauses: place for clauses, place in found.items() if not any(other < clauses for other in found)}


def _deadline(kind: DeadlineKind) -> str:
    _, for_, stage = kind
    return f"{for_} after {format_duration(timedelta(seconds=stage))}" if stage else for_


def _never(missing: Sequence[Trigger]) -> str:
    return f"{listed(map(spelled_trigger, missing))} never happens under this policy"


def _why(miss: Miss) -> str:
    return "at the nearest " + listed(
        f"`{spelled_condition(item.condition)}` fails ({item.condition.fact} is {spelled_value(item.value)})"
        for item in miss.failed
    )
