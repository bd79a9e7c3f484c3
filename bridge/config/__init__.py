"""tipstaff.toml, read once: every key known, every value checked, secrets maybe from the environment (interface 7)."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from bridge.config.lines import line_of
from bridge.config.parts import DurationField, Network, NetworkField, Strict
from bridge.config.routes import RouteConfig, RouteTable, check_reachable
from bridge.config.sources import SourcesConfig, SourceTables, sources_config
from bridge.errors import InvalidInput, NotFound
from bridge.events import REPORTER_KINDS
from bridge.intake.model import ReporterKind
from bridge.model import AUTO
from bridge.policy.facts import nearest
from bridge.policy.verbs import ACTIONS, NEVER_AUTO
from bridge.timeformat import parse_duration

FILE = "tipstaff.toml"
SCOPES = ("intake", "read", "decide", "admin")


# ---- what the program gets ----


@dataclass(frozen=True, kw_only=True)
class Token:
    """A bearer token; `admin`, where given, is in whose name it speaks."""

    name: str
    token: str = field(repr=False)
    scopes: frozenset[str]
    admin: str | None


@dataclass(frozen=True, kw_only=True)
class ServerConfig:
    """Where the hook service listens and who may call it."""

    host: str
    port: int
    hook_secret: str = field(repr=False)
    metrics_from: tuple[Network, ...]


@dataclass(frozen=True, kw_only=True)
class WhmcsConfig:
    url: str
    identifier: str = field(repr=False)
    secret: str = field(repr=False)
    access_key: str | None = field(repr=False)
    abuse_department: str
    payment_method: str | None
    admin_username: str | None
    timezone: ZoneInfo | None
    ca_file: str | None


@dataclass(frozen=True, kw_only=True)
class VirtualizorConfig:
    url: str
    servers: tuple[str, ...]
    api_key: str = field(repr=False)
    api_password: str = field(repr=False)
    ca_file: str | None
    port_block_plan: str | None
    outbound_block_plan: str | None
    disk_io_allotment: int | None
    bandwidth_allotment: int | None
    migrate_to: str | None
    migrate_storage: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WorkerConfig:
    concurrency: int
    lease: timedelta
    sync_every: timedelta


@dataclass(frozen=True, kw_only=True)
class MailConfig:
    smtp: str
    sender: str
    staff: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PanelNames:
    """What the panels know under other names.

    routed_by  what routes go by that is of no other use: `product`, `client_group`
    """

    reseller_groups: frozenset[str]
    product_kind: Mapping[str, str]
    mail_port_open: str | None
    identity_verified: str | None
    region: Mapping[str, str]
    exclusive_bandwidth: frozenset[str]
    details_verified: str | None = None
    routed_by: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much may be done of itself in one hour; the rest waits for a person."""

    suspensions_per_hour: int | None
    terminations_per_hour: int | None


@dataclass(frozen=True, kw_only=True)
class Config:
    """The whole configuration.

    file       where it came from; relative paths start from its folder
    reporters  an address, or the end of one, to the kind that it counts as
    """

    file: Path
    policy: str
    mode: str
    database_url: str = field(repr=False)
    server: ServerConfig
    tokens: tuple[Token, ...]
    whmcs: WhmcsConfig | None
    virtualizor: tuple[VirtualizorConfig, ...]
    worker: WorkerConfig
    mail: MailConfig | None
    own_networks: tuple[Network, ...]
    approvals: Mapping[str, str | int]
    expire_after: timedelta
    limits: Limits
    mapping: PanelNames
    reporters: Mapping[str, ReporterKind]
    exempt: Mapping[str, str]
    routes: tuple[RouteConfig, ...]
    sources: SourcesConfig


# ---- how the file is read ----


