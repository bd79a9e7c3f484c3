"""A desk that remembers what it was asked, without a database: what the HTTP layer is tested with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

from bridge.errors import Conflict, InvalidInput, NotAllowed, NotFound
from bridge.events import parse_event
from bridge.views import (
    Batch,
    Filter,
    Health,
    Holds,
    HookAnswer,
    HookNews,
    HookOwn,
    HookQuestion,
    Page,
    Receipt,
    Source,
    TakenComplaint,
)
from bridge.web.pages.page import Attached, PageAnswer, PageRequest
from hooks.delivery import HookLookup, Meaning

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass
class FakeLookup:
    """Local state as a test says it is."""

    clients: dict[str, str] = field(default_factory=dict)
    vps: dict[str, str] = field(default_factory=dict)
    own: set[tuple[str, str]] = field(default_factory=set)
    invoices: set[str] = field(default_factory=set)
    tickets: dict[str, str] = field(default_factory=dict)
    own_tickets: set[str] = field(default_factory=set)
    complaint_tickets: set[str] = field(default_factory=set)
    department: str | None = "2"
    refused: set[str] = field(default_factory=set)

    def client_of_service(self, service: str, /) -> str | None:
        return self.clients.get(service)

    def service_of_vps(self, vps: str, /) -> str | None:
        return self.vps.get(vps)

    def own_command(self, service: str, command: str, at: datetime, /) -> str | None:
        return "3" if (service, command) in self.own else None

    def is_our_invoice(self, invoice: str, /) -> bool:
        return invoice in self.invoices

    def case_of_ticket(self, ticket: str, /) -> str | None:
        return self.tickets.get(ticket)

    def is_complaint_ticket(self, ticket: str, /) -> bool:
        return ticket in self.complaint_tickets

    def is_own_ticket(self, ticket: str, subject: str, /) -> bool:
        return ticket in self.own_tickets

    def abuse_department(self) -> str | None:
        return self.department

    def is_refused(self, client: str, /) -> bool:
        return client in self.refused


def an_action(id_: str, **more: Any) -> dict[str, Any]:
    return {
        "record": "action",
        "id": id_,
        "action": "suspend_service",
        "state": "proposed",
        "because": "Because of it.",
        "policy": "klt-net",
        "version": "2022-06-07",
        "clause": "1a",
        "at": "2026-03-01T12:00:00Z",
        "service": "7",
        "client": "3",
        "approvals": [],
        "attempts": 0,
        "error": None,
        "mark": None,
        **more,
    }


def a_case(id_: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "status": "opened",
        "strike": 1,
        "service": "7",
        "client": "3",
        "category": "connection/ddos",
        "opened_at": "2026-03-01T12:00:00Z",
        "complaints": [],
        "findings": [],
        "deadlines": [],
        "actions": [],
        **more,
    }


@dataclass
class FakeDesk:
    """Accepts what parses; cases and actions are what a test puts in."""

    lookup: FakeLookup = field(default_factory=FakeLookup)
    events: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    said_by: list[Source] = field(default_factory=list)
    complaints: list[tuple[bytes, str]] = field(default_factory=list)
    known_cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    known_actions: dict[str, dict[str, Any]] = field(default_factory=dict)
    known_reviews: dict[str, dict[str, Any]] = field(default_factory=dict)
    resolutions: list[tuple[str, str, list[Mapping[str, Any]], str | None]] = field(default_factory=list)
    deliveries: dict[str, HookAnswer] = field(default_factory=dict)
    meanings: list[Meaning] = field(default_factory=list)
    filters: list[tuple[Filter, int, str | None]] = field(default_factory=list)
    cursors: list[str | None] = field(default_factory=list)
    findings: list[tuple[str, str, str | None]] = field(default_factory=list)
    verdict: str = "refuse"
    problems: list[str] = field(default_factory=list)
    breaks: Exception | None = None

    # ---- what comes in ----

    def accept(self, raw: Mapping[str, Any], source: Source, /) -> Receipt:
        self._may_break()
        event = parse_event(raw)
        self.said_by.append(source)
        if event.id in self.events:
            return Receipt(event=event.id, duplicate=True)
        self.events[event.id] = raw
        return Receipt(event=event.id, duplicate=False, records=[{"record": "case", "case": event.id}])

    def accept_lines(self, lines: Iterable[bytes], source: Source, may: Callable[[str], bool], /) -> Batch:
        accepted = duplicates = 0
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                raw = orjson.loads(line)
                if not may(parse_event(raw).type):
                    return Batch(
                        accepted=accepted,
                        duplicates=duplicates,
                        failed=number,
                        field="type",
                        problem="the token may not send an event of that type",
                        forbidden=True,
                    )
                duplicate = self.accept(raw, source).duplicate
            except orjson.JSONDecodeError as trouble:
                return Batch(accepted=accepted, duplicates=duplicates, failed=number, problem=f"not JSON: {trouble}")
            except InvalidInput as refusal:
                return Batch(
                    accepted=accepted,
                    duplicates=duplicates,
                    failed=number,
                    field=refusal.field,
                    problem=refusal.problem,
                )
            duplicates += duplicate
            accepted += not duplicate
        return Batch(accepted=accepted, duplicates=duplicates)

    def take_complaints(self, data: bytes, content_type: str, source: Source, /) -> list[TakenComplaint]:
        self.complaints.append((data, content_type))
        self.said_by.append(source)
        return [TakenComplaint(id="c1", status="accepted", case="c1")]

    def hook(self, delivery: str, read: Callable[[HookLookup], Meaning], at: datetime, /) -> HookAnswer:
        if delivery not in self.deliveries:
            meant = read(self.lookup)
            self.meanings.append(meant)
            self.deliveries[delivery] = self._answered(delivery, meant)
        return self.deliveries[delivery]

    def _answered(self, delivery: str, meant: Meaning) -> HookAnswer:
        if isinstance(meant, HookQuestion):
            parse_event(meant.event)
            body = {"outcome": self.verdict, "reason": "held", "clause": "1a"}
            return HookAnswer(status=200, body=body)
        if isinstance(meant, HookOwn):
            return HookAnswer(status=200, body={"outcome": "allow", "reason": "own", "clause": meant.clause})
        if isinstance(meant, HookNews):
            for event in meant.events:
                parse_event(event)
            return HookAnswer(status=202, body={"event": meant.events[0]["id"] if meant.events else delivery})
        return HookAnswer(status=202, body={"event": delivery, "ignored": True})

    def seen_delivery(self, delivery: str, /) -> HookAnswer | None:
        return self.deliveries.get(delivery)

    def holds_since(self, cursor: str | None, /) -> Holds:
        self.cursors.append(cursor)
        return Holds(holds=[{"service": "7", "clause": "1a", "bar": False, "status": "placed"}], cursor="5")

    # ---- what is asked ----

    def cases(self, wanted: Filter, limit: int, cursor: str | None, /) -> Page:
        found = [case for case in self.known_cases.values() if wanted.client in (None, case["client"])]
        return self._page(found, wanted, limit, cursor)

    def case(self, id_: str, /) -> Mapping[str, Any]:
        self._may_break()
        if id_ not in self.known_cases:
            raise NotFound(f"no case {id_!r}")
        return self.known_cases[id_]

    def actions(self, wanted: Filter, limit: int, cursor: str | None, /) -> Page:
        found = [action for action in self.known_actions.values() if wanted.state in (None, action["state"])]
        return self._page(found, wanted, limit, cursor)

    def action(self, id_: str, /) -> Mapping[str, Any]:
        if id_ not in self.known_actions:
            raise NotFound(f"no action {id_!r}")
        return self.known_actions[id_]

    def reviews(self, wanted: Filter, limit: int, cursor: str | None, /) -> Page:
        found = [review for review in self.known_reviews.values() if wanted.state in (None, review["state"])]
        return self._page(found, wanted, limit, cursor)

    def review(self, id_: str, /) -> Mapping[str, Any]:
        if id_ not in self.known_reviews:
            raise NotFound(f"no review {id_!r}")
        return self.known_reviews[id_]

    def review_message(self, id_: str, /) -> tuple[str, bytes]:
        self.review(id_)
        return "message/rfc822", b"Subject: hello"

    def resolve_review(
        self, id_: str, resolution: str, corrections: Sequence[Mapping[str, Any]], note: str | None, source: Source, /
    ) -> Mapping[str, Any]:
        if self.review(id_)["state"] != "open":
            raise Conflict(f"{id_} is decided")
        self.resolutions.append((id_, resolution, list(corrections), note))
        self.said_by.append(source)
        self.known_reviews[id_]["state"] = resolution
        return self.known_reviews[id_]

    def service(self, id_: str, /) -> Mapping[str, Any]:
        if id_ != "7":
            raise NotFound(f"no service {id_!r}")
        refund = {"refused": False, "clause": None}
        return {"holds": [], "bars": [], "strikes": [], "charges": [], "refund": refund, "ips": []}

    def take_feed(self, data: bytes, name: str, source: Source, /) -> tuple[dict[str, int], list[TakenComplaint]]:
        self.said_by.append(source)
        self.complaints.append((data, name))
        return {"accepted": 1}, [TakenComplaint(id="f-1", status="accepted", case="f-1")]

    def take_report(self, data: bytes, source: Source, review: bool, /) -> str:
        self.said_by.append(source)
        self.complaints.append((data, "review" if review else "report"))
        return sha256(data).hexdigest()

    def report(self, reference: str, /) -> bytes:
        for data, _ in self.complaints:
            if sha256(data).hexdigest().startswith(reference):
                return data
        raise NotFound("there is no such report")

    def sources(self) -> list[dict[str, Any]]:
        return [{"name": "abuse mailbox", "kind": "imap", "state": "ok"}]

    def listings(self) -> list[dict[str, Any]]:
        return [{"list": "zen", "subject": "192.0.2.1", "removal": "customer"}]

    def health(self) -> Health:
        return Health(ready=not self.problems, problems=self.problems, at=NOW)

    def gauges(self) -> Mapping[str, Mapping[tuple[str, ...], float]]:
        return {"tipstaff_actions": {("proposed",): 2.0}, "tipstaff_log_length": {(): 5.0}}

    # ---- what admins decide ----

    def approve(self, id_: str, reason: str | None, source: Source, /) -> Mapping[str, Any]:
        action = self._proposed(id_)
        if source.by in [approval["by"] for approval in action["approvals"]]:
            raise NotAllowed(f"{source.by} has approved {id_} already")
        action["approvals"].append({"by": source.by, "at": "2026-03-01T12:00:00Z", "verified": source.verified})
        if len(action["approvals"]) >= int(action.get("approval", 1)):
            action["state"] = "approved"
        return self._decided(action, source)

    def reject(self, id_: str, reason: str | None, source: Source, /) -> Mapping[str, Any]:
        action = self._proposed(id_)
        action["state"] = "rejected"
        action["reason"] = reason
        return self._decided(action, source)

    def retry(self, id_: str, reason: str | None, source: Source, /) -> Mapping[str, Any]:
        return self._moved(id_, "failed", "approved", source)

    def confirm(self, id_: str, reason: str | None, source: Source, invoice: str | None = None, /) -> Mapping[str, Any]:
        return {**self._moved(id_, "manual", "done", source), "invoice": invoice}

    def record_finding(self, case: str, finding: str, note: str | None, source: Source, /) -> Receipt:
        self.case(case)
        self.findings.append((case, finding, note))
        self.said_by.append(source)
        return Receipt(event="finding-1", duplicate=False, records=[{"record": "case", "case": case}])

    def _moved(self, id_: str, state: str, following: str, source: Source) -> Mapping[str, Any]:
        action = dict(self.action(id_))
        if action["state"] != state:
            raise Conflict(f"{id_} is {action['state']}")
        self.known_actions[id_]["state"] = following
        return self._decided(self.known_actions[id_], source)

    def _proposed(self, id_: str) -> dict[str, Any]:
        self._may_break()
        self.action(id_)
        action = self.known_actions[id_]
        if action["state"] != "proposed":
            raise Conflict(f"{id_} is {action['state']}")
        return action

    def _decided(self, action: Mapping[str, Any], source: Source) -> Mapping[str, Any]:
        self.said_by.append(source)
        return action

    def _page(self, found: list[dict[str, Any]], wanted: Filter, limit: int, cursor: str | None) -> Page:
        self.filters.append((wanted, limit, cursor))
        if cursor is not None and cursor != "after":
            raise InvalidInput("cursor", "is not a cursor of this list")
        following = "after" if len(found) > limit else None
        return Page(items=found[:limit], total=len(found), next=following)

    def _may_break(self) -> None:
        if self.breaks is not None:
            raise self.breaks


class BarePages:
    """Keeps what was asked for; shows a form, a file at `/file`, and after a form leads to `/`."""

    def __init__(self) -> None:
        self.asked: list[PageRequest] = []

    def render(self, request: PageRequest) -> PageAnswer:
        self.asked.append(request)
        fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in request.carried("/"))
        file = Attached(name="e.txt", type="text/plain", content=b"x") if request.path == "/file" else None
        location = request.address("/") if request.method == "POST" else None
        html = f'<form method="post" action="{request.base}">{fields}</form>'
        return PageAnswer(status=303 if location else 200, title="t", html=html, location=location, download=file)
