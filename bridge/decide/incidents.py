"""Complaints: which incident they are, whether it counts, and what the pack demands of it (G1, G2, G9, G11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from bridge.decide.consequences import apply, matching
from bridge.decide.draft import Draft
from bridge.events import ComplaintReceived
from bridge.model import Basis, CaseRecord, DuplicateRecord, UnattributedRecord
from bridge.policy.facts import Facts
from bridge.policy.pack import LONGEST_CONSOLIDATION, Rule, Trigger
from bridge.repeated import tally_keys
from bridge.routing import Held
from bridge.state import Case, Client, Opening, Service

STRIKE = Trigger("strike")
OPENED = Trigger("complaint")
ANY = Trigger("any_complaint")


def on_complaint(draft: Draft, event: ComplaintReceived) -> None:
    if draft.part.lost or not draft.part.held:
        draft.add(
            UnattributedRecord(
                at=draft.at,
                basis=draft.common("G1", "No service, or more than one, held the address at that time."),
                complaint=event.id,
                ips=draft.part.lost,
            )
        )
    for held in draft.part.held:
        service = draft.service(held.service)
        if service is not None:
            _received(draft, event, held, service)


def _received(draft: Draft, event: ComplaintReceived, held: Held, service: Service) -> None:
    joined = incident_of(draft, event, held, service)
    if joined is None:
        _open(draft, event, held, service)
    else:
        _joins(draft, event, held, service, joined)
    if event.delisting == "provider":
        _ask_for_removal(draft, event, held, service, joined)


def _joins(draft: Draft, event: ComplaintReceived, held: Held, service: Service, joined: Case) -> None:
    case = _opened_case(draft, event, held, service, joined) if event.complete and not joined.counts else None
    completes = case is not None and joined.is_open and (case.counts or not joined.complete)
    draft.add(
        DuplicateRecord(
            at=draft.at,
            basis=draft.common("G2", f"The complaint is about incident {joined.id}, which counts once.", joined),
            case=joined.id,
            service=service.id,
            client=draft.state.id,
            complaint=event.id,
            completes=completes,
        )
    )
    if case is not None and completes:
        _decide_on(draft, case, service)
    elif event.complete:
        _joined_by(draft, event, service, joined)


def _ask_for_removal(draft: Draft, event: ComplaintReceived, held: Held, service: Service, joined: Case | None) -> None:
    """A list that hears the provider alone: asking it is a task for an admin, one at a time for each case."""
    waiting = draft.state.pending.of_case(joined.id) if joined is not None else ()
    if any(item.own.get("template") == "delist" for item in waiting):
        return
    named = ", ".join(held.ips[:5]) + (" and others" if len(held.ips) > 5 else "")
    because = f"Only the provider may ask {event.reporter.name or 'the list'} to take {named} off."
    draft.action(
        "notify_staff",
        draft.common("F", because, joined),
        service=service.id,
        case=joined.id if joined is not None else held.case,
        own={"template": "delist", "ips": list(held.ips)},
    )


# ---- which incident ----


def incident_of(draft: Draft, event: ComplaintReceived, held: Held, service: Service) -> Case | None:
    """The case that the complaint joins, if any: by report id at any time, else within the window."""
    cases = draft.state.cases
    if event.report_id:
        known = service.joinable.get(("report", event.reporter.name, event.report_id))
        if known is not None:
            return cases[known]
    window = draft.version(service=service).consolidate
    for key in join_keys(event, held, looking=True):
        for known in _filed(service, key):
            if _may_join(cases[known], event, window_end=cases[known].opened_at + window):
                return cases[known]
    return None


def _filed(service: Service, key: tuple[str, str, str]) -> Sequence[str]:
    """The cases filed under the key, the newest first."""
    newest = service.joinable.get(key)
    return () if newest is None else (newest, *service.joinable_before.get(key, ()))


def _may_join(case: Case, event: ComplaintReceived, *, window_end: datetime) -> bool:
    if event.at > window_end:
        return False
    if case.status == "resolved" and case.found_at is not None:
        return (event.occurred_at or event.at) < case.found_at
    return True


def join_keys(event: ComplaintReceived, held: Held, *, looking: bool) -> list[tuple[str, str, str]]:
    """Under which keys a complaint is filed, and under which it looks for its incident.

    A target in common joins. Where one side names no target an IP in common joins; where neither side names anything,
    service and category are enough.
    """
    category = event.category
    if event.targets:
        other = "bare" if looking else "ip"
        targets = [("target", category, target) for target in event.targets]
        return targets + [(other, category, ip) for ip in held.ips]
    if held.ips:
        ips = [("ip", category, ip) for ip in held.ips]
        return ips if looking else ips + [("bare", category, ip) for ip in held.ips]
    return [("nothing", category, "")]


_FILED_BEFORE = 8
"""How many earlier cases are kept under one key: each is looked at only where no newer one can be joined."""


def file_incident(state: Client, service: Service, case: Case, event: ComplaintReceived, held: Held) -> None:
    """Remember under which keys later complaints find this incident."""
    for key in join_keys(event, held, looking=False):
        newest = service.joinable.setdefault(key, case.id)
        if newest != case.id:
            _file_beside(state, service, key, case, newest)
    if event.report_id:
        service.joinable.setdefault(("report", event.reporter.name, event.report_id), case.id)
    named = service.named.setdefault(case.group, {})
    for target in event.targets:
        known = named.get(target, ())
        if case.id not in known:
            named[target] = (*known, case.id)


def _file_beside(state: Client, service: Service, key: tuple[str, str, str], case: Case, newest: str) -> None:
    """The case opened last comes first, even where a report that comes again joins an old one."""
    before = service.joinable_before.get(key, ())
    if state.cases[newest].opened_at <= case.opened_at:
        service.joinable[key] = case.id
        since = case.opened_at - LONGEST_CONSOLIDATION
        kept = [known for known in (newest, *before) if known != case.id and state.cases[known].opened_at >= since]
        service.joinable_before[key] = tuple(kept[:_FILED_BEFORE])
        if not kept:
            del service.joinable_before[key]
    elif case.id not in before:
        service.joinable_before[key] = (*before, case.id)[:_FILED_BEFORE]


# ---- a new incident ----


def _open(draft: Draft, event: ComplaintReceived, held: Held, service: Service) -> None:
    case = _opened_case(draft, event, held, service, None)
    if not event.complete:
        basis = draft.common("G11", "The complaint lacks what is needed to act; its reporter is asked.", case)
        _add_case(draft, case, "opened", draft.common("G11", "A complaint was received that is not complete.", case))
        draft.action("notify_reporter", basis, service=service.id, case=case.id, own={"template": "incomplete"})
        _add_case(draft, case, "awaiting_reporter", basis)
        return
    _decide_on(draft, case, service)


def _opened_case(draft: Draft, event: ComplaintReceived, held: Held, service: Service, earlier: Case | None) -> Case:
    """The case as it will be: its group, whether it counts, and its running numbers."""
    version = draft.version(earlier, service)
    group = version.group_of(event.category)
    name = group.name if group else ""
    targets = tuple(dict.fromkeys((*earlier.targets, *event.targets))) if earlier else event.targets
    opening = Opening(
        category=event.category,
        group=name,
        policy=earlier.policy if earlier else version.policy,
        version=earlier.version if earlier else version.number,
        severity=event.severity,
        deliberate=event.deliberate,
        complete=event.complete,
        new_target=_names_new_target(draft, service, name, targets, earlier),
    )
    case = Case(
        id=earlier.id if earlier else held.case,
        service=service.id,
        opening=opening,
        status="opened",
        strike=0,
        strike_of_group=0,
        strike_of_category=0,
        opened_at=earlier.opened_at if earlier else draft.at,
        counted_at=draft.at,
        reporter=event.reporter,
        ips=tuple(dict.fromkeys((*earlier.ips, *held.ips))) if earlier else held.ips,
        targets=targets,
        asked=earlier.asked if earlier else 0,
    )
    if earlier is not None and earlier.rarely.done_once:
        case.rarely = case.rarely._replace(done_once=earlier.rarely.done_once)
    facts = Facts(event=event, client=draft.state, service=service, version=version, case=case)
    if group is not None and event.complete and all(condition.holds(facts) for condition in group.counts):
        _count(case, service)
    return case


def _count(case: Case, service: Service) -> None:
    """Make it the service's next strike."""
    case.opening = case.opening._replace(counts=True)
    tally = service.tally
    case.strike, case.strike_of_group, case.strike_of_category = [
        tally.get(key, 0) + 1 for key in tally_keys(case.group, case.category)
    ]


