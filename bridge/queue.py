"""What the worker needs of the store: approved actions to claim, intents to commit, outcomes to write down.

The row is the queue: nothing is sent between commit and claim. The store implements `Queue`; the worker and the actions
only speak to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bridge.wording import Wording

Json = Any


@dataclass(frozen=True, kw_only=True)
class StepState:
    """One panel call of an action, as far as it got.

    state      intended (sent or about to be; its answer is not known), done, or failed (the panel said no)
    intent_at  wall time of the first intent: only objects made no earlier count as ours
    tried_at   wall time of the newest intent; None: as intent_at
    result     what later steps and letters need: {"ticket": …}, {"invoice": …}
    """

    place: int
    name: str
    state: str
    intent_at: datetime
    tried_at: datetime | None = None
    result: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What a letter may say of a case. Everything a sender wrote is hostile text.

    measures  names of the actions decided for the case besides letters (suspend_service, charge_fine …), done or not
    """

    id: str
    category: str
    opened_at: datetime
    ips: tuple[str, ...]
    targets: tuple[str, ...]
    reporter: str
    reporter_kind: str
    reporter_address: str
    occurred_at: datetime | None
    complaint: bytes | None
    complaint_type: str
    ticket: str | None
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ServiceFacts:
    """What carrying out needs of a service: `server` and `vpsid` name its machine; `ips` as last observed."""

    id: str
    server: str | None
    vpsid: str | None
    vps_uuid: str | None
    ips: tuple[str, ...]
    product_kind: str


@dataclass(frozen=True, kw_only=True)
class Work:
    """An action under lease.

    own, plan   as in bridge.model.ActionRecord
    withdrawn   its reason has ended: look whether it took effect, and do not do it
    since       wall time of the approval
    claim       which claim this is, for the store to tell a lease that is still held from one that was lost
    says        what the clause says, in the pack's words; empty where not known. `because` is in its language
    approvals   how many admins agreed; 0: it was decided automatically
    undoes      of what undoes another action (unblock_network, unsuspend_service …): the results of that one's steps
    blocks      of a network action: own fields of the service's other blocks that are in force
    """

    id: str
    action: str
    client: str
    service: ServiceFacts | None
    case: CaseFacts | None
    own: Mapping[str, Json]
    plan: Mapping[str, Json]
    policy: str
    version: str
    clause: str
    because: str
    steps: Sequence[StepState]
    attempts: int
    withdrawn: bool
    since: datetime
    locale: str | None
    is_reseller: bool
    claim: str = ""
    says: Wording = Wording()
    approvals: int = 0
    undoes: Mapping[str, Json] = field(default_factory=dict)
    blocks: Sequence[Mapping[str, Json]] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an action ended for now.

    state        done, failed (the panel's words in `error`), waiting (try again at `retry_at`), unclear (look again at
                 `retry_at`), manual (`instructions` for an admin), cancelled (withdrawn, and it had no effect)
    invoice      of a charge: the panel's id; `invoiced`: "<currency> <amount>" that it really took
    theirs       of a suspension: somebody else had suspended the service already
    unconfirmed  sent at most once and cannot be looked up
    note         what an admin should know of a done action: drift between the panels
    """

    state: str
    error: str = ""
    retry_at: datetime | None = None
    instructions: str = ""
    invoice: str | None = None
    invoiced: str | None = None
    theirs: bool = False
    unconfirmed: bool = False
    note: str = ""


class Queue(Protocol):
    """Every method is one transaction; none is held during a panel call. Times are wall times."""

    def claim(self, worker: str, now: datetime, lease: timedelta) -> Work | None:
        """The most urgent action that may run now, under a lease: suspensions and blocks before notices, no service
        with two in flight; one whose lease ran out is claimed again as unclear. None: nothing to do."""

    def intend(
        self, work: Work, place: int, name: str, command: str, now: datetime, service: str | None = None
    ) -> StepState:
        """Commit the intent of a step before its call. `command` is how the panel's hooks will name it (ModuleSuspend,
        …; empty where none fires), `service` the one that they will name (None: that of the work). Returns the step
        with its first intent's time. Renews the lease, so that the call has all of it; raises Conflict where the lease
        was lost and the action claimed anew: then nothing is called."""

    def renew(self, work: Work, now: datetime) -> None:
        """The lease begins anew; raises Conflict where it was lost."""

    def step_done(self, work: Work, place: int, result: Mapping[str, Json], now: datetime) -> None: ...
    def step_failed(self, work: Work, place: int, words: str, now: datetime) -> None: ...

    def finish(self, work: Work, outcome: Outcome, now: datetime) -> None:
        """Write the outcome and let the lease go; `done` and `failed` are decided on as events."""

    def next_due(self, now: datetime) -> datetime | None:
        """When the next claim may succeed, for the worker's sleep; None: nothing waits."""
