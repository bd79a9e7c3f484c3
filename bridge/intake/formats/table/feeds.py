"""The offence that a feed's file name or type word stands for."""

from __future__ import annotations

import re

from bridge.categories import UNCLASSIFIED
from bridge.intake.formats.xarf.words import category_of_type
from bridge.intake.general.category import heaviest
from bridge.intake.text import offences

_BY_FILE = (
    (re.compile(r"open_?resolver|scan_dns|dns_open"), "vulnerability/open_resolver"),
    (re.compile(r"brute_?force"), "connection/login_attack"),
    (re.compile(r"poodle|freak|ssl_scan|scan_ssl"), "vulnerability/misconfiguration"),
    (re.compile(r"compromised|synful"), "infrastructure/compromised_server"),
    (re.compile(r"vulnerable|scan_exchange|cisco_smart|_cve|vulnerab"), "vulnerability/cve"),
    (re.compile(r"ip_?spoofer"), "connection/spoofing"),
    (re.compile(r"post_?exploitation"), "infrastructure/botnet"),
    (re.compile(r"sandbox_url"), "content/malware"),
    (re.compile(r"sinkhole|drone|infected|microsoft_sinkhole|bot(?:net)?_drone"), "connection/infected_host"),
    (re.compile(r"middlebox"), "vulnerability/open_service"),
    (re.compile(r"ddos"), "connection/ddos"),
    (re.compile(r"(?:honeypot|hp)_(?:http|\w{2,20}_scan)|scanner|darknet"), "connection/port_scan"),
    (re.compile(r"open_?proxy|proxy|socks"), "usage/proxy"),
    (re.compile(r"block_?list|black_?list|spamhaus|(?<![a-z])e?drop(?![a-z])"), "reputation/blocklist"),
    (re.compile(r"phish"), "content/phishing"),
    (re.compile(r"malware_?url|malware_hosting|malicious"), "content/malware"),
    (re.compile(r"spam_?url"), "messaging/spamvertised"),
    (re.compile(r"spam"), "messaging/spam"),
    (re.compile(r"cc_?ip|c2|command|botnet_controller"), "infrastructure/botnet"),
    (re.compile(r"scan6?_|accessible|exposed|open_|device_id|ntp_?monitor|population"), "vulnerability/open_service"),
)  # fmt: skip
_BY_WORD = {
    "opendns": "vulnerability/open_resolver", "openresolvers": "vulnerability/open_resolver",
    "dns": "vulnerability/open_resolver",
    "dnsopenresolver": "vulnerability/open_resolver", "openntp": "vulnerability/open_service",
    "infectedsystem": "connection/infected_host",
    "infected": "connection/infected_host", "vulnerablesystem": "vulnerability/cve",
    "malwaredistribution": "content/malware",
    "malwareurl": "content/malware", "c2server": "infrastructure/botnet", "c2": "infrastructure/botnet",
    "cc": "infrastructure/botnet",
    "cnc": "infrastructure/botnet", "botnetdrone": "connection/infected_host", "botnet": "connection/infected_host",
    "bot": "connection/infected_host", "bots": "connection/infected_host", "drone": "connection/infected_host",
    "scanner": "connection/port_scan", "scanners": "connection/port_scan", "scan": "connection/port_scan",
    "portscan": "connection/port_scan",
    "bruteforce": "connection/login_attack", "ssh": "connection/login_attack", "idsalert": "connection/intrusion",
    "harvester": "messaging/spam", "harvesting": "messaging/spam", "spam": "messaging/spam",
    "spammer": "messaging/spam",
    "spreader": "messaging/spam", "defacement": "content/remote_compromise", "defacements": "content/remote_compromise",
    "webdefacement": "content/remote_compromise", "openproxy": "usage/proxy", "proxy": "usage/proxy",
    "blacklist": "reputation/blocklist",
    "blocklist": "reputation/blocklist", "malware": "content/malware", "sinkhole": "connection/infected_host",
    "potentiallyunwantedaccessible": "vulnerability/open_service", "ddosamplifier": "vulnerability/open_service",
    "weakcrypto": "vulnerability/misconfiguration", "compromised": "infrastructure/compromised_server",
    "systemcompromise": "infrastructure/compromised_server", "openservice": "vulnerability/open_service",
    "applicationcompromise": "infrastructure/compromised_server",
    "privilegedaccountcompromise": "infrastructure/compromised_server",
    "unprivilegedaccountcompromise": "infrastructure/compromised_server",
    "unauthorizedinformationaccess": "connection/intrusion",
    "unauthorizedinformationmodification": "connection/intrusion",
    "unauthorizedcommand": "connection/intrusion", "exploitingknownvulnerabilities": "connection/intrusion",
    "informationgathering": "connection/reconnaissance", "sniffing": "connection/sniffing",
    "informationdisclosure": "vulnerability/open_service", "amplifier": "vulnerability/open_service",
    "dgadomain": "infrastructure/botnet", "maliciouscode": "connection/infected_host", "tor": "usage/proxy",
    "masquerade": "content/fraud", "socialengineering": "content/phishing", "harmfulspeech": "content/abusive",
    "unauthorizeduseofresources": "conduct/system_abuse",
}  # fmt: skip
_OPEN_SERVICE = frozenset(
    "ntp snmp ssdp memcached redis mongodb mssql mysql netbios portmapper chargen qotd ldap "
    "cldap tftp ipmi rdp vnc telnet mdns"
    " elasticsearch smb afp rsync xdmcp cwmp ftp http natpmp nat-pmp ubiquiti coap mqtt "
    "docker adb couchdb hadoop db2 isakmp".split()
)
_NAMES_OF_MALWARE = ("infrastructure/botnet", "connection/infected_host")
"""What a family's name speaks for; beside a link it says what lies there."""
_SQUEEZE = re.compile(r"[^a-z0-9]")


