"""The last yard to the panel: HTTP sessions that add the credentials while the request line is written.

Virtualizor wants its secrets in the query string. Exceptions, log lines and `Response.url` all repeat the address they
were given; here they are given one without secrets, because only the connection itself completes it.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from adapters.virtualizor.access import Access
from adapters.virtualizor.pinning import Pinned

Credentials = Callable[[], Mapping[str, str]]


class Sessions:
    """One `requests.Session` per thread: sessions are not made to be shared."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._own = threading.local()

    def current(self) -> requests.Session:
        """The calling thread's session: nothing from the environment, no cookies kept, certificates always verified.

        Raises OSError where `ca_file` cannot be used.
        """
        session = getattr(self._own, "session", None)
        if isinstance(session, requests.Session):
            return session
        session = requests.Session()
        session.trust_env = False
        session.verify = self._access.ca_file or True
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        pinned = None if self._access.ca_file is None else Pinned.load(self._access.ca_file)
        door = Door(self._access.credentials, pinned)
        session.mount("http://", door)
        session.mount("https://", door)
        self._own.session = session
        return session


class Door(HTTPAdapter):
    """An adapter whose connections append `credentials()` to the query string of each request line.

    pinned   the certificates that stand for themselves; None for the system's CAs and names
    """

    def __init__(self, credentials: Credentials, pinned: Pinned | None) -> None:
        self._pool_classes = _pool_classes(credentials, pinned)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pool_classes


def _pool_classes(credentials: Credentials, pinned: Pinned | None) -> dict[str, type[HTTPConnectionPool]]:
    def completed(address: str) -> str:
        return f"{address}{'&' if '?' in address else '?'}{urlencode(credentials())}"

    class PlainConnection(HTTPConnection):
        def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
            super().putrequest(method, completed(url), *args, **options)

    class TlsConnection(HTTPSConnection):
        def connect(self) -> None:
            if pinned is None:
                super().connect()
                return
            self.assert_hostname = False  # checked below, before anything is sent
            super().connect()
            assert isinstance(self.sock, ssl.SSLSocket)
            try:
                pinned.check(self.sock, self.host)
            except ssl.SSLCertVerificationError:
                self.close()
                raise

        def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
            super().putrequest(method, completed(url), *args, **options)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = TlsConnection

    return {"http": PlainPool, "https": TlsPool}
