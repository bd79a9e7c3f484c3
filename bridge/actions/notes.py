"""Notes on the client, for staff to read. Notes cannot be read back: each is written at most once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.registry import Action, action
from bridge.actions.step import Attempt, ByHand, Call, Sight, Step
from bridge.letters import plain
from bridge.marks import marked
from bridge.ports import Capability

Json = Any

_LONGEST_NOTE = 2000


@dataclass(frozen=True)
class ClientNote(Step):
    """One note; `sticky` ones show on every page of the client."""

    text: str
    sticky: bool = False
    name = "note"
    sight = Sight.BLIND

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        given = {"client": errand.client, "text": self._marked(errand)}
        return (Call(to="billing", command="AddClientNote", given=given),)

    def _marked(self, errand: Errand) -> str:
        return marked(plain(self.text, _LONGEST_NOTE), errand.mark(self.name), longest=_LONGEST_NOTE + 40)

    def prepare(self, errand: Errand) -> Attempt:
        client, text = errand.client, self._marked(errand)

        def call() -> Mapping[str, Json]:
            errand.billing.add_client_note(client, text, sticky=self.sticky)
            return {}

        return Attempt(call=call, command="AddClientNote")


def about(errand: Errand, words: str) -> str:
    """A note that says what it is about and what it rests on."""
    work = errand.work
    service = f"Service {work.service.id}: " if work.service else ""
    case = f", case {plain(work.case.id, 80)}" if work.case else ""
    return f"{service}{words} ({work.policy} {work.version}, clause {work.clause}{case})"


@action("record_note", undo=None, needs={Capability.CLIENT_NOTE}, main="note")
@dataclass(frozen=True, kw_only=True)
class RecordNote(Action):
    """A note on the client; it is a record, so nothing undoes it.

    text       what it says
    Done when  the panel took it, at most once; a lost answer leaves it unconfirmed. Without a client: by hand.
    Source     interface 4 and 9; WHMCS AddClientNote.
    """

    text: str

    def steps(self, errand: Errand) -> Sequence[Step]:
        if not errand.work.client:
            raise ByHand(self.by_hand(errand))
        return (ClientNote(about(errand, self.text)),)

    def by_hand(self, errand: Errand) -> str:
        where = f"on client {errand.work.client}" if errand.work.client else "where staff sees it; it names no client"
        return f"Note {where}: {about(errand, self.text)} Then confirm here."


@action("refuse_refund", undo="restore_refund", needs={Capability.CLIENT_NOTE}, main="note")
@dataclass(frozen=True, kw_only=True)
class RefuseRefund(Action):
    """Make the lasting no-refund mark of a service visible: a sticky note on the client. The mark itself is our own.

    scope      service
    Done when  the panel took the note, at most once.
    Source     G12; interface 4; WHMCS AddClientNote. No panel can stop a refund, so the note is what staff goes by.
    """

    scope: str = "service"

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (ClientNote(about(errand, f"No refunds for this service. {errand.work.because}"), sticky=True),)


@action("restore_refund", undo="refuse_refund", needs={Capability.CLIENT_NOTE}, main="note")
@dataclass(frozen=True, kw_only=True)
class RestoreRefund(Action):
    """Say that the no-refund mark of a service has ended: a sticky note, since the earlier one cannot be taken away.

    scope      service
    Done when  the panel took the note, at most once.
    Source     G3, G12; interface 4; WHMCS AddClientNote.
    """

    scope: str = "service"

    def steps(self, errand: Errand) -> Sequence[Step]:
        words = f"Refunds are possible again; the earlier no-refund note no longer holds. {errand.work.because}"
        return (ClientNote(about(errand, words), sticky=True),)


@action("forfeit_deposit", undo=None, needs={Capability.CLIENT_NOTE}, main="note")
@dataclass(frozen=True, kw_only=True)
class ForfeitDeposit(Action):
    """Keep a deposit that was paid: a note on the client. Nothing undoes it but a person's own doing.

    amount, currency   what is kept
    Done when  the panel took the note, at most once.
    Source     interface 4: note.
    """

    amount: str
    currency: str

    def steps(self, errand: Errand) -> Sequence[Step]:
        words = f"The deposit of {self.amount} {self.currency} is forfeited. {errand.work.because}"
        return (ClientNote(about(errand, words), sticky=True),)