class _Id(fields.Field[str]):
    """An id of a panel: text or a whole number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            raise ValidationError("must be an id, as a number or text")
        return str(value)


class _Zone(fields.Field[ZoneInfo]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> ZoneInfo:
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, TypeError, OSError) as refusal:
            raise ValidationError(f"{value!r} is not a time zone such as Europe/Berlin") from refusal


_URL = validate.Regexp(r"https?://[^\s/]+(/[^\s]*)?$", error="must be an address such as https://billing.example/")
_LISTEN = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^\s:]+):(?P<port>\d{1,5})", re.ASCII)


class _Listen(fields.Field[tuple[str, int]]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, int]:
        match = _LISTEN.fullmatch(value) if isinstance(value, str) else None
        if match is None or int(match["port"]) > 65535:
            raise ValidationError(f"{value!r} is not an address and port such as 127.0.0.1:8765")
        return match["host"].strip("[]"), int(match["port"])


class _Server(Strict):
    listen = _Listen(load_default=("127.0.0.1", 8765))
    hook_secret = fields.Str(load_default="")
    metrics_from = fields.List(NetworkField(), load_default=list)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ServerConfig:
        host, port = data["listen"]
        return ServerConfig(
            host=host, port=port, hook_secret=data["hook_secret"], metrics_from=tuple(data["metrics_from"])
        )


class _Token(Strict):
    name = fields.Str(required=True)
    token = fields.Str(required=True, validate=validate.Length(min=8, error="must have at least 8 characters"))
    scopes = fields.List(fields.Str(validate=validate.OneOf(SCOPES)), required=True)
    admin = fields.Str(load_default=None)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Token:
        return Token(**{**data, "scopes": frozenset(data["scopes"])})


class _Whmcs(Strict):
    url = fields.Str(required=True, validate=_URL)
    identifier = fields.Str(load_default="")
    secret = fields.Str(load_default="")
    access_key = fields.Str(load_default=None)
    abuse_department = _Id(required=True)
    payment_method = fields.Str(load_default=None)
    admin_username = fields.Str(load_default=None)
    timezone = _Zone(load_default=None)
    ca_file = fields.Str(load_default=None)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> WhmcsConfig:
        return WhmcsConfig(**data)


class _Virtualizor(Strict):
    url = fields.Str(required=True, validate=_URL)
    servers = fields.List(_Id(), load_default=list)
    api_key = fields.Str(load_default="")
    api_password = fields.Str(load_default="")
    ca_file = fields.Str(load_default=None)
    port_block_plan = _Id(load_default=None)
    outbound_block_plan = _Id(load_default=None)
    disk_io_allotment = fields.Int(load_default=None, strict=True, validate=validate.Range(min=1))
    bandwidth_allotment = fields.Int(load_default=None, strict=True, validate=validate.Range(min=1))
    migrate_to = _Id(load_default=None)
    migrate_storage = fields.List(_Id(), load_default=list)

    @validates_schema
    def check(self, data: dict[str, Any], **_: Any) -> None:
        if data["migrate_to"] is not None and not data["migrate_storage"]:
            raise ValidationError("must name the storages of that node", "migrate_storage")
        if data["migrate_storage"] and data["migrate_to"] is None:
            raise ValidationError("must name the node that these storages belong to", "migrate_to")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> VirtualizorConfig:
        listed = {name: tuple(data[name]) for name in ("servers", "migrate_storage")}
        return VirtualizorConfig(**{**data, **listed})


class _Worker(Strict):
    concurrency = fields.Int(load_default=4, validate=validate.Range(1, 64), strict=True)
    lease = DurationField(load_default=timedelta(seconds=120))
    sync_every = DurationField(load_default=timedelta(hours=6))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> WorkerConfig:
        return WorkerConfig(**data)


class _Mail(Strict):
    smtp = fields.Str(
        required=True,
        validate=validate.Regexp(r"smtps?://\S+$", error="must be an address such as smtp://127.0.0.1:25"),
    )
    sender = fields.Str(required=True, data_key="from")
    staff = fields.List(fields.Str(), load_default=list)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> MailConfig:
        return MailConfig(**{**data, "staff": tuple(data["staff"])})


class _Networks(Strict):
    own = fields.List(NetworkField(), load_default=list)


class _CustomField(Strict):
    custom_field = fields.Str(required=True)


class _Region(Strict):
    server = fields.Dict(keys=fields.Str(), values=fields.Str(), load_default=dict)


_KINDS = ("vps", "dedicated", "shared", "colocation", "other")


class _MappingSchema(Strict):
    reseller_groups = fields.List(_Id(), load_default=list)
    product_kind = fields.Dict(keys=fields.Str(), values=fields.Str(validate=validate.OneOf(_KINDS)), load_default=dict)
    exclusive_bandwidth = fields.List(_Id(), load_default=list)
    mail_port_open = fields.Nested(_CustomField, load_default=None)
    details_verified = fields.Nested(_CustomField, load_default=None)
    identity_verified = fields.Nested(_CustomField, load_default=None)
    region = fields.Nested(_Region, load_default=dict)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> PanelNames:
        return PanelNames(
            reseller_groups=frozenset(data["reseller_groups"]),
            product_kind=data["product_kind"],
            exclusive_bandwidth=frozenset(data["exclusive_bandwidth"]),
            mail_port_open=(data["mail_port_open"] or {}).get("custom_field"),
            details_verified=(data["details_verified"] or {}).get("custom_field"),
            identity_verified=(data["identity_verified"] or {}).get("custom_field"),
            region=data["region"].get("server", {}),
        )


class _Limits(Strict):
    suspensions_per_hour = fields.Int(load_default=None, strict=True, validate=validate.Range(min=0))
    terminations_per_hour = fields.Int(load_default=None, strict=True, validate=validate.Range(min=0))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Limits:
        return Limits(**data)


class _Reporter(Strict):
    match = fields.Str(required=True)
    kind = fields.Str(required=True, validate=validate.OneOf(sorted(REPORTER_KINDS)))


class _Exempt(Strict):
    service = _Id(required=True)
    reason = fields.Str(required=True)


class _File(SourceTables):
    policy = fields.Str(required=True)
    mode = fields.Str(load_default="approve", validate=validate.OneOf(["observe", "approve", "enforce"]))
    database_url = fields.Str(load_default="sqlite:///tipstaff.db")
    server = fields.Nested(_Server, load_default=lambda: _Server().load({}))
    token = fields.List(fields.Nested(_Token), load_default=list)
    whmcs = fields.Nested(_Whmcs, load_default=None)
    virtualizor = fields.Raw(load_default=list)
    worker = fields.Nested(_Worker, load_default=lambda: _Worker().load({}))
    mail = fields.Nested(_Mail, load_default=None)
    networks = fields.Nested(_Networks, load_default=lambda: {"own": []})
    approvals = fields.Dict(keys=fields.Str(), load_default=dict)
    limits = fields.Nested(_Limits, load_default=lambda: _Limits().load({}))
    mapping = fields.Nested(_MappingSchema, load_default=lambda: _MappingSchema().load({}))
    reporter = fields.List(fields.Nested(_Reporter), load_default=list)
    exempt = fields.List(fields.Nested(_Exempt), load_default=list)
    route = fields.List(fields.Nested(RouteTable), load_default=list)

    @validates_schema
    def check_approvals(self, data: dict[str, Any], **_: Any) -> None:
        for action, approval in data["approvals"].items():
            if action == "expire_after":
                continue
            if action not in ACTIONS:
                raise ValidationError(nearest(action, ACTIONS), f"approvals.{action}")
            if isinstance(approval, bool) or approval not in (AUTO, 1, 2):
                raise ValidationError(f"{approval!r} is not auto, 1 or 2", f"approvals.{action}")
            if approval == AUTO and action in NEVER_AUTO:
                raise ValidationError(
                    "cannot be undone and is never done without a person: 1 or 2", f"approvals.{action}"
                )


def find_config(named: str | None) -> Path:
    """The file to read: the one named, else tipstaff.toml here, else TIPSTAFF_CONFIG; raises NotFound."""
    if named is not None:
        return Path(named)
    if Path(FILE).exists():
        return Path(FILE)
    if elsewhere := os.environ.get("TIPSTAFF_CONFIG"):
        return Path(elsewhere)
    raise NotFound(f"no {FILE} here and no TIPSTAFF_CONFIG: run tipstaff init, or name one with --config")


def load_config(path: Path, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of a file; raises InvalidInput naming the file, the line and the field."""
    surroundings = os.environ if environ is None else environ
    text = _text_of(path)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        raise InvalidInput(f"{path}:{_syntax_line(text, trouble)}", f"is not TOML: {trouble}") from trouble
    try:
        data = _File().load(raw)
        panels = _panels(data["virtualizor"])
        return _built(path, data, panels, surroundings)
    except ValidationError as refusal:
        name, problem = first_problem(refusal.messages)
    except InvalidInput as refusal:
        name, problem = refusal.field, refusal.problem
    raise InvalidInput(_place(path, text, name), problem)


