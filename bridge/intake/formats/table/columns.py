"""What a column holds, by its heading."""

from __future__ import annotations

import re
from functools import lru_cache

_IP = frozenset(
    "ip ipaddress ipaddr ipaddresses ips ipv4 ipv6 ipv4address srcip sourceip sourceipaddress "
    "source sourceaddress src saddr srcaddr attacker attackerip attackingip offender "
    "offendingip"
    " offenderip clientip client hostip hostaddress address remoteip remoteaddress infectedip "
    "infectedhost badip ipadresse adresseip direccionip enderecoip enderecosip ipsource ipsrc "
    "originip origin abuseip"
    " abusiveip scannerip botip sourceipaddr srcipaddr ipsorgente ipzrodlowe adresip ipadres "
    "reportedip ipadresa srchost victimip suspectip maliciousip ipadress".split()
)
_TIME = frozenset(
    "timestamp timestamputc timestampgmt datetime datetimeutc date dateutc time timeutc "
    "timegmt dategmt ts seen firstseen firstseenutc lastseen eventtime detected detectiontime "
    "detectedat detectiondate starttime start begin zeit"
    " zeitstempel zeitstempelutc datum datumzeit uhrzeit sourcetime timesource "
    "observationtime observed observedat occurred occurredat fecha hora fechahora data "
    "dataehora datahora dateheure heure eventdate attacktime attackdate when lasttime "
    "dateadded firsttime czas epoch unixtime logtime reporttime datetimegmt"
    " timestampcet localtime lastseenutc datetimecet eventtimestamp received impacttime".split()
)
_KIND = frozenset(
    "type category malware infection classification classificationtype "
    "classificationidentifier taxonomy tag class threat threattype incidenttype incident "
    "eventtype family malwarename malwarefamily virusname virus abusetype problem kategorie typ tipo "
    "categoria attacktype attack event description details"
    " comment info reason service eventdescription classificationtaxonomy botname bot "
    "vulnerability abuse report list signature rule alert".split()
)
_ZONE = frozenset("zone timezone tz utcoffset gmtoffset zeitzone fusohorario zonahoraria fuseau".split())
_LINK = frozenset("url uri link sourceurl maliciousurl phishingurl urls malwareurl httpurl".split())
_DOMAIN = frozenset("domain domainname fqdn website maliciousdomain sourcefqdn".split())
_VICTIM = re.compile(r"^(?:dst|dest|target|victimhost|sinkhole|honeypot|to|remoteport|cc|c2)")
_NAMES_SOURCE = re.compile(
    r"(?:(?:src|source|attack(?:er|ing|s)?|offend(?:er|ing)|infected|compromised|affected|bad|malicious|abus(?:er|ive)"
    r"|suspect(?:ed)?|suspicious|bot|client|remote|host|reported|vulnerable|your|customers?|zombie|scanner|listed|c2|cc|httpreferer)"
    r"(?:ip|ipv4|ipv6)(?:addr|address|addresses|es|s|port|andport)*"
    r"|ip(?:v4|v6)?(?:addr|address|addresses|es|s|port|andport|range|network)+"
    r"|(?:infected|compromised|attacking|vulnerable|affected|malicious|abusive)(?:server|host|system|device|machine)s?)"
)
_SAYS_TIME = re.compile(r"\b(?:time(?:stamp)?|date)\b|_(?:time|date|at)$", re.IGNORECASE)
_SQUEEZE = re.compile(r"[^a-z0-9]+")
_IN_PARENTHESES = re.compile(r"\(([^)]{1,20})\)|\b(utc|gmt|cest|cet)\b", re.IGNORECASE)


@lru_cache(maxsize=1024)
def meaning(heading: str) -> str:
    """`ip`, `time`, `zone`, `kind`, `link`, `domain`, `victim`, or empty where the heading says nothing of use."""
    key = _SQUEEZE.sub("", heading.lower())
    bare = _SQUEEZE.sub("", heading.lower().partition("(")[0]) if "(" in heading else key
    for name, words in (
        ("ip", _IP),
        ("time", _TIME),
        ("zone", _ZONE),
        ("link", _LINK),
        ("domain", _DOMAIN),
        ("kind", _KIND),
    ):
        if key in words or bare in words:
            return name
    if _VICTIM.match(key):
        return "victim"
    if _NAMES_SOURCE.fullmatch(key):
        return "ip"
    return "time" if _SAYS_TIME.search(heading) else ""


def zone_in(heading: str) -> str:
    """The zone that a heading such as `Timestamp (UTC)` names, as text; empty if none."""
    match = _IN_PARENTHESES.search(heading)
    return (match.group(1) or match.group(2)) if match else ""
