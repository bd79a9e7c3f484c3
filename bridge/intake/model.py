"""What intake reads out of a message: incidents, who reported them, and how sure the reading is.

Everything here is a value: nothing is looked up, nothing is stored, and times come from the message or from the
caller (`received_at`), never from the system.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network

from bridge.categories import CATEGORIES, CHILD_ABUSE, UNCLASSIFIED

Network = IPv4Network | IPv6Network
Networks = Sequence[Network]

CONFIDENT = 0.5
"""From here on an incident may be acted upon; below, a person looks first."""


class Kind(StrEnum):
    """What a message is."""

    COMPLAINT = "complaint"
    NOT_A_COMPLAINT = "not_a_complaint"
    UNSURE = "unsure"


class ReporterKind(StrEnum):
    """Who reports (interface 3, complaint.received)."""

    BLOCKLIST = "blocklist"
    OPERATOR = "operator"
    RIGHTS_HOLDER = "rights_holder"
    COURT = "court"
    LAW_ENFORCEMENT = "law_enforcement"
    AUTHORITY = "authority"
    CERT = "cert"
    PROVIDER = "provider"
    CUSTOMER = "customer"
    AUTOMATED = "automated"
    INDIVIDUAL = "individual"


@dataclass(frozen=True, kw_only=True)
class Reporter:
    """Who complains. `address` is lower case and empty where the message names none."""

    name: str = ""
    address: str = ""
    kind: ReporterKind = ReporterKind.AUTOMATED


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A reference to a part of the kept message: never the content itself.

    part    name within the message: `2/report.csv`
    sha256  hex digest of the decoded bytes
    size    of the decoded bytes
    """

    part: str
    sha256: str
    size: int
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One trouble that a message reports.

    ips, networks    normalised; networks as CIDR where a list names a net; of a reader, most likely first
    urls, domains    refanged
    occurred_at      aware UTC; None where the message states no time that can be trusted
    occurred_text    the time as written, also where it could not be placed
    time_certain     the zone was stated or is fixed by the format
    targets          what the trouble is about: URLs, domains, works
    deliberate       the reporter says the customer does it on purpose; None where it says nothing
    complete         False: lacks what is needed to act (no source)
    deadline         the time by which an upstream wants an answer
    confidence       0 to 1, of the reading as a whole
    source_format    the room that read it: `xarf`, `arf`, `general` …
    excerpt          a bounded, plain quotation for the desk; empty for child-abuse categories
    """

    category: str = UNCLASSIFIED
    ips: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    occurred_at: datetime | None = None
    occurred_text: str = ""
    time_certain: bool = False
    reporter: Reporter = field(default_factory=Reporter)
    report_id: str = ""
    targets: tuple[str, ...] = ()
    severity: str = "normal"
    deliberate: bool | None = None
    complete: bool = True
    deadline: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    language: str = ""
    confidence: float = 0.0
    source_format: str = ""
    excerpt: str = ""

    def __post_init__(self) -> None:
        if self.category not in CATEGORIES:
            raise ValueError(f"no such category: {self.category}")
        if self.category in CHILD_ABUSE and (self.urls or self.targets or self.excerpt):
            raise ValueError("an incident of child abuse quotes nothing")


def quotable(found: tuple[str, ...], category: str) -> tuple[str, ...]:
    """What may be written down of links and the like: of child abuse nothing."""
    return () if category in CHILD_ABUSE else found


@dataclass(frozen=True)
class Sighting:
    """Something that stands in a message, for the person who has to read it.

    what   `address` (a net as CIDR) or `link`
    where  `subject`, `body`, or the name of the part
    line   the line around it, bounded
    ours   it lies inside our networks
    """

    what: str
    value: str
    where: str
    line: str
    ours: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a message turned out to be.

    reason   why it is no complaint (`autoreply`, `bounce`, `dmarc_aggregate` …) or why the reader is unsure
    digest   sha256 of the raw bytes, hex: the same message twice is one
    notes    what was cut off, undecodable or guessed; plain sentences for the desk, without quotation
    unread   of a complaint: what else it holds that was too much to be read; a person has to see to it
    seen     where a person has to look: what stands in the message and where; empty for child-abuse categories
    text     where a person has to look: what it says, decoded and bounded; empty for child-abuse categories
    """

    kind: Kind
    digest: str
    reason: str = ""
    incidents: tuple[Incident, ...] = ()
    subject: str = ""
    sender: str = ""
    message_id: str = ""
    notes: tuple[str, ...] = ()
    unread: str = ""
    seen: tuple[Sighting, ...] = ()
    text: str = ""
