"""One XARF report, already parsed from JSON, as an incident."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bridge.categories import CHILD_ABUSE
from bridge.errors import InvalidInput
from bridge.intake import limits
from bridge.intake.context import Context
from bridge.intake.formats.xarf.words import category_of_pair, category_of_type
from bridge.intake.model import Evidence, Incident, Reporter
from bridge.intake.reporters import by_program, reporter_of
from bridge.intake.text.addresses import network_of, normalised, unique
from bridge.intake.text.links import host_of, is_domain, is_url
from bridge.intake.text.refang import refang
from bridge.intake.text.times import read_time

Fields = Mapping[str, Any]

_SOURCE_IP = ("SourceIp", "SourceIP", "Source-IP", "IP", "Ip", "AttackerIp")
_SOURCE_URL = ("SourceUrl", "SourceURL", "InfringingUrl", "Url", "URL")
_V4_URLS = ("url", "infringing_url")
_WORKS = ("work_title", "InfringedMaterial", "TrademarkedMaterial")
_PORT = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\]):\d{1,5}$")


def is_xarf(value: object) -> bool:
    """The JSON value is a report of some version."""
    if not isinstance(value, Mapping):
        return False
    if "xarf_version" in value or ("category" in value and "type" in value and "source_identifier" in value):
        return True
    report = value.get("Report")
    return "ReporterInfo" in value or (
        isinstance(report, Mapping) and ("ReportType" in report or "ReportClass" in report)
    )


def incident_of(value: Fields, context: Context, *, path: str = "") -> Incident:
    """The incident that a report describes; a source that is missing makes it incomplete.

    Raises InvalidInput naming the field (prefixed by `path`) where one is of the wrong type or no time is one.
    """
    checked = _Checked(value, path)
    if "xarf_version" in value or "source_identifier" in value or "Report" not in value:
        return _version_4(checked, context)
    return _version_3(checked, context)


class _Checked:
    """Access to fields that complains about wrong types by the field's name."""

    def __init__(self, fields: Fields, path: str) -> None:
        self.fields = fields
        self.path = path

    def text(self, *names: str) -> str:
        for name in names:
            value = self.fields.get(name)
            if value is None or value == "":
                continue
            if not isinstance(value, str):
                raise InvalidInput(self.path + name, "must be a string")
            return value.strip()
        return ""

    def inner(self, name: str) -> _Checked:
        value = self.fields.get(name)
        if value is None:
            return _Checked({}, f"{self.path}{name}.")
        if not isinstance(value, Mapping):
            raise InvalidInput(self.path + name, "must be an object")
        return _Checked(value, f"{self.path}{name}.")

    def items(self, name: str) -> Sequence[object]:
        value = self.fields.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise InvalidInput(self.path + name, "must be a list")
        return value[:50]

    def time(self, context: Context, *names: str) -> tuple[datetime | None, str]:
        for name in names:
            written = self.text(name)
            if not written:
                continue
            stamp = read_time(written, context.times)
            if stamp is None:
                raise InvalidInput(self.path + name, "is no time (RFC 3339 is expected)")
            return stamp.at, written[:100]
        return None, ""


def _version_4(report: _Checked, context: Context) -> Incident:
    at, written = report.time(context, "timestamp", "first_seen")
    category = category_of_pair(report.text("category"), report.text("type"))
    urls = [report.text(name) for name in _V4_URLS]
    party = report.inner("reporter")
    confidence = report.fields.get("confidence")
    if confidence is not None and (isinstance(confidence, bool) or not isinstance(confidence, int | float)):
        raise InvalidInput(report.path + "confidence", "must be a number")
    return _incident(
        category=category,
        sources=[report.text("source_identifier")],
        urls=urls,
        occurred=(at, written),
        reporter=_reporter(party.text("org"), "", party.text("contact"), context),
        report_id=report.text("report_id"),
        works=[report.text(name) for name in _WORKS],
        domain=report.text("domain"),
        evidence=_evidence(report.items("evidence"), "payload"),
        severe=report.text("severity", "risk_level").lower() == "critical",
        about=report.text("description"),
    )


