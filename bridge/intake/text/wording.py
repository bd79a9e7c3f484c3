"""What the words right before and after an address say about its part: who did it, or to whom it was done."""

from __future__ import annotations

import re

from bridge.intake.text.sieve import Sieve, Sought

_GAP = r"[\s:=\"'`\[\](){}*#<>|,-]*"
OFFENDER = Sought(
    r"(?:\b(?:source|src|saddr|orig\w*|attack(?:ers?|ing|s)?|offend\w*|abus\w*|infring\w*"
    r"|malicious|suspicious|infected|compromised|spam\w*|hostile|intruder"
    r"|rhost|remote|client|peer|scann\w*|bots?|c2|angreifer|quell\w*|origem|origen|atacante"
    r"|источник\w*|(?:listed|blocked|banned|reported)(?! by)|listing|ban|unban|drop|involved|affected"
    r"|concern\w*|rip|failed for|host_?from|cip|c-ip)\b"
    r"|src_?ip|source_?ip|attacker_?ip|ip_?src|srcip|remote_?ip|clientip)[^\n\d]{0,28}$"
)
YOURS = Sought(
    r"\b(?:your|yours|ihr\w{0,2}|eure?\w{0,2}|votre|vos|su|sus|vuestr\w+|sua|seu|vostr\w+"
    r"|ваш\w*|państwa|under your|in your|belong\w* to you)\b[^\n\d]{0,60}$"
)
_NAMED_IP = Sought(
    r"(?:\bips?(?:v[46])?(?:[ _-]?(?:addr\w*|adress\w*|number|no|list))?(?:\s?(?:and|:|/|&)\s?ports?)?"
    r"|\baddress(?:es)?|\badresse"
    r"|ip-адрес\w*|\bадрес\w*|\bhosts?|\bserver|\bdirecci[oó]n ip"
    r"|endere[cç]o ip)\b(?:\(e?s\))?\s?(?:is|was|are|of|lautet)?" + _GAP + "$"
)
_FROM = Sought(
    r"\b(?:from|at|on|von|aus|de|desde|da|od|от|с|by|van|depuis|através)\b[^\n\d]{0,12}$|\bfrom\s\S{0,80}[\[(]$"
)
_HOSTED = Sought(
    r"(?:hosted|located|resolv\w*|points?|pointing|gehostet|h[ée]berg\w*|alojad\w*|hospedad\w*"
    r"|размещ\w*)\b[^\n\d]{0,25}$"
)
_VICTIM = Sought(
    r"(?:(?<![.@-])\b(?:dest\w*|dst|daddr|target\w*|victim\w*|honeypot\w*|sinkhole\w*|ziel\w*|destino"
    r"|opfer|laddr|lip|our|my|unser\w*|mein\w*|notre|mon|nos|nuestr\w*|mi|nosso|nossa|meu"
    r"|minha|наш\w*"
    r"|to|towards|against|gegen|hacia|contra|vers|receiv\w*|reporter|reporting"
    r"|name ?servers?|dns servers?|ns\d?|mx|gateway|relay|via|(?:scanned|submitted|reported"
    r"|detected|seen|observed|logged) by|victime"
    r"|cible|alvo|v[ií]tima|жертв\w*)\b"
    r"|dst_?ip|dest_?ip|target_?ip|victim_?ip|ip_?dst|dstip)[\s:=\"'`\[\](){}*#<]*(?:(?:own|public|home|external|normal|usual|ip|ips|vps|vds"
    r"|host|hosts|server|servers|address|adresse|network|machine|system|mail|mx|web|is|was|on"
    r"|at|@|n[ao]me|service|customer|port|hostname|scann\w*|sensors?|firewall|nas|website|site"
    r"|domain|clients?|users?|infrastructure|vpn|ids|waf|siem|backup|proxy|lists?|database|honeypots?|customer'?s|router|machine|probe|v[46]"
    r"|adresse|serveur|servidor|rechner|netz|netzwerk|клиент\w*|сервер\w*|хост\w*|сет[иья]\w*|узел\w*"
    r"|узл\w*)\b[\s:=\"'`\[\](){}#<-]*){0,4}$"
    r"|\b(?:access(?:es|ing)?|acc[eè]s|acesso|acceso|accesso|zugriff\w*)\s(?:to|a|ao|à|al|auf)\s{1,3}$"
    r"|\b(?:attack\w*|floods?|traffic|packets|scans?|directed|aimed|angriff\w*|ataques?)\b[^\n]{0,60}"
    r"\b(?:on|against|to|towards|auf|gegen|contra)\s{1,3}(?:the\s|die\s)?(?:ip\s)?(?:address\s|adresse\s)?$"
)
_OURS_IN_BRACKETS = Sought(
    r"\b(?:our|my|unser\w*|mein\w*|notre|nos|mon|nuestr\w+|nuestra|mi|noss[oa]s?|meu|minha|наш\w*|nostr\w+|onze|ons"
    r"|nasz\w*|naš\w*)\s(?:(?!ips?\b|address|adresse?|indirizzo|endere|direcci|ha[sv]e?\b|wurde|was\b|from\b"
    r"|\w+ed\b)[\w.-]+\s){1,4}[\[(](?:[\w.-]{1,60}\.[a-z]{2,20},\s)?$"
)
"""`our firewall (192.0.2.1)`: what stands in the brackets is the writer's own."""
VICTIM_LINE = re.compile(
    r"^[\s>*\-•|#]{0,8}(?:victim\w*|(?:attack(?:ed)?[ _-])?target\w*|dest(?:ination)?s?|dst|ziel\w*|opfer\w*"
    r"|cible|destino|alvo|v[ií]tima|cel"
    r"|our|my|unser\w*|reporte[rd](?: by)?|detected by|observed by|logged by|sensor|honeypot|server name|attacked"
    r"|affected (?:service|customer)|жертв\w*|цель|назначени\w*|получател\w*)"
    r"(?:[ _-][\w.'/]{1,20}){0,3}\s{0,8}(?:\([^)\n]{0,20}\)\s?)?[:=|]",
    re.IGNORECASE,
)
"""A line that is labelled as the victim's: whatever address stands in it, unless an arrow or a word says otherwise."""
_OUR_MACHINE = Sought(
    r"\b(?:our|my|unser\w*|notre|nuestr\w+|noss[oa]s?|наш\w*|nostr\w+|onze|ons)\s(?:[\w/-]{2,15}\s){1,2}"
    r"(?:servers?|hosts?|firewall|gateway|router|machines?|systems?|network|netz|rechner|serveur|servidor"
    r"|сервер\w*)\s(?:at\s)?[\[(]?$"
)
_AIMED_AT_YOU = Sought(
    r"\b(?:attack\w*|flood\w*|angriff\w*|ataques?|attaques?|атак\w*)\s(?:directed\s|aimed\s|was\s|is\s)?(?:on"
    r"|against|at|towards?|auf"
    r"|gegen|contra|sur|на)\s(?:your|our|my|ihren?|ihre|votre|vos|su|sua|seu|ваш\w*)\s(?:[\w-]{1,20}\s){0,3}[\[(]?$"
)
_SUFFERS = Sought(
    r"^[^\n.;]{0,20}\b(?:is|are|was|wird|est|est[aá]|находится)\s(?:currently\s|being\s)?(?:under (?:a |an "
    r"|heavy )?(?:\w+\s)?attack"
    r"|attacked\b|ddosed|flooded|angegriffen|attaqu[eé]e?\b|atacad[oa]\b|под атакой)"
    r"|^,?\s(?:(?:which|that|die|qui|que)\s)?(?:is|are|ist|sind|est|es)\s(?:ours?|my|unser\w*|mein\w*|notre|nuestr\w+)\b"
)
_LET_IN = Sought(r"\b(?-i:Accepted) (?:publickey|gssapi-with-mic) for \S{1,60} from $")
_CONTACTED = Sought(
    r"\b(?:communicat\w*|connect(?:ing|ed|s|ions?)?|beacon\w*|call(?:s|ing|ed)?[- ]?(?:back|home|out)|exfiltrat\w*"
    r"|kommuni\w*|verbind\w*|comunica\w*|communiqu\w*)\s(?:\w+\s)?(?:to|with|zu[rm]?|mit|con|com|avec)\s"
    r"(?:the\s|a\s|an\s|its\s)?(?:(?:known|malicious|suspicious|remote|external|command and control|cnc|c&c|c2"
    r"|botnet)\s){0,3}(?:(?:server|host|ip|ips|address|addresses|infrastructure|domain)\b[\s:]{0,3}){0,3}[\[(]?$"
)
"""What an infected machine talks to is not that machine."""
_SAID_BY_RECEIVER = Sought(
    r"\b(?:sender ip is|client-ip=|smtp\.remote-ip=|x-(?:originating|sender|source|client|remote)-ip:)\s{0,3}[\[(]?$"
)
_ORIGIN = Sought(r"\b(?:actual|origin|real|true|backend)\s(?:host(?:ing)?|servers?|ips?|provider)\b[^\n]{0,70}$")
"""Behind a delivery network stands the host itself, whatever other address is shown."""
_DOES_IT = Sought(
    r"^[\])]?\s(?:is|are|was|were|has|have)\s(?:been\s|currently\s|being\s)?(?:attacking|scanning|spamming|brute"
    r"|probing|hitting|flooding|sending|abusing|involved|infected|hacking|trying|attempting|listed|participating|hosting)"
    r"|^[\])]?\s(?:attacks|attacked|scans|scanned|spams|probes|probed|floods|hosts|hammers)\b"
    r"|^[\])]?\s(?:läuft|laufen|liegt|befindet sich|hostet|scannt|sendet|versendet|verschickt|greift)\b"
)
_RESOLVES = Sought(r"(?<![\w.-])(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}(?:/\S{0,200})?\s?(?:->|=>|\u2192)\s?$")
"""`name.example -> 192.0.2.1` says where a name points."""
_REGISTRY_LINK = Sought(r"(?:rdap|whois)\S{0,100}/$")
_GENUINE = Sought(r"\b(?:genuine|legitimate|official|echte|offizielle|oficial|officiel(?:le)?)\s[^\n]{0,70}$")
"""The site that a bad one imitates."""
_WRITER = Sought(r"\b(?:regards,?|fail2ban|crowdsec|generated|sent)\s(?:\w{2,12}\s)?(?:on|at|by)\s$")
"""The machine that wrote the report."""
_BEING_HIT = Sought(r"\b(?:being|been|was|were)\s(?:scanned|probed|attacked|targeted|hit)\b[\s:=)\]>\"']{0,6}$")
_LOGGED_ON = Sought(
    r"^[ \t>*]{0,6}(?:on|at|auf|sur|logs? (?:are |is )?(?:from|of|on))\s(?:[\w-]+\.){1,5}[a-z]{2,12}\s[\[(]$"
)
"""`On mx.example.com (192.0.2.1):` above a log: the machine that wrote it."""
_LOGS_OF = Sought(r"\blogs? (?:entries )?(?:are|is|come|comes|were) (?:taken )?from\s(?:\S{1,60}\s)?[\[(]?$")
_ACCUSED_SERVER = Sought(
    r"\b(?:rogue|malicious|hostile|offending|abus\w+|infected|compromised|open|fraudulent|phishing|fake|c2|c&c|cnc"
    r"|your)\s(?:\w+\s){0,2}(?:name ?servers?|dns servers?|servers?|hosts?|mx|gateway|relay"
    r"|machine)\s?(?:ip)?(?:\saddress)?"
    r"(?:\sis)?[\s:(\[]{1,4}$"
)
SUFFERED = re.compile(
    r"\b(?:were|was|been|being|wurden?|got)\s(?:\w+\s)?(?:attacked|targeted|scanned|hit|probed"
    r"|affected by|angegriffen)\b"
    r"|\b(?:hit|targeting|targeted|against|towards?)\s(?:the following|following|these|our)\b|\bof ours\b"
    r"|^\W{0,4}(?:\w+\s){0,2}(?:targets?|victims?|destinations?|ziele?)\b",
    re.IGNORECASE,
)
DID_IT = re.compile(
    r"\b(?:ha(?:ve|s)|had|haben)\s(?:been\s)?(?:attack\w*|scann\w*|prob\w*|angegriffen)\b(?! (?:by|from))",
    re.IGNORECASE,
)
RANGE_AFTER = re.compile(r"^\s{0,3}[-\u2013\u2014]\s{0,3}\d{1,3}(?:\.\d{1,3}){3}")
RANGE_BEFORE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\s{0,3}[-\u2013\u2014]\s{0,3}$")
WHOIS = re.compile(
    r"^[ \t>*]{0,8}(?:inetnum|inet6num|net-?range|cidr|route6?|netblock|nserver|name ?server|net ?name|ip range"
    r"|prefix|upstream ip"
    r"|as-?block|address range)\s{0,3}:",
    re.IGNORECASE,
)
CONTINUES = re.compile(
    r"^(?::\d{1,5})?(?:\s\([^)\n]{0,60}\))?\s{0,2}(?:,|;|&|/|\+|,?\s?\b(?:and|und|et|y|e|or|oder|i|и|a)\b)\s{0,2}$"
    r"|^[ \t\r]{0,4},?\n[ \t]{0,40}(?:[-*•]\s{1,3})?$"
)
_NOT_AIMED_AT = re.compile(
    r"\b(?:due|report|related|belong\w*|assigned|allocated|according|respect|resolv\w*|regard|points?|attributed"
    r"|registered|response)\s{1,20}(?:\w+\s)?to\b",
    re.IGNORECASE,
)
_BY_HOST = Sought(r"\bby\s\S{1,80}\s?[\[(][^\n]{0,40}$")
_ARROW_BEFORE = re.compile(r"(?:->|=>|-->|>|→|»)\s{0,20}[\[(]?$")
_ARROW_AFTER = re.compile(
    r"^(?:[:.#/\s]{1,8}\d{1,5})?[\])]?\s{0,20}(?:\([^)]{0,60}\)\s{0,20})?(?:->|=>|-->|>|→|»)\s{0,20}[\[(\d]"
)
_ACCESS_LOG = re.compile(r"^\s{0,20}[\"'\[]?$")
_ACCESS_REST = re.compile(r"^\S{0,10}\s(?:\S{1,60}\s\S{1,60}\s\[|-\s|,\s-)")
LONE = re.compile(r"^[\s*\-•\d.)#\"'\[(]{0,8}$")
_STAMPED = re.compile(r"^[\s>*\u2022-]{0,8}\[?\d[\d\s./:TZ+,;|\]-]{6,40}$")
"""Nothing but a time stands before the address: a list of sightings."""
_IN_QUERY = re.compile(r"://\S{0,300}[?&;]\S{0,300}=$")
_REFERRER = re.compile(r"\"\s\d{3}\s(?:\d{1,12}|-)\s\"https?://$")
"""In an access log the address after status and size is a page of the site itself."""
_TRACEROUTE = Sought(r"^\)?\s{1,3}(?:\[[^\]]{0,40}\]\s{0,20})?<?\d{1,4}(?:\.\d{1,3})?\s?ms\b")
_HOP = re.compile(
    r"^[ \t>]{0,6}\d{1,2}(?:[ \t]{1,12}<?\d{1,4}){2,3}[ \t]{1,14}$|^[ \t>]{0,6}\d{1,2}[ \t]{1,4}[\w.-]{3,90}\s\($"
)
_LOOKUP = Sought(r"https?://\S{0,200}$")
_LINK_TO = Sought(r"\bh\w{3,4}s?://$")
_LINK_AT = Sought(r"(?:https?://|www\.)\S{1,400}\s{0,20}(?:[\[(]|->|is\s|at\s|:)\s{0,20}$")
_NAME_AT = re.compile(r"\b(?:[\w-]{1,63}\.){1,5}[a-z]{2,12}\s?[\[(]$", re.IGNORECASE)
_TRACE = re.compile(
    r"^\s{0,20}(?:received|x-received|delivered|return-path|x-mx|x-mailer)\b|\bby\s\S+\s(?:with|\()", re.IGNORECASE
)
_OF_ANOTHER = frozenset(
    {
        _LOGGED_ON,
        _REGISTRY_LINK,
        _GENUINE,
        _WRITER,
        _BEING_HIT,
        _CONTACTED,
        _LOGS_OF,
        _OUR_MACHINE,
        _OURS_IN_BRACKETS,
        _LET_IN,
    }
)
"""Words of the machine that wrote the log, was attacked, or was only talked to."""
_RECEIVERS_WORDS = frozenset({_SAID_BY_RECEIVER, _ACCUSED_SERVER})
_WORDS = (
    _ORIGIN, _RESOLVES, _AIMED_AT_YOU, *_RECEIVERS_WORDS, *_OF_ANOTHER, _VICTIM, _BY_HOST,
    _LINK_TO, _LOOKUP, OFFENDER, YOURS, _HOSTED, _LINK_AT, _FROM, _NAMED_IP,
)  # fmt: skip
_BEFORE = Sieve((words.pattern, words) for words in _WORDS)
_AFTER = Sieve((words.pattern, words) for words in (_TRACEROUTE, _DOES_IT, _SUFFERS))
_REACH = 80


