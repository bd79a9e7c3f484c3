"""The paid period: told where the panel knows it, left out where it would be a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bridge.ports import ServiceStatus
from bridge.sync.period import months_before, paid_period, start_of_day
from tests.unit.sync.host import NOW, a_service

BERLIN = ZoneInfo("Europe/Berlin")


def period(**more: Any) -> dict[str, Any]:
    begins = start_of_day(lambda moment: moment.astimezone(BERLIN).date())
    return paid_period(a_service(**{"next_due": date(2026, 3, 15), **more}), begins, NOW)


def test_a_monthly_service_is_paid_from_the_month_before_it_is_due() -> None:
    assert period() == {
        "period_start": "2026-02-14T23:00:00Z",
        "period_end": "2026-03-14T23:00:00Z",
        "paid_amount": "10.00",
    }


def test_the_first_period_begins_when_the_service_was_registered_at_its_first_price() -> None:
    told = period(registered=date(2026, 2, 20))
    assert (told["period_start"], told["paid_amount"]) == ("2026-02-19T23:00:00Z", "15.00")


def test_a_year_is_a_year() -> None:
    assert period(billing_cycle="Annually", registered=None)["period_start"] == "2025-03-14T23:00:00Z"


@pytest.mark.parametrize(
    "guess",
    [
        {"billing_cycle": "One Time"},
        {"billing_cycle": "Free Account"},
        {"next_due": None},
        {"next_due": date(2026, 6, 15)},
        {"next_due": date(2026, 2, 20), "registered": date(2026, 2, 20)},
        {"next_due": date(9999, 12, 31)},
        {"next_due": date(1, 1, 1)},
        {"status": ServiceStatus.PENDING},
        {"status": ServiceStatus.TERMINATED},
    ],
)
def test_what_would_be_a_guess_is_left_out(guess: dict[str, Any]) -> None:
    assert period(**guess) == {}


@pytest.mark.parametrize("amount", [None, Decimal("-1.00"), Decimal("1.005"), Decimal("1e13")])
def test_a_price_that_is_none_is_left_out(amount: Decimal | None) -> None:
    assert "paid_amount" not in period(recurring_amount=amount)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 36, date(2023, 1, 15)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_months_last(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "UTC"])
def test_a_day_begins_at_midnight_of_the_panels_zone(zone: str) -> None:
    info = ZoneInfo(zone)
    begins = start_of_day(lambda moment: moment.astimezone(info).date())
    assert begins(date(2026, 3, 15)) == datetime(2026, 3, 15, tzinfo=info).astimezone(UTC)


def test_a_day_whose_clocks_change_begins_at_its_midnight_too() -> None:
    begins = start_of_day(lambda moment: moment.astimezone(BERLIN).date())
    assert begins(date(2026, 3, 30)) - begins(date(2026, 3, 29)) == timedelta(hours=23)