def _names_new_target(
    draft: Draft, service: Service, group: str, targets: tuple[str, ...], earlier: Case | None
) -> bool:
    """Whether a target was named by no complaint of this group before; dismissed cases aside."""
    named = service.named.get(group, {})
    own = earlier.id if earlier else ""
    return any(
        not any(case != own and draft.state.cases[case].status != "dismissed" for case in named.get(target, ()))
        for target in targets
    )


def _add_case(draft: Draft, case: Case, status: str, basis: Basis) -> None:
    draft.add(
        CaseRecord(
            at=draft.at,
            basis=basis,
            case=case.id,
            service=case.service,
            client=draft.state.id,
            status=status,
            strike=case.strike,
            category=case.category,
            group=case.group,
            complete=case.complete,
            counts=case.counts,
            tallies=(case.strike_of_group, case.strike_of_category),
            new_target=case.new_target,
        )
    )


def _joined_by(draft: Draft, event: ComplaintReceived, service: Service, case: Case) -> None:
    """What a pack demands of every complaint, one that tells of a known incident too."""
    version = draft.version(case)
    if ANY not in version.by_trigger:
        return
    facts = Facts(event=event, client=draft.state, service=service, version=version, case=case)
    apply(draft, facts, matching(facts, ANY))


_line = attrgetter("line")


def _row_of(rules: list[Rule]) -> str:
    """The clause that a case is opened under: the first row that names its category, before one that names none."""
    named = next((rule for rule in rules if rule.names_category), None)
    first = named or next(iter(rules), None)
    return first.clause if first else ""


def _decide_on(draft: Draft, case: Case, service: Service) -> None:
    version = draft.version(case)
    facts = Facts(event=draft.event, client=draft.state, service=service, version=version, case=case)
    rules = [*matching(facts, OPENED), *matching(facts, ANY)]
    if case.counts:
        rules += matching(facts, STRIKE)
    rules.sort(key=_line)
    clause = _row_of(rules) or ("G7" if service.terminated else "G2")
    because = f"Complaint about service {service.id}: {case.category}" + (
        f", strike number {case.strike}." if case.counts else ", which counts as no strike."
    )
    _add_case(draft, case, "opened", draft.basis(clause, because, case))
    if not rules:
        draft.action(
            "notify_staff",
            draft.common("G2", f"No clause of the policy names {case.category}.", case),
            service=service.id,
            case=case.id,
            own={"template": "review"},
        )
        return
    apply(draft, facts, rules)
