"""The sandbox's stand-in for the addon: hooks go to the bridge, signed; those that ask wait for the answer.

Hooks that tell are kept in an outbox first and sent again, in order, until the bridge has taken them. Signed by the
Standard Webhooks scheme. While the bridge cannot be asked, the holds fetched last decide: automation is refused for a
service with a hold, anyone for one with a bar; provisioning is allowed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

_LONGEST_OUTBOX = 10_000


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something in the panel: an admin with an id, or automation (cron, gateways, the API)."""

    admin: int | None = None

    @property
    def fields(self) -> dict[str, object]:
        return {"by": "automation"} if self.admin is None else {"by": "admin", "admin": str(self.admin)}


AUTOMATION = Actor()


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One hook as it is sent, again and again under one id."""

    id: str
    hook: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Fired:
    """One hook that fired, for tests and the page."""

    hook: str
    vars: Mapping[str, Any]
    at: datetime


class HookSender:
    """Sends hooks to `<bridge_url>/hooks/whmcs`; without an address hooks only are remembered.

    now    what hooks say happened when; wall: what signatures are stamped with
    """

    def __init__(
        self,
        *,
        bridge_url: str | None,
        secret: str,
        now: Callable[[], datetime],
        wall: Callable[[], datetime],
        timeout: float = 2.0,
    ) -> None:
        self.bridge_url = bridge_url
        self._secret = secret
        self._now = now
        self._wall = wall
        self._timeout = timeout
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._outbox: deque[Delivery] = deque(maxlen=_LONGEST_OUTBOX)
        self._fired: list[Fired] = []
        self._holds: dict[tuple[str, str], bool] = {}
        self._cursor = ""
        self.rejected: list[str] = []

    @property
    def fired(self) -> tuple[Fired, ...]:
        with self._lock:
            return tuple(self._fired)

    @property
    def waiting(self) -> int:
        """Hooks that the bridge has not taken yet."""
        with self._lock:
            return len(self._outbox)

    def connect(self, bridge_url: str, secret: str) -> None:
        """Name the bridge once its address is known; what fired before was not kept for it."""
        self._secret = secret
        self.bridge_url = bridge_url

    def tell(self, hook: str, variables: Mapping[str, Any], actor: Actor = AUTOMATION) -> None:
        """Keep, then try to send at once; what does not get through is sent by `flush`."""
        delivery = self._delivery(hook, variables, actor)
        if self.bridge_url is not None:
            with self._lock:
                self._outbox.append(delivery)
            self.flush()

    def ask(self, hook: str, variables: Mapping[str, Any], actor: Actor, *, service: int) -> bool:
        """Whether the panel may go on."""
        delivery = self._delivery(hook, variables, actor)
        if self.bridge_url is None:
            return True
        answer = self._post(delivery)
        if answer is None or answer.status_code != requests.codes.ok:
            return self._may_go_on_unasked(hook, actor, service)
        try:
            outcome = answer.json().get("outcome")
        except (requests.JSONDecodeError, AttributeError):
            return self._may_go_on_unasked(hook, actor, service)
        return bool(outcome == "allow")

    def flush(self) -> int:
        """Send what waits, in order; stops where the bridge does not answer. Returns how many were taken."""
        taken = 0
        with self._sending:
            while (delivery := self._next()) is not None:
                answer = self._post(delivery)
                if (
                    answer is None
                    or answer.status_code >= requests.codes.server_error
                    or answer.status_code in (401, 429)
                ):
                    return taken
                if not answer.ok:
                    self.rejected.append(f"{delivery.hook}: HTTP {answer.status_code} {answer.text[:200]}")
                with self._lock:
                    self._outbox.popleft()
                taken += 1
        return taken

    def fetch_holds(self) -> bool:
        """Read the changes of holds since the last time; False where the bridge could not be read."""
        if self.bridge_url is None:
            return False
        url = f"{self.bridge_url.rstrip('/')}/hooks/holds"
        try:
            answer = requests.get(
                url,
                params={"since": self._cursor},
                headers=self._signed(_new_id(), b""),
                timeout=self._timeout,
            )
            changes = answer.json() if answer.ok else {}
        except requests.RequestException:
            return False
        for hold in changes.get("holds", ()):
            self._note_hold(hold)
        self._cursor = str(changes.get("cursor", self._cursor))
        return bool(answer.ok)

    def _note_hold(self, hold: Mapping[str, Any]) -> None:
        key = (str(hold.get("service")), str(hold.get("clause")))
        with self._lock:
            if hold.get("status") == "ended":
                self._holds.pop(key, None)
            else:
                self._holds[key] = bool(hold.get("bar"))

    def _may_go_on_unasked(self, hook: str, actor: Actor, service: int) -> bool:
        if hook != "PreModuleUnsuspend":
            return True
        with self._lock:
            bars = [bar for (held, _), bar in self._holds.items() if held == str(service)]
        return not bars or (actor.admin is not None and not any(bars))

    def _delivery(self, hook: str, variables: Mapping[str, Any], actor: Actor) -> Delivery:
        at = self._now()
        with self._lock:
            self._fired.append(Fired(hook=hook, vars=variables, at=at))
        told = {"hook": hook, "vars": variables, "at": at.isoformat().replace("+00:00", "Z"), **actor.fields}
        return Delivery(id=_new_id(), hook=hook, body=json.dumps(told).encode("utf-8"))

    def _next(self) -> Delivery | None:
        with self._lock:
            return self._outbox[0] if self._outbox else None

    def _post(self, delivery: Delivery) -> requests.Response | None:
        headers = {"Content-Type": "application/json", **self._signed(delivery.id, delivery.body)}
        url = f"{(self.bridge_url or '').rstrip('/')}/hooks/whmcs"
        try:
            return requests.post(url, data=delivery.body, headers=headers, timeout=self._timeout)
        except requests.RequestException:
            return None

    def _signed(self, delivery_id: str, body: bytes) -> dict[str, str]:
        stamp = int(self._wall().timestamp())
        encoded = self._secret.removeprefix("whsec_")
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
        digest = hmac.digest(key, f"{delivery_id}.{stamp}.".encode() + body, hashlib.sha256)
        return {
            "webhook-id": delivery_id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }


def _new_id() -> str:
    return f"msg_{secrets.token_hex(12)}"
