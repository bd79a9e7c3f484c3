"""Answers as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response

Json = Any


def answer(body: Mapping[str, Json], status: int = 200) -> Response:
    """`body` as JSON."""
    return Response(orjson.dumps(body), status, mimetype="application/json")
