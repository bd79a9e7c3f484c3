"""What the public report form asks, checks, and makes of it: a XARF 4 report. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bridge.config.parts import Network
from bridge.timeformat import format_time

Json = Any

VERSION = "4.2.0"
LONGEST_DETAILS = 20_000
LONGEST_LINE = 200
LONGEST_URL = 2000
AHEAD = timedelta(minutes=5)

_CONNECTION: dict[str, Json] = {"protocol": "tcp"}


@dataclass(frozen=True)
class Trouble:
    """One choice of the form: what XARF wants to be told of it besides.

    link   the field that names the address of the page; then one must be given
    dated  it is an attack: told with its time, and with its source port where the reporter knows it
    """

    more: Mapping[str, Json]
    link: str = ""
    dated: bool = False


TROUBLES: Mapping[str, Trouble] = {
    "connection/login_attack": Trouble(_CONNECTION, dated=True),
    "connection/port_scan": Trouble(_CONNECTION, dated=True),
    "connection/ddos": Trouble(_CONNECTION, dated=True),
    "connection/infected_host": Trouble({**_CONNECTION, "bot_type": "unknown"}, dated=True),
    "messaging/spam": Trouble({"protocol": "smtp", "smtp_from": "unknown@invalid", "source_port": 25}),
    "content/phishing": Trouble({}, link="url"),
    "content/malware": Trouble({}, link="url"),
    "content/fraud": Trouble({"fraud_type": "other"}, link="url"),
    "copyright/copyright": Trouble({}, link="infringing_url"),
    "infrastructure/botnet": Trouble({"compromise_evidence": "see description"}),
    "infrastructure/compromised_server": Trouble({"compromise_method": "unknown"}),
    "vulnerability/open_service": Trouble({"service": "unknown"}),
}
FIELDS = ("ip", "port", "url", "category", "occurred_at", "name", "email", "details")
REQUIRED: Mapping[str, bool] = {name: name in ("category", "email", "details") for name in FIELDS}
TRAP = "homepage"
"""A field that no person sees; who fills it in is a program."""

_EMAIL = re.compile(r"[^\s@<>\"',;:\\()\[\]]{1,64}@(?=[^@]{3,190}\Z)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_MINUTE = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d)?Z?", re.ASCII)
_PORT = re.compile(r"|[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Wrong(NamedTuple):
    """Why a field cannot stay as it is: a text of the pages in `report.`, and the most characters it may have."""

    text: str
    most: int = 0


@dataclass(frozen=True)
class Filled:
    """The fields as they were sent, cut to what is shown again, and what is wrong with each."""

    values: Mapping[str, str]
    problems: Mapping[str, Wrong]


def check(form: Mapping[str, str], own: Sequence[Network], now: datetime) -> Filled:
    """The form's fields, trimmed, and why each that cannot stay as it is cannot."""
    values = {name: _clean(form.get(name, ""), multiline=name == "details") for name in FIELDS}
    problems = {
        name: problem
        for name, problem in (
            ("ip", _wrong_ip(values, own)),
            ("port", None if _PORT.fullmatch(values["port"]) else Wrong("wrong_port")),
            ("url", _wrong_url(values)),
            ("category", None if values["category"] in TROUBLES else Wrong("wrong_category")),
            ("occurred_at", _wrong_time(values["occurred_at"], now)),
            ("name", _too_long(values["name"], LONGEST_LINE)),
            ("email", None if _EMAIL.fullmatch(values["email"]) else Wrong("wrong_email")),
            ("details", _wrong_details(values["details"])),
        )
        if problem
    }
    return Filled({name: value[:LONGEST_DETAILS] for name, value in values.items()}, problems)


def _clean(text: str, *, multiline: bool) -> str:
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.strip() if multiline else " ".join(text.split())


def _too_long(text: str, most: int) -> Wrong | None:
    return Wrong("too_long", most) if len(text) > most else None


def _wrong_ip(values: Mapping[str, str], own: Sequence[Network]) -> Wrong | None:
    if not values["ip"]:
        return None if values["url"] else Wrong("nothing_named")
    try:
        address = ip_address(values["ip"])
    except ValueError:
        return Wrong("wrong_ip")
    if own and not any(address.version == network.version and address in network for network in own):
        return Wrong("not_ours")
    return None


def _wrong_url(values: Mapping[str, str]) -> Wrong | None:
    url, trouble = values["url"], TROUBLES.get(values["category"])
    if not url:
        return Wrong("no_link") if trouble is not None and trouble.link else None
    if len(url) > LONGEST_URL:
        return Wrong("too_long", LONGEST_URL)
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    return None if known else Wrong("wrong_url")


def _wrong_time(text: str, now: datetime) -> Wrong | None:
    if not text:
        return None
    at = time_of(text)
    if at is None:
        return Wrong("wrong_time")
    return Wrong("in_future") if at > now + AHEAD else None


def time_of(text: str) -> datetime | None:
    """A minute in UTC; None where it is none."""
    match = _MINUTE.fullmatch(text)
    try:
        return datetime.strptime(f"{match[1]} {match[2]}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def _wrong_details(text: str) -> Wrong | None:
    return _too_long(text, LONGEST_DETAILS) if text else Wrong("no_details")


def xarf(values: Mapping[str, str], report_id: str, now: datetime) -> dict[str, Json]:
    """The report; `values` have no problems."""
    trouble = TROUBLES[values["category"]]
    class_, type_ = values["category"].split("/")
    email = values["email"]
    party = {"org": values["name"] or email, "contact": email, "domain": email.rpartition("@")[2]}
    at = format_time(time_of(values["occurred_at"]) or now)
    report: dict[str, Json] = {
        "xarf_version": VERSION,
        "report_id": report_id,
        "timestamp": at,
        "reporter": party,
        "sender": party,
        "source_identifier": values["ip"] or urlsplit(values["url"]).hostname,
        "category": class_,
        "type": type_,
        "description": values["details"],
        **trouble.more,
    }
    if trouble.dated:
        report["first_seen"] = at
        if values["port"]:
            report["source_port"] = int(values["port"])
    if values["url"]:
        report[trouble.link or "url"] = values["url"]
    return report
