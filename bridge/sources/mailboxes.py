"""Complaints out of a mailbox: each message is taken, committed, and only then marked; a bad one is set aside alone.

How far the mailbox was read is kept in our own database, so that mail a person has opened is not passed over. Should
the server number its messages anew (UIDVALIDITY), all are read again: those that were taken are known by their digest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bridge.errors import MarkRefused, SourceUnreachable
from bridge.ports import Clock, Letter, Mailbox, MailboxSession
from bridge.reception import Reception
from bridge.store.sources import keep_position, note_failure, note_success, position
from bridge.store.store import Store
from bridge.views import IMAP, Source

Json = Any

_log = structlog.get_logger(__name__)

LARGEST = 10 * 1024 * 1024
"""Bytes of a message, as by HTTP; of a larger one this much is kept, the whole stays in the mailbox."""

TRIES = 3
"""Starts at reading one message: one that ends the process each time is set aside."""

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
TYPE = "message/rfc822"


class MailboxWatch:
    """Reads one mailbox for as long as the program serves."""

    def __init__(
        self, name: str, mailbox: Mailbox, reception: Reception, store: Store, clock: Clock, *, every: timedelta
    ) -> None:
        self.name = name
        self._mailbox = mailbox
        self._reception = reception
        self._store = store
        self._clock = clock
        self._every = every
        self._source = Source(name=name, kind=IMAP)
        self._unmarked: str | None = None
        """Why what was taken cannot be marked; it is not read again for that."""

    def run(self, stop: Event) -> None:
        """Until `stop` is set; trouble is written down, and the mailbox tried again after a growing pause."""
        failures = 0
        while not stop.is_set():
            try:
                with self._mailbox.opened() as session:
                    while not stop.is_set():
                        # What comes meanwhile is announced while messages are fetched, and not once more.
                        while self.drain(session, stop):
                            failures = 0
                        failures = 0
                        session.wait(self._every.total_seconds(), stop)
            except SourceUnreachable as trouble:
                self._failed(str(trouble))
            except (SQLAlchemyError, OSError) as trouble:
                _log.warning("a mailbox waits for the database", source=self.name, error=type(trouble).__name__)
            stop.wait(min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(failures, 12))).total_seconds())
            failures += 1

    def drain(self, session: MailboxSession, stop: Event) -> int:
        """Take every message that is new, in the order in which they came; how many there were."""
        with self._store.read() as connection:
            reached = position(connection, self.name)
        known = reached.get("validity")
        if known is not None and known != session.validity:
            _log.warning("the mailbox is numbered anew; all of it is read again", source=self.name)
        if known != session.validity:
            reached = {"validity": session.validity, "uid": 0}
        new = session.after(int(reached["uid"]))
        self._told()
        for uid in new:
            if stop.is_set():
                return 0
            tries = int(reached.get("tries", 0)) + 1 if reached.get("trying") == uid else 1
            self._reach({**reached, "trying": uid, "tries": tries})
            taken = {"validity": session.validity, "uid": uid}
            letter = self._fetched(session, uid, tries, taken)
            try:
                if letter is not None:
                    self._one(session, uid, letter, tries)
            except Exception:
                # The program has lived on: this was no try that ended it.
                self._reach(reached)
                raise
            reached = taken
        self._reach(reached)
        self._told()
        return len(new)

    def _fetched(self, session: MailboxSession, uid: int, tries: int, taken: Mapping[str, Json]) -> Letter | None:
        """None where the message is gone. One that the server cannot hand out must not hold up those behind it."""
        try:
            return session.fetch(uid, LARGEST)
        except SourceUnreachable as trouble:
            if tries >= TRIES:
                name = f"message {uid} ({session.validity}) of {self.name}"
                reason = f"{name} stays in the mailbox, whose server does not hand it out: {trouble}"
                self._reception.keep(name.encode(), "text/plain", self._source, reason)
                self._reach(taken)
            raise

    def _one(self, session: MailboxSession, uid: int, letter: Letter, tries: int) -> None:
        if tries > TRIES:
            reason = "reading it ended the program, more than once"
        elif letter.size > LARGEST:
            reason = f"it has {letter.size} bytes, of which {LARGEST} are kept here"
        elif (trouble := self._taken(letter)) is not None:
            reason = f"reading it failed: {trouble}"
        else:
            self._mark(session.mark_taken, uid)
            return
        self._reception.keep(letter.content, TYPE, self._source, reason)
        self._mark(session.mark_quarantined, uid)

    def _mark(self, mark: Callable[[int], None], uid: int) -> None:
        """How far the mailbox was read is known without marks, too: a server that takes none is read, and told of."""
        try:
            mark(uid)
        except MarkRefused as refusal:
            _log.warning("a message was taken and cannot be marked", source=self.name, error=str(refusal))
            self._unmarked = f"what was taken cannot be marked: {refusal}"
        else:
            self._unmarked = None

    def _taken(self, letter: Letter) -> str | None:
        """None once the message is committed; else what is wrong with it. Raises where the trouble is our own."""
        try:
            self._reception.take_complaints(letter.content, TYPE, self._source)
        except (SQLAlchemyError, OSError):
            raise
        except Exception as trouble:  # noqa: BLE001 - whatever a message does, the next one is to be read
            _log.error("a message could not be read", source=self.name, error=type(trouble).__name__)
            return type(trouble).__name__
        return None

    def _reach(self, reached: Mapping[str, Json]) -> None:
        keep = partial(keep_position, name=self.name, kind=IMAP, now=self._clock.wall(), reached=reached)
        self._store.write(keep)

    def _told(self) -> None:
        """The mailbox answers; well it is where what is taken can also be marked."""
        now, unmarked = self._clock.wall(), self._unmarked
        if unmarked is None:
            self._store.write(lambda unit: note_success(unit, self.name, IMAP, now))
        else:
            self._store.write(lambda unit: note_failure(unit, self.name, IMAP, now, unmarked))

    def _failed(self, words: str) -> None:
        _log.warning("a mailbox cannot be read", source=self.name, error=words)
        self._store.write(lambda unit: note_failure(unit, self.name, IMAP, self._clock.wall(), words))
