"""The category out of the weights that words have given."""

from __future__ import annotations

from bridge.categories import CHILD_ABUSE, UNCLASSIFIED
from bridge.intake.text.offences import LEFT_OPEN

_ENOUGH = 1.0
_IMPLIED = (
    ("reputation/blocklist", "connection/login_attack", 0.6),
    ("connection/port_scan", "connection/vulnerability_scan", 0.7),
    ("connection/ddos", "vulnerability/open_resolver", 0.2),
    ("connection/ddos", "vulnerability/open_service", 0.2),
    ("vulnerability/open_service", "vulnerability/open_resolver", 0.3),
    ("messaging/spam", "messaging/spamvertised", 0.3),
    ("copyright/copyright", "copyright/p2p", 0.1),
    ("copyright/copyright", "copyright/cyberlocker", 0.2),
    ("copyright/copyright", "copyright/link_site", 0.2),
    ("copyright/copyright", "copyright/ugc_platform", 0.2),
    ("copyright/copyright", "copyright/usenet", 0.2),
    ("copyright/p2p", "usage/file_sharing", 1.0),
    ("connection/intrusion", "connection/ddos", 0.15),
    ("connection/intrusion", "connection/login_attack", 0.2),
    ("connection/intrusion", "connection/vulnerability_scan", 0.2),
    ("connection/intrusion", "connection/port_scan", 0.3),
    ("connection/intrusion", "connection/sql_injection", 0.2),
    ("connection/intrusion", "connection/infected_host", 0.4),
    ("connection/vulnerability_scan", "connection/sql_injection", 0.3),
    ("vulnerability/cve", "connection/ddos", 0.25),
    ("vulnerability/cve", "connection/vulnerability_scan", 0.6),
    ("vulnerability/cve", "connection/intrusion", 0.4),
    ("reputation/threat_intelligence", "infrastructure/compromised_server", 0.3),
    ("infrastructure/botnet", "connection/infected_host", 0.5),
    ("connection/infected_host", "connection/ddos", 0.4),
    ("infrastructure/compromised_server", "connection/infected_host", 0.3),
    ("content/illegal", "content/csam", 0.1),
    ("content/adult", "content/csam", 0.1),
    ("content/abusive", "content/csam", 0.1),
    ("messaging/spam", "content/csam", 0.5),
    ("content/csam", "content/csem", 0.5),
    ("content/illegal", "content/gambling", 0.3),
    ("content/illegal", "content/adult", 0.6),
    ("content/fraud", "content/phishing", 0.15),
    ("content/fraud", "connection/login_attack", 0.2),
    ("content/fraud", "messaging/spam", 0.25),
    ("content/brand_infringement", "content/phishing", 0.5),
    ("content/phishing", "content/phishing_redirect", 0.6),
    ("copyright/copyright", "content/brand_infringement", 0.6),
    ("copyright/copyright", "content/phishing", 0.6),
    ("content/exposed_data", "vulnerability/open_service", 0.55),
    ("vulnerability/misconfiguration", "messaging/open_relay", 0.2),
    ("vulnerability/misconfiguration", "vulnerability/open_resolver", 0.2),
    ("vulnerability/misconfiguration", "vulnerability/open_service", 0.2),
)
"""A broad category, a precise one that says the broad one as well, and the share of the broad one's weight from which
the precise one takes it over."""
_ASIDES = ("infrastructure/compromised_server", "reputation/threat_intelligence")
"""What reporters say beside the offence itself: what they suspect behind it, how they came to know."""
_PLAIN = 3.0
_SHOWN = 2.0
"""What log lines are worth that show a precise category."""
_IN_SUBJECT = 9.0
"""From this weight the subject names it: then it is the matter itself."""
_PLAINLY_SAID = 6.0
"""From this weight the text says it so plainly that what lies behind it is an aside though the subject names it."""


def heaviest(weights: dict[str, float]) -> str:
    """The category with most weight, if it has enough; a precise one wins over the broad one it implies."""
    adjusted = dict(weights)
    for broad, precise, share in _IMPLIED:
        says = adjusted.get(precise, 0.0)
        enough = _SHOWN if broad in LEFT_OPEN else _PLAIN
        if says >= enough and says >= share * adjusted.get(broad, 0.0) > 0:
            adjusted[precise] += adjusted.pop(broad)
    grave = max(sorted(CHILD_ABUSE), key=lambda category: adjusted.get(category, 0.0))
    if adjusted.get(grave, 0.0) >= _IN_SUBJECT:
        return grave
    said = max((weight for category, weight in adjusted.items() if category not in _ASIDES), default=0.0)
    if said >= _PLAIN:
        floor = _IN_SUBJECT if said < _PLAINLY_SAID else float("inf")
        adjusted = {each: weight for each, weight in adjusted.items() if each not in _ASIDES or weight >= floor}
    best = max(adjusted, key=lambda category: adjusted[category], default=UNCLASSIFIED)
    return best if adjusted.get(best, 0.0) >= _ENOUGH else UNCLASSIFIED
