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
    ("content/exposed_data", "vulnerability/open_service"),
    ("connection/intrusion", "connection/infected_host"),
    ("connection/infected_host", "infrastructure/botnet"),
)
_CAUSES = ("infrastructure/compromised_server",)
"""What reporters suspect behind an offence, beside naming the offence itself."""
_PLAIN = 3.0
"""A precise category says the broad one as well, and takes over its weight."""


def heaviest(weights: dict[str, float]) -> str:
    """The category with most weight, if it has enough; a precise one wins over the broad one it implies."""
    adjusted = dict(weights)
    for broad, precise in _IMPLIED:
        says = adjusted.get(precise, 0.0)
        if says >= _PLAIN and says >= 0.4 * adjusted.get(broad, 0.0) > 0:
            adjusted[precise] += adjusted.pop(broad)
    if any(weight >= _PLAIN for category, weight in adjusted.items() if category not in _CAUSES):
        for cause in _CAUSES:
            adjusted.pop(cause, None)
    best = max(adjusted, key=lambda category: adjusted[category], default=UNCLASSIFIED)
    return best if adjusted.get(best, 0.0) >= _ENOUGH else UNCLASSIFIED
