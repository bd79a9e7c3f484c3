"""What is decided about authorities and evidence: once for a case, and even where the service is gone already."""

from __future__ import annotations

from bridge.categories import CHILD_ABUSE
from bridge.decide.occasion import Occasion
from bridge.policy.pack import Verb
from bridge.state import Case
from bridge.withheld import without_links

NO_SANCTIONS = frozenset({"refer_to_authority", "preserve_evidence"})
"""What a terminated service does not escape: G7 spares it further sanctions, and these are none."""

_LONGEST_REASON = 500


def refer_to_authority(now: Occasion, verb: Verb) -> None:
    _once(now, verb, {"only_deferred": True} if verb.params.get("only_deferred") else {})


def preserve_evidence(now: Occasion, verb: Verb) -> None:
    _once(now, verb, {})


def _once(now: Occasion, verb: Verb, plan: dict[str, bool]) -> None:
    """Not again while it waits or after it was done; a referral that was rejected may be proposed anew."""
    draft, case = now.draft, now.case
    if case is None or verb.name in case.rarely.done_once or draft.decided(verb.name, now.service_id, case.id):
        return
    if any(item.action == verb.name and not item.withdrawn for item in draft.state.pending.of_case(case.id)):
        return
    now.act(verb.name, verb, {"kind": verb.params.get("kind", case.category)}, plan)


def quotable(text: str, case: Case | None) -> str:
    """What staff wrote, short enough for a note; about child abuse without anything that looks like a link."""
    if case is not None and case.category in CHILD_ABUSE:
        return without_links(text)[:_LONGEST_REASON]
    return " ".join(text.split())[:_LONGEST_REASON]
