"""A mailbox on an IMAP server (RFC 3501, IDLE by RFC 2177, MOVE by RFC 6851), by UIDs alone.

A message is fetched without marking it; only the caller, once it is committed, has it marked or moved.
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from imapclient import IMAPClient

from bridge.errors import MarkRefused, SourceUnreachable
from bridge.ports import Letter

_TIMEOUT = 60.0
_SLICE = 1.0
"""Seconds between two looks whether to stop, while waiting."""
_LONGEST_IDLE = 9 * 60.0
"""Servers end an IDLE after half an hour, many routers a silent line after ten minutes."""
_LONGEST_WORDS = 200
_TROUBLE = (imaplib.IMAP4.error, OSError, ValueError)


@dataclass(frozen=True, kw_only=True)
class Access:
    """Where the mailbox is.

    security    tls, starttls or none
    folder      this and the others with `/` between their parts, whatever the server puts there
    done        the folder for what was taken; None: it is marked as seen and stays
    quarantine  the folder for what could not be read; None: it is flagged and stays
    ca_file     for a server whose certificate no public authority signed
    """

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    done: str | None = None
    quarantine: str | None = None
    ca_file: str | None = None


class ImapMailbox:
    """Implements `bridge.ports.Mailbox`: each session is a connection of its own."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @contextmanager
    def opened(self) -> Iterator[ImapSession]:
        """A session on the folder. Raises SourceUnreachable for whatever the server or the line does, also within."""
        try:
            with self._connected() as client:
                yield ImapSession(client, self._access, self._words)
        except _TROUBLE as trouble:
            raise SourceUnreachable(self._words(trouble)) from trouble

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        access = self._access
        secure = ssl.create_default_context(cafile=access.ca_file)
        tls = access.security == "tls"
        client = IMAPClient(access.host, access.port, ssl=tls, ssl_context=secure if tls else None, timeout=_TIMEOUT)
        with client:
            if access.security == "starttls":
                client.starttls(secure)
            client.login(access.user, access.password)
            yield client

    def _words(self, trouble: Exception) -> str:
        """What went wrong, without the password should a server repeat it."""
        said = " ".join(str(trouble).split())
        if self._access.password:
            said = said.replace(self._access.password, "…")
        return f"{self._access.host}: {type(trouble).__name__}: {said[:_LONGEST_WORDS]}"


class ImapSession:
    """Implements `bridge.ports.MailboxSession`; what it does not translate, `opened` does.

    words  what went wrong, as staff may read it
    """

    def __init__(self, client: Any, access: Access, words: Callable[[Exception], str]) -> None:
        self._client = client
        self._access = access
        self._words = words
        self._places: dict[str, str] = {}
        self._is_readonly = False
        folder = self._place(access.folder)
        try:
            selected = client.select_folder(folder)
        except imaplib.IMAP4.readonly:
            self._is_readonly = True
            selected = client.select_folder(folder, readonly=True)
        self.validity = int(selected[b"UIDVALIDITY"])

    def after(self, uid: int) -> Sequence[int]:
        """UIDs of messages that came later, ascending."""
        found = self._client.search(["UID", f"{uid + 1}:*"])
        return sorted(int(each) for each in found if int(each) > uid)

    def fetch(self, uid: int, most: int) -> Letter | None:
        """At most so many bytes of a message, and its real size; None where it is gone. Raises SourceUnreachable."""
        try:
            return self._fetched(uid, most)
        except _TROUBLE as trouble:
            raise SourceUnreachable(self._words(trouble)) from trouble

    def _fetched(self, uid: int, most: int) -> Letter | None:
        answer = self._client.fetch([uid], ["RFC822.SIZE", f"BODY.PEEK[]<0.{most}>"]).get(uid)
        if answer is None:
            return None
        content = answer.get(b"BODY[]<0>")
        return None if content is None else Letter(content=bytes(content), size=int(answer[b"RFC822.SIZE"]))

    def mark_taken(self, uid: int) -> None:
        self._put(uid, self._access.done, b"\\Seen")

    def mark_quarantined(self, uid: int) -> None:
        self._put(uid, self._access.quarantine, b"\\Flagged")

    def _put(self, uid: int, folder: str | None, flag: bytes) -> None:
        """Raises MarkRefused where the server takes no mark."""
        if self._is_readonly:
            raise MarkRefused("the mailbox is read-only")
        try:
            self._client.add_flags([uid], [flag], silent=True)
            if folder is not None:
                self._move(uid, self._made(folder))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as refusal:
            raise MarkRefused(self._words(refusal)) from refusal

    def _move(self, uid: int, folder: str) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move([uid], folder)
            return
        self._client.copy([uid], folder)
        self._client.delete_messages([uid], silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge([uid])

    def _made(self, folder: str) -> str:
        """The folder by the name that the server knows it by; created where it is not there."""
        known = self._places.get(folder)
        if known is None:
            known = self._place(folder)
            if not self._client.folder_exists(known):
                self._client.create_folder(known)
            self._places[folder] = known
        return known

    def _place(self, folder: str) -> str:
        """Some servers part folders by a dot, and some keep all of them beneath INBOX (RFC 2342)."""
        if folder.upper() == "INBOX" or self._client.folder_exists(folder):
            return folder
        if self._client.has_capability("NAMESPACE"):
            prefix, separator = (self._client.namespace().personal or (("", "/"),))[0]
        else:
            prefix, separator = "", "/"
        name = folder.replace("/", separator or "/")
        return name if name.startswith(prefix) else f"{prefix}{name}"

    def wait(self, seconds: float, stop: Event) -> None:
        """Until something is announced, by IDLE where the server has it, or for so many seconds."""
        if not self._client.has_capability("IDLE"):
            stop.wait(seconds)
            self._client.noop()
            return
        self._client.idle()
        left = min(seconds, _LONGEST_IDLE)
        heard = False
        while left > 0 and not heard and not stop.is_set():
            heard = any(
                b"EXISTS" in said for said in self._client.idle_check(timeout=_SLICE) if isinstance(said, tuple)
            )
            left -= _SLICE
        self._client.idle_done()
