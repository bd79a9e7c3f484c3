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
            r"telif hak\w*", r"autorsk\w+ pr[aá]v\w*", r"szerz[oő]i jog\w*", r"авторськ\w+ прав\w*",
            r"upphovsr[aä]tt\w*", r"tekij[aä]noikeu\w*", r"copyright\w*", r"\bdmca\b",
            r"audio-?\s?visual (?:content|rights?|works?)", r"\bav infring\w*", r"broadcast(?:ing)? rights",
            r"unauthori[sz]ed (?:digital )?(?:transmission|broadcast|stream)\w*", r"侵权", r"侵權",
            r"(?:illegal|pirated?|infringing) (?:stream|iptv|broadcast)\w*", r"iptv infring\w*", r"ピラシー",
            r"著作物", r"urheberrecht\w*", r"derechos? de autor", r"direitos? autora\w+", r"droits? d.auteur",
            r"авторск\w+ (?:и смежн\w+ )?прав\w*", r"17 u\.?s\.?c", r"pirat(?:ed|ería|aria)", r"prawa? autorski\w*",
            r"著作権", r"版权", r"diritto d.autore", r"auteursrecht\w*",
            r"unauthori[sz]ed (?:distribution|copy|copies|reproduction|stream\w*)", r"512\(c\)", r"rights ?holder\w*",
            r"copyrighted", r"rights? of exploitation", r"broadcast of (?:\w+ ){0,3}match\w*", r"piracy",
        ),
        hints=(
            r"infring\w*", r"intellectual property", r"good faith belief", r"penalty of perjury",
            r"exclusive rights",
        ),
    ),
    "copyright/p2p": Words(
        plain=(
            r"bit-?torrent\w*", r"\btorrents?\b", r"peer[- ]to[- ]peer", r"\bp2p\b", r"info-?hash", r"e-?donkey",
            r"\bswarm\b", r"file[- ]sharing network", r"utorrent", r"libtorrent", r"\btransmission \d",
            r"qbittorrent",
        ),
        hints=(
            r"infohash", r"\bpeers?\b",
        ),
    ),
    "usage/mining": Words(
        plain=(
            r"crypto-?(?:mining|miner|currency min)\w*", r"coin-?miner\w*", r"\bminer\b", r"mining pool", r"monero",
        ),
    ),
    "usage/proxy": Words(
        plain=(
            r"open[- ]?(?:socks\d? |http )?prox(?:y|ies)", r"proxy (?:abuse|server abuse)",
            r"tor (?:exit|relay|node)s?", r"anonymous prox\w+", r"socks5? prox\w+", r"residential prox\w+",
        ),
        hints=(
            r"\bproxy\b", r"\bvpn\b",
        ),
    ),
    "usage/irc": Words(
        plain=(
            r"\birc(?:d| server| bot| network)\b",
        ),
    ),
    "conduct/payment_fraud": Words(
        plain=(
            r"credit card (?:fraud|theft)", r"carding\b", r"stolen (?:credit )?cards?", r"chargeback",
        ),
    ),
}  # fmt: skip