def _version_3(whole: _Checked, context: Context) -> Incident:
    report, info = whole.inner("Report"), whole.inner("ReporterInfo")
    source = report.inner("Source") if isinstance(report.fields.get("Source"), Mapping) else None
    more = report.inner("AdditionalInfo") if isinstance(report.fields.get("AdditionalInfo"), Mapping) else None
    category = category_of_type(report.text("ReportType"))
    sources = [
        report.text(*_SOURCE_IP),
        report.text("Source") if source is None else source.text("IP", "Ip", "Address"),
    ]
    if not any(sources) and "Account" in report.fields:
        sources.append(report.text("DestinationIp"))
    urls = [report.text(name) for name in _SOURCE_URL]
    urls += [source.text("URL", "Url") if source else "", more.text("URL", "Url") if more else ""]
    at, written = report.time(context, "Date", "FirstSeen", "LastSeen")
    return _incident(
        category=category,
        sources=sources,
        urls=urls,
        occurred=(at, written),
        reporter=_reporter(
            info.text("ReporterOrg"),
            info.text("ReporterContactName"),
            info.text("ReporterOrgEmail", "ReporterContactEmail"),
            context,
        ),
        report_id=report.text("ReporterCaseID", "ReportID"),
        works=[report.text(name) for name in _WORKS],
        domain=report.text("Domain", "SourceDomain"),
        evidence=_evidence([*report.items("Samples"), *report.items("Attachment")], "Payload", "Data"),
        severe=report.text("ReporterSeverity").lower() in ("critical", "severe"),
        about=report.text("AttackDescription", "ReporterNotes", "HarassmentDescription"),
    )


def _reporter(organisation: str, person: str, address: str, context: Context) -> Reporter:
    found = reporter_of(organisation or person, address, context)
    return by_program(found, context) if organisation else found


def _incident(
    *,
    category: str,
    sources: Sequence[str],
    urls: Sequence[str],
    occurred: tuple[datetime | None, str],
    reporter: Reporter,
    report_id: str,
    works: Sequence[str],
    domain: str,
    evidence: tuple[Evidence, ...],
    severe: bool,
    about: str,
) -> Incident:
    ips, networks, domains, links = _sorted_sources([*sources, *urls, domain])
    secret = category in CHILD_ABUSE
    targets = unique((*links, *(work[:300] for work in works if work), *(domains if not links else ())))
    return Incident(
        category=category,
        ips=ips,
        networks=networks,
        urls=() if secret else links,
        domains=() if secret and ips else domains,
        occurred_at=occurred[0],
        occurred_text=occurred[1],
        time_certain=occurred[0] is not None,
        reporter=reporter,
        report_id=report_id[:200],
        targets=() if secret else targets,
        severity="severe" if severe else "normal",
        complete=bool(ips or networks or links or domains),
        evidence=(*evidence, *(_unwritten(links) if secret else ())),
        confidence=0.97 if ips or networks or links or domains else 0.6,
        source_format="xarf",
        excerpt="" if secret else about[: limits.EXCERPT],
    )


def _unwritten(links: Sequence[str]) -> tuple[Evidence, ...]:
    """Links that must not be written down, as digests."""
    raw = (link.encode("utf-8", "replace") for link in links)
    return tuple(
        Evidence(part="link", sha256=hashlib.sha256(each).hexdigest(), size=len(each), content_type="text/uri-list")
        for each in raw
    )


def _sorted_sources(
    written: Sequence[str],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Addresses, nets, domains and links among what fields name as the source."""
    ips: list[str] = []
    networks: list[str] = []
    domains: list[str] = []
    links: list[str] = []
    for item in (refang(text.strip()) for text in written if text):
        port = _PORT.match(item)
        ip = normalised(port.group(1) if port else item)
        if ip:
            ips.append(ip)
        elif "/" in item and network_of(item):
            networks.append(network_of(item) or "")
        elif is_url(item):
            links.append(item[:2000])
            host = host_of(item)
            if normalised(host):
                ips.append(normalised(host) or "")
            elif host:
                domains.append(host)
        elif is_domain(item):
            domains.append(item.lower().rstrip("."))
    return unique(ips), unique(networks), unique(domains), unique(links)


def _evidence(items: Sequence[object], *names: str) -> tuple[Evidence, ...]:
    """References to embedded samples; their content stays in the kept message."""
    found: list[Evidence] = []
    for number, item in enumerate(items):
        if not isinstance(item, Mapping):
            continue
        payload = next((item[name] for name in names if isinstance(item.get(name), str)), "")
        content = _content(str(payload), encoded=item.get("Base64Encoded", True) is not False)
        kind = item.get("content_type") or item.get("ContentType") or "application/octet-stream"
        digest = hashlib.sha256(content).hexdigest()
        found.append(
            Evidence(part=f"evidence[{number}]", sha256=digest, size=len(content), content_type=str(kind)[:100])
        )
    return tuple(found)


def _content(payload: str, *, encoded: bool) -> bytes:
    if not encoded:
        return payload.encode("utf-8", "replace")
    try:
        return base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        return payload.encode("utf-8", "replace")
