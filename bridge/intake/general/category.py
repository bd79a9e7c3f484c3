"""The category out of the weights that words have given."""

from __future__ import annotations

from bridge.categories import UNCLASSIFIED

_ENOUGH = 1.0
_IMPLIED = (
    ("connection/ddos", "vulnerability/open_resolver"),
    ("connection/ddos", "vulnerability/open_service"),
    ("vulnerability/open_service", "vulnerability/open_resolver"),
    ("messaging/spam", "messaging/spamvertised"),
    ("copyright/copyright", "copyright/p2p"),
    ("connection/intrusion", "connection/login_attack"),
    ("connection/intrusion", "connection/port_scan"),
    ("connection/intrusion", "connection/ddos"),
    ("connection/intrusion", "connection/vulnerability_scan"),
    ("connection/intrusion", "connection/sql_injection"),
    ("connection/vulnerability_scan", "connection/sql_injection"),
    ("content/illegal", "content/csam"),
    ("content/adult", "content/csam"),
    ("content/fraud", "content/phishing"),
    ("content/illegal", "content/gambling"),
)
"""A precise category says the broad one as well, and takes over its weight."""


def heaviest(weights: dict[str, float]) -> str:
    """The category with most weight, if it has enough; a precise one wins over the broad one it implies."""
    adjusted = dict(weights)
    for broad, precise in _IMPLIED:
        if adjusted.get(precise, 0.0) >= 3.0 and broad in adjusted:
            adjusted[precise] += adjusted.pop(broad)
    best = max(adjusted, key=lambda category: adjusted[category], default=UNCLASSIFIED)
    return best if adjusted.get(best, 0.0) >= _ENOUGH else UNCLASSIFIED
