"""Mails beside what a person reads out of them: `name.eml` and `name.json`.

The JSON names what must be found; what it does not name is not compared:

    kind            complaint, or not_a_complaint: then no incident may be raised
    ips             all addresses of the message together
    category        of every incident; or `incidents`: pairs of address and category
    occurred_at     of the earliest incident, to two minutes
    urls, domains, networks, report_id, language, deadline, reporter_kind, reporter_address
    only_with_own   without our networks known a reading may say more than this
    no_own          the offender is not inside OWN
    own, received_at  with what a correction by staff was read
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from bridge.intake.model import Incident, Kind, Networks, Reading
from bridge.intake.read import read

OWN: Networks = (ip_network("192.0.2.0/24"), ip_network("2001:db8::/34"))
RECEIVED = datetime(2024, 12, 1, tzinfo=UTC)
CLOSE = timedelta(minutes=2)


@dataclass(frozen=True)
class Case:
    """A mail and what it says."""

    name: str
    raw: bytes
    truth: dict[str, Any]

    @property
    def is_complaint(self) -> bool:
        return bool(self.truth["kind"] == "complaint")

    @property
    def addresses(self) -> set[str]:
        if "incidents" in self.truth:
            return {ip for ip, _ in self.truth["incidents"]}
        return set(self.truth["ips"])

    @property
    def categories(self) -> set[str]:
        if "incidents" in self.truth:
            return {category for _, category in self.truth["incidents"]}
        return {self.truth["category"]}

    def read(self, own: Networks = ()) -> Reading:
        """With the case's own networks where it brings some along (a correction, by `tipstaff parse --save-case`)."""
        if "own" in self.truth:
            own = tuple(ip_network(network) for network in self.truth["own"])
        received = datetime.fromisoformat(self.truth["received_at"]) if "received_at" in self.truth else RECEIVED
        return read(self.raw, content_type="message/rfc822", own=own, received_at=received)


def cases(folder: Path) -> Iterator[Case]:
    """Every mail below the folder, in the order of names."""
    for path in sorted(folder.rglob("*.eml")):
        truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        yield Case(f"{path.parent.name}/{path.stem}", path.read_bytes(), truth)


def addresses_of(incidents: Sequence[Incident]) -> set[str]:
    return {ip for incident in incidents for ip in incident.ips}


def earliest(incidents: Sequence[Incident]) -> datetime | None:
    return min((each.occurred_at for each in incidents if each.occurred_at), default=None)


def differences(case: Case, reading: Reading) -> list[str]:
    """What the reading got wrong, a line each; empty if it is right."""
    if not case.is_complaint:
        return [f"raised {reading.incidents}"] if reading.kind is Kind.COMPLAINT else []
    found = reading.incidents
    wrong = [] if reading.kind is Kind.COMPLAINT else [f"kind is {reading.kind}: {reading.reason}"]
    wrong += _unequal("addresses", addresses_of(found), case.addresses)
    wrong += _unequal("categories", {each.category for each in found}, case.categories)
    if "incidents" in case.truth:
        pairs = {(ip, each.category) for each in found for ip in each.ips}
        wrong += _unequal("incidents", pairs, {tuple(pair) for pair in case.truth["incidents"]})
    for field in ("urls", "domains", "networks"):
        if field in case.truth:
            wrong += _unequal(field, {item for each in found for item in getattr(each, field)}, set(case.truth[field]))
    return wrong + _wrong_times(case, found) + (_wrong_details(case, found[0]) if found else [])


def _unequal(what: str, found: object, wanted: object) -> list[str]:
    return [] if found == wanted else [f"{what}: {found}, not {wanted}"]


def _wrong_times(case: Case, found: Sequence[Incident]) -> list[str]:
    if "occurred_at" not in case.truth:
        return []
    at, wanted = earliest(found), datetime.fromisoformat(case.truth["occurred_at"])
    return [] if at and abs(at - wanted) <= CLOSE else [f"occurred_at: {at}, not {wanted}"]


def _wrong_details(case: Case, first: Incident) -> list[str]:
    values = {
        "report_id": first.report_id,
        "language": first.language,
        "deadline": first.deadline.strftime("%Y-%m-%dT%H:%M:%SZ") if first.deadline else None,
        "reporter_kind": first.reporter.kind.value,
        "reporter_address": first.reporter.address,
    }
    wanted = {name: case.truth[name] for name in values if name in case.truth}
    return [line for name, value in wanted.items() for line in _unequal(name, values[name], value)]
