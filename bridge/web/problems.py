"""Every error as `application/problem+json` (RFC 9457); one table says which error is which status."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from bridge.errors import (
    Conflict,
    InvalidInput,
    InvalidPack,
    NotAllowed,
    NotFound,
    PanelError,
    TipstaffError,
    Unauthorized,
)

Json = Any
MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[Exception], HTTPStatus] = {
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidPack: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    PanelError: HTTPStatus.BAD_GATEWAY,
    OperationalError: HTTPStatus.SERVICE_UNAVAILABLE,
    InterfaceError: HTTPStatus.SERVICE_UNAVAILABLE,
    PoolTimeout: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The database's own errors are ours to mend, not the sender's: he is asked to come again."""

_STORE_WORDS = "The database does not answer; try again in a moment."
_RETRY_AFTER = "5"
_LONGEST_DETAIL = 1000


def status_of(error: Exception) -> HTTPStatus:
    """The status an error is answered with; 500 for what nobody foresaw."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: Json) -> Response:
    """A problem document; members that are None are left out."""
    known = HTTPStatus(status)
    body = {
        "type": "about:blank",
        "title": known.phrase,
        "status": int(status),
        "detail": detail[:_LONGEST_DETAIL],
        **{name: value for name, value in members.items() if value is not None},
    }
    answer = Response(orjson.dumps(body), int(status), mimetype=MEDIA_TYPE)
    if known is HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if known is HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = _RETRY_AFTER
    answer.headers.extend(dict(headers or {}))
    return answer


def of_error(error: Exception) -> Response:
    """An error of the table."""
    status = status_of(error)
    if isinstance(error, InvalidInput):
        return problem(status, str(error), field=error.field or None)
    return problem(status, str(error) if isinstance(error, TipstaffError) else _STORE_WORDS)


def of_http_exception(error: HTTPException) -> Response:
    """What Flask and Werkzeug refuse by themselves: 404, 405, 413, 415 …; redirects stay what they are."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    given = error.get_response()
    if status < HTTPStatus.BAD_REQUEST:
        return Response(given.get_data(), status, given.headers)
    headers = {name: value for name, value in given.headers if name in ("Accept", "Allow", "Retry-After")}
    return problem(status, error.description or HTTPStatus(status).phrase, headers=headers)
