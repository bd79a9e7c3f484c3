"""What is sent to WHMCS, checked first: ids are numbers, amounts are whole cents."""

from __future__ import annotations

from decimal import Decimal

from adapters.whmcs.client import PANEL
from bridge.errors import InvalidInput, PanelRefused

_LONGEST_ID = 18
_LONGEST_SHOWN = 40
_CENT = Decimal("0.01")


def number(text_id: str) -> int | None:
    """The panel's number behind an id of ours; None for what cannot be one (PHP would read 0: no filter at all)."""
    if not (text_id.isascii() and text_id.isdigit()) or len(text_id) > _LONGEST_ID:
        return None
    return int(text_id) or None


def insist(text_id: str, what: str) -> int:
    """The same for a write, which a person has to look at where there is no number."""
    found = number(text_id)
    if found is None:
        raise PanelRefused(PANEL, f"{text_id[:_LONGEST_SHOWN]!r} is no {what} of this panel")
    return found


def amount(value: Decimal) -> Decimal:
    """An amount with two decimals; InvalidInput for nothing, less than nothing and parts of a cent."""
    if not value.is_finite() or value <= 0 or value != value.quantize(_CENT):
        raise InvalidInput("amount", f"{value} is no amount in whole cents above nothing")
    return value.quantize(_CENT)
