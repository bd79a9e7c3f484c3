"""How each action must stand by what the log says, for the audit to hold against the queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, select

from bridge.answers import is_answer
from bridge.events import (
    ActionApproved,
    ActionCancelled,
    ActionDone,
    ActionEvent,
    ActionExpired,
    ActionFailed,
    ActionRejected,
    Event,
)
from bridge.model import ActionEnded, ActionRecord
from bridge.store.engine import to_us
from bridge.store.log import Entry
from bridge.store.tables import actions, approvals

Json = Any

UNDER_WAY = frozenset({"approved", "executing", "waiting", "unclear", "manual"})
"""How the queue tells apart what the log only knows to be approved."""

_KNOWN_WITHDRAWN = frozenset({"approved", "failed", "done"})
"""Of what was cancelled the log does not tell whether a worker had to look first."""

_BECAME: dict[type[Event], str] = {
    ActionApproved: "approved",
    ActionDone: "done",
    ActionRejected: "rejected",
    ActionExpired: "expired",
    ActionCancelled: "cancelled",
    ActionFailed: "failed",
}


@dataclass(slots=True)
class Account:
    """One action by the log. `proved` is false where it ended unanswered: then nothing was logged of who had agreed."""

    state: str
    approved: int | None = None
    ended: int | None = None
    withdrawn: bool = False
    answered: int | None = None
    unconfirmed: bool = False
    agreed: list[Json] = field(default_factory=list)
    proved: bool = False

    @property
    def states(self) -> frozenset[str]:
        """What the queue may say."""
        if self.state == "approved" or (self.state == "failed" and self.withdrawn):
            return UNDER_WAY | {self.state}
        return frozenset({self.state})


class Ledger:
    """Takes in the log entry by entry, and then says where the queue differs."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def note(self, entry: Entry) -> None:
        """Take in one entry; they must come in order."""
        accepted = to_us(entry.accepted)
        if isinstance(entry.event, ActionEvent) and entry.event.action in self._accounts:
            self._happened(self._accounts[entry.event.action], entry.event, entry, accepted)
        for _, records in entry.parts:
            for record in records:
                if isinstance(record, ActionRecord):
                    approved = accepted if record.state == "approved" else None
                    self._accounts[record.id] = Account(record.state, approved)
                elif isinstance(record, ActionEnded) and record.id in self._accounts:
                    _withdrawn(self._accounts[record.id], accepted)

    def _happened(self, account: Account, event: ActionEvent, entry: Entry, accepted: int) -> None:
        account.state = _BECAME[type(event)]
        account.answered = entry.seq if is_answer(event) else None
        account.agreed = orjson.loads(entry.body).get("approvals", account.agreed)
        account.proved = True
        if isinstance(event, ActionApproved):
            account.approved = accepted
        else:
            account.ended = accepted
        if isinstance(event, ActionDone):
            account.unconfirmed = event.unconfirmed

    def faults(self, connection: Connection) -> Iterator[str]:
        """Where the queue does not agree."""
        agreed: dict[str, list[Json]] = {}
        for row in connection.execute(select(approvals).order_by(approvals.c.action, approvals.c.by)):
            agreed.setdefault(row.action, []).append([row.by, row.verified, row.reason, row.at])
        for row in connection.execute(select(actions)):
            account = self._accounts.get(row.id)
            if account is not None:
                yield from _differences(row, account, agreed.get(row.id, []))


def _withdrawn(account: Account, accepted: int) -> None:
    if account.state == "proposed":
        account.state, account.ended = "cancelled", accepted
    else:
        account.withdrawn = True


def _differences(row: Any, account: Account, agreed: list[Json]) -> Iterator[str]:
    if row.state not in account.states:
        yield f"actions: {row.id} is {row.state} in the queue and {account.state} in the log"
        return
    if row.approved != account.approved:
        yield f"actions: {row.id} was approved at another time by the log"
    if row.ended != account.ended:
        yield f"actions: {row.id} ended at another time by the log"
    if account.state in _KNOWN_WITHDRAWN and row.withdrawn != account.withdrawn:
        yield f"actions: {row.id} is {'' if row.withdrawn else 'not '}withdrawn in the queue; the log differs"
    if row.answered != account.answered:
        yield f"actions: {row.id} was answered by somebody else by the log"
    if account.state == "done" and row.unconfirmed != account.unconfirmed:
        yield f"actions: {row.id} differs from the log in whether it was confirmed"
    if account.proved and agreed != account.agreed:
        yield f"approvals: of {row.id} differ from what the log says"
