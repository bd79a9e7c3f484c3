"""The general reading of a mail: one incident out of its running text, logs and quoted headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice

from bridge.categories import CHILD_ABUSE
from bridge.intake import limits
from bridge.intake.context import Context
from bridge.intake.general import reference, term, wanted, when
from bridge.intake.general.answers import REPLY_SUBJECT
from bridge.intake.general.category import heaviest
from bridge.intake.general.machines import undelivered
from bridge.intake.mail.document import Mail
from bridge.intake.mail.headers import read_headers
from bridge.intake.model import Evidence, Incident, quotable
from bridge.intake.text import offences, prose
from bridge.intake.text.addresses import find_addresses, is_public, network_of, overlaps, unique
from bridge.intake.text.language import language_of
from bridge.intake.text.links import host_of
from bridge.intake.text.pasted import Pasted, split_pasted
from bridge.intake.text.received import senders_of
from bridge.intake.text.roles import Candidate, Suspects
from bridge.intake.text.sieve import Sought
from bridge.intake.text.times import Stamp, find_times

_LINK_CLASSES = ("content/", "copyright/", "messaging/spamvertised")
_COMPLAINING = Sought(
    r"abus\w*(?![\w,@])|complain\w*|report\w*|attack\w*|please (?:investigate|take|stop|remove"
    r"|suspend|disable|delete|warn)|take (?:it |this )?down|to remove|entfern\w*|supprim\w*"
    r"|elimin\w*|удал\w*|notice|infring\w*|beschwerde|missbrauch|скарг\w*|жалоб\w*|plainte|denuncia"
    r"|queja|reclama\w*|takedown|incident|violation|alert|detected|unauthori[sz]ed|listed"
    r"|listing|уведомл\w*|просим|требу\w*|solicit\w*|requer\w*|rogamos|prosíme|prosimy|停止"
    r"|bitte|remo[cç]\w*|rimo\w*|retir\w*|judicia\w*|court order"
)
_ACCUSING = Sought(
    r"abus\w*(?![\w,@])|complain\w*|attack\w*|malicious|hostile|infring\w*|violat\w*|fraud\w*|illegal|unauthori[sz]ed"
    r"|take ?down"
    r"|please (?:investigate|stop|remove|suspend|block|look into)|cease|beschwerde|missbrauch|plainte|denuncia"
    r"|queja|reclama"
    r"|жалоб\w*|наруш\w*|блокир\w*|skarg\w*|şikayet|klacht|segnalazion\w*|投诉|举报|通報|苦情|신고|incident"
)
"""Without one of these a text that names no offence accuses nobody."""
_SEVERE = Sought(
    r"(?:severity|priority|schweregrad|prioridad|prioridade|criticality)\s?[:=]\s?(?:critical|severe|emergency)"
)
_NAMED = 2.5
"""From this weight of words on the offence counts as named, if only by several hints."""
_ACCUSED, _VICTIM = 3.0, -3.5
_PLAINLY_NAMED = 3.0
_OF_MAIL = "messaging/spam"
_TELLS_OF_MAIL = re.compile(r"content/(?:fraud|adult|abusive|illegal)|messaging/")
"""What people call unwanted mail that they send on."""
_FEW_WORDS = 200
_FORWARDS = re.compile(r"^\s{0,20}(?:\[[^\]]{1,60}\]\s{0,5})?(?:fwd?|wg|tr|rv|i|fw)\s?:|\(fwd\)\s{0,5}$", re.IGNORECASE)
_BLAMES = re.compile(r"(?:from|src|source|attack\w*|offend\w*|von|angreifer)\b[^\n|]{0,14}\||^\W{0,6}\|", re.IGNORECASE)
_IN_PASTED = -2.0
_PLAINLY_BLAMED = 2.5
_ASKS = Sought(
    r"(?:please|kindly|request\w*|ask|order\w*|demand\w*|require\w*|bitte\w*|ersuchen|veuillez|merci de|demand\w*"
    r"|rogamos|solicit"
    r"\w*|determin\w*|requer\w*|pedimos|просим|прошу|требу\w*|prosi\w*|chiediamo|preghiamo|verzoek\w*|lütfen|请"
    r"|お願い|바랍니다|мер\w*|необходим\w*|要求)"
    r"[^.\n]{0,120}(?:remov\w*|remo[cç]\w*|delet\w*|disabl\w*|suspend\w*|take|taken|shut\w*|block\w*|abschalt\w*"
    r"|entfern\w*"
    r"|entfernung|sperr\w*|l[oö]sch\w*|supprim\w*|retir\w*|elimin\w*|bloque\w*|удал\w*|заблокир\w*|ограничи\w*"
    r"|usun\w*"
    r"|rimuov\w*|rimozione|verwijder\w*|kald[ıi]r\w*|删除|移除|停止|关闭|处理|削除|조치|investigat\w*)"
)
"""A request to take something off the net."""
_AT_YOU = Sought(
    r"belong\w* to you|from your|your (?:network|ip\b|ips\b|server|customer|client|range|netblock"
    r"|infrastructure|hosting)|under your (?:control|responsib|management)|in your (?:network|range|constituency)"
    r"|ihre[mrn]? (?:netz|server|kunde|ip)|(?:votre|vos) (?:r[eé]seau|serveur|client)|(?:su|vuestra) (?:red"
    r"|servidor|cliente)"
    r"|(?:sua|seu) (?:rede|servidor|cliente)|ваш\w{1,3} (?:сет|сервер|клиент|адрес)"
)
"""The writer says that it comes from whom he writes to."""
_NET_LISTED = re.compile(
    r"^[ \t>*\u2022-]{0,8}((?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]{3,39})/\d{1,3})[ \t,;]{0,4}$", re.MULTILINE
)
"""A net alone in its line: an item among the addresses of a list, and no part of a registry's answer."""
_ATTACHED_TEXT = 60_000
_NESTED = 6
"""Attached mails that are looked at for a time, the outer one counted."""


