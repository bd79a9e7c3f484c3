"""Sums for a part of a paid time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

_CENT = Decimal("0.01")
_MICROSECOND = timedelta(microseconds=1)


def pro_rata(amount: Decimal, part: timedelta, whole: timedelta) -> Decimal:
    """`amount` for `part` of `whole`, rounded down to the cent.

    Counted in whole cents and microseconds, so that nothing is lost on the way. Neither time may be negative,
    and `whole` must be longer than nothing.
    """
    cents = int(amount / _CENT) * (part // _MICROSECOND) // (whole // _MICROSECOND)
    return Decimal(cents) * _CENT
