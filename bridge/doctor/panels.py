"""Both panels: reached, let in, and holding what the configuration names. Only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bridge.doctor.finding import Finding, fault, fine, warning
from bridge.errors import PanelError, PanelRefused
from bridge.ports import BillingPanel, ServerPanel

BILLING = "billing panel"
SERVERS = "server panel"

_REACH = "is it up, and may this machine reach it?"
_RIGHTS = "check credentials, the callers it allows, and the credential's rights"


def check_billing(billing: BillingPanel, *currencies: str) -> Iterator[Finding]:
    """currencies: those of the policies' charges."""
    try:
        yield fine(BILLING, billing.probe())
        yield from _faults(billing)
        for currency in currencies:
            yield from _rate(billing, currency)
    except PanelError as trouble:
        yield _cannot(BILLING, trouble)


def _faults(billing: BillingPanel) -> Iterator[Finding]:
    """Department, payment method, admin: what the panel itself knows of the configuration, where it can say."""
    ask: Callable[[], Sequence[str]] | None = getattr(billing, "faults", None)
    if ask is None:
        return
    found = ask()
    for words in found:
        yield fault(BILLING, words, "name in [whmcs] what is there")
    if not found:
        yield fine(BILLING, "it has the department, payment method and admin of the configuration")


def _rate(billing: BillingPanel, currency: str) -> Iterator[Finding]:
    known = billing.currencies()
    if currency in known and known[currency].rate > 0:
        yield fine(BILLING, f"it has a rate for {currency}, the policy's currency")
    else:
        has = ", ".join(sorted(known)) or "none"
        yield warning(
            BILLING,
            f"it has no rate for {currency}, the policy's currency (it has {has}): every charge is made by hand",
            f"add {currency} with its rate to the currencies of WHMCS",
        )


def check_servers(panels: Mapping[str, ServerPanel]) -> Iterator[Finding]:
    """Server panels by where they are."""
    for url, panel in panels.items():
        try:
            yield fine(SERVERS, panel.probe())
        except PanelError as trouble:
            yield _cannot(f"{SERVERS} {url}", trouble)


def _cannot(area: str, trouble: PanelError) -> Finding:
    return fault(area, trouble.words, _RIGHTS if isinstance(trouble, PanelRefused) else _REACH)
