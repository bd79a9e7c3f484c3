"""Readings of what a service uses: too much of it, for the first time or still."""

from __future__ import annotations

from bridge.decide.cases import note
from bridge.decide.consequences import apply, matching
from bridge.decide.draft import Draft
from bridge.events import UsageObserved
from bridge.model import ExcessRecord
from bridge.policy.facts import Facts
from bridge.policy.pack import Trigger
from bridge.policy.settings import UsageLimit
from bridge.state import Excess, Service


def on_usage(draft: Draft, event: UsageObserved) -> None:
    """Only a reading below the share ends what is too much; one that covers too few hours says neither.

    Once the second consequence was decided, nothing more follows while the service is suspended; if it is freed and
    still uses too much, all begins anew.
    """
    service = draft.service(event.service)
    if service is None:
        note(draft, "usage.observed names a service that is not known.", service=event.service)
        return
    limits: dict[str, UsageLimit] = draft.version().settings.get("usage_limits", {})
    limit = limits.get(event.metric)
    if limit is None or service.terminated:
        return
    excess = service.excess.get(event.metric)
    if event.value < limit.share:
        if excess is not None:
            _remember(draft, event, "ended")
    elif event.hours >= limit.hours:
        _too_much(draft, event, service, excess)


def _too_much(draft: Draft, event: UsageObserved, service: Service, excess: Excess | None) -> None:
    if excess is not None and excess.acted:
        if draft.is_suspended(service):
            return
        excess = None
    facts = Facts(
        event=event,
        client=draft.state,
        service=service,
        version=draft.version(),
        over_limit_since=excess.since if excess else None,
    )
    rules = matching(facts, Trigger("over_limit", event.metric))
    if excess is None:
        _remember(draft, event, "started")
    elif rules:
        _remember(draft, event, "acted")
    apply(draft, facts, rules)


def _remember(draft: Draft, event: UsageObserved, status: str) -> None:
    draft.add(
        ExcessRecord(
            at=draft.at,
            basis=draft.common("F", f"A reading of {event.metric}."),
            service=event.service,
            client=draft.state.id,
            metric=event.metric,
            status=status,
        )
    )
