"""decide(state, part, rules) -> records: what the policy demands because of an event. Pure; time is the event's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bridge.decide.cases import (
    note,
    on_deferred,
    on_evidence,
    on_finding,
    on_hold_lifted,
    on_released,
    on_reply,
)
from bridge.decide.contract import on_expired, on_terms_declined, on_undertaking
from bridge.decide.draft import Draft
from bridge.decide.incidents import on_complaint
from bridge.decide.mishap import on_incident
from bridge.decide.money import on_dispute, on_invoice, on_refund_granted
from bridge.decide.observations import on_listing_cleared, on_regime, on_service, on_suspension_restored
from bridge.decide.orders import on_client, on_order, on_verification_refused
from bridge.decide.outcomes import has_effect, is_felt_approved, on_approved, on_done, on_given_up
from bridge.decide.questions import on_ip_replacement, on_refund, on_sla_credit, on_unsuspend
from bridge.decide.timers import on_deadline
from bridge.decide.undoing import on_undone
from bridge.decide.usage import on_usage
from bridge.events import (
    ActionApproved,
    ActionCancelled,
    ActionDeferred,
    ActionDone,
    ActionExpired,
    ActionRejected,
    ActionUndone,
    ClientObserved,
    ComplaintReceived,
    CustomerReplied,
    DeadlineDue,
    Event,
    EvidenceProvided,
    FindingRecorded,
    HoldLifted,
    IncidentDeclared,
    InvoiceCancelled,
    InvoicePaid,
    InvoiceRefunded,
    IpReplacementRequested,
    ListingCleared,
    NotificationReleased,
    OrderPlaced,
    OrderVerificationRefused,
    PaymentDisputed,
    RefundGranted,
    RefundRequested,
    RegimeChanged,
    ServiceExpired,
    ServiceObserved,
    SlaCreditRequested,
    SuspensionRestored,
    TermsDeclined,
    UndertakingSigned,
    UnsuspendRequested,
    UsageObserved,
)
from bridge.model import Record
from bridge.routing import Part
from bridge.rules import Rules
from bridge.state import Client

__all__ = ["decide", "has_effect", "is_felt_approved"]

_HANDLERS: Mapping[type[Event], Callable[[Draft, Any], None]] = {
    ComplaintReceived: on_complaint,
    ServiceObserved: on_service,
    CustomerReplied: on_reply,
    EvidenceProvided: on_evidence,
    FindingRecorded: on_finding,
    HoldLifted: on_hold_lifted,
    NotificationReleased: on_released,
    ActionDeferred: on_deferred,
    InvoicePaid: on_invoice,
    InvoiceCancelled: on_invoice,
    InvoiceRefunded: on_invoice,
    PaymentDisputed: on_dispute,
    RefundGranted: on_refund_granted,
    UnsuspendRequested: on_unsuspend,
    IpReplacementRequested: on_ip_replacement,
    RefundRequested: on_refund,
    SlaCreditRequested: on_sla_credit,
    OrderPlaced: on_order,
    OrderVerificationRefused: on_verification_refused,
    ClientObserved: on_client,
    UsageObserved: on_usage,
    ListingCleared: on_listing_cleared,
    TermsDeclined: on_terms_declined,
    UndertakingSigned: on_undertaking,
    IncidentDeclared: on_incident,
    ServiceExpired: on_expired,
    RegimeChanged: on_regime,
    SuspensionRestored: on_suspension_restored,
    ActionUndone: on_undone,
    DeadlineDue: on_deadline,
    ActionApproved: on_approved,
    ActionDone: on_done,
    ActionRejected: on_given_up,
    ActionExpired: on_given_up,
    ActionCancelled: on_given_up,
}


def decide(state: Client, part: Part, rules: Rules) -> tuple[Record, ...]:
    """What `rules` demand of this client because of the part's event; `state` is only read."""
    draft = Draft(state, part, rules)
    handler = _HANDLERS.get(type(part.event))
    if handler is not None:
        handler(draft, part.event)
    else:
        _note_unknown(draft, part.event)
    return tuple(draft.records)


def _note_unknown(draft: Draft, event: Event) -> None:
    """An event that no rule of any pack answers is only noted where it names a case or service that is not known."""
    service = getattr(event, "service", None)
    if service is not None and draft.service(service) is None:
        note(draft, f"{event.type} names a service that is not known.", service=service)
