"""Actions as the worker would get them, many at a time and unclaimed: enough to tell beforehand what it will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, and_, select

from bridge.queue import CaseFacts, ServiceFacts, Work
from bridge.reading.evidence import NONE, Evidence
from bridge.reading.lookup import called, row_by, rows_by
from bridge.routing import Part
from bridge.rules import Rules
from bridge.store.engine import from_us
from bridge.store.log import stored_event
from bridge.store.queue import COMMON, vps_parts
from bridge.store.tables import cases, clients, decisions, events, services, tickets

Json = Any


class Works:
    """The works of some rows of `actions`; nothing is written, no state is folded."""

    def __init__(
        self, connection: Connection, rows: Sequence[Any], evidence: Mapping[str, Evidence], rules: Rules
    ) -> None:
        self._rules = rules
        self._evidence = evidence
        self._cases = row_by(connection, cases.c.id, (row.case for row in rows))
        self._services = row_by(connection, services.c.id, (row.service for row in rows))
        self._clients = row_by(connection, clients.c.id, (row.client for row in rows))
        self._tickets = rows_by(connection, tickets.c.case, self._cases)
        self._held = _held_addresses(connection, list(self._cases.values()))

    def of(self, row: Any) -> Work:
        stored = orjson.loads(row.record)
        answer: dict[str, Json] = stored["answer"]
        client = self._clients.get(row.client)
        facts = orjson.loads(client.facts) if client is not None else {}
        return Work(
            id=row.id,
            action=row.action,
            client=row.client or "",
            service=self._service(row.service),
            case=self._case(row.case),
            own={name: value for name, value in answer.items() if name not in COMMON},
            plan=stored["plan"],
            policy=answer["policy"],
            version=answer["version"],
            clause=answer["clause"],
            because=answer["because"],
            steps=(),
            attempts=row.attempts,
            withdrawn=row.withdrawn,
            since=from_us(row.approved or row.created),
            locale=facts.get("locale"),
            is_reseller=facts.get("kind") == "reseller",
            says=self._rules.wording(answer["policy"], answer["version"], answer["clause"]),
            approvals=0 if row.approval == "auto" else 1,
        )

    def category(self, case: str | None) -> str:
        row = self._cases.get(case)
        return row.category if row is not None else ""

    def called(self, service: str | None) -> str:
        return called(self._services.get(service))

    def _service(self, service: str | None) -> ServiceFacts | None:
        row = self._services.get(service)
        if row is None:
            return None
        facts = orjson.loads(row.facts)
        server, vpsid, uuid = vps_parts(facts.get("vps"))
        return ServiceFacts(
            id=row.id,
            server=server,
            vpsid=vpsid,
            vps_uuid=uuid,
            ips=tuple(facts.get("ips", ())),
            product_kind=facts.get("product_kind", "other"),
        )

    def _case(self, case: str | None) -> CaseFacts | None:
        row = self._cases.get(case)
        if row is None:
            return None
        said = self._evidence.get(row.id, NONE).complaints
        first = said[0] if said else None
        known = self._tickets.get(row.id, ())
        return CaseFacts(
            id=row.id,
            category=row.category,
            opened_at=from_us(row.opened_at),
            ips=self._held.get(row.id) or (first.ips if first else ()),
            targets=tuple(dict.fromkeys(target for complaint in said for target in complaint.targets)),
            reporter=first.reporter if first else "",
            reporter_kind=first.reporter_kind if first else "",
            reporter_address=first.address if first else "",
            occurred_at=None,
            complaint=None,
            complaint_type="",
            ticket=known[0].ticket if known else None,
        )


def _held_addresses(connection: Connection, known: Sequence[Any]) -> dict[str, tuple[str, ...]]:
    """The addresses that each case was opened for: of those complained of, the ones that its service held."""
    opened = {(row.seq, row.client): row for row in known}
    found: dict[str, tuple[str, ...]] = {}
    rows = connection.execute(
        select(events.c.body, events.c.at, decisions.c.seq, decisions.c.client, decisions.c.part)
        .select_from(decisions.join(events, events.c.seq == decisions.c.seq))
        .where(and_(decisions.c.seq.in_({seq for seq, _ in opened}), decisions.c.client.is_not(None)))
    )
    for body, at, seq, client, part in rows:
        if (seq, client) not in opened:
            continue
        for held in Part.from_log(stored_event(body, at), orjson.loads(part)).held:
            found[held.case] = held.ips
    return found
