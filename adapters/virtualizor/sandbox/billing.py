"""What the panel tells the billing side when it is not asked to skip it: the callback of the vendor's WHMCS module."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests


@dataclass(frozen=True, kw_only=True)
class Callback:
    """Where the module's `callback.php` is, and the shared `key` it accepts as `hash`."""

    url: str
    key: str = field(repr=False)
    timeout: float = 5.0

    def post(self, act: str, vpsid: int, data: Mapping[str, str | int]) -> bool:
        """Tell the billing side; a panel does not wait for it, so a failure is no error. True where it was accepted."""
        form = {
            "hash": self.key,
            "act[]": act,
            "vpsid": str(vpsid),
            "data": base64.b64encode(php_serialized(data)).decode(),
        }
        try:
            return requests.post(self.url, data=form, timeout=self.timeout, allow_redirects=False).ok
        except requests.RequestException:
            return False


def php_serialized(values: Mapping[str, str | int]) -> bytes:
    """PHP's `serialize` of a flat array with text keys; lengths are in bytes."""
    parts = (
        _php_string(key) + (_php_string(value) if isinstance(value, str) else b"i:%d;" % value)
        for key, value in values.items()
    )
    return b"a:%d:{%b}" % (len(values), b"".join(parts))


def _php_string(text: str) -> bytes:
    raw = text.encode()
    return b's:%d:"%b";' % (len(raw), raw)
