"""What a reader may know beside the message: our networks, when it came, who counts as what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bridge.intake.model import Networks, Reporter, ReporterKind
from bridge.intake.text.addresses import is_within, unique
from bridge.intake.text.times import TimeFrame


@dataclass(frozen=True)
class Context:
    """The frame in which one message is read.

    own        our networks; empty where they are not known: then readers rank candidates instead of filtering them
    reporters  an address, or the end of one (`@spamhaus.org`), to what its owner counts as
    sender     who reports, as far as the envelope tells
    times      how to place times that do not say their zone
    remarks    what readers left unread, in plain sentences for the desk; readers add to it
    """

    received_at: datetime
    own: Networks = ()
    reporters: Mapping[str, ReporterKind] = field(default_factory=dict)
    sender: Reporter = field(default_factory=Reporter)
    times: TimeFrame = field(kw_only=True)
    remarks: list[str] = field(default_factory=list, compare=False)

    def ours(self, ips: Iterable[str]) -> tuple[str, ...]:
        """Those that may be an offender: all where our networks are unknown, else those inside them."""
        return unique(ip for ip in ips if not self.own or is_within(ip, self.own))

    def with_times(self, times: TimeFrame) -> Context:
        return replace(self, times=times)