@dataclass(frozen=True)
class Prose:
    """The texts of a mail, made fit for reading."""

    mail: Mail

    @cached_property
    def subject(self) -> str:
        return prose.tidy(self.mail.subject[:1000])

    @cached_property
    def body(self) -> str:
        return self.mail.tidy_body

    @cached_property
    def _split(self) -> Pasted:
        return split_pasted(self.body)

    @property
    def pasted_headers(self) -> tuple[str, ...]:
        """Header blocks of other mail that the body quotes."""
        return self._split.blocks

    @property
    def spoken(self) -> str:
        """The body up to pasted header blocks: the addresses in these are hops, not accusations."""
        return self._split.before

    @property
    def pasted(self) -> str:
        """What follows the header blocks: mostly the text of the mail that they headed."""
        return self._split.after

    @cached_property
    def attached(self) -> str:
        texts = (
            part.plain[:_ATTACHED_TEXT]
            for part in self.mail.attachments[:8]
            if not part.content_type.startswith("message/")
        )
        return prose.tidy("\n".join(texts))


class General:
    """What the mail seems to report, found out as it is asked for: beside an exact reading little of it is. Never
    raises."""

    def __init__(self, mail: Mail, context: Context) -> None:
        self._mail = mail
        self._texts = Prose(mail)
        self._context = context

    @cached_property
    def _weights(self) -> dict[str, float]:
        return _weights(self._mail, self._texts)

    @cached_property
    def category(self) -> str:
        return heaviest(self._weights)

    @property
    def _is_secret(self) -> bool:
        return self.category in CHILD_ABUSE

    @cached_property
    def _ranked(self) -> list[Candidate]:
        return _ranked(self._mail, self._texts, self._context)

    @cached_property
    def ips(self) -> tuple[str, ...]:
        return _offenders(self._ranked, self._context)

    @cached_property
    def networks(self) -> tuple[str, ...]:
        return _networks(self._texts, self._context, self.ips)

    @cached_property
    def _links(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return _links(self._mail, self._texts, self.category, self.ips)

    @property
    def urls(self) -> tuple[str, ...]:
        return quotable(self._links[0], self.category)

    @property
    def domains(self) -> tuple[str, ...]:
        return () if self._is_secret and self.ips else self._links[1]

    @cached_property
    def _stamps(self) -> list[Stamp]:
        return find_times(self._texts.body, self._context.times)

    @cached_property
    def _stamp(self) -> Stamp | None:
        in_texts = _time(self._texts, self._stamps, self._context, self.ips)
        nested = None if in_texts else _time_of_nested(self._mail, self._context, self.ips)
        return in_texts or nested or _time_of_subject(self._texts, self._context)

    @property
    def occurred_at(self) -> datetime | None:
        return self._stamp.at if self._stamp else None

    @property
    def occurred_text(self) -> str:
        return self._stamp.text[:100] if self._stamp else ""

    @property
    def time_certain(self) -> bool:
        return self._stamp is not None and self._stamp.is_certain

    @cached_property
    def report_id(self) -> str:
        return reference.report_id(self._texts.subject, self._texts.body)

    @property
    def severity(self) -> str:
        return "severe" if _SEVERE.search(self._texts.body[:5000]) else "normal"

    @cached_property
    def deadline(self) -> datetime | None:
        return term.deadline(self._stamps, self._texts.body, self._texts.spoken, self._context.times)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(part.evidence() for part in self._mail.attachments[:20])

    @cached_property
    def language(self) -> str:
        return language_of(self._texts.spoken) or language_of(self._texts.body)

    @property
    def excerpt(self) -> str:
        return "" if self._is_secret else _excerpt(self._texts.body)

    def _confidence(self) -> float:
        """How sure the reading is (see `_confidence`)."""
        links, domains = self._links
        found = (self.ips + self.networks, links or domains)
        return _confidence(self._texts, self.category, self._weights, found, self._ranked, self._context)

    def incident(self) -> Incident:
        """All of it."""
        links, domains = self._links
        return Incident(
            category=self.category,
            ips=self.ips,
            networks=self.networks,
            urls=self.urls,
            domains=self.domains,
            targets=quotable(links or domains, self.category),
            occurred_at=self.occurred_at,
            occurred_text=self.occurred_text,
            time_certain=self.time_certain,
            reporter=self._context.sender,
            report_id=self.report_id,
            severity=self.severity,
            complete=bool(self.ips or self.networks or links or domains),
            deadline=self.deadline,
            evidence=self.evidence,
            language=self.language,
            confidence=self._confidence(),
            source_format="general",
            excerpt=self.excerpt,
        )


def _weights(mail: Mail, texts: Prose) -> dict[str, float]:
    """Of the writer's own words. Whoever sends on a mail with hardly a word of his own complains about that mail."""
    if not (texts.pasted_headers or _sends_on(mail)):
        body = texts.body if len(texts.body) > _FEW_WORDS else texts.body + "\n" + texts.attached
        return offences.weigh(texts.subject, body)
    forwarded = _FORWARDS.search(texts.subject) is not None
    own = offences.weigh("" if forwarded else texts.subject, prose.own_words(texts.spoken))
    heaviest_said = max((weight for category, weight in own.items() if not _TELLS_OF_MAIL.match(category)), default=0.0)
    if heaviest_said >= _PLAINLY_NAMED and heaviest_said > own.get(_OF_MAIL, 0.0):
        return own
    others = {each: weight for each, weight in own.items() if each in CHILD_ABUSE or not each.startswith("content/")}
    return {**others, _OF_MAIL: max(sum(own.values()), 0.0 if undelivered(mail) else _PLAINLY_NAMED)}


def _sends_on(mail: Mail) -> bool:
    """Another mail is attached, and that is about all; whoever answers sends nothing on."""
    return (
        len(mail.nested) > 0
        and not (REPLY_SUBJECT.search(mail.subject) and mail.headers.first("in-reply-to"))
        and len(mail.own_words.strip()) < _FEW_WORDS
        and bool(mail.nested[0].headers.first("received") or mail.nested[0].headers.first("return-path"))
    )


def _ranked(mail: Mail, texts: Prose, context: Context) -> list[Candidate]:
    suspects = Suspects()
    for text, worth in ((texts.subject, 4.0), (texts.spoken, 0.0), (texts.pasted, _IN_PASTED)):
        suspects.add(text, worth)
    found = suspects.ranked()
    blamed = [each for each in found if each.score > 1.0]
    if not blamed or context.own:
        settled = any(context.ours((each.ip,)) for each in blamed)
        suspects.add(_without_hops(texts.attached) if settled else texts.attached, -0.5)
        found = suspects.ranked()
    quoted = _from_quoted_mail(mail, texts, found)
    return quoted if quoted else found


def _without_hops(text: str) -> str:
    """Without the header blocks of mail: once the writer has blamed one of ours, what it passed on its way is not."""
    parted = split_pasted(text)
    return f"{parted.before}\n{parted.after}"


def _from_quoted_mail(mail: Mail, texts: Prose, found: list[Candidate]) -> list[Candidate]:
    """Where the writer's own words name nobody, the mail he attached or pasted may say where it came from."""
    if any(candidate.score >= 2.0 for candidate in found):
        return []
    pasted = [read_headers(block.encode("utf-8", "replace")) for block in texts.pasted_headers]
    senders = [ip for headers in (*(nested.headers for nested in mail.nested), *pasted) for ip in senders_of(headers)]
    return [
        Candidate(ip, 4.0 - 2 * place, place, 1, 4.0 - 2 * place, False)
        for place, ip in enumerate(unique(senders)[:10])
    ]


def _offenders(ranked: list[Candidate], context: Context) -> tuple[str, ...]:
    """Those inside our networks; where these are not known, the best and whoever is named in the same breath."""
    if context.own:
        inside = [candidate for candidate in ranked if context.ours((candidate.ip,))]
        blamed = [candidate for candidate in inside if candidate.score > 0]
        return tuple(candidate.ip for candidate in sorted(blamed or inside, key=lambda each: (-each.score, each.first)))
    if not ranked or ranked[0].score <= 0:
        return ()
    named = [each for each in ranked if each.named]
    if ranked[0].named and any(is_public(each.ip) for each in named):
        chosen = [each for each in named if is_public(each.ip)]
        blaming = [each for each in ranked if each.best >= _PLAINLY_BLAMED and any(map(_BLAMES.search, each.places))]
        return _with_alike(chosen, blaming)
    public = [each for each in ranked if is_public(each.ip)] or ranked
    blamed = [each for each in public if each.score > 0]
    if public[0].best < 1.0:
        return _with_alike([min(public, key=lambda each: each.first)], blamed)
    floor = public[0].best - 0.6
    return _with_alike([each for each in blamed if each.best >= floor], blamed)


def _with_alike(chosen: list[Candidate], others: Sequence[Candidate]) -> tuple[str, ...]:
    """Those chosen and whoever stands in lines just like theirs, in the order of the text."""
    places = frozenset().union(*(each.places for each in chosen))
    alike = [each for each in others if each not in chosen and each.places & places]
    return tuple(each.ip for each in sorted([*chosen, *alike], key=lambda each: each.first))


def _networks(texts: Prose, context: Context, ips: tuple[str, ...]) -> tuple[str, ...]:
    """Nets that the subject names, or the body: where single addresses are blamed only what a list has as an item."""
    body = texts.body[:20_000]
    text = "\n".join(
        (texts.subject, *(_NET_LISTED.findall(body) if ips and "/" in body else (body,) if not ips else ()))
    )
    written = (network_of(f"{each.ip}/{each.prefix}") for each in find_addresses(text) if each.prefix is not None)
    found = unique(net for net in written if net)
    if context.own:
        return tuple(net for net in found if overlaps(net, context.own))
    return found[:20]


def _links(mail: Mail, texts: Prose, category: str, ips: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    senders = _domains_of_sender(mail)
    raw = mail.subject + "\n" + mail.body[: limits.PROSE]
    generous = category.startswith(_LINK_CLASSES)
    text = texts.subject + "\n" + texts.body
    links = wanted.bad_links(text, raw, own_hosts=frozenset(ips), sender_domains=senders, generous=generous)
    hosts = [host_of(url) for url in links]
    named = wanted.named_domains(text, senders) if generous or not ips else ()
    if generous and not (ips or links or named):
        named = wanted.spoken_domains(text, senders)
    domains = unique((*(host for host in hosts if host and not find_addresses(host)), *named))
    return links, domains


def _domains_of_sender(mail: Mail) -> tuple[str, ...]:
    addresses = [mail.sender[1], *(mail.headers.first(name) for name in ("reply-to", "return-path", "sender"))]
    domains = (address.rpartition("@")[2].strip("<> \t").lower() for address in addresses if "@" in address)
    return unique(_registered(domain) for domain in domains if domain)


def _registered(domain: str) -> str:
    labels = domain.split(".")
    if len(labels) <= 2:
        return domain
    second = len(labels[-2]) <= 3 and len(labels[-1]) == 2
    return ".".join(labels[-3:] if second else labels[-2:])


def _time(texts: Prose, stamps: Sequence[Stamp], context: Context, ips: tuple[str, ...]) -> Stamp | None:
    """From the body, else from what is attached."""
    blamed = frozenset(ips)
    found = when.incident_time(stamps, texts.body, context.times, blamed)
    if found is None or not found.has_time:
        attached = find_times(texts.attached, context.times)
        found = when.incident_time(attached, texts.attached, context.times, blamed) or found
    return found


def _time_of_subject(texts: Prose, context: Context) -> Stamp | None:
    return when.incident_time(find_times(texts.subject, context.times), texts.subject, context.times, frozenset())


def _time_of_nested(mail: Mail, context: Context, ips: tuple[str, ...]) -> Stamp | None:
    """What the attached report says, which names an offender or never travelled as mail; of another mail when it
    was received or written."""
    for nested in islice(mail.walk(), 1, _NESTED):
        if nested.headers.first("received") and not any(ip in nested.tidy_body for ip in ips):
            continue
        times = context.times.declaring(nested.tidy_body[: limits.DECLARING])
        found = when.incident_time(find_times(nested.tidy_body, times), nested.tidy_body, times, frozenset(ips))
        if found and found.has_time:
            return found
    headers = (nested.headers for nested in islice(mail.walk(), 1, _NESTED))
    fields = (field for each in headers for field in (*each.all("received")[:1], each.first("date")))
    stamps = (stamp for field in fields for stamp in find_times(field[-100:], context.times))
    return next((stamp for stamp in stamps if stamp.has_time and stamp.at <= context.times.sent), None)


def _confidence(
    texts: Prose,
    category: str,
    weights: Mapping[str, float],
    found: tuple[Sequence[str], Sequence[str]],
    ranked: list[Candidate],
    context: Context,
) -> float:
    """How sure the reading is: what is found, whether it lies within our networks, how plainly the offence is named."""
    (sources, links), weight = found, weights.get(category, 0.0)
    if category in CHILD_ABUSE and weight >= _PLAINLY_NAMED:
        return 0.6
    if not (sources or links):
        return 0.2 if weight >= 3 else 0.1
    value = 0.15
    if (
        not sources
        and category.startswith(_LINK_CLASSES)
        and weight >= _PLAINLY_NAMED
        and _ASKS.search(texts.body[:6000])
    ):
        value = 0.25
    if sources:
        value = 0.4 if context.own else 0.3
        value += 0.1 if ranked and ranked[0].score >= 3 else 0.0
    value += 0.25 if weight >= 6 else 0.2 if weight >= _NAMED else 0.0
    complaining = _COMPLAINING.search(texts.subject) or _COMPLAINING.search(texts.body[:3000])
    value += 0.1 if complaining else 0.0 if weight >= _NAMED else -0.1
    value += 0.1 if sources and weight > 0 and _AT_YOU.search(texts.body[:6000]) else 0.0
    value -= 0.15 if weight == 0 and not _COMPLAINING.search(texts.subject) else 0.0
    value += 0.1 if sources and links else 0.0
    if context.own and _blames_somebody_else(ranked, context):
        value -= 0.3
    if weight == 0 and not _ACCUSING.search(texts.body[:3000]):
        value -= 0.2
    return round(max(0.0, min(value, 0.9)), 2)


def _blames_somebody_else(ranked: Sequence[Candidate], context: Context) -> bool:
    """Another address is plainly accused and ours are its victims, or ours are called nothing but victims."""
    inside = [each for each in ranked if context.ours((each.ip,))]
    outside = [each for each in ranked if each not in inside]
    accused = bool(inside and outside) and outside[0].score >= _ACCUSED
    return bool(inside) and (inside[0].score <= 0 if accused else inside[0].best <= _VICTIM)


def _excerpt(body: str) -> str:
    return " ".join(body[: limits.EXCERPT * 2].split())[: limits.EXCERPT]
