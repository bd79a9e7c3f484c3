"""Where a Virtualizor master is and how we prove who we are; the only place that holds its secrets."""

from __future__ import annotations

import hashlib
import secrets
import string
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

from bridge.errors import InvalidInput

_NONCE_LETTERS = string.ascii_lowercase + string.digits
_NONCE_LENGTH = 8
_SHORTEST_MASKED = 4  # shorter ones occur in ordinary words


class Style(Enum):
    """How the credentials travel in the query string.

    PAIR     `adminapikey` and `adminapipass`, both in clear (what newer clients send)
    HASHED   `apikey`: eight random letters or digits and md5(API password + those eight) (what WHMCS sends)
    """

    PAIR = "pair"
    HASHED = "hashed"


@dataclass(frozen=True, kw_only=True)
class Access:
    """One master.

    url              `https://vps.example:4085/`; a path before `index.php` is kept; InvalidInput where it is none
    ca_file          certificate (or its CA) to trust instead of the system's; verification itself is never off
    connect_timeout  seconds until a connection stands
    answer_timeout   seconds of silence, and
    total_timeout    seconds in all, after which an answer counts as lost; a write lasts no longer than both together,
                     and a worker's lease must be longer than that
    """

    url: str
    api_key: str = field(repr=False)
    api_password: str = field(repr=False)
    style: Style = Style.PAIR
    ca_file: str | None = None
    connect_timeout: float = 10.0
    answer_timeout: float = 45.0
    total_timeout: float = 50.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidInput("virtualizor.url", "is not an http(s) address with a host")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise InvalidInput("virtualizor.url", "holds more than scheme, host, port and path")

    @property
    def endpoint(self) -> str:
        """The address of the dispatcher that every call goes to, without any credentials."""
        return self.url if self.url.endswith("/index.php") else self.url.rstrip("/") + "/index.php"

    @property
    def host(self) -> str:
        """Host and port, for people."""
        return urlsplit(self.url).netloc

    def credentials(self) -> dict[str, str]:
        """The query parameters that let one request in; a fresh nonce each time where the style has one."""
        if self.style is Style.PAIR:
            return {"adminapikey": self.api_key, "adminapipass": self.api_password}
        nonce = "".join(secrets.choice(_NONCE_LETTERS) for _ in range(_NONCE_LENGTH))
        digest = hashlib.md5((self.api_password + nonce).encode(), usedforsecurity=False)
        return {"apikey": nonce + digest.hexdigest()}

    def mask(self, text: str) -> str:
        """`text` with our own secrets blotted out, should a panel ever repeat them."""
        for secret in (self.api_password, self.api_key):
            text = text.replace(secret, "•••") if len(secret) >= _SHORTEST_MASKED else text
        return text
