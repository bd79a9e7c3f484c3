"""Words of mail abuse, of blocklists and of vulnerable services."""

from __future__ import annotations

from bridge.intake.text.vocabulary import Words

WORDS = {
    "messaging/spam": Words(
        plain=(
            r"ongevraagde (?:e-?mail|reclame)", r"posta indesiderata", r"messaggi indesiderati", r"correos? basura",
            r"k[eé]retlen (?:\w*lev[eé]l|e-?mail|rekl[aá]m)\w*", r"skr[aä]ppost\w*", r"roskapost\w*",
            r"небажан\w+ (?:лист|пошт|реклам|розсил)\w*", r"\bspam(?:mer|ming|med|s)?\b",
            r"unsolicited (?:bulk |commercial |e-?mail|mail|message)", r"\bube\b", r"\buce\b", r"junk e?-?mail",
            r"correo no (?:deseado|solicitado)", r"pourriels?", r"courriels? (?:publicitaire|ind[ée]sirable)\w*",
            r"non sollicit[ée]\w*", r"unerw[uü]nschte\w* (?:e-?mail|werb|mail|nachricht)", r"спам",
            r"niechcian\w+ (?:poczt|wiadomo|e-?mail|mail|reklam)", r"spam-?traps?", r"e-?mail abuse", r"nevy[zž]ádan",
            r"迷惑(?:な)?メール", r"スパム", r"垃圾(?:邮件|郵件|信)", r"스팸", r"istenmeyen (?:e-?posta|mail|reklam)",
            r"o[öo]nskad\w* (?:e-?post|reklam|mejl|mail|utskick)\w*",
            r"ανεπιθύμητ\w+ (?:αλληλογραφ|μηνύμ|email|διαφημ)\w*", r"take me off (?:\w+ ){0,3}list",
            r"remove me from (?:\w+ ){0,3}list", r"ke(?:ep|pt) (?:on )?(?:e-?mailing|mailing|spamming) (?:me|us)\b",
            r"ongewenste (?:e-?mail|reclame|post)", r"рассылк\w+", r"mailbomb", r"mail bomb", r"bulk e-?mail",
            r"snowshoe", r"\bfbl\b", r"feedback loop", r"suspicious (?:e-?)?mails?\b",
            r"u(?:ø|oe)nske[dt]\w* (?:e-?post|e-?mail|mail|reklame|post)",
            r"werbe-?(?:e-?mail|mail|m[üu]ll|nachricht|post)\w*", r"(?:unverlangt|unaufgefordert|unerbeten)\w*",
            (
                r"(?:junk|unwanted|unrequested|promotional|advertising) (?:e-?mails?|mails?|messages?|newsletters?"
                r"|advertis\w+)"
            ),
            r"never (?:signed up|subscribed|opted|asked|consented|agreed|requested)",
            (
                r"(?:did|do|have) ?n[o']t (?:ever )?(?:sign(?:ed)? up|subscribe|opt(?:ed)? in|consent|request"
                r"|ask for (?:this|these|such))\w*"
            ),
            r"(?:publicidad|pubblicit[aà]|publicidade|publicit[ée]) (?:masiva|non? \w+|n[aã]o \w+|indes\w+)",
            (
                r"(?:correos?|e-?mails?|mensajes?|mensagens) (?:masivos?|pubblicitari\w*|indes\w+"
                r"|n[aã]o solicitad\w+|no deseados)"
            ),
            r"нежелательн\w+ (?:[^ \n]+ )?(?:почт|письм|рассыл|сообщен|реклам)\w*", r"niezam[oó]wion\w+",
            r"広告メール", r"骚扰邮件", r"광고 ?메일", r"nesolicitat\w*",
            r"(?:keep|kept|still) (?:getting|receiving) (?:[\w']+ ){0,6}(?:e-?mails?|mails?|messages|ads)\b",
            (
                r"(?:nie|jamais|nooit|mai|nunca|никогда не) (?:[^ .\n]+ )?(?:angemeldet|abonniert|abonn[ée]"
                r"|demand[ée]\w*|gevraagd|richiest\w*|solicit\w*|подпис\w*)"
            ),
            r"не подписыва\w+", r"广告邮件", r"never gave (?:\w+ ){0,3}address",
            r"(?:flood|clog|fill)\w* (?:up )?(?:my|our) (?:inbox|mailbox)\w*",
        ),
        hints=(
            r"\bwerbung\b", r"publicit[ée]s?\b", r"publicidade?\b", r"pubblicità", r"propaganda\b", r"\breclame\b",
            r"\breklam[aęuy]?\b", r"рекламн\w+", r"广告", r"広告", r"\bunsubscribe", r"newsletter",
            r"opt(?:ed)?[- ]?in\b", r"mailing list", r"email feedback report", r"complaint about (?:message|email)",
        ),
    ),
    "messaging/spamvertised": Words(
        plain=(
            r"spamverti[sz]ed", r"spam(?:med)? (?:url|link|site|website)s?\b",
            (
                r"(?:links?|scripts?|urls?|content|images?|web ?sites?|domains?) (?:[\w/]+ ){0,5}(?:included"
                r"|contained|linked|found|advertised|promoted|used) in (?:the |this |these |said )?(?:spam"
                r"|unsolicited|junk)"
            ),
            r"(?:\bsms|text(?: message)?|whatsapp)[- ]spam\w*", r"spam (?:sms|text messages|texts)\b",
            r"spam-?advertised", r"website (?:in|from) spam",
            r"(?:advertis|promot)\w+ (?:\w+ ){0,3}(?:in|through|by|via|with) (?:\w+ )?(?:spam|junk|unsolicited|bulk)",
        ),
    ),
    "messaging/open_relay": Words(
        plain=(
            r"open (?:mail |smtp )?relay", r"offene[rs]? (?:mail-?)?relay",
            r"(?:relay\w*|forward\w*) (?:\w+ ){0,3}for (?:anyone|anybody|third)",
            r"(?:close|closing) (?:the|this|your) relay",
            r"accepts? (?:e-?)?mails? from any\w*",
            r"third[- ]party relay\w*",
            r"rel(?:ay|ais) (?:abiert|abert|ouvert|apert)\w*",
            r"открыт\w+ рел[еэ]й",
        ),
    ),
    "reputation/blocklist": Words(
        plain=(
            r"(?:address(?:es)?|ips?|hosts?) (?:is|are) (?:\w+ )?listed\b(?! (?:as|above|below|here))",
            r"reputation (?:system|list)", r"listed as (?:poor|bad|spam|malicious)", r"schwarze[nr]? liste",
            r"sperrliste\w*", r"czarn\w+ list\w*", r"lista de bloque\w*", r"lista de bloqueio\w*",
            r"ч[её]рн\w+ спис\w+", r"lista negra", r"liste noire", r"\bsbl ?\d{4,}",
            r"\bhas been (?:black-?|block-?)?listed",
            r"(?:black|block)[- ]?list(?:ed|ing|ings|s? (?:block|entr|notif)\w*)\b", r"\bdnsbls?\b", r"\brbls?\b",
            r"\buceprotect\w*",
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
            r"r[ée]solveurs? (?:dns )?(?:r[ée]cursif\w* )?ouvert", r"dns recursiv\w+ abert\w*",
            r"recursi(?:ve|on|vos?)\b[^.\n]{0,40}(?:name ?server|quer|request|client|any)\w*",
            r"rekursiv\w* (?:dns-?)?(?:anfrage|abfrage)\w*", r"consultas? recursivas?", r"requ[eê]tes r[ée]cursives",
            r"рекурсивн\w+ (?:dns-?)?запрос\w*",
        ),
    ),
    "vulnerability/open_service": Words(
        plain=(
            (
                r"(?:open(?:ly)?|offene[rs]?|exposed|accessible|unsecured|unprotected|öffentlich erreichbare[rs]?"
                r"|abert[oa]s?|abiert[oa]s?)[- ](?:accessible[- ])?(?:\w+[- ]){0,2}(?:ntp|memcached|ssdp|snmp|c?ldap"
                r"|portmapper|rpcbind|mdns|netbios|chargen|qotd|redis|mongo ?db|elasticsearch|rdp|telnet|ipmi|tftp"
                r"|smb|vnc|mssql|mysql|postgres\w*|couchdb|docker|kubernetes|cwmp|rsync|adb|afp|ubiquiti|coap|mqtt"
                r"|hadoop|x11|services?|server-?dienst\w*|dienst\w*)\b"
            ),
            (
                r"(?:ntp|memcached|ssdp|snmp|c?ldap|portmapper|mdns|netbios|chargen|redis|mongodb|elasticsearch|ipmi"
                r"|tftp)[- ](?:servers?|services?|dienst\w*)?\s?(?:is |are |sind |ist )?(?:open|public|exposed|offen"
                r"|erreichbar)\w*"
            ),
            r"publicly (?:accessible|reachable|exposed)(?! (?:\.git|director|file|backup|dump))",
            r"publicznie dost[eę]pn\w+ us[lł]ug\w*", r"dost[eęu]pn\w+ z internetu?",
            (
                r"(?:abert[oa]|esposto|expost[oa]|expuest[oa]|expos[ée]e?|offen) (?:na|a|su|sur|en|im"
                r"|ins) (?:la )?internet"
            ),
            r"services? (?:is|are) (?:publicly |openly )?(?:exposed|reachable)",
            r"servi[cç]os? \w{2,15} (?:habilitado|expost|abert)\w*", r"from anywhere on the internet",
            r"aus dem internet erreichbar",
            (
                r"(?:without|ohne|sans|sin|senza|sem|bez|без) (?:a |an |any |mot de )?(?:password|passwort|passe"
                r"|contrase[ñn]a|senha|has[łl]a|парол\w+|authentica\w+|authentifi\w+"
                r"|autentica\w+)[^.\n]{0,50}(?:reach|access|erreichbar|accessible|internet|open|интернет)\w*"
            ),
            (
                r"(?:reachable|accessible|exposed|erreichbar|accessibles?|accesibles?|raggiungibil\w+"
                r"|acess[ií]ve\w+) (?:[^ .\n]+ ){0,4}(?:internet|world|anyone|everyone|password|passwort)\b"
            ),
            (
                r"answers? (?:[\w-]+ ){0,2}(?:requests|queries|packets) from (?:the (?:whole |entire "
                r"|public )?internet|any\w*)"
            ),
            r"(?:ungesch[üu]tzt|ungesichert|offen)\w* (?:[\w-]+ )?(?:datenbank|dienst|server|schnittstelle)\w*",
            (
                r"(?:ohne|without|sans|sin|senza|sem) (?:\w+ )?(?:anmeldung|authentifizierung|authentication|login"
                r"|inicio de sesi[oó]n|autenticaci[oó]n)"
            ),
        ),
        hints=(
            r"amplification", r"reflection", r"monlist",
            (
                r"\b(?:memcached|mongo ?db|redis|elasticsearch|ssdp|snmp|rpcbind|portmapper|ipmi|kibana|docker api"
                r"|winbox)\b"
            ),
        ),
    ),
    "vulnerability/cve": Words(
        plain=(
            r"güvenlik a[çc]i[ğg]i", r"zafiyet\w*", r"вразлив\w+", r"kwetsbaar\w*", r"s[aå]rbarhet\w*",
            r"haavoittuv\w*", r"s[eé]r[uü]l[eé]keny\w*", r"\bcve-\d{4}-\d{3,7}", r"schwachstelle\w*", r"verwundbar\w*",
            r"sicherheitsl[üu]cke\w*", r"unpatched", r"vuln[ée]r[aá][bv]\w+", r"уязвим\w+", r"podatno\w+", r"脆弱性",
            r"zranitelnost\w*",
            (
                r"(?:missing|lacks?|without|not installed|outstanding|fehlende) (?:\w+ ){0,3}(?:security "
                r"|sicherheits-?)(?:updates?|patch\w*|fix\w*)"
            ),
            r"(?:security|sicherheits)-?(?:hole|l[oö]ch)\w*", r"faille\w* de s[ée]curit[ée]",
            r"falhas? de seguran[cç]a", r"tietoturva-aukko\w*", r"biztonsági rés\w*",
            r"s[iä][kä]\w*het(?:s|er)?h[uå]l\w*", r"beveiligingslek\w*",
            r"known (?:security )?(?:flaw|hole|weakness)\w*",
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
    "messaging/bulk_messaging": Words(
        plain=(
            r"(?:bulk|mass)[- ](?:mailings?|mailers?|messag\w+|e-?mailings?)\b",
        ),
    ),
    "messaging/public_mail_service": Words(
        plain=(
            (
                r"(?:public|disposable|throw-?away|temporary|anonymous) (?:e-?mail|mail)(?:box(?:es)?)?(?: services?"
                r"| providers?| addresses)?"
            ),
            r"free (?:e-?mail|mail|webmail) (?:services?|providers?)",
        ),
    ),
}  # fmt: skip
