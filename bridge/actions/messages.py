"""Telling people: the customer by ticket, the reporter by mail, staff by the panel's own mail to admins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.facts import letter_facts
from bridge.actions.notice import NOTICE, Notice
from bridge.actions.registry import Action, action, whom
from bridge.actions.step import Attempt, ByHand, Call, Sight, Step
from bridge.letters import plain
from bridge.ports import Capability

Json = Any

_ADDRESS = re.compile(r"[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f]{1,64}@[A-Za-z0-9.-]{1,250}")
_NO_BRACES = str.maketrans("{}", "()")
"""The billing panel may run a subject through its template engine."""
_RESELLER = "reseller_"
_WITH_COMPLAINT = frozenset({"complaint", "reseller_complaint"})


def for_whom(template: str, errand: Errand) -> str:
    """The form of a letter that this client gets (G9)."""
    return f"{_RESELLER}{template}" if errand.work.is_reseller and not template.startswith(_RESELLER) else template


@action("notify_customer", undo=None, needs={Capability.TICKET}, main=NOTICE)
@dataclass(frozen=True, kw_only=True)
class NotifyCustomer(Action):
    """A notice to the customer; what is said cannot be unsaid, so nothing undoes it.

    template    which letter; a reseller's begins with `reseller`
    respond_by  until when an answer is awaited
    remedies, advice, conditions   tokens of what to do
    reminder    the number of the reminder
    Done when   the ticket, or the reply on the case's ticket, bears our mark. The complaint is attached to the first
                notice, except material that must not be copied.
    Source      interface 4 and 9; WHMCS OpenTicket, AddTicketReply, GetTickets, GetTicket.
    """

    template: str
    respond_by: str | None = None
    remedies: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    reminder: int | None = None

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (Notice(self.template, attach=self.template in _WITH_COMPLAINT),)

    def by_hand(self, errand: Errand) -> str:
        return f"Tell the customer of {whom(errand)}: {errand.work.because} Then confirm here."


@action("request_evidence", undo=None, needs={Capability.TICKET}, main=NOTICE)
@dataclass(frozen=True, kw_only=True)
class RequestEvidence(Action):
    """Ask the customer for evidence, on the case's ticket; nothing undoes a question.

    kind        double_opt_in, authorization, not_culpable or other
    respond_by  until when
    Done when   the ticket or reply bears our mark.
    Source      interface 4; WHMCS AddTicketReply.
    """

    kind: str
    respond_by: str | None = None

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (Notice(for_whom("evidence", errand), {"evidence": self.kind}),)

    def by_hand(self, errand: Errand) -> str:
        return f"Ask the customer of {whom(errand)} for evidence ({self.kind}). Then confirm here."


@action("refuse_sla_credit", undo=None, needs={Capability.TICKET}, main=NOTICE)
@dataclass(frozen=True, kw_only=True)
class RefuseSlaCredit(Action):
    """Tell the customer that there is no service credit; nothing undoes an answer.

    asn        the network it was asked about
    Done when  the ticket bears our mark.
    Source     interface 4: ticket reply.
    """

    asn: int | None = None

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (Notice(for_whom("sla_credit_refused", errand)),)


@action("grant_sla_credit", undo=None, needs={Capability.TICKET}, main=NOTICE)
@dataclass(frozen=True, kw_only=True)
class GrantSlaCredit(Action):
    """Tell the customer that the service credit is granted; nothing undoes an answer.

    asn        the network it was asked about
    Done when  the ticket bears our mark.
    Source     interface 4: ticket reply.
    """

    asn: int | None = None

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (Notice(for_whom("sla_credit_granted", errand)),)


@action("notify_reporter", undo=None, needs={Capability.REPORTER_MAIL}, main="mail")
@dataclass(frozen=True, kw_only=True)
class NotifyReporter(Action):
    """A mail to whoever complained; nothing undoes it.

    template   which letter
    Done when  handed over. A mail cannot be looked up: it is sent at most once, a lost answer leaves it unconfirmed.
    Source     interface 4 and 9; [mail] of the configuration, without which it is done by hand.
    """

    template: str

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_ReporterMail(self),)

    def by_hand(self, errand: Errand) -> str:
        to = plain(errand.case.reporter_address, 200) if errand.case else ""
        return f"Write to the reporter ({to or 'address not known'}): {errand.work.because} Then confirm here."


@dataclass(frozen=True)
class _ReporterMail(Step):
    action: NotifyReporter
    name = "mail"
    sight = Sight.BLIND

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        to = plain(errand.case.reporter_address, 200) if errand.case else ""
        letter = errand.letters.compose(self.action.template, None, letter_facts(errand))
        return (Call(to="mail", command="SMTP", given={"to": to, "subject": letter.subject, "text": letter.text}),)

    def prepare(self, errand: Errand) -> Attempt:
        mailer = errand.mailer
        to = errand.case.reporter_address.strip() if errand.case else ""
        if mailer is None or not _ADDRESS.fullmatch(to):
            raise ByHand(self.action.by_hand(errand))
        letter = errand.letters.compose(self.action.template, None, letter_facts(errand))

        def call() -> Mapping[str, Json]:
            mailer.send(to=to, subject=letter.subject, text=letter.text, reference=errand.mark(self.name))
            return {}

        return Attempt(call=call)


@action("notify_staff", undo=None, needs={Capability.STAFF_MAIL}, main="mail")
@dataclass(frozen=True, kw_only=True)
class NotifyStaff(Action):
    """A mail to the admins; nothing undoes it.

    template   which letter; `delist`: none, but a task for an admin, who asks a blocklist for removal
    Done when  handed over. A mail cannot be looked up: it is sent at most once, a lost answer leaves it unconfirmed.
               The task: when an admin confirms it.
    Source     interface 4 and 9; WHMCS SendAdminEmail.
    """

    template: str

    def steps(self, errand: Errand) -> Sequence[Step]:
        if self.template == "delist":
            why = plain(errand.work.because, 400)
            raise ByHand(f"{why} Write to the list once the trouble is mended, then confirm here.")
        return (StaffMail(self.template),)


@action("review_refund", undo=None, needs={Capability.STAFF_MAIL}, main="mail")
@dataclass(frozen=True, kw_only=True)
class ReviewRefund(Action):
    """Ask staff to decide about a refund; nothing undoes a question.

    amount     what it is about
    to         where it would go: credit
    Done when  the mail to the admins is handed over, at most once.
    Source     interface 4: staff task.
    """

    amount: str | None = None
    to: str = "credit"

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (StaffMail("review"),)


@dataclass(frozen=True)
class StaffMail(Step):
    """One mail to the admins."""

    template: str
    name = "mail"
    sight = Sight.BLIND

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        letter = errand.letters.compose(self.template, None, letter_facts(errand, **_proposed(errand)))
        given = {"subject": letter.subject, "text": letter.text}
        return (Call(to="billing", command="SendAdminEmail", given=given),)

    def prepare(self, errand: Errand) -> Attempt:
        letter = errand.letters.compose(self.template, None, letter_facts(errand, **_proposed(errand)))

        subject = f"{letter.subject.translate(_NO_BRACES)} {errand.mark(self.name)}"

        def call() -> Mapping[str, Json]:
            errand.billing.mail_staff(subject, letter.text)
            return {}

        return Attempt(call=call, command="SendAdminEmail")


def _proposed(errand: Errand) -> dict[str, str]:
    """The action that the mail is about, where the record names one."""
    proposed = errand.work.own.get("proposed") or errand.work.own.get("about")
    return {"action": str(proposed)} if proposed else {}
