"""The API's description and the way it reads arguments: flask-smorest with our errors, our JSON and our security."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from flask import Flask, Request
from flask_smorest import Api, Blueprint
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.routing import BaseConverter, Rule

from bridge import __version__
from bridge.config import first_problem
from bridge.errors import InvalidInput
from bridge.web import schemas
from bridge.web.auth import Guard
from bridge.web.bodies import JSON, body_of, media_type, read_object
from bridge.web.problems import MEDIA_TYPE

Json = Any
View = TypeVar("View", bound=Callable[..., Any])


class IdConverter(BaseConverter):
    """An id in a path: whatever an event's id may hold, also slashes."""

    regex = r"[^\x00-\x1f\x7f]{1,256}?"
    part_isolating = False
    weight = 200


class Arguments(FlaskParser):
    """Reads arguments by our rules: JSON by `read_object`, each query parameter once, problems as InvalidInput."""

    def load_json(self, req: Request, schema: Schema) -> Json:
        data = body_of(req)
        if not data:
            return {}
        media_type(req, JSON)
        return read_object(data)

    def load_querystring(self, req: Request, schema: Schema) -> Json:
        for name, values in req.args.lists():
            if len(values) > 1:
                raise InvalidInput(name[:60], "is given more than once")
        return MultiDictProxy(req.args, schema)

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        messages: Any = error.messages
        name, problem = first_problem(next(iter(messages.values())))
        raise InvalidInput(name[:60], problem[:300]) from error


class Room:
    """A blueprint of the API: each of its calls says who may use it, what it reads and what it may answer."""

    def __init__(self, name: str, description: str, guard: Guard) -> None:
        self.blueprint: Any = Blueprint(name, f"bridge.web.{name}", description=description)
        self.blueprint.ARGUMENTS_PARSER = Arguments()
        self._guard = guard

    def call(
        self,
        rule: str,
        *,
        scopes: tuple[str, ...],
        answers: tuple[int, type[Schema]],
        fails: tuple[int, ...] = (),
        query: type[Schema] | None = None,
        body: type[Schema] | Mapping[str, Json] | None = None,
    ) -> Callable[[View], View]:
        """A view at `rule`: POST where it has a body, else GET. Its summary is its docstring.

        query, body  a schema that is read and handed to the view first; as a mapping the body is only described
        """

        def decorate(view: View) -> View:
            made: Any = view
            for status in sorted({*fails, *((422,) if query else ())}):
                made = self.blueprint.alt_response(status, ERRORS[status])(made)
            made = self.blueprint.alt_response(answers[0], schema=answers[1], success=True)(made)
            if query is not None:
                made = self.blueprint.arguments(query, location="query", unknown=None)(made)
            if isinstance(body, Mapping):
                made = self.blueprint.doc(requestBody=body)(made)
            elif body is not None:
                made = self.blueprint.arguments(body, required=False)(made)
            made = self.blueprint.doc(security=[{"bearer": []}])(made)
            made = self._guard.needs(*scopes)(made)
            self.blueprint.route(rule, methods=["GET" if body is None else "POST"])(made)
            return view

        return decorate


_INTRODUCTION = """\
What comes in becomes an event; what is decided are records; what is to be done in a panel are actions.
Errors are application/problem+json and name the field. Bodies hold at most 10 MiB.
"""


def describe(app: Flask) -> Any:
    """An empty description (flask-smorest's Api) that blueprints are registered with."""
    app.config.update(API_TITLE="Tipstaff", API_VERSION=__version__, OPENAPI_VERSION="3.0.3")
    app.url_map.converters["id"] = IdConverter
    api = Api(spec_kwargs={"info": {"description": _INTRODUCTION}})
    api.ERROR_SCHEMA = schemas.Problem
    api.DEFAULT_ERROR_RESPONSE_NAME = None
    api.init_app(app)
    api.register_converter(IdConverter, lambda converter: {"type": "string", "minLength": 1, "maxLength": 256})
    for response in api.spec.components.responses_lazy.values():
        content = response.get("content", {})
        if JSON in content:
            content[MEDIA_TYPE] = content.pop(JSON)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for name, header in _SIGNATURE.items():
        api.spec.components.security_scheme(name, {"type": "apiKey", "in": "header", "name": header})
    return api


_SIGNATURE = {"signatureId": "webhook-id", "signatureTimestamp": "webhook-timestamp", "signature": "webhook-signature"}
_SIGNED: list[dict[str, list[str]]] = [{name: [] for name in _SIGNATURE}]
"""All three headers of the Standard Webhooks scheme, together."""

