"""Sums in the client's own currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from bridge.actions.errand import Errand
from bridge.actions.step import ByHand, Impossible

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Rate:
    """How much of `to` one unit of `of` is; 1 and not converted where they are the same."""

    of: str
    to: str
    factor: Decimal

    @property
    def converts(self) -> bool:
        return self.of != self.to

    def convert(self, amount: Decimal) -> Decimal:
        """Rounded half up to the cent."""
        return (amount * self.factor).quantize(CENT, ROUND_HALF_UP)


def rate_for(errand: Errand, currency: str, instructions: str) -> Rate:
    """From the pack's currency to the client's, at the panel's rate; ByHand where the panel has none."""
    client = errand.billing.client(errand.client)
    if client is None:
        raise Impossible(f"client {errand.client} is not in the billing panel")
    if client.currency is None:
        raise ByHand(f"The client's currency is not known. {instructions}")
    if client.currency == currency:
        return Rate(currency, currency, Decimal(1))
    known = errand.billing.currencies()
    of, to = known.get(currency), known.get(client.currency)
    if of is None or to is None or of.rate <= 0 or to.rate <= 0:
        raise ByHand(f"The panel has no rate from {currency} to {client.currency}. {instructions}")
    return Rate(currency, client.currency, to.rate / of.rate)


def amount_of(text: str) -> Decimal:
    """A sum of our own records, as `20.00`."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Impossible(f"{text!r} is no amount") from None
    if not amount.is_finite() or amount <= 0:
        raise Impossible(f"{text!r} is no amount above nothing")
    return amount
