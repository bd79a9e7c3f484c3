"""What a page is asked by and what it answers; whoever renders pages implements `Pages`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlencode

from bridge.views import Source

ADMIN, CLIENT = "admin", "client"


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks; `id` is who acts, `role` is admin or client.

    locale    the panel's language for them, where it said
    timezone  their time zone by its IANA name, where the panel said
    """

    id: str
    name: str
    role: str
    locale: str = ""
    timezone: str = ""


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file, uploaded with a form or handed out instead of a page; name and type are as somebody said."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class PageRequest:
    """A page that is asked for.

    base      the address that links and forms lead to, with `path=…`; it may hold a query of its own
    files     what was uploaded, by field
    hidden    fields that every form carries along, such as a token against forged requests
    verified  whether the viewer is proved: by the panel's signature, not by merely sitting at this machine
    languages  Accept-Language, where the panel named no locale
    """

    viewer: Viewer
    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    form: Mapping[str, Sequence[str]]
    base: str
    files: Mapping[str, Sequence[Attached]] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    verified: bool = True
    languages: str = ""

    def address(self, path: str, **query: str) -> str:
        """The address of another page."""
        joint = "&" if "?" in self.base else "?"
        return f"{self.base}{joint}path={quote(path, safe='')}" + (f"&{urlencode(query)}" if query else "")

    def carried(self, path: str) -> list[tuple[str, str]]:
        """The hidden fields of a form that leads to `path`; what the base's own query says goes along by itself."""
        return [("path", path), *self.hidden.items()]

    def carried_by_get(self, path: str) -> list[tuple[str, str]]:
        """As `carried` for a form by GET, which drops the query of its address."""
        return [*parse_qsl(self.base.partition("?")[2]), ("path", path)]

    def asked(self, name: str) -> str:
        """A value of the query; empty where there is none."""
        return next(iter(self.query.get(name, ())), "")

    def filled(self, name: str) -> str:
        """A value of the form; empty where there is none."""
        return next(iter(self.form.get(name, ())), "").strip()

    @property
    def source(self) -> Source:
        return Source(name="panel" if self.verified else "open pages", by=self.viewer.id, verified=self.verified)


@dataclass(frozen=True, kw_only=True)
class PageAnswer:
    """A page: `title` is text, `html` a fragment; `location` is where to go, `download` what to hand out instead."""

    status: int
    title: str
    html: str
    location: str | None = None
    download: Attached | None = None


class Pages(Protocol):
    """Renders every page of `/panel` and `/client`; raises nothing for what a viewer may type."""

    def render(self, request: PageRequest) -> PageAnswer: ...
