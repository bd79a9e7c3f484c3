"""The categories of complaints: `class/type`, after XARF 4.2, and ours where XARF has no word (interface 2)."""

from __future__ import annotations

UNCLASSIFIED = "other/unclassified"

_TYPES = {
    "messaging": "spam bulk_messaging spamvertised open_relay public_mail_service",
    "connection": "ddos port_scan login_attack infected_host reconnaissance scraping sql_injection vulnerability_scan "
    "intrusion arp_spoofing spoofing sniffing",
    "content": "phishing malware csam csem fraud brand_infringement exposed_data remote_compromise "
    "suspicious_registration phishing_redirect illegal adult gambling prohibited abusive",
    "copyright": "copyright p2p cyberlocker link_site ugc_platform usenet",
    "infrastructure": "botnet compromised_server",
    "reputation": "blocklist threat_intelligence",
    "vulnerability": "cve misconfiguration open_service open_resolver",
    "usage": "nested_virtualization mining irc proxy traffic_accelerator file_sharing traffic_exchange "
    "cluster_computing media_streaming",
    "conduct": "system_abuse payment_fraud export_control",
    "other": "unclassified",
}

CATEGORIES: frozenset[str] = frozenset(f"{cls}/{kind}" for cls, kinds in _TYPES.items() for kind in kinds.split())

CHILD_ABUSE: frozenset[str] = frozenset({"content/csam", "content/csem"})
"""Material of these categories is never copied, quoted, fetched, logged or forwarded."""
