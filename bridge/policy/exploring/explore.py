"""What is wrong with a pack, found by living through it: faults with a shortest way to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, product
from typing import Any

from bridge.policy.examples import example_events
from bridge.policy.exploring.aiming import beginnings_for, complaints_for, is_hopeless, others_for
from bridge.policy.exploring.alphabet import (
    Symbol,
    beginnings,
    complaints,
    counted_to,
    every_rule,
    every_verb,
    most_strikes,
    others,
    words,
)
from bridge.policy.exploring.occasions import begun_for
from bridge.policy.exploring.search import Bounds, Place, Search
from bridge.policy.exploring.seen import (
    WAITED_FOR,
    DeadlineKind,
    Miss,
    Said,
    Seen,
    distance,
    placing,
    saying,
    setting,
    spares_whom_it_hit,
)
from bridge.policy.exploring.world import TERMINATIONS, HoldKind, typed
from bridge.policy.fault import (
    FINED_TWICE,
    MANUAL,
    NEVER_APPLIES,
    NEVER_LIFTED,
    NOT_HEARD,
    NOTHING_FOLLOWS,
    TERMINATES_UNASKED,
    Fault,
)
from bridge.policy.pack import Pack, Rule, Trigger, Version
from bridge.policy.spelling import listed, spelled_condition, spelled_trigger, spelled_value
from bridge.policy.verbs import VERBS
from bridge.replay import Replay
from bridge.rules import Rules
from bridge.timeformat import format_duration

Json = Any

ENOUGH = 20_000
"""Steps after which nothing more is looked for by itself: no policy of a person needs so many."""

FEW = 6
ONE_RULE = Bounds(steps=1_500, patience=1_500, complaints=12, depth=20)
FROM_LANDMARKS = Bounds(steps=600, patience=600, complaints=0, depth=4)
PAIR = Bounds(steps=400, patience=400, complaints=4, depth=9)
AFTERWARDS = Bounds(steps=300, patience=150, complaints=0, depth=6)
UNAPPROVED = Bounds(steps=400, patience=150, complaints=2, depth=4)


def everything(version: Version) -> Bounds:
    """As many complaints as any rule counts to, deeper where more is needed for a single rule."""
    return Bounds(steps=4_000, patience=500, complaints=min(most_strikes(version), 4), depth=7)


def explore(pack: Pack) -> Iterator[Fault]:
    """The faults of every version, in the order of the file."""
    for version in pack.versions:
        yield from Exploration(pack, version).faults()


class Exploration:
    """One version: searched as a whole, then again where something was not seen."""

    def __init__(self, pack: Pack, version: Version) -> None:
        self.pack, self.version = pack, version
        self.seen, self.unapproved, self.spared = Seen(), Seen(), Seen()
        self.complaints, self.others = complaints(version), others(version)
        self.search = Search(pack, version, self.seen.asked, self.seen.witness, at_once=True)
        self.waiting = Search(pack, version, self.unapproved.asked, self.unapproved.witness, at_once=False)
        self.sparing = Search(pack, version, self.spared.asked, self.spared.witness, at_once=False, spares=True)
        self.places = [self.search.beginning(*begun) for begun in beginnings(version)]
        self.idle = _counts_days(version)

    def faults(self) -> Sequence[Fault]:
        """Search, and what is wrong, in the order of the file."""
        self._search()
        found = (
            self._never_applies, self._does_nothing, self._fined_twice, self._never_lifted, self._nothing_follows,
            self._neglected, self._unasked, self._not_heard,
        )  # fmt: skip
        return sorted((fault for judge in found for fault in judge()), key=lambda fault: (fault.line, fault.kind))

    def by_hand(self, clause: str, line: int, action: str, sentence: str, kinds: Iterable[str]) -> Fault | None:
        """What no panel can do of a line for products of these kinds; None where the search never came to it."""
        for kind in kinds:
            for seen, approve in ((self.seen, "all"), (self.unapproved, "none")):
                for place in self._where_done(seen, line, kind):
                    events = _told_of(place, kind)
                    if self._does(action, events, approve):
                        fault = self._fault(MANUAL, clause, line, sentence, place, approve=approve)
                        return replace(fault, events=events)
        return None

    def _where_done(self, seen: Seen, line: int, kind: str) -> Iterator[Place]:
        """Where what a line demands was done, for a product of that kind first; else where its rule applied."""
        done = sorted(seen.acted.items(), key=lambda item: item[0][1] != kind)
        yield from (place for (stated, _), place in done if stated == line)
        rules = {rule.line for rule in every_rule(self.version) if any(verb.line == line for verb in rule.verbs)}
        yield from (place for (stated, _), place in seen.applied.items() if stated in rules)

    def _does(self, action: str, events: Sequence[Mapping[str, Json]], approve: str) -> bool:
        """Whether the action is decided where these events happen."""
        answers = Replay(Rules(self.pack, at_once=approve == "all")).run(typed(events), None)
        return any(answer.get("action") == action for answer in answers)

    def _search(self) -> None:
        alphabet = [*self.complaints, *self.others]
        self.search.run(self.places, alphabet, everything(self.version), idle=self.idle)
        self.waiting.run(self.places, alphabet, UNAPPROVED, idle=False)
        self._follow_examples()
        self._look_for_rules(self.search, self.seen)
        self._look_for_fines()
        self._look_afterwards()
        self._look_where_terminations_wait(alphabet)
        self._look_for_neglect()

    # ---- searching ----

    def _follow_examples(self) -> None:
        for clause in self.version.clauses.values():
            for example in clause.examples:
                search = self.search if example.approve == "all" else self.waiting
                until = search.start + example.until if example.until is not None else None
                search.follow(list(example_events(example, search.start)), until)

    def _look_for_rules(self, search: Search, seen: Seen) -> None:
        """A rule that did not apply is looked for by itself, deeper, among what it speaks of."""
        for rule in every_rule(self.version):
            if not self._missing(rule, also=[seen]) or search.steps > ENOUGH or not self._is_sought(rule):
                continue
            fitting = others_for([rule], self.others)
            search.run([*seen.landmarks.values()], fitting, FROM_LANDMARKS, idle=False)
            own = complaints_for([rule], self.version, self.complaints)
            aimed = [search.beginning(*begun) for begun in beginnings_for([rule])] or self.places
            for places, symbols in (
                (aimed[:1], fitting),
                (aimed, [*own[:1], *fitting]),
                (aimed, [*own[:1], *self.others]),
                (self.places, [*own[:FEW], *self.others]),
            ):
                if self._missing(rule, also=[seen]):
                    search.run(places, symbols, ONE_RULE, idle=self.idle)

    def _is_sought(self, rule: Rule) -> bool:
        """Whether a rule is worth a search of its own: it may apply, and the pack does not say that it never will."""
        owned = any(self._reasons(NEVER_APPLIES, rule.clause, rule.line))
        return not owned and not is_hopeless(rule, self.version)

    def _look_for_fines(self) -> None:
        """Two clauses that could fine one incident are looked for as a pair, however deep that lies."""
        fining = [rule for rule in every_rule(self.version) if any(verb.name == "charge_fine" for verb in rule.verbs)]
        for one, other in combinations(fining, 2):
            pair = frozenset({one.clause, other.clause})
            if len(pair) == 1 or pair in self.seen.fined or self.search.steps > ENOUGH:
                continue
            both = complaints_for([one, other], self.version, self.complaints)
            if both:
                aimed = [self.search.beginning(*begun) for begun in beginnings_for([one, other])] or self.places[:1]
                self.search.run(aimed, [*both[:2], *others_for([one, other], self.others)], PAIR, idle=self.idle)

    def _missing(self, rule: Rule, *, also: Sequence[Seen] = ()) -> list[Trigger]:
        """The triggers on which a rule never applied while everything is approved at once, nor in `also`."""
        seen = [one.applied for one in (self.seen, *also)]
        return [trigger for trigger in rule.triggers if not any((rule.line, trigger) in one for one in seen)]

    def _look_where_terminations_wait(self, alphabet: Sequence[Symbol]) -> None:
        """What terminations at once keep from happening happens where an admin does not agree to them."""
        sought = filter(self._is_sought, every_rule(self.version))
        wanting = any(map(self._missing, sought)) or self._unended() or self._unfollowed()
        if wanting and any(verb.name in TERMINATIONS for verb in every_verb(self.version)):
            self.sparing.run(self.places, alphabet, everything(self.version), idle=self.idle)
            self._look_for_rules(self.sparing, self.spared)

    def _unended(self) -> list[HoldKind]:
        ended = self.seen.ended | self.unapproved.ended | self.spared.ended
        return [kind for kind in self.seen.placed if kind not in ended and not self._is_final(kind)]

    def _unfollowed(self) -> list[DeadlineKind]:
        followed = self.seen.followed | self.unapproved.followed | self.spared.followed
        return [kind for kind in self.seen.deadlines if kind not in followed]

    def _look_afterwards(self) -> None:
        """From where a hold or a deadline was first placed: what answers, payments and time bring."""
        places = [self.seen.placed[kind] for kind in self._unended()]
        places += [self.seen.deadlines[kind] for kind in self._unfollowed()]
        for place in places:
            if self.search.steps > ENOUGH:
                return
            self.search.run([place], self.others, AFTERWARDS, idle=False)

    def _look_for_neglect(self) -> None:
        """Where the rules on a deadline ask for more than its group: every complaint, as often as they tell apart."""
        asked = [rule for rule in every_rule(self.version) if WAITED_FOR.keys() & {each.name for each in rule.triggers}]
        conditions = [condition for rule in asked for condition in rule.conditions]
        narrow = [item for item in conditions if item.fact != "group" and not spares_whom_it_hit(item)]
        groups = {kind.group for kind in self.seen.deadlines}
        if not narrow:
            return
        begun = [({}, None), *(begun for condition in narrow for begun in begun_for(condition))]
        places = [self.search.beginning(*each) for each in begun]
        for times in range(1, counted_to(narrow) + 2):
            for place, complaint in product(places, self.complaints):
                if self.search.steps > ENOUGH:
                    return
                group = self.version.group_of(complaint.category)
                if (group.name if group else "") in groups:
                    self.search.repeat(place, complaint, times)

    # ---- judging ----

    def _never_applies(self) -> Iterator[Fault]:
        for rule in every_rule(self.version):
            missing = self._missing(rule)
            if not missing:
                continue
            miss = self._nearest(rule, missing)
            on = "" if len(missing) == len(rule.triggers) else f" on {listed(map(spelled_trigger, missing))}"
            why = self._why_not_asked(rule, missing) or (_why(miss) if miss else _never(missing))
            if not self._missing(rule, also=[self.unapproved, self.spared]):
                nearest = f"; {_why(miss)}" if miss else ""
                why = f"by then the service is terminated, unless an admin does not agree to that{nearest}"
            sentence = f"This rule can never apply{on}: {why}."
            place = miss.place if miss else self._near(missing)
            yield self._fault(NEVER_APPLIES, rule.clause, rule.line, sentence, place)

    def _does_nothing(self) -> Iterator[Fault]:
        """Lines that their rule, though it applies, cannot make anything of: nothing tells what they are about."""
        for rule in every_rule(self.version):
            for verb in rule.verbs:
                on = VERBS[verb.name].on
                lost = [trigger for trigger in rule.triggers if on and trigger.name not in on]
                places = [place for trigger in lost if (place := self.seen.applied.get((rule.line, trigger)))]
                if places:
                    here = listed(map(spelled_trigger, lost))
                    sentence = (
                        f"{verb.name} does nothing on {here}: only {listed(sorted(on), 'or')} can bring it about."
                    )
                    yield self._fault(NEVER_APPLIES, rule.clause, verb.line, sentence, places[0])

    def _nearest(self, rule: Rule, missing: Iterable[Trigger]) -> Miss | None:
        misses = [miss for trigger in missing if (miss := self.seen.misses.get((rule.line, trigger)))]
        return min(misses, key=lambda miss: distance(miss.failed), default=None)

    def _why_not_asked(self, rule: Rule, missing: Sequence[Trigger]) -> str:
        """The row that always answers a question first, or the deadline that no notice sets; empty for all else."""
        for trigger in missing:
            earlier = self.seen.masked.get((rule.line, trigger))
            if earlier is not None:
                return f"clause {earlier.clause} (line {earlier.line}) answers before it"
            if isinstance(trigger.argument, int):
                return self._why_no_deadline(rule, trigger)
        return ""

    def _why_no_deadline(self, rule: Rule, trigger: Trigger) -> str:
        """Which deadlines notices set in place of the one that a rule waits for; empty where they set that one."""
        groups = [condition for condition in rule.conditions if condition.fact == "group"]
        for_, about = WAITED_FOR[trigger.name], " about such a complaint" if groups else ""
        lengths = {
            kind.stage
            for kind in self.seen.deadlines
            if kind.for_ == for_ and all((kind.group in words(item)) is not item.negated for item in groups)
        }
        if trigger.argument in lengths:
            return ""
        only = f", only of {listed(map(_length, sorted(lengths)))}" if lengths else ""
        return f"no notice{about} sets a deadline for {for_} of {_length(int(trigger.argument or 0))}{only}"

    def _near(self, missing: Sequence[Trigger]) -> Place | None:
        """Where a deadline of the kind was set, for a trigger that never happens; else wherever anything happened."""
        for trigger in missing:
            for kind, place in self.seen.deadlines.items():
                if _DEADLINE_OF.get(trigger.name) == kind.for_:
                    return place
        return self.seen.first

    def _fined_twice(self) -> Iterator[Fault]:
        for clauses, place in _smallest({**self.unapproved.fined, **self.seen.fined}).items():
            named = sorted(clauses)
            sentence = f"Clauses {listed(named)} fine the same incident."
            seen = self.seen if clauses in self.seen.fined else self.unapproved
            line, approve = seen.lines[clauses], "all" if seen is self.seen else "none"
            clause = self._clause_at(line) or named[-1]
            yield self._fault(FINED_TWICE, clause, line, sentence, place, approve=approve, also=named)

    def _never_lifted(self) -> Iterator[Fault]:
        for kind in self._unended():
            clause, scope, _, until = kind
            what = "block" if scope == "network" else "hold"
            ends = " or ".join(" and ".join(group) for group in until)
            waits = f"it waits for {ends}, which never ends it" if until else "no `until` names its end"
            sentence = f"Nothing ever ends this {what}, short of dismissing the complaint: {waits}."
            line = self.seen.lines[kind] or self._stated(clause, placing(kind))
            yield self._fault(NEVER_LIFTED, clause, line, sentence, self.seen.placed[kind])

    def _stated(self, clause: str, is_meant: Said) -> int:
        """Where the clause says it; else where it begins."""
        known = self.version.clauses.get(clause)
        if known is None:
            return 1
        return next((verb.line for rule in known.rules for verb in rule.verbs if is_meant(verb)), known.line)

    def _is_final(self, kind: HoldKind) -> bool:
        """Whether the clause itself calls the suspension irrevocable."""
        clause, _, irrevocable, _ = kind
        rules = self.version.clauses[clause].rules if clause in self.version.clauses else ()
        return irrevocable and any(verb.params.get("irrevocable") for rule in rules for verb in rule.verbs)

    def _nothing_follows(self) -> Iterator[Fault]:
        """Told once for all groups of a deadline, or of those where nothing follows."""
        silent: dict[tuple[str, str, int, str, int], list[DeadlineKind]] = {}
        for kind in self._unfollowed():
            if kind in self.seen.passed:
                silent.setdefault((*kind[:-1], self._line_of(kind)), []).append(kind)
        for (clause, _, _, _, line), kinds in silent.items():
            alike = [kind for kind in self.seen.deadlines if kind[:-1] == kinds[0][:-1]]
            groups = sorted(kind.group for kind in kinds if kind.group)
            many = "the groups" if len(groups) > 1 else "group"
            where = f" of {many} {listed(groups)}" if len(kinds) < len(alike) and groups else ""
            sentence = f"Nothing follows when the deadline for {_deadline(kinds[0])}{where} passes."
            yield self._fault(NOTHING_FOLLOWS, clause, line, sentence, self.seen.passed[kinds[0]])

    def _neglected(self) -> Iterator[Fault]:
        """Deadlines that have consequences, but not always: told once for what failed, whatever the group."""
        told = {kind[:-1] for kind in self._unfollowed()}
        places: dict[tuple[int, str], tuple[DeadlineKind, Place]] = {}
        for kind, miss in self.seen.neglected.items():
            if kind[:-1] not in told:
                places.setdefault((self._line_of(kind), _failed(miss)), (kind, miss.place))
        for (line, why), (kind, place) in places.items():
            sentence = f"Nothing follows when the deadline for {_deadline(kind)} passes where {why}."
            yield self._fault(NOTHING_FOLLOWS, kind.clause, line, sentence, place)

    def _line_of(self, kind: DeadlineKind) -> int:
        return self.seen.lines[kind] or self._stated(kind.clause, setting(kind))

    def _unasked(self) -> Iterator[Fault]:
        for (clause, action), place in {**self.unapproved.unasked, **self.seen.unasked}.items():
            sentence = f"{action} is done without any person's approval."
            yield self._fault(TERMINATES_UNASKED, clause, self._stated(clause, saying(action)), sentence, place)

    def _not_heard(self) -> Iterator[Fault]:
        for stated, place in {**self.unapproved.unheard, **self.seen.unheard}.items():
            clause, line = stated
            sentence = "The service is suspended and its customer was sent no notice that he could answer."
            line = line or self._stated(clause, saying("suspend_service", *TERMINATIONS))
            approve = "all" if stated in self.seen.unheard else "none"
            yield self._fault(NOT_HEARD, clause, line, sentence, place, approve=approve)

    def _clause_at(self, line: int) -> str:
        """The clause that says what stands in this line."""
        for rule in every_rule(self.version):
            if any(verb.line == line for verb in rule.verbs):
                return rule.clause
        return ""

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
        reasons = [reason for number in also or [clause] for reason in self._reasons(kind, number, line)]
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

    def _reasons(self, kind: str, number: str, line: int) -> Iterator[str]:
        """Why the rule of that line means it so, or else the whole clause."""
        clause = self.version.clauses.get(number)
        if clause is None:
            return
        for rule in clause.rules:
            if line in (rule.line, *(verb.line for verb in rule.verbs)) and kind in rule.accepted:
                yield rule.accepted[kind]
        if kind in clause.accepted:
            yield clause.accepted[kind]


_DEADLINE_OF: Mapping[str, str] = {
    "no_reply": "reply", "no_remedy": "remedy", "no_evidence": "evidence", "unpaid": "payment", "paid": "payment",
}  # fmt: skip


def _counts_days(version: Version) -> bool:
    """Whether any rule can tell that time has gone by, deadlines aside."""
    conditions = [condition for rule in every_rule(version) for condition in rule.conditions]
    return any(
        condition.fact in ("new_target", "over_limit_since") or "within" in condition.wanted for condition in conditions
    )


def _told_of(place: Place, kind: str) -> tuple[Mapping[str, Json], ...]:
    """The events that lead there, of a product of that kind."""
    first, *others = place.written()
    return ({**first, "product_kind": kind}, *others)


def _smallest(found: Mapping[frozenset[str], Place]) -> dict[frozenset[str], Place]:
    """Three clauses that fine an incident are told as the two of them that do."""
    return {clauses: place for clauses, place in found.items() if not any(other < clauses for other in found)}


def _deadline(kind: DeadlineKind) -> str:
    what = f"{kind.for_} of a {kind.charge}" if kind.charge else kind.for_
    return f"{what} after {_length(kind.stage)}" if kind.stage else what


def _length(seconds: int) -> str:
    return format_duration(timedelta(seconds=seconds))


def _never(missing: Sequence[Trigger]) -> str:
    return f"{listed(map(spelled_trigger, missing))} never happens under this policy"


def _why(miss: Miss) -> str:
    if not miss.failed:
        return "where its conditions hold, the service is gone or the complaint incomplete, so that none of it is done"
    return f"at the nearest {_failed(miss)}"


def _failed(miss: Miss) -> str:
    return listed(
        f"`{spelled_condition(item.condition)}` fails ({item.condition.fact} is {spelled_value(item.value)})"
        for item in miss.failed
    )
