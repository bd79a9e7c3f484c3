"""What customers do themselves: answer, give evidence, appeal, sign, ask for a refund.

Whose it is was looked up before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bridge.desk import Desk
from bridge.errors import InvalidInput
from bridge.exhibits import Exhibit, check_room, keep
from bridge.store.engine import storable
from bridge.store.store import Unit
from bridge.timeformat import format_time
from bridge.views import CLIENT_PAGE, Receipt, Source

Json = Any

LONGEST_REPLY = 10_000


class Customers:
    """Each call is one event."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def reply(self, client: str, case: str, text: str, claims: str) -> Receipt:
        """`claims` as interface 3 words it. Raises InvalidInput for an empty or too long text."""
        return self._accept("customer.replied", client, case=case, text=_written(text), claims=claims)

    def appeal(self, client: str, case: str, text: str) -> Receipt:
        """The customer disputes the case, and wants somebody else to decide it (see `bridge.appeals`)."""
        words = _written(text)
        return self._accept("customer.replied", client, case=case, text=words, claims="disputes", appeal=True)

    def sign(self, client: str, service: str, name: str) -> Receipt:
        """The undertaking that a policy asks for. Raises InvalidInput for a name that is none."""
        if not name.strip():
            raise InvalidInput("name", "is needed to sign")
        return self._accept("undertaking.signed", client, service=service, by=name.strip())

    def give_evidence(self, client: str, case: str, kind: str, text: str, files: Sequence[Exhibit]) -> Receipt:
        """Files, and words if there are any; `kind` as interface 3 words it.

        Raises InvalidInput without a file, NotAllowed for a case of child abuse, Conflict where it has no room.
        """
        if not files:
            raise InvalidInput("files", "choose at least one file")
        said = {"text": _written(text)} if text.strip() else {}
        told = [one.told() for one in files]
        raw, source = self._event("evidence.provided", client, case=case, kind=kind, files=told, **said)
        event = self._desk.read(raw)

        def work(unit: Unit) -> Receipt:
            check_room(unit, case, files)
            keep(unit, event.id, case, files, self._desk.clock.wall())
            return self._desk.take(unit, event, raw, source)

        return self._desk.store.write(work)

    def ask_refund(self, client: str, service: str) -> Receipt:
        """Once a day and service; more often the first verdict stands.

        No reason goes along: whether a product was withdrawn or a service was out is not the customer's to decide.
        """
        day = self._desk.clock.now().date().isoformat()
        return self._accept("refund.requested", client, id_=f"client-refund-{day}-{service}"[:256], service=service)

    def _accept(self, type_: str, client: str, id_: str = "", **fields: Json) -> Receipt:
        return self._desk.accept(*self._event(type_, client, id_, **fields))

    def _event(self, type_: str, client: str, id_: str = "", **fields: Json) -> tuple[dict[str, Json], Source]:
        """Of now, in the client's name."""
        now = format_time(self._desk.clock.now())
        event = {"id": id_ or self._desk.new_id("client"), "type": type_, **fields, "at": now}
        return event, Source(name=CLIENT_PAGE, by=f"client {client}", verified=True)


def _written(text: str) -> str:
    words = storable(text).strip()
    if not words:
        raise InvalidInput("text", "is empty")
    if len(words) > LONGEST_REPLY:
        raise InvalidInput("text", f"is longer than {LONGEST_REPLY} characters")
    return words
