"""The paid period of a service, out of when it is next due; left out wherever that would be a guess."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from bridge.ports import BillingService, ServiceStatus
from bridge.timeformat import format_time

Json = Any
StartOfDay = Callable[[date], datetime]

_MONTHS = {
    "monthly": 1,
    "quarterly": 3,
    "semi-annually": 6,
    "semiannually": 6,
    "annually": 12,
    "biennially": 24,
    "triennially": 36,
}
_STEP = timedelta(minutes=15)
"""Every offset from UTC in use is a whole number of these."""
_FARTHEST = timedelta(hours=15)
_EARLIEST_YEAR, _LATEST_YEAR = 1980, 2200
_LARGEST = 10**12


def start_of_day(local_date: Callable[[datetime], date]) -> StartOfDay:
    """When a calendar day begins in the panel's zone, out of `BillingPanel.local_date`."""

    @lru_cache(maxsize=4096)
    def begins(day: date) -> datetime:
        middle = datetime.combine(day, time(), UTC)
        low, high = 0, 2 * _FARTHEST // _STEP
        while low < high:
            half = (low + high) // 2
            if local_date(middle - _FARTHEST + half * _STEP) >= day:
                high = half
            else:
                low = half + 1
        return middle - _FARTHEST + low * _STEP

    return begins


def paid_period(service: BillingService, begins: StartOfDay, now: datetime) -> dict[str, Json]:
    """period_start, period_end and paid_amount of a service that is paid by the month or year.

    The panel tells the day on which the next payment is due, and no time of the last one: `paid_at` is never guessed. A
    period that lies ahead (several paid in advance) is not the present one and is left out.
    """
    months = _MONTHS.get(service.billing_cycle.strip().casefold())
    end = service.next_due
    if months is None or end is None or service.status not in (ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED):
        return {}
    if not _EARLIEST_YEAR < end.year < _LATEST_YEAR:
        return {}
    start = months_before(end, months)
    is_first = service.registered is not None and start <= service.registered
    if is_first and service.registered is not None:
        start = service.registered
    if start >= end or begins(start) > now:
        return {}
    facts: dict[str, Json] = {"period_start": format_time(begins(start)), "period_end": format_time(begins(end))}
    paid = service.first_payment_amount if is_first else service.recurring_amount
    if paid is not None and 0 <= paid < _LARGEST and paid == round(paid, 2):
        facts["paid_amount"] = str(paid)
    return facts


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