EVENT_BODY: dict[str, Json] = {
    "required": True,
    "content": {
        JSON: {"schema": schemas.EventIn},
        "application/x-ndjson": {"schema": {"type": "string", "description": "an event in each line"}},
    },
}
COMPLAINT_BODY: dict[str, Json] = {
    "required": True,
    "content": {
        "message/rfc822": {"schema": {"type": "string", "description": "a mail as it arrived"}},
        JSON: {"schema": {"type": "object", "description": "an XARF report, or a list of them"}},
        "application/x-ndjson": {"schema": {"type": "string", "description": "an XARF report in each line"}},
        "text/plain": {"schema": {"type": "string"}},
        "text/csv": {"schema": {"type": "string", "description": "a feed: a heading, and a row for each incident"}},
        "application/zip": {"schema": {"type": "string", "format": "binary", "description": "feeds, zipped"}},
        "application/gzip": {"schema": {"type": "string", "format": "binary"}},
    },
}
ERRORS = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "REQUEST_ENTITY_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "UNPROCESSABLE_ENTITY",
    503: "SERVICE_UNAVAILABLE",
}


def describe_signed(api: Any) -> None:
    """The paths that plain blueprints serve: hooks and pages, all signed."""
    verdict = {200: _answer(schemas.VerdictOut, "the verdict"), 202: _answer(schemas.VerdictOut, "taken")}
    for path in ("/hooks/whmcs", "/hooks/virtualizor"):
        _operation(api, path, "post", verdict, body=schemas.HookIn)
    changes = {200: _answer(schemas.HoldsOut, "changes of holds since the cursor")}
    since = {"in": "query", "name": "since", "schema": {"type": "string"}}
    _operation(api, "/hooks/holds", "get", changes, parameters=[since])
    for path in ("/panel", "/client"):
        page = {200: _answer(schemas.PageOut, "a page for the panel to show"), 403: ERRORS[403]}
        _operation(api, path, "post", page, body=schemas.PageIn)


def describe_operations(api: Any) -> None:
    """What machines that watch over the program ask."""
    health = {200: _answer(schemas.HealthOut, "it is")}
    _open(api, "/healthz", "Whether the process answers", health)
    _open(api, "/readyz", "Whether database and worker are ready", {**health, 503: ERRORS[503]})
    text = {200: {"description": "the Prometheus text format", "content": {"text/plain": {}}}}
    refused = {401: ERRORS[401], 403: ERRORS[403]}
    _open(api, "/metrics", "Counts and gauges", {**text, **refused}, security=[{"bearer": []}, {}])


def describe_report(api: Any, fields: Mapping[str, bool], categories: Sequence[str]) -> None:
    """The public report form. fields: whether each must be filled in; categories: what may be reported."""
    page = {"text/html": {"schema": {"type": "string"}}}
    refused = {**page, MEDIA_TYPE: {"schema": schemas.Problem}}
    properties: dict[str, Json] = {name: {"type": "string"} for name in fields}
    properties["category"]["enum"] = list(categories)
    form = {"type": "object", "properties": properties, "required": [name for name, must in fields.items() if must]}
    taken = {"type": "object", "properties": {"reference": {"type": "string"}, "report": {"type": "object"}}}
    language = {"in": "query", "name": "lang", "schema": {"type": "string"}}
    shown = {"200": {"description": "the form", "content": page}}
    sent = {
        "202": {"description": "taken in", "content": {**page, JSON: {"schema": taken}}},
        **{str(status): ERRORS[status] for status in (400, 413, 415)},
        "422": {"description": "something is missing or wrong", "content": refused},
        "429": {"description": "too many reports for the moment", "content": refused},
    }
    common: dict[str, Json] = {"tags": ["report"], "security": [], "parameters": [language]}
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}}
    operations = {
        "get": {**common, "summary": "The public report form", "responses": shown},
        "post": {**common, "summary": "Report abuse without a token", "requestBody": body, "responses": sent},
    }
    api.spec.path(rule=Rule("/report"), operations=operations)
    reference = {"in": "path", "name": "reference", "required": True, "schema": {"type": "string", "minLength": 1}}
    report = {"description": "the report as XARF", "content": {JSON: {"schema": {"type": "object"}}}}
    download = {
        "summary": "A report, for whoever knows its reference",
        "tags": ["report"],
        "security": [],
        "parameters": [reference],
        "responses": {"200": report, "404": ERRORS[404]},
    }
    api.spec.path(rule=Rule("/report/<reference>.json"), operations={"get": download})


def _open(api: Any, path: str, summary: str, responses: Json, security: Json = ()) -> None:
    operation = {
        "summary": summary,
        "tags": ["operations"],
        "security": list(security),
        "responses": {str(status): said for status, said in responses.items()},
    }
    api.spec.path(rule=Rule(path), operations={"get": operation})


def _answer(schema: type[Schema], description: str) -> dict[str, Json]:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _operation(
    api: Any, path: str, method: str, responses: Json, *, body: type[Schema] | None = None, parameters: Json = ()
) -> None:
    refused = {status: ERRORS[status] for status in (401, 413, 422)}
    operation: dict[str, Json] = {
        "security": _SIGNED,
        "tags": ["signed"],
        "parameters": list(parameters),
        "responses": {str(status): said for status, said in {**responses, **refused}.items()},
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": body}}}
    api.spec.path(rule=Rule(path), operations={method: operation})
