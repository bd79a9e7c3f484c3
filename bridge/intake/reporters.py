"""Who reports, and what that makes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bridge.intake.context import Context
from bridge.intake.model import Reporter, ReporterKind
from bridge.intake.text.sieve import Sieve, Sought

_BY_WORD = Sieve((re.compile(words, re.IGNORECASE), kind) for kind, words in (
    (ReporterKind.BLOCKLIST, (
        r"spamhaus|uceprotect|sorbs|barracudacentral|spamcop|abuseat|\bpsbl\b|mailspike|blocklist"
        r"|blacklist|\bdnsbl|\brbl\b|surbl|uribl")),
    (ReporterKind.CERT, (
        r"(?:^|[^a-z])(?:[a-z]{2,6}-|[a-z]{2})?(?:cert|csirt)(?:[^a-z]|$)|cert-?(?:bund|[a-z]{2}\b)"
        r"|\b(?:aus|cn|ecu|gov|hk|jp|kr|lat|my|nor|sing|thai|tw|us|vn)-?cert\b|\bcircl\b|cyber cent(?:re|er)"
        r"|cyber\.gc\.ca"
        r"|\bncsc\b|shadowserver|\bcisa\b|\bcncert|jpcert|\bkisa\b|bsi\.")),
    (ReporterKind.LAW_ENFORCEMENT, (
        r"\bpolice|polizei|policia|polícia|\bpolizia|politie|\bpolicja|europol|interpol|\bfbi\b"
        r"|\bbka\b|lka\b|gendarmerie|prosecutor|staatsanwalt|мвд|полици")),
    (ReporterKind.COURT, (r"\bcourt\b|tribunal|gericht\b|суд\b")),
    (ReporterKind.AUTHORITY, (
        r"\.gov\b|\.gov\.|\bgob\.|roskomnadzor|роскомнадзор|\brkn\b|\bministry|ministerio"
        r"|regulator|\bfsm\.|jugendschutz|hotline|inhope|cybertip|meldpunk?t|\biwf\b|ncmec"
        r"|missingkids|anatel|\.gouv\.|ofcom")),
    (ReporterKind.RIGHTS_HOLDER, (
        r"copyright|dmca|anti-?pirac|piracy|rightsholder|rights[- ]holder|ip-?echelon|opsec"
        r"|markmonitor|rivendell|brand ?protect|trademark|"
        r"\bmpa\b|\briaa\b|\bifpi\b|legal(?:@|\.)|rights@|infring")),
))  # fmt: skip
_ROBOT = re.compile(
    r"no-?reply|donotreply|auto|robot|\bbot|fail2ban|report|abuse|alert|notif|noc@|soc@|scan"
    r"|system|root@|csirt|security|takedown|phish|detect|monitor|sensor|honeypot|trap",
    re.I,
)
_DESK_OF_A_NETWORK = re.compile(r"^(?:[\w.+-]*[.+_-])?(?:abuse|noc|netops)(?:[.+_-][^@]*)?@", re.IGNORECASE)
"""The mailboxes that RFC 2142 gives the operators of networks, tagged or not."""
_TO_HIS_CUSTOMER = Sought(
    r"dear (?:valued )?(?:customer|client|partner|reseller)|sehr geehrte\w* kund|cher client|estimad[oa] cliente"
    r"|prezado cliente|geachte klant|gentile cliente|уважаемый клиент|under your (?:responsib|management)"
    r"|(?:server|service|customer|client|vps|machine)\b[^.\n]{0,40}(?:with us\b|in our (?:network|data ?cent))"
    r"|(?:will|may|can|shall|to|might) (?:be )?(?:null-?rout|black-?hol|lock|suspend|disconnect|shut ?down"
    r"|disabl|terminat)"
    r"|abgeschaltet|suspendu\b|suspendid\w|zawieszon|opgeschort|sospes\w\b|приостановлен"
)
"""How a data centre speaks to whom it sells to."""
_OF_RIGHTS = ("copyright/", "content/brand_infringement")
_FREE_MAIL = re.compile(
    r"@(?:gmail|googlemail|yahoo|hotmail|outlook|live|icloud|gmx|web|mail|yandex"
    r"|proton(?:mail)?|aol|qq|163|t-online|orange|free)\.(?:[a-z]{2,4}|com?\.[a-z]{2})$"
)


def reporter_of(name: str, address: str, context: Context) -> Reporter:
    """The reporter with the kind that the configuration gives his address, else what his name and address suggest."""
    lowered = address.strip().lower()
    kind = configured_kind(lowered, context.reporters) or suggested_kind(name, lowered)
    return Reporter(name=name.strip()[:200], address=lowered[:320], kind=kind)


def by_program(reporter: Reporter, context: Context) -> Reporter:
    """Of an organisation that reports in a format of machines: no person has written that, unless from free mail."""
    if reporter.kind is not ReporterKind.INDIVIDUAL or _FREE_MAIL.search(reporter.address):
        return reporter
    if configured_kind(reporter.address, context.reporters):
        return reporter
    return replace(reporter, kind=ReporterKind.AUTOMATED)


def for_rights(reporter: Reporter, category: str, context: Context) -> Reporter:
    """Whoever complains about works or brands in the name of a firm holds the rights, or acts for their holder."""
    guessed = reporter.kind in (ReporterKind.AUTOMATED, ReporterKind.INDIVIDUAL)
    if not guessed or not category.startswith(_OF_RIGHTS) or "@" not in reporter.address:
        return reporter
    if _FREE_MAIL.search(reporter.address) or configured_kind(reporter.address, context.reporters):
        return reporter
    return replace(reporter, kind=ReporterKind.RIGHTS_HOLDER)


def for_upstreams(reporter: Reporter, text: str, *, sets_term: bool, context: Context) -> Reporter:
    """The operator of the network above ours: his abuse desk names a term, and what becomes of our service after it.

    A name or an address alone makes nobody an operator: packs may act at once on what one says.
    """
    guessed = reporter.kind in (ReporterKind.AUTOMATED, ReporterKind.INDIVIDUAL)
    if not (guessed and sets_term and _DESK_OF_A_NETWORK.match(reporter.address) and _TO_HIS_CUSTOMER.search(text)):
        return reporter
    if _FREE_MAIL.search(reporter.address) or configured_kind(reporter.address, context.reporters):
        return reporter
    return replace(reporter, kind=ReporterKind.OPERATOR)


def configured_kind(address: str, reporters: Mapping[str, ReporterKind]) -> ReporterKind | None:
    """The kind of the longest configured address or ending that matches."""
    matching = [match for match in reporters if address and address.endswith(match.lower())]
    return reporters[max(matching, key=len)] if matching else None


def suggested_kind(name: str, address: str) -> ReporterKind:
    """A guess for reporters nobody configured: it never makes an authority out of free mail."""
    free = _FREE_MAIL.search(address) is not None
    kinds = () if free else _BY_WORD.found_in(f"{address}\n{name}")
    if kinds:
        return kinds[0]
    if free or not _ROBOT.search(address):
        return ReporterKind.INDIVIDUAL
    return ReporterKind.AUTOMATED
