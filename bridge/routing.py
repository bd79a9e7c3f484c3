"""Whose decision an event is: `route` splits it into one part per client (shared by desk and replay)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from bridge.events import (
    EVENT_TYPES,
    ActionDeferred,
    ActionEvent,
    CaseEvent,
    ComplaintReceived,
    DeadlineDue,
    Event,
    FindingRecorded,
    HoldLifted,
    IncidentDeclared,
    InvoiceEvent,
    ListingCleared,
    NotificationReleased,
    RegimeChanged,
    ServiceObserved,
)

Json = Any


class Directory(Protocol):
    """What routing needs to know; kept in memory by replay, in tables by the store."""

    def client_of_service(self, service: str) -> str | None: ...
    def client_of_case(self, case: str) -> str | None: ...
    def client_of_invoice(self, invoice: str) -> str | None: ...
    def moved_to(self, case: str) -> str | None:
        """Who has the service of a case by now, where that is not the client whose case it is."""

    def clients_barred_for(self, ip: str) -> Iterable[str]: ...
    def holder(self, ip: str, moment: datetime) -> str | None:
        """The service that held the address then, by the longest prefix; None for none or two."""


class Held(NamedTuple):
    """The part of a complaint that one service has to answer: its addresses, and the id of the case it may open."""

    service: str
    ips: tuple[str, ...]
    case: str


class Part(NamedTuple):
    """What one client's decision is about; `client` is None where nobody known is concerned.

    held  complaints only: the services that held the addresses
    lost  complaints only: addresses that no service held
    services  incidents only: the affected services of this client
    stays   of a service that came from another client: what stays on it. Decided upon and then recorded, not kept
    follows   the case is another client's, from whom this one has the service: only what is held because of it
    """

    event: Event
    client: str | None
    held: tuple[Held, ...] = ()
    lost: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    stays: Mapping[str, Json] | None = None
    follows: bool = False

    def to_log(self) -> dict[str, Json]:
        return {
            "client": self.client,
            "held": [[item.service, list(item.ips), item.case] for item in self.held],
            "lost": list(self.lost),
            "services": list(self.services),
            **({"follows": True} if self.follows else {}),
        }

    @staticmethod
    def from_log(event: Event, stored: dict[str, Json]) -> Part:
        held = tuple(Held(service, tuple(ips), case) for service, ips, case in stored["held"])
        lost, services = tuple(stored["lost"]), tuple(stored["services"])
        return Part(event, stored["client"], held, lost, services, follows=stored.get("follows", False))


def route(directory: Directory, event: Event) -> tuple[Part, ...]:
    """The parts of an event, one per client concerned, in a fixed order; at least one."""
    return _ROUTE_OF[type(event)](directory, event)


def _route_internal(directory: Directory, event: ActionEvent | DeadlineDue | RegimeChanged) -> tuple[Part, ...]:
    return (Part(event, event.client),)


def _route_by_name(directory: Directory, event: Event) -> tuple[Part, ...]:
    """To the client it names, else to the client of its service."""
    named: str | None = getattr(event, "client", None)
    return (Part(event, named or directory.client_of_service(getattr(event, "service", None) or "")),)


def _route_by_case(directory: Directory, event: CaseEvent) -> tuple[Part, ...]:
    if event.case is None:
        return (Part(event, directory.client_of_service(event.service or "")),)
    first = Part(event, directory.client_of_case(event.case))
    moved = directory.moved_to(event.case) if isinstance(event, FindingRecorded | HoldLifted) else None
    return (first,) if moved is None else (first, Part(event, moved, follows=True))


def _route_observed(directory: Directory, event: ServiceObserved) -> tuple[Part, ...]:
    """To whom the service belongs; whom it belonged to before comes first."""
    before = directory.client_of_service(event.service)
    here = Part(event, event.client)
    return (here,) if before in (None, event.client) else (Part(event, before), here)


def _route_about_case(directory: Directory, event: NotificationReleased | ActionDeferred) -> tuple[Part, ...]:
    return (Part(event, directory.client_of_case(event.case)),)


def _route_invoice(directory: Directory, event: InvoiceEvent) -> tuple[Part, ...]:
    if event.invoice:
        return (Part(event, directory.client_of_invoice(event.invoice)),)
    return (Part(event, directory.client_of_service(event.service or "")),)


def _route_cleared(directory: Directory, event: ListingCleared) -> tuple[Part, ...]:
    clients = sorted(set(directory.clients_barred_for(event.ip)))
    return tuple(Part(event, client) for client in clients) or (Part(event, None),)


def _route_complaint(directory: Directory, event: ComplaintReceived) -> tuple[Part, ...]:
    shares: dict[str, list[str]] = {}
    lost: list[str] = []
    if event.service is not None:
        if directory.client_of_service(event.service) is not None:
            shares[event.service] = list(event.addresses)
    else:
        moment = event.occurred_at or event.at
        for ip in event.addresses:
            holder = directory.holder(ip, moment)
            (lost if holder is None else shares.setdefault(holder, [])).append(ip)
    parts: dict[str, list[Held]] = {}
    for place, (service, ips) in enumerate(shares.items()):
        client = directory.client_of_service(service)
        if client is not None:
            case = event.id if place == 0 else f"{event.id}.{service}"
            parts.setdefault(client, []).append(Held(service, tuple(ips), case))
    routed = tuple(Part(event, client, tuple(held)) for client, held in parts.items())
    if lost or not routed:
        routed += (Part(event, None, lost=tuple(lost) or event.addresses),)
    return routed


def _route_incident(directory: Directory, event: IncidentDeclared) -> tuple[Part, ...]:
    shares: dict[str | None, list[str]] = {}
    for service in event.affected:
        shares.setdefault(directory.client_of_service(service), []).append(service)
    return tuple(Part(event, client, services=tuple(services)) for client, services in shares.items()) or (
        Part(event, None),
    )


_ROUTES: tuple[tuple[type[Event], Callable[[Directory, Any], tuple[Part, ...]]], ...] = (
    (ActionEvent, _route_internal),
    (DeadlineDue, _route_internal),
    (RegimeChanged, _route_internal),
    (ComplaintReceived, _route_complaint),
    (IncidentDeclared, _route_incident),
    (ListingCleared, _route_cleared),
    (ServiceObserved, _route_observed),
    (CaseEvent, _route_by_case),
    (NotificationReleased, _route_about_case),
    (ActionDeferred, _route_about_case),
    (InvoiceEvent, _route_invoice),
    (Event, _route_by_name),
)
_ROUTE_OF = {cls: next(way for base, way in _ROUTES if issubclass(cls, base)) for cls in EVENT_TYPES.values()}
