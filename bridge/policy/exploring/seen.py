"""What a search has seen: which rules applied, what was placed and ended, which deadlines had consequences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bridge.decide.consequences import spared_by
from bridge.events import DeadlineDue, Event, FindingRecorded, HoldLifted
from bridge.model import AUTO, ActionRecord, CaseRecord, DeadlineEnded, DeadlineRecord, HoldRecord, Record
from bridge.policy.exploring.likeness import Landmark, landmark
from bridge.policy.exploring.search import Place, Step
from bridge.policy.exploring.world import TERMINATIONS, HoldKind
from bridge.policy.facts import Facts
from bridge.policy.pack import Condition, Rule, Trigger, Verb
from bridge.policy.verbs import CHARGED_BY, NEVER_AUTO
from bridge.policy.watching import Answered, answered, rules_on

Json = Any


class DeadlineKind(NamedTuple):
    """Deadlines that differ only in when and for what case they were set.

    stage   its length since the notice, in seconds; 0 of a payment
    charge  of a payment: fine, fee or deposit
    group   that of the case; empty where there is no case
    """

    clause: str
    for_: str
    stage: int
    charge: str
    group: str


Stated = tuple[str, int]
"""A clause, and the line of what it demands."""

RuleKind = tuple[int, Trigger]
"""A rule by its line, and the trigger that makes it be looked at."""

_DISMISSING = frozenset({"unfounded", "authorized", "lawful"})


@dataclass(frozen=True)
class Miss:
    """How near a rule came to applying: the conditions that failed, and where; none where nothing of it is done."""

    failed: tuple[Answered, ...]
    place: Place


@dataclass
class Seen:
    """Collects; `applied`, `placed` … keep the first place, which is a nearest one.

    masked     rows on a question that were not asked, for the one named answered first
    acted      by the line that demands an action, and the kind of product it was for
    neglected  deadlines that passed where the rules on them asked for something else: which conditions failed
    landmarks  the first place where the service had come to something
    lines      of what `fined`, `placed` and `deadlines` tell: where the pack says it
    """

    applied: dict[RuleKind, Place] = field(default_factory=dict)
    misses: dict[RuleKind, Miss] = field(default_factory=dict)
    fined: dict[frozenset[str], Place] = field(default_factory=dict)
    placed: dict[HoldKind, Place] = field(default_factory=dict)
    ended: set[HoldKind] = field(default_factory=set)
    deadlines: dict[DeadlineKind, Place] = field(default_factory=dict)
    passed: dict[DeadlineKind, Place] = field(default_factory=dict)
    followed: set[DeadlineKind] = field(default_factory=set)
    unasked: dict[tuple[str, str], Place] = field(default_factory=dict)
    unheard: dict[Stated, Place] = field(default_factory=dict)
    acted: dict[tuple[int, str], Place] = field(default_factory=dict)
    neglected: dict[DeadlineKind, Miss] = field(default_factory=dict)
    masked: dict[RuleKind, Rule] = field(default_factory=dict)
    landmarks: dict[Landmark, Place] = field(default_factory=dict)
    lines: dict[Json, int] = field(default_factory=dict)
    first: Place | None = None
    _applying: list[Rule] = field(default_factory=list)
    _asked: list[tuple[RuleKind, tuple[Answered, ...], bool]] = field(default_factory=list)
    _declined: dict[tuple[Trigger, str], list[tuple[Answered, ...]]] = field(default_factory=dict)

    # ---- while a step is decided ----

    def asked(self, trigger: Trigger, facts: Facts) -> None:
        """A trigger happened: judge each rule on it by itself, as the decision does."""
        first: Rule | None = None
        if trigger.name in WAITED_FOR:
            self._declined[trigger, facts.case.id if facts.case else ""] = [
                tuple(item for item in answered(rule, facts) if not item.held)
                for rule in rules_on(facts.version, trigger)
            ]
        for rule in rules_on(facts.version, trigger):
            key = (rule.line, trigger)
            if first is not None:
                if key not in self.masked and all(condition.holds(facts) for condition in rule.conditions):
                    self.masked[key] = first
                continue
            spared = _is_spared(rule, facts)
            if key in self.applied and rule.verdict is None:
                if not spared and all(condition.holds(facts) for condition in rule.conditions):
                    self._applying.append(rule)
                continue
            answers = answered(rule, facts)
            self._asked.append((key, answers, spared))
            if all(item.held for item in answers):
                self._applying.append(rule)
                first = rule if rule.verdict is not None else None

    # ---- after a step ----

    def witness(self, step: Step) -> bool:
        """Note what is new in a step; whether anything is."""
        known = self._known()
        self.first = self.first or step.after
        self.landmarks.setdefault(landmark(step.world.client, step.world.service), step.after)
        self._rules(step)
        for part, records in step.folded:
            self._decision(step, part.event, records)
        for case in step.world.client.cases.values():
            fined = frozenset(case.fined)
            if len(fined) > 1 and fined not in self.fined:
                self.fined[fined] = step.after
                self.lines[fined] = self._line(case.fined[-1], saying("charge_fine"))
        self._applying.clear()
        self._declined.clear()
        return self._known() > known

    def _known(self) -> int:
        found = (
            self.applied, self.fined, self.placed, self.ended, self.deadlines, self.passed, self.followed, self.unasked,
            self.unheard, self.acted, self.neglected,
        )  # fmt: skip
        return sum(len(things) for things in found)

    def _rules(self, step: Step) -> None:
        for key, answers, spared in self._asked:
            failed = tuple(item for item in answers if not item.held)
            if not failed and not spared:
                self.applied.setdefault(key, step.after)
            elif key not in self.misses or distance(failed) < distance(self.misses[key].failed):
                self.misses[key] = Miss(failed, step.after)
        self._asked.clear()

    def _decision(self, step: Step, event: Event, records: Sequence[Record]) -> None:
        for record in records:
            if isinstance(record, HoldRecord):
                self._hold(step, event, record, records)
            elif isinstance(record, DeadlineRecord):
                self._deadline(step, record)
            elif isinstance(record, ActionRecord):
                self._action(step, record)
        if isinstance(event, DeadlineDue):
            self._fired(step, event, records)

    def _hold(self, step: Step, event: Event, record: HoldRecord, records: Sequence[Record]) -> None:
        if record.status == "placed" and record.proposal is None:
            kind = (record.basis.clause, record.scope, record.irrevocable, record.until)
            if kind not in self.placed:
                self.placed[kind] = step.after
                self.lines[kind] = self._line(kind[0], placing(kind))
        elif record.status == "ended" and not _is_mercy(event, record, records):
            hold = step.held.get(record.id) or _placed_within(step, record.id)
            if hold is not None and not _is_hollow(step, hold, record.case):
                self.ended.add(hold)

    def _deadline(self, step: Step, record: DeadlineRecord) -> None:
        kind = _deadline_kind(step, record)
        if kind not in self.deadlines:
            self.deadlines[kind] = step.after
            self.lines[kind] = self._line(kind.clause, setting(kind))

    def _line(self, clause: str, is_meant: Said) -> int:
        """Where a rule that has just applied says it; 0 where none did."""
        said = (verb for rule in self._applying if rule.clause == clause for verb in rule.verbs)
        return next((verb.line for verb in said if is_meant(verb)), 0)

    def _action(self, step: Step, record: ActionRecord) -> None:
        line = self._line(record.basis.clause, saying(record.action))
        if line:
            self.acted.setdefault((line, step.world.service.product_kind), step.after)
        if record.action in NEVER_AUTO and record.approval == AUTO:
            self.unasked.setdefault((record.basis.clause, record.action), step.after)
        if record.action == "suspend_service" and not _was_told(step, record):
            clause = record.basis.clause
            self.unheard.setdefault((clause, self._line(clause, saying("suspend_service", *TERMINATIONS))), step.after)

    def _fired(self, step: Step, event: DeadlineDue, records: Sequence[Record]) -> None:
        deadline = _fired_deadline(step, event)
        if deadline is None:
            return
        kind = _deadline_kind(step, deadline)
        self.passed.setdefault(kind, step.after)
        if any(not isinstance(record, DeadlineRecord | DeadlineEnded) for record in records):
            self.followed.add(kind)
        elif kind not in self.neglected and not _is_settled(step, deadline.case):
            self._neglect(kind, step, self._declined.get((_trigger_of(kind), deadline.case or ""), ()))

    def _neglect(self, kind: DeadlineKind, step: Step, declined: Sequence[tuple[Answered, ...]]) -> None:
        """Nothing followed, and not because what a rule demands was done already or stands in its way."""
        if declined and not any(_rests_on_policy(failed) for failed in declined):
            self.neglected[kind] = Miss(min(declined, key=distance), step.after)


WAITED_FOR: Mapping[str, str] = {
    "no_reply": "reply", "no_remedy": "remedy", "no_evidence": "evidence", "unpaid": "payment",
}  # fmt: skip
"""The triggers of deadlines that pass, each with what was waited for."""

_MADE_BY_POLICY = frozenset(
    "fined suspended held deposit_held refund_refused terminated_by_policy address_blocked client_refused".split()
)
"""Facts that a policy brings about itself."""


def spares_whom_it_hit(condition: Condition) -> bool:
    """Whether it asks that something of the policy does not stand yet: where it does, nothing is forgotten."""
    return condition.fact in _MADE_BY_POLICY and (condition.wanted == "true") is condition.negated


def _trigger_of(kind: DeadlineKind) -> Trigger:
    name = next(name for name, for_ in WAITED_FOR.items() if for_ == kind.for_)
    return Trigger(name, kind.charge or kind.stage)


def _rests_on_policy(failed: Sequence[Answered]) -> bool:
    """Whether a rule was spared only by what the policy itself had done; also where nothing failed."""
    return all(spares_whom_it_hit(item.condition) for item in failed)


def distance(failed: Sequence[Answered]) -> tuple[bool, int]:
    """How far a rule is from applying: one for complaints of another kind is farther than any other."""
    return any(item.condition.fact in ("group", "category") for item in failed), len(failed)


def _is_settled(step: Step, case: str | None) -> bool:
    """Whether something of the case stands already: a hold, or what waits for an admin."""
    holds = step.world.service.active_holds(simulated=True)
    return any(hold.case == case for hold in holds) or any(
        item.case == case for item in step.world.client.pending.values()
    )


def _is_spared(rule: Rule, facts: Facts) -> bool:
    """Whether nothing of what it demands is done: to a service that is gone, on a complaint that lacks something."""
    spared = spared_by(facts, [rule])
    return bool(rule.verbs) and all(verb.name in spared for verb in rule.verbs)


def _is_mercy(event: Event, ended: HoldRecord, records: Sequence[Record]) -> bool:
    """What may end any hold whatever the pack says: the complaint was none, or an admin lifts it."""
    if isinstance(event, HoldLifted) or (isinstance(event, FindingRecorded) and event.finding in _DISMISSING):
        return True
    dismissed = (record.case for record in records if isinstance(record, CaseRecord) and record.status == "dismissed")
    return ended.case is not None and ended.case in dismissed


_PAID = frozenset({"paid", "fine_paid", "fee_paid", "deposit_paid"})


def _is_hollow(step: Step, hold: HoldKind, case: str | None) -> bool:
    """Whether it only ended because there was nothing to pay: nobody was ever asked to."""
    until = hold[3]
    waits = bool(until) and all(_PAID & set(group) for group in until)
    return waits and not step.world.client.charges.of_case(case)


def _placed_within(step: Step, hold: str) -> HoldKind | None:
    for _, records in step.folded:
        for record in records:
            if isinstance(record, HoldRecord) and record.id == hold and record.status == "placed":
                return (record.basis.clause, record.scope, record.irrevocable, record.until)
    return None


def _deadline_kind(step: Step, record: DeadlineRecord) -> DeadlineKind:
    client = step.world.client
    charge, case = client.charges.get(record.charge), client.cases.get(record.case or "")
    return DeadlineKind(
        record.basis.clause, record.for_, record.stage, charge.charge if charge else "", case.group if case else ""
    )


def _fired_deadline(step: Step, event: DeadlineDue) -> DeadlineRecord | None:
    for _, records in reversed(step.world.history):
        for record in records:
            if isinstance(record, DeadlineRecord) and record.id == event.deadline:
                return record
    return None


Said = Callable[[Verb], bool]
"""Whether a line of a pack could be what brought something about."""


def saying(*names: str) -> Said:
    return lambda verb: verb.name in names


def placing(kind: HoldKind) -> Said:
    """What could place such a hold."""
    _, scope, irrevocable, until = kind

    def places(verb: Verb) -> bool:
        if scope == "network":
            return verb.name == "block_network"
        if irrevocable and verb.name == "suspend_service":
            return bool(verb.params.get("irrevocable"))
        named = "bar_unsuspension" if irrevocable else "suspend_service"
        return verb.name == named and verb.params.get("until", until) == until

    return places


_LENGTHS = {"reply": ("reply_within",), "remedy": ("remedy_within",), "evidence": ("within",)}


def setting(kind: DeadlineKind) -> Said:
    """What could set such a deadline."""
    if kind.charge:
        return saying(CHARGED_BY[kind.charge])
    return lambda verb: sets_deadline(verb, kind.for_, kind.stage)


def sets_deadline(verb: Verb, for_: str, stage: int | str | None) -> bool:
    """Whether a line sets a deadline for that, so many seconds after the notice."""
    given = [verb.params[name] for name in _LENGTHS.get(for_, ()) if name in verb.params]
    lengths = [length for item in given for length in (item if isinstance(item, tuple) else (item,))]
    return stage in [int(length.total_seconds()) for length in lengths]


_TELLING = frozenset({"notify_customer", "request_evidence"})


def _was_told(step: Step, suspension: ActionRecord) -> bool:
    """Whether the customer has a notice of this case, or where there is no case of this service, by the step's end."""
    for _, records in step.world.history:
        for record in records:
            if not isinstance(record, ActionRecord) or record.action not in _TELLING:
                continue
            if record.case == suspension.case and record.service in (None, suspension.service):
                return True
    return False
