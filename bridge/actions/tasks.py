"""What no panel call of ours does: tasks for an admin, and what is only kept by ourselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.actions.errand import Errand
from bridge.actions.registry import Action, action, whom
from bridge.actions.step import ByHand, Step
from bridge.letters import plain


@dataclass(frozen=True, kw_only=True)
class Task(Action):
    """Always by hand."""

    def steps(self, errand: Errand) -> Sequence[Step]:
        raise ByHand(self.by_hand(errand))


@action("limit_resource", undo=None)
@dataclass(frozen=True, kw_only=True)
class LimitResource(Task):
    """Cap what a machine may use. An admin lifts it by hand again, so nothing undoes it.

    metric     cpu, disk_io or bandwidth
    cap        how much is left
    Done when  an admin confirms.
    Source     interface 4; the units of Virtualizor's caps are not stated for every metric, so a person sets them.
    """

    metric: str
    cap: str | int | float | None = None

    def by_hand(self, errand: Errand) -> str:
        cap = f" to {plain(str(self.cap), 60)}" if self.cap is not None else ""
        return f"Limit {plain(self.metric, 40)} of {whom(errand)}{cap} in the server panel, then confirm here."


@action("migrate_service", undo=None)
@dataclass(frozen=True, kw_only=True)
class MigrateService(Task):
    """Move a machine to another node; moving it back is a new migration.

    Done when  an admin confirms.
    Source     interface 4; Virtualizor migrate wants the source node's own password, which we do not keep.
    """

    def by_hand(self, errand: Errand) -> str:
        return f"Migrate {whom(errand)} to another node in the server panel, keeping its addresses, then confirm here."


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
        return f"Export the evidence file of case {case}, hand it to the authority, then confirm here."


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
