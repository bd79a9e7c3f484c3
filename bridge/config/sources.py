"""Where complaints come from, as tipstaff.toml says: mailboxes, folders of feeds, blocklists, the report form."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from bridge.config.parts import DurationField, Network, NetworkField, Strict

TLS, STARTTLS, PLAIN = "tls", "starttls", "none"
PROVIDER, CUSTOMER = "provider", "customer"
_PORTS = {TLS: 993, STARTTLS: 143, PLAIN: 143}
_SILENCE = timedelta(days=7)
"""A mailbox or folder that brings nothing for that long is told of, where nothing else is said."""
_SHORTEST_ROUND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class ImapConfig:
    """A mailbox that complaints arrive in.

    security     tls, starttls, or none on this machine only
    done         the folder that taken messages are moved to; None: they are marked as seen and stay
    quarantine   the folder for messages that could not be read; None: they are flagged and stay
    every        how often it is looked at, beside what the server announces
    """

    name: str
    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    folder: str
    done: str | None
    quarantine: str | None
    ca_file: str | None
    every: timedelta
    silent_after: timedelta


@dataclass(frozen=True, kw_only=True)
class FeedConfig:
    """A folder into which somebody puts feed files and mails; what was taken is moved to `done` in it."""

    name: str
    folder: Path
    every: timedelta
    silent_after: timedelta


@dataclass(frozen=True, kw_only=True)
class BlocklistConfig:
    """A list that our own addresses may stand on: a zone to ask (RFC 5782), or a file of addresses and networks.

    removal             who may ask to be taken off: provider (a task for an admin) or customer
    codes               answers of the zone that count, with what they mean; empty: every answer in 127.0.0.0/8
    queries_per_second  never more than this, however large our networks are
    resolver            name servers as address or address:port; empty: this machine's own
    """

    name: str
    zone: str | None
    file: Path | None
    removal: str
    codes: Mapping[str, str]
    every: timedelta
    queries_per_second: int
    resolver: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReportConfig:
    """The public report form.

    per_hour   reports that one address (of IPv6: one /64) may send in an hour; `in_all`: everybody together
    review     a person looks at every report before anything is decided
    proxies    machines whose X-Forwarded-For is believed
    """

    enabled: bool
    per_hour: int
    in_all: int
    review: bool
    proxies: tuple[Network, ...]


NO_REPORT = ReportConfig(enabled=False, per_hour=1, in_all=1, review=False, proxies=())


@dataclass(frozen=True, kw_only=True)
class SourcesConfig:
    """`silent_after`: of tokens, the pipe and the like, by name: how long each may bring nothing."""

    imap: tuple[ImapConfig, ...] = ()
    feeds: tuple[FeedConfig, ...] = ()
    blocklists: tuple[BlocklistConfig, ...] = ()
    report: ReportConfig = NO_REPORT
    silent_after: Mapping[str, timedelta] = field(default_factory=dict)


# ---- how the tables are read ----


def _name() -> fields.Str:
    return fields.Str(
        required=True,
        validate=validate.Regexp(r"[\w .@:+-]{1,60}\Z", error="must be 1 to 60 letters, digits, . @ : + -"),
    )


def _period(**more: Any) -> DurationField:
    return DurationField(validate=validate.Range(min=_SHORTEST_ROUND, error="must be 1s at least"), **more)


class _Imap(Strict):
    name = _name()
    host = fields.Str(required=True, validate=validate.Length(min=1, error="must name a machine"))
    port = fields.Int(load_default=None, strict=True, validate=validate.Range(1, 65535))
    security = fields.Str(load_default=TLS, validate=validate.OneOf([TLS, STARTTLS, PLAIN]))
    user = fields.Str(required=True)
    password = fields.Str(load_default="")
    folder = fields.Str(load_default="INBOX")
    done = fields.Str(load_default=None)
    quarantine = fields.Str(load_default=None)
    ca_file = fields.Str(load_default=None)
    every = _period(load_default=timedelta(minutes=2))
    silent_after = _period(load_default=_SILENCE)

    @validates_schema
    def check_place(self, data: dict[str, Any], **_: Any) -> None:
        if data["security"] == PLAIN and not _is_this_machine(data["host"]):
            raise ValidationError("none is for this machine only: a password would travel in clear", "security")
        for name in ("done", "quarantine"):
            if data[name] is not None and data[name] == data["folder"]:
                raise ValidationError("must be another folder than the one that is read", name)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ImapConfig:
        return ImapConfig(**{**data, "port": data["port"] or _PORTS[data["security"]]})


class _Feed(Strict):
    name = _name()
    folder = fields.Str(required=True)
    every = _period(load_default=timedelta(minutes=1))
    silent_after = _period(load_default=_SILENCE)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> FeedConfig:
        return FeedConfig(**{**data, "folder": Path(data["folder"])})


_ZONE = validate.Regexp(
    r"(?=.{1,200}\Z)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?\Z", error="must be a zone such as zen.spamhaus.org"
)


class _ServerField(fields.Field[str]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            split_server(value)
        except (ValueError, TypeError, AttributeError) as refusal:
            raise ValidationError(f"{value!r} is not an address such as 127.0.0.1 or 127.0.0.1:5353") from refusal
        return str(value)


def split_server(text: str) -> tuple[str, int]:
    """Address and port of a name server; raises ValueError."""
    host, _, port = text.partition(":") if text.count(":") == 1 else (text.strip("[]"), "", "53")
    if not 0 < int(port) < 65536:
        raise ValueError(port)
    return str(ipaddress.ip_address(host)), int(port)


class _Blocklist(Strict):
    name = _name()
    zone = fields.Str(load_default=None, validate=_ZONE)
    file = fields.Str(load_default=None)
    removal = fields.Str(load_default=CUSTOMER, validate=validate.OneOf([PROVIDER, CUSTOMER]))
    codes = fields.Dict(keys=fields.IPv4(), values=fields.Str(), load_default=dict)
    every = _period(load_default=timedelta(hours=6))
    queries_per_second = fields.Int(load_default=10, strict=True, validate=validate.Range(1, 1000))
    resolver = fields.List(_ServerField(), load_default=list)

    @validates_schema
    def check_one(self, data: dict[str, Any], **_: Any) -> None:
        if (data["zone"] is None) == (data["file"] is None):
            raise ValidationError("give a zone to ask or a file to read, one of them", "zone")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> BlocklistConfig:
        made = {
            **data,
            "zone": data["zone"].rstrip(".") if data["zone"] else None,
            "file": Path(data["file"]) if data["file"] else None,
            "codes": {str(code): word for code, word in data["codes"].items()},
            "resolver": tuple(data["resolver"]),
        }
        return BlocklistConfig(**made)


class _Report(Strict):
    enabled = fields.Bool(load_default=True)
    per_hour = fields.Int(load_default=10, strict=True, validate=validate.Range(min=1))
    in_all = fields.Int(load_default=300, strict=True, validate=validate.Range(min=1))
    review = fields.Bool(load_default=False)
    proxies = fields.List(NetworkField(), load_default=list)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ReportConfig:
        return ReportConfig(**{**data, "proxies": tuple(data["proxies"])})


class _Sources(Strict):
    silent_after = fields.Dict(keys=fields.Str(), values=_period(), load_default=dict)


class SourceTables(Strict):
    """The tables of tipstaff.toml that say where complaints come from; its fields are part of the whole file's."""

    imap = fields.List(fields.Nested(_Imap), load_default=list)
    feed = fields.List(fields.Nested(_Feed), load_default=list)
    blocklist = fields.List(fields.Nested(_Blocklist), load_default=list)
    report = fields.Nested(_Report, load_default=lambda: _Report().load({}))
    sources = fields.Nested(_Sources, load_default=lambda: {"silent_after": {}})

    @validates_schema
    def check_names(self, data: dict[str, Any], **_: Any) -> None:
        """Sources are told apart by their names."""
        taken: set[str] = {token.name for token in data.get("token", ())}
        for table in ("imap", "feed", "blocklist"):
            for place, source in enumerate(data.get(table, ())):
                if source.name in taken:
                    raise ValidationError(
                        f"{source.name!r} is the name of another source or token", f"{table}[{place}].name"
                    )
                taken.add(source.name)


def sources_config(data: Mapping[str, Any], base: Path, password: str | None) -> SourcesConfig:
    """Out of the loaded tables; relative paths start from `base`, `password` stands in for every mailbox's own."""
    return SourcesConfig(
        imap=tuple(_with_password(each, password) for each in data["imap"]),
        feeds=tuple(_anchored(data["feed"], base, "folder")),
        blocklists=tuple(_anchored(data["blocklist"], base, "file")),
        report=data["report"],
        silent_after=data["sources"]["silent_after"],
    )


def _with_password(mailbox: ImapConfig, password: str | None) -> ImapConfig:
    return replace(mailbox, password=password) if password else mailbox


def _anchored(items: Iterable[Any], base: Path, name: str) -> Iterable[Any]:
    for item in items:
        path = getattr(item, name)
        yield item if path is None else replace(item, **{name: base / path})


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
