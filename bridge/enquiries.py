"""What can be asked of the desk: cases, actions, services, holds, health. Only reads, from the last commit."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, select

from bridge.categories import CATEGORIES
from bridge.desk import Desk
from bridge.errors import InvalidInput, NotFound
from bridge.ports import Clock
from bridge.reviews import OPEN, REVIEW_STATES, shown_reviews
from bridge.shown import SHOWN_STATE, shown_actions, shown_cases, shown_service
from bridge.store.engine import from_us, is_current, to_us
from bridge.store.sources import FAILING, SILENT, Expectations, shown_listings, shown_sources
from bridge.store.store import Store
from bridge.store.tables import (
    actions,
    cases,
    deadlines,
    events,
    holds,
    meta,
    reviews,
)
from bridge.timeformat import parse_time
from bridge.views import Filter, Health, Holds, Page

Json = Any

CASE_STATUSES = frozenset({
    "opened", "awaiting_customer", "awaiting_staff", "awaiting_reporter", "resolved", "dismissed", "closed",
})  # fmt: skip
ACTION_STATES = frozenset({
    "proposed", "approved", "executing", "waiting", "unclear", "done", "rejected", "expired", "cancelled", "failed",
    "manual",
})  # fmt: skip
WORKER_SILENT = timedelta(seconds=60)


class Enquiries:
    """Answers as interface 6 words them."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        clock: Clock,
        *,
        needs_worker: Callable[[], bool],
        sources: Expectations | None = None,
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._needs_worker = needs_worker
        self._expected = sources or {}

    # ---- cases ----

    def cases(self, wanted: Filter, limit: int, cursor: str | None) -> Page:
        """Newest first; by state: those with an action in it. Raises InvalidInput for a status, state or category that
        does not exist.
        """
        _refuse_unknown("status", wanted.status, CASE_STATUSES)
        _refuse_unknown("state", wanted.state, ACTION_STATES)
        _refuse_unknown("category", wanted.category, CATEGORIES)
        conditions: list[Any] = [
            cases.c[name] == value
            for name in ("status", "service", "client", "category")
            if (value := getattr(wanted, name)) is not None
        ]
        if wanted.case is not None:
            conditions.append(cases.c.id == wanted.case)
        if wanted.state is not None:
            conditions.append(cases.c.id.in_(select(actions.c.case).where(_in_state(wanted.state))))
        return self._page(cases, conditions, limit, cursor, shown_cases)

    def case(self, id_: str) -> Mapping[str, Json]:
        """Raises NotFound."""
        with self._store.read() as connection:
            row = connection.execute(select(cases).where(cases.c.id == id_)).first()
            if row is None:
                raise NotFound(f"no case {id_!r}")
            return shown_cases(connection, [row])[0]

    # ---- actions ----

    def actions(self, wanted: Filter, limit: int, cursor: str | None) -> Page:
        """Newest first. Raises InvalidInput for a state that does not exist."""
        _refuse_unknown("state", wanted.state, ACTION_STATES)
        conditions: list[Any] = [
            actions.c[name] == value
            for name in ("service", "client", "case")
            if (value := getattr(wanted, name)) is not None
        ]
        if wanted.state is not None:
            conditions.append(_in_state(wanted.state))
        if wanted.category is not None:
            _refuse_unknown("category", wanted.category, CATEGORIES)
            conditions.append(actions.c.case.in_(select(cases.c.id).where(cases.c.category == wanted.category)))
        if wanted.status is not None:
            _refuse_unknown("status", wanted.status, CASE_STATUSES)
            conditions.append(actions.c.case.in_(select(cases.c.id).where(cases.c.status == wanted.status)))
        return self._page(actions, conditions, limit, cursor, shown_actions)

    def action(self, id_: str) -> Mapping[str, Json]:
        """Raises NotFound."""
        with self._store.read() as connection:
            row = connection.execute(select(actions).where(actions.c.id == id_)).first()
            if row is None:
                raise NotFound(f"no action {id_!r}")
            return shown_actions(connection, [row])[0]

    # ---- reviews ----

    def reviews(self, wanted: Filter, limit: int, cursor: str | None) -> Page:
        """Messages a person has to look at, or had to, newest first. Raises InvalidInput for an unknown state."""
        _refuse_unknown("state", wanted.state, frozenset(REVIEW_STATES))
        conditions = [] if wanted.state is None else [reviews.c.state == wanted.state]
        return self._page(reviews, conditions, limit, cursor, shown_reviews)

    def review(self, id_: str) -> Mapping[str, Json]:
        """Raises NotFound."""
        with self._store.read() as connection:
            row = connection.execute(select(reviews).where(reviews.c.id == id_)).first()
            if row is None:
                raise NotFound(f"no review {id_!r}")
            return shown_reviews(connection, [row])[0]

    def _page(
        self,
        table: Table,
        conditions: list[Any],
        limit: int,
        cursor: str | None,
        show: Callable[[Connection, Sequence[Any]], Sequence[Mapping[str, Json]]],
    ) -> Page:
        where = and_(True, *conditions)
        with self._store.read() as connection:
            total = connection.execute(select(func.count()).select_from(table).where(where)).scalar() or 0
            query: Select[Any] = select(table).where(where)
            order = [table.c.seq.desc(), table.c.id.desc()]
            if cursor is not None:
                seq, last = _position(cursor)
                query = query.where((table.c.seq < seq) | ((table.c.seq == seq) & (table.c.id < last)))
            rows = connection.execute(query.order_by(*order).limit(limit + 1)).all()
            items = show(connection, rows[:limit])
        following = _cursor(rows[limit - 1].seq, rows[limit - 1].id) if len(rows) > limit else None
        return Page(items=items, total=total, next=following)

    # ---- services ----

    def service(self, id_: str) -> Mapping[str, Json]:
        """Holds, bars, strikes, charges, refund standing, addresses. Raises NotFound.

        Part of it only the client's state knows, which the writer alone may read: so this waits its turn.
        """
        return self._desk.store.write(lambda unit: shown_service(unit, id_))

    # ---- holds for the addon ----

    def holds_since(self, cursor: str | None) -> Holds:
        """Services whose holds changed after the cursor, as they stand now. Raises InvalidInput."""
        since = 0
        if cursor:
            if not cursor.isdecimal() or len(cursor) > 18:
                raise InvalidInput("since", "is not a cursor")
            since = int(cursor)
        with self._store.read() as connection:
            rows = connection.execute(
                select(holds)
                .where(and_(holds.c.seq > since, holds.c.simulated.is_(False)))
                .order_by(holds.c.seq, holds.c.status == "placed", holds.c.id)
            ).all()
        changed = [
            {
                "service": row.service,
                "clause": row.clause,
                "bar": bool(row.irrevocable),
                "status": "placed" if row.status == "placed" else "ended",
                "id": row.id,
                "case": row.case,
            }
            for row in rows
        ]
        return Holds(holds=changed, cursor=str(max((row.seq for row in rows), default=since)))

    # ---- where complaints come from ----

    def sources(self) -> list[Mapping[str, Json]]:
        """Every source of complaints by name: ok, failing, silent or new, and since when."""
        with self._store.read() as connection:
            return list(shown_sources(connection, self._expected, self._clock.wall()))

    def listings(self) -> list[Mapping[str, Json]]:
        """Listings of our own addresses that have not ended, the newest first; `removal` says who may ask for it."""
        with self._store.read() as connection:
            return list(shown_listings(connection))

    # ---- health ----

    def health(self) -> Health:
        problems = []
        if not is_current(self._store.engine):
            problems.append("database: not reachable, or not migrated")
        elif self._needs_worker() and not self._worker_seen():
            problems.append("worker: not seen for a minute")
        counted = Counter(source["state"] for source in self.sources()) if not problems else Counter()
        return Health(ready=not problems, problems=problems, at=self._clock.wall(), sources=dict(counted))

    def _worker_seen(self) -> bool:
        with self._store.read() as connection:
            seen = connection.execute(select(meta.c.value).where(meta.c.key == "worker_seen")).scalar()
        return seen is not None and from_us(int(seen)) > self._clock.wall() - WORKER_SILENT

    def gauges(self) -> Mapping[str, Mapping[tuple[str, ...], float]]:
        """Name -> labels -> value: what the metrics read from the database."""
        now = to_us(self._clock.wall())
        with self._store.read() as connection:
            by_state = connection.execute(select(actions.c.state, func.count()).group_by(actions.c.state)).all()
            by_status = connection.execute(select(cases.c.status, func.count()).group_by(cases.c.status)).all()
            oldest = connection.execute(
                select(func.min(actions.c.approved)).where(actions.c.state.in_(["approved", "waiting", "unclear"]))
            ).scalar()
            overdue = connection.execute(
                select(func.count(), func.min(deadlines.c.due)).where(
                    and_(deadlines.c.state == "open", deadlines.c.due < to_us(self._clock.now()))
                )
            ).one()
            length = connection.execute(select(func.max(events.c.seq))).scalar() or 0
            unread = connection.execute(
                select(func.count()).select_from(reviews).where(reviews.c.state == OPEN)
            ).scalar()
        return self._source_gauges() | {
            "tipstaff_actions": {(state,): float(count) for state, count in by_state},
            "tipstaff_cases": {(status,): float(count) for status, count in by_status},
            "tipstaff_oldest_waiting_action_seconds": {(): max(0, now - oldest) / 1e6 if oldest else 0.0},
            "tipstaff_deadlines_overdue": {(): float(overdue[0])},
            "tipstaff_oldest_overdue_deadline_seconds": {
                (): max(0, to_us(self._clock.now()) - overdue[1]) / 1e6 if overdue[1] else 0.0
            },
            "tipstaff_log_length": {(): float(length)},
            "tipstaff_complaints_to_review": {(): float(unread or 0)},
        }

    def _source_gauges(self) -> dict[str, dict[tuple[str, ...], float]]:
        now, sources = self._clock.wall(), self.sources()
        return {
            "tipstaff_source_messages": {(each["name"],): float(each["messages"]) for each in sources},
            "tipstaff_source_troubled": {
                (each["name"], state): float(each["state"] == state) for each in sources for state in (FAILING, SILENT)
            },
            "tipstaff_source_last_message_seconds": {
                (each["name"],): _age(each["last_message"], now) for each in sources if each["last_message"]
            },
        }


def _age(said: str | None, now: datetime) -> float:
    return max(0.0, (now - parse_time(said, "")).total_seconds()) if said else 0.0


def _in_state(state: str) -> ColumnElement[bool]:
    """Actions that are shown as `state`; the queue tells more of them apart."""
    return actions.c.state.in_([state, *(inner for inner, shown in SHOWN_STATE.items() if shown == state)])


def _refuse_unknown(name: str, value: str | None, allowed: frozenset[str]) -> None:
    if value is not None and value not in allowed:
        raise InvalidInput(name, f"{value[:60]!r} is not one of {', '.join(sorted(allowed))}")


def _cursor(seq: int, id_: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([seq, id_])).decode().rstrip("=")


def _position(cursor: str) -> tuple[int, str]:
    try:
        seq, id_ = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error):
        raise InvalidInput("cursor", "is not a cursor of this list") from None
    if not isinstance(seq, int) or isinstance(seq, bool) or not isinstance(id_, str) or abs(seq) > 2**62:
        raise InvalidInput("cursor", "is not a cursor of this list")
    return seq, id_
