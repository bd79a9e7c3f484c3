"""The words of XARF's versions and our categories."""

from __future__ import annotations

import re

from bridge.categories import CATEGORIES, UNCLASSIFIED

_BY_TYPE = {
    "spam": "messaging/spam", "bulkmessaging": "messaging/bulk_messaging", "bulk": "messaging/bulk_messaging",
    "spamvertised": "messaging/spamvertised", "spamvertized": "messaging/spamvertised",
    "openrelay": "messaging/open_relay",
    "mailspam": "messaging/spam", "regbot": "messaging/spam", "blogspam": "messaging/spam",
    "forumspam": "messaging/spam",
    "formspam": "messaging/spam", "commentspam": "messaging/spam", "badbot": "connection/scraping",
    "bot": "infrastructure/botnet",
    "loginattack": "connection/login_attack", "login": "connection/login_attack",
    "bruteforce": "connection/login_attack",
    "authfailure": "connection/login_attack", "ssh": "connection/login_attack",
    "passwordguessing": "connection/login_attack",
    "portscan": "connection/port_scan", "scan": "connection/port_scan", "portflood": "connection/ddos",
    "netscan": "connection/port_scan",
    "dos": "connection/ddos", "ddos": "connection/ddos", "dosattack": "connection/ddos",
    "ddosattack": "connection/ddos",
    "amplification": "connection/ddos", "reflection": "connection/ddos", "infectedhost": "connection/infected_host",
    "infection": "connection/infected_host", "drone": "connection/infected_host", "trojan": "connection/infected_host",
    "reconnaissance": "connection/reconnaissance", "scraping": "connection/scraping",
    "webcrawler": "connection/scraping",
    "crawler": "connection/scraping", "sqlinjection": "connection/sql_injection", "sqli": "connection/sql_injection",
    "vulnerabilityscan": "connection/vulnerability_scan", "webattack": "connection/vulnerability_scan",
    "attack": "connection/intrusion", "exploit": "connection/intrusion", "hackattack": "connection/intrusion",
    "hacking": "connection/intrusion", "intrusion": "connection/intrusion", "webhack": "connection/intrusion",
    "rfiattack": "connection/intrusion", "rfi": "connection/intrusion", "phishing": "content/phishing",
    "phish": "content/phishing",
    "malware": "content/malware", "malwareattack": "content/malware", "virus": "content/malware",
    "csam": "content/csam",
    "childabuse": "content/csam", "childpornography": "content/csam", "childsexualabusematerial": "content/csam",
    "csem": "content/csem", "fraud": "content/fraud", "scam": "content/fraud",
    "brandinfringement": "content/brand_infringement",
    "trademark": "content/brand_infringement", "brand": "content/brand_infringement",
    "exposeddata": "content/exposed_data",
    "dataleak": "content/exposed_data", "remotecompromise": "content/remote_compromise",
    "defacement": "content/remote_compromise",
    "webshell": "content/remote_compromise", "suspiciousregistration": "content/suspicious_registration",
    "harassment": "content/abusive", "hatespeech": "content/abusive", "copyright": "copyright/copyright",
    "copyrightinfringement": "copyright/copyright", "p2p": "copyright/p2p", "cyberlocker": "copyright/cyberlocker",
    "linksite": "copyright/link_site", "ugcplatform": "copyright/ugc_platform", "usenet": "copyright/usenet",
    "botnet": "infrastructure/botnet", "botnetc2": "infrastructure/botnet", "cnc": "infrastructure/botnet",
    "c2": "infrastructure/botnet",
    "commandandcontrol": "infrastructure/botnet", "compromisedserver": "infrastructure/compromised_server",
    "compromised": "infrastructure/compromised_server", "compromisedwebsite": "infrastructure/compromised_server",
    "potentiallycompromisedaccount": "infrastructure/compromised_server", "blocklist": "reputation/blocklist",
    "blacklist": "reputation/blocklist", "threatintelligence": "reputation/threat_intelligence",
    "cve": "vulnerability/cve",
    "misconfiguration": "vulnerability/misconfiguration", "openservice": "vulnerability/open_service",
    "vulnerability": "vulnerability/cve", "vulnerableservice": "vulnerability/open_service",
    "openresolver": "vulnerability/open_resolver", "opendnsresolver": "vulnerability/open_resolver",
    "openproxy": "usage/proxy", "proxy": "usage/proxy",
}  # fmt: skip
_SQUEEZE = re.compile(r"[^a-z0-9]")


def category_of_type(written: str) -> str:
    """Our category for a report type in any of its spellings: `Login-Attack`, `LoginAttack`, `login_attack`."""
    key = _SQUEEZE.sub("", written.lower())
    return _BY_TYPE.get(key, UNCLASSIFIED)


def category_of_pair(cls: str, kind: str) -> str:
    """A version 4 category and type; what the vocabulary does not have is unclassified."""
    pair = f"{cls.strip().lower()}/{kind.strip().lower().replace('-', '_')}"
    return pair if pair in CATEGORIES else UNCLASSIFIED
