"""The pages without a log-in, for whoever sits at this machine: the demo's way in.

Only for a peer on loopback who also asked for a loopback name (a foreign page in the same browser cannot), and what
changes something needs a token that only our own forms carry.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
from http import HTTPStatus

from flask import Blueprint, Response, redirect, request
from markupsafe import escape
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from bridge.errors import NotAllowed
from bridge.web.pages.page import ADMIN, Attached, PageAnswer, PageRequest, Pages, Viewer

_HOST = re.compile(r"(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
_TOKEN = "token"
_VIEWER = Viewer(id="local", name="whoever sits at this machine", role=ADMIN)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_FRAME = """\
<!doctype html>
<html><head><meta charset="utf-8"><title>%s</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; }
body { font-family: "Open Sans", system-ui, sans-serif; margin: 1rem auto; max-width: 80rem; padding: 0 1rem; }
@media (prefers-color-scheme: dark) { body { background: #16191d; } }
</style></head>
<body>
%s
</body></html>
"""


def open_pages_blueprint(pages: Pages) -> Blueprint:
    """`GET /` and `POST /`, the page in `path`. A new token with every start."""
    blueprint = Blueprint("open_pages", __name__)
    token = secrets.token_urlsafe(24)

    @blueprint.get("/")
    def show() -> AnyResponse:
        check_place()
        return _answered(pages.render(_request(token)))

    @blueprint.post("/")
    def act() -> AnyResponse:
        check_place()
        given = request.form.get(_TOKEN, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
            raise NotAllowed("the form is from another start of the program, or not ours: open the page again")
        return _answered(pages.render(_request(token)))

    return blueprint


def check_place() -> None:
    if not _is_loopback(request.remote_addr) or not _HOST.fullmatch(request.host):
        raise NotAllowed("these pages are for this machine only: ask for http://127.0.0.1")


def _is_loopback(peer: str | None) -> bool:
    try:
        return ipaddress.ip_address(peer or "").is_loopback
    except ValueError:
        return False


def _request(token: str) -> PageRequest:
    values = request.form if request.method == "POST" else request.args
    return PageRequest(
        viewer=_VIEWER,
        method=request.method if request.method == "POST" else "GET",
        path=values.get("path", "/"),
        query=dict(request.args.lists()),
        form=dict(request.form.lists()),
        base="/",
        hidden={_TOKEN: token},
        verified=False,
        languages=request.headers.get("Accept-Language", ""),
        files={field: [_uploaded(one) for one in files] for field, files in request.files.lists()},
    )


def _uploaded(file: FileStorage) -> Attached:
    return Attached(name=file.filename or "", type=file.mimetype, content=file.read())


def _answered(page: PageAnswer) -> AnyResponse:
    if page.location is not None:
        return redirect(page.location, HTTPStatus.SEE_OTHER)
    if page.download is not None:
        return _handed_out(page.download)
    return Response(_FRAME % (escape(page.title), page.html), page.status, mimetype="text/html", headers=_HEADERS)


def _handed_out(file: Attached) -> AnyResponse:
    """A file for the browser to save, never to show."""
    headers = {**_HEADERS, "X-Content-Type-Options": "nosniff"}
    answer = Response(file.content, mimetype=file.type, headers=headers)
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    return answer
