"""The step by which customers are told: a ticket opened as staff, or a reply on the ticket that the case has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bridge.actions.errand import Errand, earliest
from bridge.actions.facts import letter_facts
from bridge.actions.step import Attempt, Call, Seen, Sight, Step
from bridge.categories import CHILD_ABUSE
from bridge.letters import Fact, Letter
from bridge.marks import bears, marked
from bridge.ports import Attachment, Ticket
from bridge.queue import CaseFacts

Json = Any

NOTICE = "notice"

_LONGEST_SUBJECT = 150
_LONGEST_TEXT = 30_000
_LONGEST_COMPLAINT = 1024 * 1024


@dataclass(frozen=True)
class Notice(Step):
    """Says one letter to the customer. The panel mails it: no e-mail beside it.

    template  of bridge.letters; its reseller form is the caller's choice
    extra     facts that the work does not hold
    attach    with the complaint, where there is one and it may be copied
    """

    template: str
    extra: Mapping[str, Fact] = field(default_factory=dict)
    attach: bool = False
    name = NOTICE
    sight = Sight.OBJECT

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        letter = _letter(self, errand)
        ticket = errand.case.ticket if errand.case else None
        if ticket is not None:
            return (Call(to="billing", command="AddTicketReply", given={"ticket": ticket, "text": letter.text}),)
        given = {"client": errand.client, "subject": letter.subject, "text": letter.text}
        return (Call(to="billing", command="OpenTicket", given=given),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        """A reply on the case's ticket, or a ticket of the client with our mark in its subject; the oldest counts."""
        if since is None:
            return None
        known = _case_ticket(errand)
        if known is not None and _was_replied(known, errand, since):
            return Seen({"ticket": known.id})
        token, from_ = errand.mark(NOTICE), earliest(since)
        ours = [
            ticket
            for ticket in errand.billing.tickets(errand.client, subject=token)
            if bears(ticket.subject, token) and ticket.client == errand.client and ticket.opened >= from_
        ]
        return _opened(min(ours, key=lambda ticket: ticket.opened)) if ours else None

    def prepare(self, errand: Errand) -> Attempt:
        letter = _letter(self, errand)
        attached = attachments(errand.case) if self.attach else ()
        token = errand.mark(NOTICE)
        known = _case_ticket(errand)
        if known is not None:
            text = marked(letter.text.rstrip(), token, longest=_LONGEST_TEXT, apart="\n\n")
            return _reply(errand, known.id, text, attached)
        subject = marked(letter.subject, token, longest=_LONGEST_SUBJECT)
        return _open(errand, subject, letter.text[:_LONGEST_TEXT], attached)


def _letter(notice: Notice, errand: Errand) -> Letter:
    locale = errand.work.locale
    return errand.letters.compose(notice.template, locale, letter_facts(errand, locale, **notice.extra))


def _reply(errand: Errand, ticket: str, text: str, attached: Sequence[Attachment]) -> Attempt:
    def call() -> Mapping[str, Json]:
        errand.billing.reply(ticket, text, attached)
        return {"ticket": ticket}

    return Attempt(call=call, command="AddTicketReply")


def _open(errand: Errand, subject: str, text: str, attached: Sequence[Attachment]) -> Attempt:
    service = errand.work.service.id if errand.work.service else None

    def call() -> Seen:
        ticket = errand.billing.open_ticket(
            client=errand.client, service=service, subject=subject, message=text, attachments=attached
        )
        return _opened(ticket)

    return Attempt(call=call, command="OpenTicket")


def _opened(ticket: Ticket) -> Seen:
    return Seen({"ticket": ticket.id, "number": ticket.number, "opened": True})


def _case_ticket(errand: Errand) -> Ticket | None:
    """The ticket of the case, as long as the panel has it and it is this client's."""
    if errand.case is None or errand.case.ticket is None:
        return None
    ticket = errand.billing.ticket(errand.case.ticket)
    return ticket if ticket is not None and ticket.client == errand.client else None


def _was_replied(ticket: Ticket, errand: Errand, since: datetime) -> bool:
    token, from_ = errand.mark(NOTICE), earliest(since)
    return any(bears(message.text, token) and message.at >= from_ for message in ticket.messages)


def attachments(case: CaseFacts | None) -> tuple[Attachment, ...]:
    """The complaint as it came; never material that must not be copied. Plain text by name, so that panels take it."""
    if case is None or not case.complaint or case.category in CHILD_ABUSE:
        return ()
    whole = len(case.complaint) <= _LONGEST_COMPLAINT
    name = "complaint.txt" if whole else "complaint-beginning.txt"
    return (Attachment(name=name, content=case.complaint[:_LONGEST_COMPLAINT]),)
