"""Words that tell the offence, in the languages complaints come in.

A row is a category, what names it plainly (weight 3) and what hints at it (weight 1). Order does not matter: the
weights of what is found are added up, the subject counts threefold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bridge.intake.text.words import alternatives, literal_of

WORDS: tuple[tuple[str, str, str], ...] = (
    ("messaging/spam",
     r"\bspam(?:mer|ming|med|s)?\b|unsolicited (?:bulk |commercial |e-?mail|mail|message)|\bube\b|\buce\b|junk e?-?mail|correo no (?:deseado|solicitado)"
     r"|pourriels?|unerw[uü]nschte\w* (?:e-?mail|werb|mail|nachricht)|спам|niechcian\w+ (?:poczt|wiadomo)|spam-?traps?|e-?mail abuse|nevy[zž]ádan|迷惑メール|垃圾邮件"
     r"|mailbomb|mail bomb|bulk e-?mail|unwanted e-?mail|snowshoe",
     r"\bunsubscribe|newsletter|opt(?:ed)?[- ]?in\b|mailing list|x-spam|email feedback report|complaint about (?:message|email)"),
    ("messaging/spamvertised",
     r"spamverti[sz]ed|advertised (?:in|via|by) spam|spam-?advertised|website (?:in|from) spam", r""),
    ("messaging/open_relay", r"open (?:mail |smtp )?relay|offene[rs]? (?:mail-?)?relay", r""),
    ("connection/login_attack",
     r"brute[- ]?forc\w+|fail(?:ed|ure)?[- ](?:login|password|auth\w*|ssh|logon)\w*|login[- ]?(?:attack|attempt|fail)\w*|authentication fail\w+|auth(?:entication)? attacks?"
     r"|invalid user|illegal user|password[- ](?:guess|spray)\w*|credential stuffing|dictionary attack|ssh[- ]?(?:attack|brute|probe|login|scan|abuse)\w*|wp-login"
     r"|xmlrpc\.php|authentication failed|unauthori[sz]ed (?:login|ssh|access) attempt|(?:fehlgeschlagene|unberechtigte)\w* (?:login|anmelde)\w*|anmeldeversuche?|einbruchsversuch"
     r"|tentativas? de (?:acesso|login|invas|for[cç]a)|fuerza bruta|for[cç]a bruta|force brute|intentos? de (?:acceso|inicio|login|conexi)|tentatives? de connexion"
     r"|подбор\w* парол|попыт\w+ (?:подбор|вход|авториз|взлом)|pr[oó]by? (?:logowania|w[lł]amania)|tentativi di (?:accesso|login)|inlogpogingen|forza bruta|перебор\w* парол"
     r"|sip (?:attack|brute|registration)|(?:imap|pop3?|smtp|ftp|rdp|telnet|sasl|sip|asterisk|joomla|wordpress)[- ](?:login|auth|brute|attack)\w*",
     r"\bsshd?\b|fail2ban|denyhosts|\bsasl\b|\brhost=|\bban(?:ned)?\b|lfd|csf|failures|\brdp\b|log ?in|password|авториз"),
    ("connection/port_scan",
     r"port[- ]?(?:scan|sweep|prob)\w*|net(?:work)?[- ]?scan\w*|host[- ]?scan\w*|scan(?:ning|ned|s)? (?:of |our |my |the |for |other |multiple |random |ports?|hosts?|networks?|ips?\b|activit)"
     r"|\bscans? (?:from|detected|report)|syn[- ]scan|сканирован\w+|varredura|escaneo de (?:puertos|red)|scan de ports|skanowani\w+ port|portscann\w+|mass ?scan|scansione"
     r"|(?:unauthori[sz]ed|malicious|hostile|illegal) (?:port )?(?:scans?|probes?|probing|connection attempts)",
     r"\bprob(?:e|es|ed|ing)\b|firewall|\bdpt=|dropped|\bscan(?:ner|ning|s|ned)?\b|destination ports?|honeypot|dshield|darknet"),
    ("connection/ddos",
     r"\bd?dos(?:[- ]?(?:attack|angriff|traffic|activity|participat)\w*)|\bddos\w*|denial[- ]of[- ]service|(?:syn|udp|icmp|http|ack|tcp|dns|packet|ntp|query)[- ]?flood\w*|amplification (?:attack|ddos)"
     r"|reflect(?:ion|ed|ive|or) (?:attack|ddos|amplif)|отказ\w* в обслуживании|nega[cç][aã]o de servi[cç]o|denegaci[oó]n de servicio|d[ée]ni de service|layer ?7 attack|volumetric|booter|dos attack",
     r"\bflood\w*|\b[mkg]pps\b|\b[gm]bps\b|packets per second|attack size|amplif\w+|null-?rout\w+|mitigat\w+"),
    ("connection/intrusion",
     r"intrusions?|hack(?:ing)?[- ]?(?:attempt|attack|versuch)\w*|break-?in attempts?|exploit(?:ation)? attempts?|remote code execution|command injection|shell ?shock|attempted (?:hack|exploit|intrusion)"
     r"|попытк\w+ взлома|einbruch|intento de intrusi|tentativas? de intrus|network attack|cyber ?attack|кибератак",
     r"\battack(?:s|er|ers|ing|ed)?\b|\bhack\w*|angriff\w*|attaque\w*|ataques?\b|attacc\w+|\bатак\w*|malicious (?:activity|traffic|requests?)|unauthori[sz]ed access|exploit\w*"
     r"|hostile|abusive (?:activity|traffic|behaviou?r)"),
    ("connection/vulnerability_scan",
     r"vulnerabilit(?:y|ies) scan\w*|web ?(?:app(?:lication)?|site|server)?[- ]?(?:attack|scan|exploit|prob)\w*|scanning for (?:vulnerab|exploit|open)\w*|nikto|sqlmap|nuclei|wpscan|masscan|zgrab"
     r"|path traversal|directory traversal|(?:probing|searching|looking) for (?:vulnerab|exploit|phpmyadmin|web)\w*|bad[- ]?web[- ]?bot|web ?spider abuse|mod_?security|/\.env\b|phpmyadmin|apache-(?:noscript|overflows|badbots)"
     r"|/etc/passwd|wp-config|eval-stdin|/\.git/|cgi-bin/",
     r"\bwaf\b|404 not found|\bget /|\bpost /|nginx|apache|modsec\w*"),
    ("connection/sql_injection", r"sql[- ]?injection\w*|inyecci[oó]n (?:de )?sql|inje[cç][aã]o (?:de )?sql|injection sql|\bsqli\b|union(?:\s|%20|\+)+(?:all(?:\s|%20|\+)+)?select", r""),
    ("connection/scraping", r"\bscrap(?:ing|er|ers|ed)\b|(?:e-?mail )?harvest(?:ing|er|ers)\b|crawl(?:ing|er|ers) (?:abuse|our|my|without|exce)|excessive (?:crawl|request)\w*|aggressive (?:bot|crawl)\w*", r"\bcrawl\w*|robots\.txt|\bbad ?bots?\b"),
    ("connection/infected_host",
     r"infected (?:with|by|host|computer|machine|system|device|client|pc|server|ip)\w*|bot infection|infiziert\w*|(?:host|computer|machine|system|server|device|is|are) (?:is |are )?infected|sinkhole[sd]?"
     r"|infec[tcç]\w+ (?:por|par|com)|zainfekowan\w+|заражен\w*|заражён\w*|spambot|conficker|malware infection|infection report|\bdrones?\b|bot-infected",
     r"\bbots?\b|trojan|zombie"),
    ("infrastructure/botnet",
     r"botnet\w*|\bc&c\b|\bc&amp;c\b|\bc2\b|command[- ](?:and|&)[- ]control|cnc server|control server|ботнет\w*|mirai|emotet|trickbot|cobalt ?strike|qakbot|dridex|mozi",
     r"\bbots?\b"),
    ("infrastructure/compromised_server",
     r"(?:compromised|hacked|kompromittiert\w*|gehackt\w*|взломан\w*|comprometid\w+|compromis|piraté) (?:server|host|machine|system|vps|account|device|computer|сервер)\w*"
     r"|(?:server|host|machine|system|vps|account|rechner) (?:\w+ ){0,4}(?:compromised|hacked|kompromittiert|gehackt|взломан)",
     r"compromised|hacked\b"),
    ("content/phishing",
     r"phish\w*|credential harvest\w*|fake (?:login|bank|web ?mail)\w*|hame[cç]onnage|фишинг\w*|suplantaci[oó]n|identity theft|フィッシング|钓鱼|brand spoof\w*|spoofed (?:web)?(?:site|page|login)"
     r"|fraudulent (?:login|bank|web ?page)|steal\w* (?:credentials|passwords|login|account)|phishtank",
     r"credentials|impersonat\w*|fake (?:web)?site|bank(?:ing)?\b|gef[äa]lscht\w*"),
    ("content/phishing_redirect", r"(?:phish\w*|malicious|fraud\w*) redirect\w*|redirect\w* (?:to|users to) (?:a )?(?:phish\w*|fraud)|open redirect\w*", r""),
    ("content/malware",
     r"malware[- ]?(?:url|distribut|hosting|site|download|file|sample|payload|content|on your|attack|server)\w*|malicious (?:file|payload|software|binar|script|code|download|document|content|url|link|website)\w*"
     r"|(?:hosting|distribut\w+|serving|spread\w+) (?:of )?(?:malware|virus|trojan|ransomware|malicious)\w*|урл.{0,10}вредонос|вредоносн\w+|schad(?:software|programm|code)\w*|maliciel\w*|urlhaus|ransomware|c[oó]digo malicioso|マルウェア|trojan download",
     r"\bmalware\b|\bvirus\w*|\btrojan\w*|payload|\bexe\b|infected (?:file|web)"),
    ("content/fraud",
     r"\bfraud\w*|\bscams?\b|scammers?\b|fake[- ]?(?:shop|store|invest\w*|trad\w+|webshop)\w*|advance[- ]fee|мошен\w+|betrug\w*|betrüg\w*|fraude\b|fraudulen\w+|\b419\b|estafa|truffa|oszustw\w+|golpe",
     r"impersonat\w*|fake\b|bitcoin|crypto\w*|victims?\b"),
    ("content/brand_infringement",
     r"trade-?marks?|brand (?:abuse|infring|impersonat|misuse|protection|violation)\w*|counterfeit\w*|marken(?:recht|verletz)\w*|marca registrada|товарн\w+ знак\w*|infring\w+ (?:of )?(?:our |the )?(?:client'?s? )?(?:trade-?marks?|brand)"
     r"|contrefa[cç]on\w*|replica (?:watch|good|product)\w*|unauthori[sz]ed use of (?:our |the )?(?:brand|logo|name|mark)",
     r"\blogos?\b|\bbrands?\b|our client"),
    ("copyright/copyright",
     r"copyright\w*|\bdmca\b|intellectual property|urheberrecht\w*|derechos? de autor|direitos? autora\w+|droits? d.auteur|авторск\w+ (?:и смежн\w+ )?прав\w*|17 u\.?s\.?c|pirat(?:ed|ería|aria)|prawa? autorski\w*|著作権|版权|diritto d.autore|auteursrecht\w*"
     r"|unauthori[sz]ed (?:distribution|copy|copies|reproduction|stream\w*)|512\(c\)|rights ?holder\w*|copyrighted",
     r"infring\w*|takedown|good faith belief|penalty of perjury|exclusive rights"),
    ("copyright/p2p",
     r"bit-?torrent\w*|\btorrents?\b|peer[- ]to[- ]peer|\bp2p\b|info-?hash|e-?donkey|\bswarm\b|file[- ]sharing network|utorrent|libtorrent|\btransmission \d|qbittorrent", r"infohash|\bpeers?\b"),
    ("content/csam",
     r"child (?:sexual )?(?:abuse|porn\w*|exploitation|sex)\w*|\bcsam\b|\bcp content|kinderporn\w*|p[ée]do-?(?:porn|phil)\w*|pornograf[ií]a infantil|детск\w+ порнограф\w*|порнограф\w+[^.\n]{0,40}несовершеннолетн\w*"
     r"|sexual (?:abuse|exploitation) of (?:children|minors)|минор\w* порно|missbrauch(?:sdarstellung\w*)?[^.\n]{0,30}kind\w*|abuso sexual (?:infantil|de menores)|児童ポルノ|儿童色情|pornograficzn\w+ z udzia[lł]em ma[lł]oletni\w*|indecent images? of children",
     r"\bminors?\b|несовершеннолетн\w*"),
    ("content/csem", r"\bcsem\b|child grooming|sextortion of (?:minors|children)", r""),
    ("content/illegal",
     r"illegal content|unlawful content|запрещ[её]нн\w+|противоправн\w+|extremis\w*|экстремис\w*|terroris\w*|террорис\w*|149-?фз|нарко\w+|illegal (?:drug|pharmac|sale|material)\w*|drug sales?|иллегальн\w+|conte[uú]do il[ií]cito|contenido il[ií]cito|rechtswidrig\w*",
     r"роскомнадзор\w*|единый реестр|ограничени\w+ доступа|удалить|unlawful|illegal|суд\w*|decision|provider must"),
    ("content/gambling", r"gambling|casinos?\b|азартн\w+|игорн\w+|online betting|jogos de azar|apostas|gl[üu]cksspiel\w*|казино|букмекер\w*|hazard(?:owe|owych|u)\b|ставк\w+ на спорт", r"\bbet(?:s|ting)?\b"),
    ("content/adult", r"adult content|pornograph\w*|porn site|obscene|explicit (?:content|material)|revenge porn|non-?consensual", r"\bporn\b"),
    ("content/abusive", r"harass\w*|hate speech|defam\w+|doxx?ing|cyber-?bull\w*|stalk(?:ing|er)|libel\w*|threats? of violence|death threats?|verleumd\w*|beleidig\w*|diffamation|difama\w*|клевет\w*", r"insult\w*|privacy"),
    ("content/exposed_data", r"data (?:leak|breach|exposure)\w*|exposed (?:data|database|credential|file|personal|git)\w*|leaked (?:data|credential|database|document)\w*|database (?:dump|leak|exposed)|sensitive (?:data|information) (?:exposed|leak)\w*|datenleck", r"\bleak\w*|personal data"),
    ("content/remote_compromise", r"web ?shells?|deface(?:d|ment)|compromised (?:web)?(?:site|page|cms|wordpress|joomla)s?|hacked (?:web)?(?:site|page)s?|backdoor\w*|phishing kit|gehackte\w* (?:web)?seite\w*|injected (?:code|script)|site (?:was |has been )?hacked", r"cms\b"),
    ("content/suspicious_registration", r"suspicious(?:ly)? (?:domain )?regist\w+|newly registered (?:suspicious )?domain|look-?alike domain|typo-?squat\w*|cybersquat\w*", r""),
    ("reputation/blocklist",
     r"\bsbl ?\d{4,}|\bhas been (?:black-?|block-?)?listed|(?:black|block)-?list(?:ed|ing|ings)\b|\bdnsbls?\b|\brbls?\b|\buceprotect\w*|listed (?:on|in|at|by) (?:the |our )?(?:sbl|xbl|css|pbl|black|block|dnsbl|rbl|spamhaus)|spamhaus|\bcbl\b|delist\w*|sorbs|listing (?:notif|report|alert)\w*|backscatterer",
     r"\blisted\b|\blistings?\b|removal"),
    ("reputation/threat_intelligence", r"threat intelligence|indicators? of compromise|\biocs?\b", r""),
    ("vulnerability/open_resolver", r"open(?:ly)?[- ](?:accessible )?(?:dns[- ])?(?:recursive[- ])?resolvers?|open recurs\w+|offene\w* dns-?resolver|recursive (?:dns )?(?:quer|resol)\w*|dns[- ]?open[- ]?resolver\w*|open dns|открыт\w+ (?:dns|резолв)\w*|resolver(?:s|en)? (?:dns )?(?:abiert|abert|ouvert|aperti)\w*|resolvers? dns recurs\w+", r""),
    ("vulnerability/open_service",
     r"(?:open(?:ly)?|offene[rs]?|exposed|accessible|unsecured|unprotected|öffentlich erreichbare[rs]?|abert[oa]s?|abiert[oa]s?)[- ](?:accessible[- ])?(?:\w+[- ]){0,2}(?:ntp|memcached|ssdp|snmp|c?ldap|portmapper|rpcbind|mdns|netbios|chargen|qotd|redis|mongo ?db|elasticsearch|rdp|telnet|ipmi|tftp|smb|vnc|mssql|mysql|postgres\w*|couchdb|docker|kubernetes|cwmp|rsync|adb|afp|ubiquiti|coap|mqtt|hadoop|x11|services?|server-?dienst\w*|dienst\w*)\b"
     r"|(?:ntp|memcached|ssdp|snmp|c?ldap|portmapper|mdns|netbios|chargen|redis|mongodb|elasticsearch|ipmi|tftp)[- ](?:servers?|services?|dienst\w*)?\s?(?:is |are |sind |ist )?(?:open|public|exposed|offen|erreichbar)\w*|publicly (?:accessible|reachable|available|exposed)|exposed services?|open services?|from anywhere on the internet|aus dem internet erreichbar",
     r"amplification|reflection|monlist"),
    ("vulnerability/cve", r"\bcve-\d{4}-\d{3,7}|vulnerab(?:le|ility|ilities)\b|schwachstelle\w*|verwundbar\w*|sicherheitsl[üu]cke\w*|unpatched|vulnerabilidad\w*|vulnerabili(?:dade|t[àa])\w*|vuln[ée]rab\w+|уязвим\w+|podatno\w+|脆弱性|zranitelnost\w*", r"\bpatch\w*|outdated|update to|security advisory|exploit"),
    ("vulnerability/misconfiguration", r"misconfigur\w*|fehlkonfigur\w*|\bpoodle\b|\bsslv[23]\b|weak (?:cipher|ssl|tls)|expired certificate|open director\w+|directory listing|mal configurad\w*", r""),
    ("usage/mining", r"crypto-?(?:mining|miner|currency min)\w*|coin-?miner\w*|\bminer\b|mining pool|monero", r""),
    ("usage/proxy", r"open[- ]?(?:socks\d? |http )?prox(?:y|ies)|proxy (?:abuse|server abuse)|tor (?:exit|relay|node)s?|anonymous prox\w+|socks5? prox\w+|residential prox\w+", r"\bproxy\b|\bvpn\b"),
    ("usage/irc", r"\birc(?:d| server| bot| network)\b", r""),
    ("connection/spoofing", r"ip[- ]spoof\w*|spoofed (?:packets?|source|traffic|ip)\w*", r""),
    ("connection/arp_spoofing", r"arp[- ]?(?:spoof|poison)\w*", r""),
    ("connection/sniffing", r"(?:packet|network|traffic) sniff\w*", r""),
    ("connection/reconnaissance", r"reconnaissance|recon (?:scan|activity)|enumeration", r""),
    ("conduct/payment_fraud", r"credit card (?:fraud|theft)|carding\b|stolen (?:credit )?cards?|chargeback", r""),
)  # fmt: skip

_PLAIN, _HINT = 3.0, 1.0
_SUBJECT, _REST = 3.0, 0.4
_HEAD = 4000
_NOISE = re.compile(
    r"^[>\s]*(?:x-spam|x-virus|x-[\w-]{0,20}spam|authentication-results|x-ms-|dkim-|arc-|list-|x-abuse)[\w-]*:[^\n]*(?:\n[ \t]+[^\n]*)*"
    r"|blocklist\.de|https?://\S{1,300}|(?<!\S)[^\s@]{1,80}@\S{1,120}|spam ?(?:filter|protect|assassin)\w*",
    re.MULTILINE,
)


@dataclass(frozen=True)
class _Word:
    """One alternative: `literal` occurs in whatever `pattern` matches, and is much faster to look for."""

    literal: str
    pattern: re.Pattern[str]
    category: str
    weight: float


@cache
def _words() -> tuple[_Word, ...]:
    found: list[_Word] = []
    for category, plain, hint in WORDS:
        for row, weight in ((plain, _PLAIN), (hint, _HINT)):
            found.extend(_Word(literal_of(each), re.compile(each), category, weight) for each in alternatives(row))
    return tuple(found)


def weigh(subject: str, body: str) -> dict[str, float]:
    """Each category that the words speak for, with its weight; links, mail addresses and filters' header lines left out."""
    texts = ((subject, _SUBJECT), (body[:_HEAD], 1.0), (body[_HEAD : _HEAD * 6], _REST))
    weights: dict[str, float] = {}
    for raw, factor in texts:
        text = _NOISE.sub(" ", raw.lower())
        for word in _words() if text.strip() else ():
            if word.literal in text:
                found = _presence(word.pattern, text)
                if found:
                    weights[word.category] = weights.get(word.category, 0.0) + found * word.weight * factor
    return weights


def _presence(pattern: re.Pattern[str], text: str) -> float:
    """1 for the first find, half as much again for the second."""
    total, worth = 0.0, 1.0
    for _ in pattern.finditer(text):
        total += worth
        worth /= 2
        if worth < 0.4:
            break
    return total
