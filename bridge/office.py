"""Everything that the web and the command line may ask of the program, in one place: each a line, handed on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.audit import export
from bridge.casework import Casework
from bridge.desk import Desk
from bridge.doorway import Doorway, Lookup, Meaning
from bridge.enquiries import Enquiries
from bridge.errors import NotFound
from bridge.policy.facts import nearest
from bridge.policy.load import find_pack, read_pack, shipped_packs
from bridge.reception import Reception
from bridge.rehearsal import Tell, instead, rehearse
from bridge.reviews import Reviews
from bridge.sources.feeds import Feeds
from bridge.timeformat import format_time
from bridge.views import (
    Batch,
    Filter,
    Health,
    Holds,
    HookAnswer,
    Page,
    Receipt,
    Source,
    TakenComplaint,
)

Json = Any


@dataclass(frozen=True)
class Office:
    """The desk with its reception, doorway and enquiries."""

    desk: Desk
    reception: Reception
    doorway: Doorway
    enquiries: Enquiries
    reviewing: Reviews
    casework: Casework
    feeds: Feeds

    # ---- what comes in ----

    def accept(self, raw: Mapping[str, Json], source: Source) -> Receipt:
        return self.desk.accept(raw, source)

    def accept_lines(self, lines: Iterable[bytes], source: Source, may: Callable[[str], bool]) -> Batch:
        return self.desk.accept_lines(lines, source, may)

    def take_complaints(self, data: bytes, content_type: str, source: Source) -> list[TakenComplaint]:
        return self.reception.take_complaints(data, content_type, source)

    def take_feed(self, data: bytes, name: str, source: Source) -> tuple[Mapping[str, int], list[TakenComplaint]]:
        """A feed file of that name: how many rows of ours by what became of them, and the first of them."""
        taken = self.feeds.take_bytes(data, name, source)
        return taken.counts, taken.complaints

    def take_report(self, data: bytes, source: Source, review: bool) -> str:
        """A report of the public form, as XARF; its digest, by whose beginning its sender may fetch it again."""
        return self.reception.take_report(data, source, review=review)

    def report(self, reference: str) -> bytes:
        """Raises NotFound."""
        return self.reception.report(reference)

    def hook(self, delivery: str, read: Callable[[Lookup], Meaning], at: datetime) -> HookAnswer:
        return self.doorway.hook(delivery, read, at)

    def seen_delivery(self, delivery: str) -> HookAnswer | None:
        return self.doorway.seen_delivery(delivery)

    # ---- what is asked ----

    def holds_since(self, cursor: str | None) -> Holds:
        return self.enquiries.holds_since(cursor)

    def cases(self, wanted: Filter, limit: int, cursor: str | None) -> Page:
        return self.enquiries.cases(wanted, limit, cursor)

    def case(self, id_: str) -> Mapping[str, Json]:
        return self.enquiries.case(id_)

    def actions(self, wanted: Filter, limit: int, cursor: str | None) -> Page:
        return self.enquiries.actions(wanted, limit, cursor)

    def action(self, id_: str) -> Mapping[str, Json]:
        return self.enquiries.action(id_)

    def reviews(self, wanted: Filter, limit: int, cursor: str | None) -> Page:
        """Messages that a person has to look at; `wanted.state` is open, accepted, not_a_complaint or superseded."""
        return self.enquiries.reviews(wanted, limit, cursor)

    def review(self, id_: str) -> Mapping[str, Json]:
        return self.enquiries.review(id_)

    def review_message(self, id_: str) -> tuple[str, bytes]:
        """(content type, bytes) of the message as it came; hostile, to be shown as plain text alone."""
        return self.reviewing.message(id_)

    def evidence_file(self, case: str) -> Mapping[str, Json]:
        """All that was said and decided about a case, with what proves it. Raises NotFound."""
        return export(self.desk.store, case)

    def service(self, id_: str) -> Mapping[str, Json]:
        return self.enquiries.service(id_)

    def sources(self) -> Sequence[Mapping[str, Json]]:
        """Where complaints come from and how each source is, by name; `state` is ok, failing, silent or new."""
        return self.enquiries.sources()

    def listings(self) -> Sequence[Mapping[str, Json]]:
        """Listings of our own addresses on blocklists that have not ended, the newest first."""
        return self.enquiries.listings()

    def health(self) -> Health:
        return self.enquiries.health()

    def gauges(self) -> Mapping[str, Mapping[tuple[str, ...], float]]:
        return self.enquiries.gauges()

    def rehearse(
        self, pack: str, since: datetime | None, tell: Tell | None = None, *, file: bytes | None = None
    ) -> Mapping[str, Json]:
        """The history since then through another pack, beside the policy in force.

        pack    a shipped one, or the name of the file
        file    what a pack file of the host's own holds
        Raises  NotFound, InvalidPack
        """
        if file is None and pack.partition("@")[0] not in shipped_packs():
            raise NotFound(f"policy: {nearest(pack, frozenset(shipped_packs()))}")
        other = find_pack(pack) if file is None else read_pack(file, pack)
        now = self.desk.clock.now()
        rules = self.desk.rules
        return rehearse(self.desk.store, rules, instead(rules, other), since=since, until=now, tell=tell).to_json()

    # ---- what admins decide ----

    def approve(self, id_: str, reason: str | None, source: Source) -> Mapping[str, Json]:
        return self.action(self.desk.approve(id_, reason, source))

    def reject(self, id_: str, reason: str | None, source: Source) -> Mapping[str, Json]:
        return self.action(self.desk.reject(id_, reason, source))

    def retry(self, id_: str, reason: str | None, source: Source) -> Mapping[str, Json]:
        return self.action(self.desk.retry(id_, source, reason))

    def confirm(self, id_: str, reason: str | None, source: Source, invoice: str | None = None) -> Mapping[str, Json]:
        """invoice: what was made by hand for a charge. Raises InvalidInput where it cannot be."""
        return self.action(self.desk.confirm(id_, source, reason, invoice))

    def resolve_review(
        self, id_: str, resolution: str, corrections: Sequence[Mapping[str, Json]], note: str | None, source: Source
    ) -> Mapping[str, Json]:
        """The review as it stands afterwards. Raises NotFound, Conflict, InvalidInput."""
        self.reviewing.resolve(id_, resolution, corrections, note, source)
        return self.enquiries.review(id_)

    def record_finding(self, case: str, finding: str, note: str | None, source: Source) -> Receipt:
        """Raises NotFound for an unknown case, InvalidInput for an unknown finding, NotAllowed for an admin whose
        decision the customer appealed against."""
        self.enquiries.case(case)
        now = self.desk.clock.now()
        event = {
            "id": self.desk.new_id("finding"),
            "type": "finding.recorded",
            "at": format_time(now),
            "case": case,
            "finding": finding,
            "by": source.by,
        }
        return self.desk.accept({**event, "note": note} if note else event, source)