def _place(path: Path, text: str, name: str) -> str:
    line = line_of(text, name)
    return f"{path}{'' if line is None else f':{line}'}: {name}"


def place_of(path: Path, name: str) -> str:
    """Where a field of a configuration stands, for what is found wrong with it later: file, line and field."""
    return _place(path, _text_of(path), name)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as trouble:
        raise InvalidInput(str(path), f"cannot be read: {trouble.strerror}") from trouble
    except UnicodeDecodeError as trouble:
        raise InvalidInput(f"{path}:{_line_at(trouble)}", "is not UTF-8 text") from trouble


_SYNTAX_LINE = re.compile(r"at line (\d+)")


def _syntax_line(text: str, trouble: tomllib.TOMLDecodeError) -> int:
    """Of what the parser says there are two forms: a line, or the end of the document."""
    named = _SYNTAX_LINE.search(str(trouble))
    return int(named[1]) if named else max(len(text.splitlines()), 1)


def _line_at(trouble: UnicodeDecodeError) -> int:
    return trouble.object.count(b"\n", 0, trouble.start) + 1


def _panels(raw: Any) -> list[VirtualizorConfig]:
    """One panel as a table, several as an array of tables."""
    listed = raw if isinstance(raw, list) else [raw]
    panels = []
    for place, item in enumerate(listed):
        try:
            panels.append(_Virtualizor().load(item))
        except ValidationError as refusal:
            where = "virtualizor" if not isinstance(raw, list) else f"virtualizor[{place}]"
            raise ValidationError({where: refusal.messages}) from refusal
    return panels