def category_of_file(name: str) -> str:
    """By the parts of a file name, as Shadowserver and others name their reports."""
    lowered = name.lower().replace("-", "_")
    return next((category for pattern, category in _BY_FILE if pattern.search(lowered)), UNCLASSIFIED)


_PLAIN_IN_SUBJECT = 9.0
"""What one plain word in a subject weighs; hints weigh less."""
_FILE_IN_SUBJECT = re.compile(r"\b[a-z0-9]{2,20}(?:_[a-z0-9]{2,20}){1,6}\b")


def category_of_subject(subject: str) -> str:
    """By a report's name in the subject, such as `scan_ssl_poodle`, else by its words."""
    for name in _FILE_IN_SUBJECT.findall(subject[:300].lower()):
        category = category_of_file(name)
        if category != UNCLASSIFIED:
            return category
    weights = offences.weigh(subject[:300], "")
    return heaviest({category: weight for category, weight in weights.items() if weight >= _PLAIN_IN_SUBJECT})


def category_of_words(text: str, *, names_malware: bool, with_link: bool = False) -> str:
    """By the cell that says what happened; under a heading such as `malware` any name means an infection, beside a link
    that the malware lies there."""
    key = _SQUEEZE.sub("", text.lower()).replace("unauthoris", "unauthoriz")
    if not key:
        return UNCLASSIFIED
    if text.strip().lower() in _OPEN_SERVICE:
        return "vulnerability/open_service"
    if names_malware and with_link:
        return "content/phishing" if "phish" in key else "content/malware"
    known = _BY_WORD.get(key, UNCLASSIFIED)
    known = category_of_type(text) if known == UNCLASSIFIED else known
    worded = known == UNCLASSIFIED
    known = heaviest(offences.weigh("", text[:200])) if worded else known
    if with_link and worded and known in _NAMES_OF_MALWARE:
        return "content/malware"
    return "connection/infected_host" if known == UNCLASSIFIED and names_malware else known
