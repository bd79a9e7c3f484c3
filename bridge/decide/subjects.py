"""Whom an event is about, as far as routes to a pack go by it."""

from __future__ import annotations

from bridge.events import Event, OrderPlaced
from bridge.rules import Subject
from bridge.state import Client, Service


def subject_of(client: Client, service: Service | None, event: Event) -> Subject:
    """The service where it is known, else what is ordered; events about a whole client go by his group alone."""
    service = service or client.services.get(getattr(event, "service", None) or "")
    if service is not None:
        return Subject(
            product_kind=service.product_kind,
            product=service.product,
            region=service.region,
            client_group=client.group,
        )
    if isinstance(event, OrderPlaced):
        return Subject(product_kind=event.product_kind, region=event.region, client_group=client.group)
    return Subject(client_group=client.group)