def by_context(before: str, after: str) -> float:
    tail = before[-_REACH:]
    said = frozenset(_BEFORE.found_in(tail))
    then = frozenset(_AFTER.found_in(after))
    if _TRACEROUTE in then or _HOP.match(before):
        return -3.0
    if _ORIGIN in said:
        return 4.5
    if _DOES_IT in then or _RESOLVES in said or _ARROW_AFTER.match(after):
        return 3.0
    if _FROM not in said and _ARROW_BEFORE.search(tail):
        return -4.0
    if _AIMED_AT_YOU in said or _SUFFERS in then:
        return -4.0
    if said & _RECEIVERS_WORDS and _CONTACTED not in said:
        return 3.5
    if said & _OF_ANOTHER or ("://" in before and (_IN_QUERY.search(before) or _REFERRER.search(before))):
        return -3.0
    if _VICTIM in said and not _NOT_AIMED_AT.search(tail):
        return -4.0
    if _BY_HOST in said or tail.endswith("@"):
        return -3.0
    score = max(_accusation(tail, said), 2.5 if _LINK_TO in said else 0.0)
    if _ACCESS_LOG.match(before) and _ACCESS_REST.match(after):
        score = max(score, 3.0)
    return score or _unsaid(before, after, said)


def _unsaid(before: str, after: str, said: frozenset[Sought]) -> float:
    """Where no word speaks of the address: a line of its own, or after a time, is a list's."""
    if LONE.match(before) or (not after.strip() and _STAMPED.match(before)):
        return 1.5
    return 1.0 if _LOOKUP in said else 0.5


def _accusation(tail: str, said: frozenset[Sought]) -> float:
    """How plainly the words right before an address accuse it; 0 if they do not."""
    score = 3.0 if OFFENDER in said else 0.0
    if YOURS in said:
        score = max(score, 3.0) + 0.5
    if _HOSTED in said or _LINK_AT in said or (tail.endswith(("[", "(")) and _NAME_AT.search(tail)):
        score = max(score, 2.5)
    for naming in (_FROM, _NAMED_IP):
        if naming in said:
            score = max(score, 2.0) + (0.5 if score else 0.0)
    return score
