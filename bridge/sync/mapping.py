"""Panels' words into facts of events (interface 3 and 7). What a panel does not tell is left out, never made up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bridge.config import PanelNames
from bridge.ports import BillingClient, ServiceStatus
from bridge.sync.period import StartOfDay, paid_period
from bridge.sync.sighting import Link, Sighting

Json = Any

TRUE_WORDS = frozenset({"1", "on", "true", "y", "yes"})
"""Values of a custom field that mean yes, in any case; every other value, the empty one too, means no."""

VPS = "vps"
NO_GROUP = "0"
"""What the billing panel itself calls it where a client is in no group."""
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,10}[a-z][a-z0-9-]{0,61}[a-z0-9]")


def service_facts(seen: Sighting, names: PanelNames, begins: StartOfDay, now: datetime) -> dict[str, Json]:
    """The fields of service.observed but ids and time. `product_kind` is missing where nothing tells it."""
    service = seen.billing
    facts: dict[str, Json] = {"status": service.status.value}
    kind = names.product_kind.get(service.product) or (VPS if service.vpsid else None)
    if kind is not None:
        facts["product_kind"] = kind
    if "product" in names.routed_by:
        facts["product"] = service.product
    if names.exclusive_bandwidth:
        facts["exclusive_bandwidth"] = service.product in names.exclusive_bandwidth
    region = names.region.get(service.server or "")
    if region is not None:
        facts["region"] = region
    open_ports = says_yes(service.custom_fields, names.mail_port_open)
    if open_ports is not None:
        facts["attributes"] = {"mail_port_open": open_ports}
    ips = _addresses(seen)
    if ips is not None:
        facts["ips"] = list(ips)
    vps = vps_of(seen)
    if vps is not None:
        facts["vps"] = vps
    domains = _domains(seen)
    if domains:
        facts["domains"] = domains
    return facts | paid_period(service, begins, now)


def _addresses(seen: Sighting) -> tuple[str, ...] | None:
    """Where a service has a machine, its addresses alone; a service that is over holds none, whatever is on record."""
    if seen.billing.status is ServiceStatus.TERMINATED or seen.link is Link.GONE:
        return ()
    if seen.link is Link.UNREAD:
        return None
    return seen.machine.ips if seen.machine is not None else seen.billing.ips


def _domains(seen: Sighting) -> list[str]:
    """Names by which a complaint may mean this service: its domain in the billing panel, its machine's host name."""
    names = (seen.billing.domain, seen.machine.hostname if seen.machine is not None else "")
    return sorted({name for name in (each.strip().lower().rstrip(".") for each in names) if _DOMAIN.fullmatch(name)})


def vps_of(seen: Sighting) -> str | None:
    """`<server id>/<vpsid>`, then the uuid where known; the machine's own id before the one on record."""
    service = seen.billing
    if not service.server or not service.vpsid:
        return None
    vpsid = seen.machine.id if seen.machine is not None else service.vpsid
    uuid = (seen.machine.uuid if seen.machine is not None else None) or service.vps_uuid
    return "/".join(filter(None, (service.server, vpsid, uuid)))


def client_facts(client: BillingClient, names: PanelNames) -> dict[str, Json]:
    """The fields of client.observed but ids and time; may be empty, a list of clients tells little."""
    facts: dict[str, Json] = {}
    if "client_group" in names.routed_by:
        facts["group"] = client.group or NO_GROUP
    if names.reseller_groups:
        facts["kind"] = "reseller" if client.group in names.reseller_groups else "customer"
    verified: dict[str, bool] = {}
    if client.email_verified is not None:
        verified["email"] = client.email_verified
    for name, field in (("details", names.details_verified), ("identity", names.identity_verified)):
        said = says_yes(client.custom_fields, field)
        if said is not None:
            verified[name] = said
    if verified:
        facts["verified"] = verified
    if client.locale is not None:
        facts["locale"] = client.locale
    if client.currency is not None:
        facts["currency"] = client.currency
    return facts


def says_yes(fields: Mapping[str, str], wanted: str | None) -> bool | None:
    """What the custom field of that name (or id) says; None where there is no such field."""
    if wanted is None:
        return None
    name = wanted.strip().casefold()
    value = next((value for key, value in fields.items() if key.strip().casefold() == name), None)
    return None if value is None else value.strip().casefold() in TRUE_WORDS
