"""Words of mail abuse, of blocklists and of vulnerable services."""

from __future__ import annotations

from bridge.intake.text.vocabulary import Words

WORDS = {
    "messaging/spam": Words(
        plain=(
            r"ongevraagde (?:e-?mail|reclame)", r"posta indesiderata", r"messaggi indesiderati", r"correo basura",
            r"k[eé]retlen (?:lev[eé]l|e-?mail)\w*", r"skr[aä]ppost\w*", r"roskapost\w*",
            r"небажан\w+ (?:лист|пошт)\w*", r"\bspam(?:mer|ming|med|s)?\b",
            r"unsolicited (?:bulk |commercial |e-?mail|mail|message)", r"\bube\b", r"\buce\b", r"junk e?-?mail",
            r"correo no (?:deseado|solicitado)", r"pourriels?", r"courriels? (?:publicitaire|ind[ée]sirable)\w*",
            r"non sollicit[ée]\w*", r"unerw[uü]nschte\w* (?:e-?mail|werb|mail|nachricht)", r"спам",
            r"niechcian\w+ (?:poczt|wiadomo)", r"spam-?traps?", r"e-?mail abuse", r"nevy[zž]ádan", r"迷惑メール",
            r"スパム", r"垃圾(?:邮件|郵件|信)", r"스팸", r"istenmeyen (?:e-?posta|mail)",
            r"ongewenste (?:e-?mail|reclame|post)", r"отправк\w+ спам", r"рассылк\w+", r"mailbomb", r"mail bomb",
            r"bulk e-?mail", r"unwanted e-?mail", r"snowshoe",
        ),
        hints=(
            r"\bunsubscribe", r"newsletter", r"opt(?:ed)?[- ]?in\b", r"mailing list", r"x-spam",
            r"email feedback report", r"complaint about (?:message|email)",
        ),
    ),
    "messaging/spamvertised": Words(
        plain=(
            r"spamverti[sz]ed", r"advertised (?:in|via|by) spam", r"spam(?:med)? (?:url|link|site|website)s?\b",
            (
                r"(?:links?|scripts?|urls?|content|images?|web ?sites?|domains?) (?:[\w/]+ ){0,5}(?:included"
                r"|contained|linked|found|advertised|promoted|used) in (?:the |this |these |said )?(?:spam"
                r"|unsolicited|junk)"
            ),
            r"spam-?advertised", r"website (?:in|from) spam",
        ),
    ),
    "messaging/open_relay": Words(
        plain=(
            r"open (?:mail |smtp )?relay", r"offene[rs]? (?:mail-?)?relay",
        ),
    ),
    "reputation/blocklist": Words(
        plain=(
            r"(?:address(?:es)?|ips?|hosts?) (?:is|are) (?:\w+ )?listed\b",
            r"reputation (?:system|list)", r"listed as (?:poor|bad|spam|malicious)", r"schwarze[nr]? liste",
            r"ч[её]рн\w+ спис\w+", r"lista negra", r"liste noire", r"\bsbl ?\d{4,}",
            r"\bhas been (?:black-?|block-?)?listed", r"(?:black|block)-?list(?:ed|ing|ings)\b", r"\bdnsbls?\b",
            r"\brbls?\b", r"\buceprotect\w*",
            r"listed (?:on|in|at|by) (?:the |our )?(?:sbl|xbl|css|pbl|black|block|dnsbl|rbl|spamhaus)", r"spamhaus",
            r"\bcbl\b", r"delist\w*", r"sorbs", r"listing (?:notif|report|alert)\w*", r"backscatterer",
        ),
        hints=(
            r"\b(?:black|block)-?lists?\b",
            r"\b(?:is|are|was|were|been|currently) listed (?:in|on|by|at)\b", r"\blistings?\b", r"removal from",
        ),
    ),
    "reputation/threat_intelligence": Words(
        plain=(
            r"threat intelligence", r"indicators? of compromise", r"\biocs?\b",
        ),
    ),
    "vulnerability/open_resolver": Words(
        plain=(
            r"open(?:ly)?[- ](?:accessible )?(?:dns[- ])?(?:recursive[- ])?resolvers?", r"open recurs\w+",
            r"offene\w* dns-?resolver", r"recursive (?:dns )?(?:quer|resol)\w*", r"dns[- ]?open[- ]?resolver\w*",
            r"open dns", r"открыт\w+ (?:dns|резолв)\w*",
            r"resolver(?:s|en)? (?:dns )?(?:abiert|abert|ouvert|aperti)\w*", r"resolvers? dns recurs\w+",
        ),
    ),
    "vulnerability/open_service": Words(
        plain=(
            (
                r"(?:open(?:ly)?|offene[rs]?|exposed|accessible|unsecured|unprotected"
                r"|öffentlich erreichbare[rs]?|abert[oa]s?"
                r"|abiert[oa]s?)[- ](?:accessible[- ])?(?:\w+[- ]){0,2}(?:ntp|memcached|ssdp|snmp|c?ldap"
                r"|portmapper|rpcbind|mdns|netbios|chargen|qotd|redis|mongo ?db|elasticsearch|rdp|telnet|ipmi"
                r"|tftp|smb|vnc|mssql|mysql|postgres\w*|couchdb|docker|kubernetes|cwmp|rsync|adb|afp|ubiquiti"
                r"|coap|mqtt|hadoop|x11|services?|server-?dienst\w*|dienst\w*)\b"
            ),
            (
                r"(?:ntp|memcached|ssdp|snmp|c?ldap|portmapper|mdns|netbios|chargen|redis|mongodb|elasticsearch"
                r"|ipmi|tftp)[- ](?:servers?|services?|dienst\w*)?\s?(?:is |are |sind |ist )?(?:open|public"
                r"|exposed|offen|erreichbar)\w*"
            ),
            r"publicly (?:accessible|reachable|exposed)(?! (?:\.git|director|file|backup|dump))", r"exposed services?",
            r"publicznie dost[eę]pn\w+ us[lł]ug\w*",
            r"services? (?:is|are) (?:publicly |openly )?(?:exposed|reachable)",
            r"open services?", r"servi[cç]os? \w{2,15} (?:habilitado|expost|abert)\w*",
            r"from anywhere on the internet", r"aus dem internet erreichbar",
        ),
        hints=(
            r"amplification", r"reflection", r"monlist",
        ),
    ),
    "vulnerability/cve": Words(
        plain=(
            r"güvenlik a[çc][ıi][ğg][ıi]", r"zafiyet\w*", r"вразлив\w+", r"kwetsbaar\w*", r"s[aå]rbarhet\w*",
            r"haavoittuv\w*", r"s[eé]r[uü]l[eé]keny\w*", r"\bcve-\d{4}-\d{3,7}", r"vulnerab(?:le|ility|ilities)\b",
            r"schwachstelle\w*", r"verwundbar\w*", r"sicherheitsl[üu]cke\w*", r"unpatched", r"vulnerabilidad\w*",
            r"vulnerabili(?:dade|t[àa])\w*", r"vuln[ée]rab\w+", r"уязвим\w+", r"podatno\w+", r"脆弱性",
            r"zranitelnost\w*",
        ),
        hints=(
            r"\bpatch\w*", r"outdated", r"update to", r"security advisory", r"exploit",
        ),
    ),
    "vulnerability/misconfiguration": Words(
        plain=(
            r"misconfigur\w*", r"fehlkonfigur\w*", r"\bpoodle\b", r"\bsslv[23]\b", r"weak (?:cipher|ssl|tls)",
            r"expired certificate", r"open director\w+", r"directory listing", r"mal configurad\w*",
        ),
    ),
}  # fmt: skip
