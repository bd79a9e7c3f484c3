"""What the Virtualizor module of WHMCS does on suspend, unsuspend and terminate: one call to the panel of the server.

It looks at `done` alone, sends no reason, and keeps the panel from calling back.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import requests

from adapters.whmcs.sandbox.seed import SeedServer

ServerModule = Callable[[str, SeedServer | None, str], str | None]
"""Command (suspend, unsuspend, delete), server entry, vpsid -> None for success, else the error text."""

_TIMEOUT = 30.0
_LOWER_ALPHANUMERICS = "abcdefghijklmnopqrstuvwxyz0123456789"


def virtualizor_module(command: str, server: SeedServer | None, vpsid: str) -> str | None:
    """Call the server's panel; a server entry without an address always succeeds."""
    if server is None or not server.url:
        return None
    if not vpsid:
        return "VPS ID not found"
    asked = {"act": "vs", "api": "json", "apikey": _api_key(server.password), command: vpsid, "skip_callback": "1"}
    try:
        response = requests.get(
            f"{server.url.rstrip('/')}/index.php", params=asked, timeout=_TIMEOUT, allow_redirects=False
        )
        answer = response.json()
    except requests.RequestException:
        return "Could not connect to the Virtualizor server"
    if isinstance(answer, Mapping) and answer.get("done"):
        return None
    return _said(answer)


def _said(answer: Any) -> str:
    if isinstance(answer, Mapping):
        errors = answer.get("error_msg") or answer.get("error") or answer.get("fatal_error_text")
        if isinstance(errors, Mapping):
            errors = list(errors.values())
        if errors:
            return "; ".join(map(str, errors)) if isinstance(errors, list) else str(errors)
    return "Unknown error from the Virtualizor server"


def _api_key(password: str) -> str:
    salt = "".join(secrets.choice(_LOWER_ALPHANUMERICS) for _ in range(8))
    return salt + hashlib.md5((password + salt).encode(), usedforsecurity=False).hexdigest()
