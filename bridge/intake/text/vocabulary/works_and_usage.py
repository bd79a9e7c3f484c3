"""Words of copyright, and of usage that terms of service forbid."""

from __future__ import annotations

from bridge.intake.text.vocabulary import Words

WORDS = {
    "copyright/copyright": Words(
        plain=(
            r"(?:identical|html|exact|unauthori[sz]ed) (?:\w+ )?cop(?:y|ies) of (?:my|our)",
            (
                r"(?:copied|stole|stolen|copies) (?:all |the )?(?:my|our|from my|from our) (?:\w+ )?(?:web ?site"
                r"|site|content|photos?|texts?|articles?)"
            ),
            r"telif hak\w*", r"autorsk\w+ (?:pr[aá]v|z[aá]kon)\w*", r"drept\w* de autor", r"πνευματικ\w+ δικαιωμ\w*",
            r"szerz[oő]i jog\w*", r"авторськ\w+ прав\w*", r"upphovsr[aä]tt\w*", r"tekij[aä]noikeu\w*", r"copyright\w*",
            r"\bdmca\b", r"audio-?\s?visual (?:content|rights?|works?)", r"\bav infring\w*",
            r"broadcast(?:ing)? rights", r"unauthori[sz]ed (?:digital )?(?:transmission|broadcast|stream)\w*", r"侵权",
            r"侵權", r"(?:illegal|pirated?|infringing) (?:stream|iptv|broadcast)\w*", r"iptv infring\w*", r"ピラシー",
            r"著作物", r"urheberrecht\w*", r"derechos? de autor", r"direitos? autora\w+", r"droits? d.auteur",
            r"авторск\w+ (?:и смежн\w+ )?прав\w*", r"17 u\.?s\.?c", r"pirat(?:ed|ería|aria)", r"prawa? autorski\w*",
            r"著作権", r"版权", r"diritto d.autore", r"auteursrecht\w*",
            r"unauthori[sz]ed (?:distribution|copy|copies|reproduction|stream\w*)", r"512\(c\)", r"rights ?holder\w*",
            r"rights? of exploitation", r"broadcast of (?:\w+ ){0,3}match\w*", r"piracy",
            (
                r"(?:author|creator|composer|publisher|producer|photographer)s? of (?:the|these|this|all"
                r"|said) (?:\w+ )?(?:photo\w*|image|work|text|article|book|film|song|picture|video|music|software)\w*"
            ),
            r"un(?:licen[cs]ed|permitted) (?:\w+ )?(?:stream|cop|distribut|use|broadcast|reproduc|publi|display)\w*",
            r"(?:mak\w+|made) [^.\n]{0,60}available to the public", r"저작권", r"著作[权權]", r"海賊版", r"[盗盜]版",
            r"opphavsrett\w*", r"ophavsret\w*", r"republish\w* (?:\w+ )?(?:our|my)",
        ),
        hints=(
            (
                r"(?:film|movie|musi|m[uú]sic|song|photo|foto|bild|buch|bücher|libro|livre|serie|pel[ií]cula|obra"
                r"|œuvre|spiel|фото|фильм|музык|книг)[\w'’]* (?:[^ .\n]+ ){0,5}(?:ohne|sans|sin|senza|sem|zonder|bez"
                r"|без) (?:[^ .\n]+ )?(?:lizenz|licen|autori|erlaubnis|genehm|zustimm|accord|permi|perme|consen|toestem"
                r"|zg[oó]d|svolen|разреш|соглас|дозвол)\w*"
            ),
            r"infring\w*", r"intellectual property", r"good faith belief", r"penalty of perjury", r"exclusive rights",
            r"without (?:our |my |any |the |a )?(?:\w+ ){0,2}(?:permission|licen[cs]e|authori[sz]ation|consent)",
        ),
    ),
    "copyright/p2p": Words(
        plain=(
            r"bit-?torrent\w*", r"\btorrents?\b", r"peer[- ]to[- ]peer", r"\bp2p\b", r"info-?hash", r"e-?donkey",
            r"\bswarm\b", r"file[- ]sharing network", r"utorrent", r"libtorrent", r"\btransmission \d",
        ),
        hints=(
            r"\bpeers?\b",
        ),
    ),
    "usage/mining": Words(
        plain=(
            r"crypto-?(?:mining|miner|currency min)\w*", r"coin-?miner\w*", r"\bminer\b", r"mining pool", r"monero",
            r"xmrig", r"\bmin(?:es|ing) (?:of )?(?:xmr|monero|bitcoins?|btc|ethereum|crypto\w*|coins?)",
            r"crypto-?jack\w*", r"krypto-?mining", r"kryptow[äa]hrung\w* (?:\w+ )?gesch[üu]rft",
            r"minage de crypto\w*", r"майнинг\w*", r"майнер\w*",
        ),
    ),
    "usage/proxy": Words(
        plain=(
            r"open[- ]?(?:socks\d? |http )?prox(?:y|ies)", r"proxy (?:abuse|server abuse)",
            r"tor (?:exit|relay|node)s?", r"anonymous prox\w+", r"socks5? prox\w+", r"residential prox\w+",
            r"offene\w* prox\w+", r"prox\w+ (?:abiert|abert|ouvert|apert)\w*", r"открыт\w+ прокси\w*",
        ),
        hints=(
            r"\bproxy\b", r"\bvpn\b",
        ),
    ),
    "usage/irc": Words(
        plain=(
            r"\birc(?:d| server| bot| network)\b", r"\birc (?:da?emon|services?|bouncer|channels?|on)\b", r"irc ?d\b",
            r"psybnc", r"\bznc\b",
        ),
    ),
    "conduct/payment_fraud": Words(
        plain=(
            r"credit card (?:fraud|theft)", r"carding\b", r"stolen (?:credit )?cards?", r"chargeback",
            r"card[- ](?:testing|cracking|checking)", r"stolen (?:\w+ )?card numbers?",
            r"(?:credit|debit|payment) card numbers? (?:\w+ ){0,4}(?:stolen|tested|tried)",
        ),
    ),
    "copyright/cyberlocker": Words(
        plain=(
            r"cyber-?lockers?", r"file[- ]?(?:locker|hoster)s?", r"one-?click[- ]hoster\w*", r"share-?hoster\w*",
            r"file[- ]hosting (?:service|site|platform|customer)\w*",
        ),
    ),
    "copyright/link_site": Words(
        plain=(
            r"\blink(?:ing)?[- ](?:sites?|farms?|index\w*|director\w+|pages?)",
            (
                r"(?:hyper-?)?links to (?:pirated|infringing|illegal|unauthori[sz]ed|unlicen[cs]ed) (?:\w+ )?(?:cop"
                r"|content|download|stream|film|movie|version|book|music)\w*"
            ),
            r"index of (?:download )?links",
        ),
    ),
    "copyright/ugc_platform": Words(
        plain=(
            r"user[- ]generated content", r"uploaded by (?:its |the |your |their )?users",
            r"users (?:[^.\n]{0,80}) (?:have )?uploaded", r"video[- ]sharing (?:platform|site|service)s?",
        ),
    ),
    "copyright/usenet": Words(
        plain=(
            r"\busenet\b", r"news ?groups?\b", r"\bnzbs?\b", r"nntp", r"binar(?:y|ies) (?:news)?groups?",
        ),
    ),
    "usage/file_sharing": Words(
        plain=(
            (
                r"(?:run|operat|install)\w* (?:a |an |the |of )?(?:p2p )?file[- ]?sharing (?:software|client|program"
                r"|server|application)"
            ),
            r"\bemule\b", r"kazaa", r"limewire", r"dc\+\+", r"direct connect hub",
        ),
    ),
    "usage/media_streaming": Words(
        plain=(
            r"(?:media|video|audio|iptv|live)[- ]stream\w* (?:server|service|software)s?", r"streaming server",
            r"shoutcast", r"icecast", r"iptv (?:panel|server)", r"xtream codes",
        ),
    ),
    "usage/nested_virtualization": Words(
        plain=(
            r"nested virtuali[sz]ation", r"virtual machines? (?:inside|within) (?:a |the |your )?(?:vps|vm|virtual)",
        ),
    ),
    "usage/traffic_accelerator": Words(
        plain=(
            r"(?:traffic|network|tcp|udp) accelerat\w*", r"lotserver", r"finalspeed", r"kcptun", r"udpspeeder",
        ),
    ),
    "usage/traffic_exchange": Words(
        plain=(
            r"traffic[- ]exchange", r"auto-?surf\w*", r"hitleap", r"10khits", r"jingling",
        ),
    ),
    "usage/cluster_computing": Words(
        plain=(
            r"(?:cluster|distributed|grid) computing", r"\bboinc\b", r"folding@home", r"render farm",
        ),
    ),
    "conduct/system_abuse": Words(
        plain=(
            r"(?:cpu|disk|i/o|resource|system)[- ](?:abuse|overuse|hog\w*)",
            r"excessive (?:\w+ )?(?:cpu|disk|i/o|iops|resource|memory) (?:usage|use|load|consumption)",
            r"overload\w* the (?:host ?node|node|hypervisor)",
        ),
    ),
    "conduct/export_control": Words(
        plain=(
            r"export[- ]control\w*", r"(?:economic|trade|international) sanctions",
            r"sanctions? (?:list|regime|law)s?", r"\bofac\b", r"embargo\w*",
        ),
    ),
}  # fmt: skip
