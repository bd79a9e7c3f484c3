"""The sandbox panel itself: who may come in, what a call does, what others are told of it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.virtualizor.sandbox.billing import Callback
from adapters.virtualizor.sandbox.estate import Estate, Refused
from adapters.virtualizor.sandbox.reading import READING
from adapters.virtualizor.sandbox.seed import Seed
from adapters.virtualizor.sandbox.trouble import Faults, Journal
from adapters.virtualizor.sandbox.writing import WRITING, Answer, Asked, News, delete_addresses
from adapters.virtualizor.table import calls

OnHook = Callable[[str, Mapping[str, Any]], None]
"""Told of every event that the panel's hooks folder would see: its name, and the row of the machine."""

DASHBOARD = "Admin Panel"


@dataclass(frozen=True, kw_only=True)
class Pass:
    """The credentials that the sandbox accepts, in either style."""

    api_key: str = field(repr=False)
    api_password: str = field(repr=False)

    def fits(self, query: Mapping[str, str]) -> bool:
        """Whether a query string proves knowledge of the credentials."""
        pair = (query.get("adminapikey", ""), query.get("adminapipass", ""))
        if all(map(_same, pair, (self.api_key, self.api_password))):
            return True
        hashed = query.get("apikey", "")
        nonce = hashed[:8]
        expected = hashlib.md5((self.api_password + nonce).encode(), usedforsecurity=False).hexdigest()
        return len(nonce) == 8 and nonce.isalnum() and _same(hashed[8:], expected)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace"))


class SandboxPanel:
    """Behaves as README.md beside the adapter says; strict about what is documented."""

    def __init__(
        self,
        seed: Seed,
        *,
        credentials: Pass,
        now: Callable[[], datetime],
        callback: Callback | None = None,
        on_hook: OnHook | None = None,
    ) -> None:
        self.estate = Estate(seed, now)
        self.credentials = credentials
        self.faults = Faults()
        self.journal = Journal()
        self._callback = callback
        self._on_hook = on_hook

    def hold_against_the_table(self, call: str, method: str, query: Pairs, form: Pairs) -> None:
        """Note whatever in a request is not documented."""
        documented = calls().get(call)
        if documented is None:
            self.journal.blame(call, "is not documented")
            return
        for problem in documented.violations(method, query, form):
            self.journal.blame(call, problem)
        if call not in READING and call not in WRITING:
            self.journal.blame(call, "is documented, and this sandbox does not do it")

    def answer(self, call: str, query: Mapping[str, str], form: Pairs) -> Answer:
        """What the panel answers; the work is done when this returns."""
        news = News()
        with self.estate.lock:
            self.estate.settle_migrations()
            answer = self._answer(call, Asked(query, form), news)
        if query.get("skip_callback") != "1" and self._callback is not None:
            for act, vpsid, details in news.callbacks:
                self._callback.post(act, vpsid, details)
        if self._on_hook is not None:
            for hook, row in news.hooks:
                self._on_hook(hook, row)
        return answer

    def _answer(self, call: str, asked: Asked, news: News) -> Answer:
        try:
            if call == "ips" and "delete" in asked.fields:
                return self._page(call, delete_addresses(self.estate, asked, news))
            if call in READING:
                return self._page(call, READING[call](self.estate, asked.query))
            if call in WRITING:
                return self._page(call, WRITING[call](self.estate, asked, news) or {})
        except Refused as refusal:
            return self._page(call, refusal_answer(refusal))
        return self._page(call if call in calls() else DASHBOARD, {})

    def _page(self, title: str, content: Answer) -> Answer:
        shown = title if title == DASHBOARD else f"Virtualizor - {title.partition(':')[0]}"
        return {**content, "title": shown, "timenow": self.estate.timestamp(), "time_taken": "0.013"}


Pairs = Sequence[tuple[str, str]]


def refusal_answer(refusal: Refused) -> Answer:
    """An error in one of the shapes the panel has for it."""
    if refusal.shape == "fatal":
        return {"fatal_error_heading": "Fatal error", "fatal_error_text": refusal.words}
    if refusal.shape == "error_msg":
        return {"error": [], "error_msg": refusal.words}
    if refusal.reason is not None:
        return {"error": {refusal.reason: refusal.words}}
    return {"error": [refusal.words]}
