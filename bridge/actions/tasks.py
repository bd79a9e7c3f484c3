"""What no panel call of ours does: tasks for an admin, and what is only kept by ourselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.actions.errand import Errand
from bridge.actions.registry import Action, action
from bridge.actions.step import ByHand, Step
from bridge.letters import plain


@dataclass(frozen=True, kw_only=True)
class Task(Action):
    """Always by hand."""

    def steps(self, errand: Errand) -> Sequence[Step]:
        raise ByHand(self.by_hand(errand))


@action("refer_to_authority", undo=None)
@dataclass(frozen=True, kw_only=True)
class ReferToAuthority(Task):
    """Hand the case to the authorities; it cannot be taken back.

    kind       of the evidence
    Done when  an admin confirms that the evidence file was handed over.
    Source     interface 4: evidence file for staff to hand over.
    """

    kind: str | None = None

    def by_hand(self, errand: Errand) -> str:
        case = plain(errand.work.case.id, 80) if errand.work.case else ""
        return (
            f"Write the evidence file of case {case} (tipstaff audit export {case}) and hand it to the authority; a "
            "message about child abuse is named in it by its SHA-256 alone and stays in the database, to be fetched by "
            "the authority's order only. Then confirm here."
        )


@action("preserve_evidence", undo=None)
@dataclass(frozen=True, kw_only=True)
class PreserveEvidence(Action):
    """Keep everything about the case beyond its ordinary time; nothing undoes it.

    kind       of the evidence
    Done when  decided: the lock is our own, no panel is told.
    Source     interface 4: retention lock.
    """

    kind: str | None = None

    def steps(self, errand: Errand) -> Sequence[Step]:
        return ()