def first_problem(messages: Any, name: str = "") -> tuple[str, str]:
    """The first field and its problem out of marshmallow's nested messages."""
    while isinstance(messages, dict):
        key, messages = next(iter(messages.items()))
        if isinstance(key, int):
            name = f"{name}[{key}]"
        elif key != "_schema":
            name = f"{name}.{key}" if name else str(key)
    problem = messages[0] if isinstance(messages, list) else messages
    return name, "is not a known key" if problem == "Unknown field." else str(problem).rstrip(".")


def _built(path: Path, data: dict[str, Any], panels: list[VirtualizorConfig], environ: Mapping[str, str]) -> Config:
    approvals = dict(data["approvals"])
    expire_after = parse_duration(approvals.pop("expire_after", "72h"), "approvals.expire_after")
    check_reachable(data["route"])
    server: ServerConfig = data["server"]
    whmcs: WhmcsConfig | None = data["whmcs"]
    if secret := environ.get("TIPSTAFF_HOOK_SECRET"):
        server = replace(server, hook_secret=secret)
    if whmcs is not None and (secret := environ.get("TIPSTAFF_WHMCS_SECRET")):
        whmcs = replace(whmcs, secret=secret)
    if secret := environ.get("TIPSTAFF_VIRTUALIZOR_PASSWORD"):
        panels = [replace(panel, api_password=secret) for panel in panels]
    return Config(
        file=path,
        policy=data["policy"],
        mode=data["mode"],
        database_url=_anchored(data["database_url"], path.parent),
        server=server,
        tokens=tuple(data["token"]),
        whmcs=whmcs,
        virtualizor=tuple(panels),
        worker=data["worker"],
        mail=data["mail"],
        own_networks=tuple(data["networks"]["own"]),
        approvals=approvals,
        expire_after=expire_after,
        limits=data["limits"],
        mapping=replace(data["mapping"], routed_by=frozenset(name for route in data["route"] for name in route.asks())),
        reporters={one["match"]: ReporterKind(one["kind"]) for one in data["reporter"]},
        exempt={item["service"]: item["reason"] for item in data["exempt"]},
        routes=tuple(data["route"]),
        sources=sources_config(data, path.parent, environ.get("TIPSTAFF_IMAP_PASSWORD")),
    )


def _anchored(url: str, folder: Path) -> str:
    """A relative SQLite file lies beside the configuration."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith("sqlite:////") and ":memory:" not in url:
        return prefix + str((folder / url.removeprefix(prefix)).resolve())
    return url
