"""How the days go: what is open, strikes per day, how long decisions take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select

from bridge.ports import Clock
from bridge.reading.cases import is_overdue, is_urgent
from bridge.reading.waiting import counts
from bridge.state import OPEN_STATUSES
from bridge.store.engine import from_us, to_us
from bridge.store.store import Store
from bridge.store.tables import actions, approvals, cases, deadlines, drifts, reviews

DAYS = 30
MOST_DECISIONS = 5_000
BUCKETS = (
    ("15m", timedelta(minutes=15)),
    ("1h", timedelta(hours=1)),
    ("4h", timedelta(hours=4)),
    ("1d", timedelta(days=1)),
    ("3d", timedelta(days=3)),
)
LONGER = "longer"
_DAY = 24 * 3600 * 1_000_000


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long proposals waited for their last approval: `typical` is the median, `slow` the 90th percentile."""

    number: int
    buckets: Mapping[str, int]
    typical: timedelta | None = None
    slow: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What the first page tells.

    overdue  cases with a deadline that passed; `urgent` with one that will soon
    strikes  by day, the earliest first, and by the first part of the category
    """

    waiting: Mapping[str, int]
    cases: Mapping[str, int]
    overdue: int
    urgent: int
    drifts: int
    reviews: int
    strikes: Sequence[tuple[date, Mapping[str, int]]]
    pace: Pace


class Overviews:
    """Reads the figures from the last commit."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def figures(self) -> Figures:
        now = self._clock.now()
        with self._store.read() as connection:
            return Figures(
                waiting=counts(connection),
                cases=_open_cases(connection),
                overdue=_cases_with(connection, is_overdue(now)),
                urgent=_cases_with(connection, is_urgent(now)),
                drifts=connection.execute(select(func.count()).select_from(drifts)).scalar() or 0,
                reviews=_open_reviews(connection),
                strikes=_strikes(connection, now),
                pace=_pace(connection, self._clock.wall()),
            )


def _open_cases(connection: Connection) -> dict[str, int]:
    wanted = sorted(OPEN_STATUSES)
    counted = select(cases.c.status, func.count()).where(cases.c.status.in_(wanted)).group_by(cases.c.status)
    found = {row[0]: row[1] for row in connection.execute(counted)}
    return {status: found.get(status, 0) for status in wanted}


def _cases_with(connection: Connection, near: ColumnElement[bool]) -> int:
    """How many cases have such a deadline."""
    counted = select(func.count(deadlines.c.case.distinct())).where(near)
    return connection.execute(counted).scalar() or 0


def _open_reviews(connection: Connection) -> int:
    waiting = select(func.count()).select_from(reviews).where(reviews.c.state == "open")
    return connection.execute(waiting).scalar() or 0


def _strikes(connection: Connection, now: datetime) -> list[tuple[date, Mapping[str, int]]]:
    first = now.date() - timedelta(days=DAYS - 1)
    since = to_us(datetime(first.year, first.month, first.day, tzinfo=now.tzinfo))
    day = (cases.c.opened_at - since) // _DAY
    struck = and_(cases.c.opened_at >= since, cases.c.strike > 0)
    counted = select(day, cases.c.category, func.count()).where(struck).group_by(day, cases.c.category)
    by_day: list[Counter[str]] = [Counter() for _ in range(DAYS)]
    for place, category, number in connection.execute(counted):
        if 0 <= int(place) < DAYS:
            by_day[int(place)][category.partition("/")[0]] += number
    return [(first + timedelta(days=place), dict(groups)) for place, groups in enumerate(by_day)]


def _pace(connection: Connection, now: datetime) -> Pace:
    since = to_us(now - timedelta(days=DAYS))
    last = func.max(approvals.c.at)
    rows = connection.execute(
        select(last, actions.c.created)
        .join(actions, actions.c.id == approvals.c.action)
        .where(approvals.c.at >= since)
        .group_by(approvals.c.action, actions.c.created)
        .order_by(last.desc())
        .limit(MOST_DECISIONS)
    )
    taken = sorted(max(from_us(at) - from_us(created), timedelta()) for at, created in rows)
    buckets = Counter(_bucket(length) for length in taken)
    named = {name: buckets.get(name, 0) for name in (*(name for name, _ in BUCKETS), LONGER)}
    if not taken:
        return Pace(number=0, buckets=named)
    slow = taken[min(len(taken) - 1, len(taken) * 9 // 10)]
    return Pace(number=len(taken), buckets=named, typical=taken[len(taken) // 2], slow=slow)


def _bucket(length: timedelta) -> str:
    return next((name for name, most in BUCKETS if length <= most), LONGER)
