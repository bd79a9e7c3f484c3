"""What stands beside the panel's own pages: the case of a ticket, the charge of an invoice, a client in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, and_, select

from bridge.errors import NotFound
from bridge.reading.lookup import moment
from bridge.store.store import Store
from bridge.store.tables import actions, charges, services, tickets

Json = Any


@dataclass(frozen=True, kw_only=True)
class Billed:
    """What one of our invoices is for.

    service  None where it is the client's and no service's
    clause   that of the charge, empty where none is known
    """

    charge: str
    amount: str
    currency: str
    status: str
    due: str | None
    service: str | None
    case: str | None
    clause: str
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A decision about an order: why, under which clause, and how far it is."""

    action: str
    state: str
    because: str
    clause: str
    policy: str
    at: str | None
    simulated: bool


class Beside:
    """Reads from the last commit; ids are the panel's own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def case_of_ticket(self, ticket: str) -> str:
        """Raises NotFound for a ticket that is no case's."""
        with self._store.read() as connection:
            case = connection.execute(select(tickets.c.case).where(tickets.c.ticket == ticket)).scalar()
        if case is None:
            raise NotFound(f"no case of ticket {ticket!r}")
        return str(case)

    def billed(self, invoice: str) -> Billed:
        """Raises NotFound for an invoice that is not ours."""
        with self._store.read() as connection:
            row = connection.execute(select(charges).where(charges.c.invoice == invoice).limit(1)).first()
            if row is None:
                raise NotFound(f"no charge of invoice {invoice!r}")
            return Billed(
                charge=row.charge,
                amount=row.amount,
                currency=row.currency,
                status=row.status,
                due=moment(row.due),
                service=row.service,
                case=row.case,
                clause=_clause_of(connection, row.id),
                simulated=row.simulated,
            )

    def about_order(self, order: str, client: str) -> Sequence[Standing]:
        """What was decided about an order of a client, the latest first. Raises NotFound where nothing was."""
        about = and_(actions.c.client == client, actions.c.action.in_(_ABOUT_ORDERS))
        query = select(actions).where(about).order_by(actions.c.seq.desc(), actions.c.place.desc()).limit(_AT_ONCE)
        with self._store.read() as connection:
            rows = [(row, orjson.loads(row.record)["answer"]) for row in connection.execute(query)]
        found = [_standing(row, answer) for row, answer in rows if answer.get("order") == order]
        if not found:
            raise NotFound(f"nothing was decided about order {order!r}")
        return found

    def without_refund(self, client: str) -> Mapping[str, str]:
        """The client's services that are refused refunds by a sanction, and the clause of each."""
        mine = select(services.c.id).where(services.c.client == client)
        with self._store.read() as connection:
            return refund_marks(connection, connection.execute(mine).scalars().all())


def _standing(row: Any, answer: Mapping[str, Json]) -> Standing:
    return Standing(
        action=row.action,
        state=row.state,
        because=answer.get("because") or "",
        clause=answer.get("clause") or "",
        policy=f"{answer.get('policy', '')} {answer.get('version', '')}".strip(),
        at=moment(row.created),
        simulated=bool(answer.get("simulated")),
    )


_ABOUT_ORDERS = ("hold_order", "release_order", "refuse_order")


def _clause_of(connection: Connection, charge: str) -> str:
    """A charge bears the id of the action that made it."""
    record = connection.execute(select(actions.c.record).where(actions.c.id == charge)).scalar()
    return str(orjson.loads(record)["answer"].get("clause", "")) if record else ""


_AT_ONCE = 500


def refund_marks(connection: Connection, of: Sequence[str]) -> dict[str, str]:
    """Services whose newest word on refunds is a refusal that was carried out, and its clause."""
    found: dict[str, str] = {}
    for first in range(0, len(of), _AT_ONCE):
        told = and_(
            actions.c.service.in_(of[first : first + _AT_ONCE]),
            actions.c.action.in_(("refuse_refund", "restore_refund")),
            actions.c.state == "done",
            actions.c.simulated.is_(False),
        )
        columns = select(actions.c.service, actions.c.action, actions.c.record)
        for service, action, record in connection.execute(columns.where(told).order_by(actions.c.seq)):
            if action == "refuse_refund":
                found[service] = str(orjson.loads(record)["answer"].get("clause", ""))
            else:
                found.pop(service, None)
    return found
