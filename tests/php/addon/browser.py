"""The stand-in WHMCS's web side, and a browser that keeps its session and follows nothing."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from tests.php.addon.whmcs import HOST, Whmcs

ADMIN = "/admin/addonmodules.php?module=tipstaff"
CLIENT = "/index.php?m=tipstaff"
_TOKEN = re.compile(r'name="tipstaff_token" value="([0-9a-f]{64})"')


@contextmanager
def served(whmcs: Whmcs) -> Iterator[str]:
    """WHMCS's address while `php -S` runs on a port the system chose."""
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(
            [whmcs.php, "-S", "127.0.0.1:0", str(HOST / "web.php")],
            env={**os.environ, "WHMCS_ROOT_FOLDER": str(whmcs.root), "PHP_CLI_SERVER_WORKERS": "1"},
            stdout=said,
            stderr=said,
        )
        try:
            yield _address(said, server)
        finally:
            server.terminate()
            server.wait(10)


def _address(said: Any, server: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        said.seek(0)
        found = re.search(r"\((http://127\.0\.0\.1:\d+)\) started", said.read())
        if found:
            return found.group(1)
        time.sleep(0.02)
    raise AssertionError("php -S did not start")


class Browser:
    """One person's session."""

    def __init__(self, whmcs: Whmcs, address: str, **session: int) -> None:
        self._whmcs = whmcs
        self._address = address
        self._session = requests.Session()
        self.log_in(**session)

    def log_in(self, **session: int) -> None:
        """Into the same session: `adminid=3`, `uid=7`."""
        if session:
            self.get("/login", **session)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self._sent("GET", path, params=query)

    def post(self, path: str, form: Any = None, *, token: str | None = None, files: Any = None) -> requests.Response:
        """With the token of a page, or one that is given; an empty one is left out."""
        fields = dict(form or {})
        token = self.token(path) if token is None else token
        if token:
            fields["tipstaff_token"] = token
        return self.send(path, fields, files=files)

    def send(self, path: str, form: Any, files: Any = None) -> requests.Response:
        """Exactly this form."""
        return self._sent("POST", path, data=form, files=files)

    def token(self, path: str) -> str:
        """The token of the first form on a page of the connection, or of any that posts."""
        text = self.get(path + "&path=/connection" if path.startswith(ADMIN) else path).text
        found = _TOKEN.search(text)
        return found.group(1) if found else ""

    def _sent(self, method: str, path: str, **more: Any) -> requests.Response:
        answer = self._session.request(method, self._address + path, allow_redirects=False, timeout=30, **more)
        self._whmcs.check_no_complaints()
        return answer
