"""The public report form, `/report`: no token, no scripts, a limit on how often; each report can be had as XARF."""

from __future__ import annotations

import ipaddress
import secrets
import uuid
from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint, Response, request
from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug.exceptions import UnsupportedMediaType

from bridge.config.parts import Network
from bridge.config.sources import ReportConfig
from bridge.errors import NotFound
from bridge.ports import Clock
from bridge.views import FORM, Source
from bridge.web.answers import answer
from bridge.web.desk import Desk
from bridge.web.pages.text import Text, locale_of, text_of
from bridge.web.problems import problem
from bridge.web.rate import RateLimit
from bridge.web.report_form import FIELDS, TRAP, TROUBLES, Filled, check, xarf

Json = Any

SOURCE = Source(name="report form", kind=FORM)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
REFERENCE = 24
"""Characters of a reference: the beginning of the report's digest, which holds a random id."""
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Vary": "Accept-Language",
}
_LANGUAGES = {"en": "English", "de": "Deutsch", "ru": "Русский", "zh": "中文"}
_EMPTY = Filled(dict.fromkeys(FIELDS, ""), {})


def report_blueprint(desk: Desk, config: ReportConfig, own: Sequence[Network], clock: Clock) -> Blueprint:
    """`GET /report`, `POST /report`, and `GET /report/REFERENCE.json` for who knows the reference."""
    blueprint = Blueprint("report", __name__)
    limit = RateLimit(config.per_hour, config.in_all, clock)

    @blueprint.get("/report")
    def show() -> Response:
        return _page("form.html", HTTPStatus.OK, filled=_EMPTY)

    @blueprint.post("/report")
    def send() -> Response:
        if request.mimetype not in FORMS:
            raise UnsupportedMediaType(f"send {FORMS[0]}")
        now = clock.now()
        filled = check({name: request.form.get(name, "") for name in FIELDS}, own, now)
        if filled.problems:
            return _refused(filled)
        if wait := limit.admit(_sender(config.proxies)):
            return _too_often(wait)
        report = xarf(filled.values, str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)), now)
        if request.form.get(TRAP):
            # A program filled in what nobody sees. It learns nothing from the answer.
            return _thanks(secrets.token_hex(REFERENCE // 2), report)
        return _thanks(desk.take_report(orjson.dumps(report), SOURCE, config.review)[:REFERENCE], report)

    @blueprint.get("/report/<reference>.json")
    def download(reference: str) -> Response:
        try:
            report = desk.report(reference)
        except NotFound as unknown:
            return problem(HTTPStatus.NOT_FOUND, str(unknown))
        named = {"Content-Disposition": f'attachment; filename="report-{reference}.json"'}
        return Response(report, mimetype="application/json", headers={**_HEADERS, **named})

    return blueprint


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def _refused(filled: Filled) -> Response:
    if _wants_json():
        text = _text()
        said = {name: text(f"report.{wrong.text}", n=wrong.most) for name, wrong in filled.problems.items()}
        name, words = next(iter(said.items()))
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}: {words}", field=name, problems=said)
    return _page("form.html", HTTPStatus.UNPROCESSABLE_ENTITY, filled=filled)


def _too_often(wait: int) -> Response:
    words = _text()("report.too_often")
    if _wants_json():
        return problem(HTTPStatus.TOO_MANY_REQUESTS, words, headers={"Retry-After": str(wait)})
    page = _page("said.html", HTTPStatus.TOO_MANY_REQUESTS, words=words)
    page.headers["Retry-After"] = str(wait)
    return page


def _thanks(reference: str, report: Json) -> Response:
    if _wants_json():
        return answer({"reference": reference, "report": report}, HTTPStatus.ACCEPTED)
    return _page("thanks.html", HTTPStatus.ACCEPTED, reference=reference)


def _sender(proxies: Sequence[Network]) -> str | None:
    """Who sent the request: behind proxies of ours, whom the nearest that is none of them names."""
    peers = [*request.headers.get("X-Forwarded-For", "").split(",")[-20:], request.remote_addr or ""]
    sender = peers.pop()
    while peers and _is_within(sender, proxies):
        sender = _without_port(peers.pop().strip())
    return sender


def _without_port(peer: str) -> str:
    """Some proxies name the port, too: `192.0.2.1:4711`, `[2001:db8::1]:4711`."""
    if peer.startswith("["):
        return peer[1:].partition("]")[0]
    return peer.partition(":")[0] if peer.count(":") == 1 else peer


def _is_within(address: str, networks: Sequence[Network]) -> bool:
    try:
        known = ipaddress.ip_address(address.strip())
    except ValueError:
        return False
    return any(known.version == network.version and known in network for network in networks)


def _text() -> Text:
    """In the language that was asked for by `?lang=`, by the form that was filled in, or by the browser."""
    named = request.values.get("lang", "")
    return text_of(locale_of(named, request.headers.get("Accept-Language", "")))


def _page(template: str, status: HTTPStatus, **shown: Json) -> Response:
    text = _text()
    words = {category: text(f"trouble.{category.partition('/')[2]}") for category in TROUBLES}
    html = _templates().get_template(template).render(t=text, troubles=words, trap=TRAP, locales=_LANGUAGES, **shown)
    return Response(html, status, mimetype="text/html", headers=_HEADERS)


@cache
def _templates() -> Environment:
    loader = PackageLoader("bridge.web", "report_pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
