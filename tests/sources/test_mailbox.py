"""Complaints out of a real mailbox: each taken once, marked after it was committed, a bad one set aside alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from imapclient import IMAPClient
from sqlalchemy import select

from adapters.imap.mailbox import Access, ImapMailbox
from bridge.errors import SourceUnreachable
from bridge.reception import Reception
from bridge.sources.mailboxes import MailboxWatch
from bridge.store.tables import complaints
from bridge.views import Filter, Source, TakenComplaint
from tests.contract.store.bureau import Bureau
from tests.dovecot import Dovecot
from tests.unit.decide.scenario import IP

OWN = (ip_network("192.0.2.0/24"),)
PATIENCE = 15.0


def a_mail(number: int = 1) -> bytes:
    return (
        f"From: fail2ban@victim{number}.example\r\nTo: abuse@host.example\r\nSubject: [Fail2Ban] abuse from {IP}\r\n"
        f"Date: Thu, 29 Feb 2024 23:00:00 +0000\r\nMessage-ID: <{number}@victim.example>\r\n\r\n"
        f"Feb 29 22:58:11 mail sshd[{number}]: Failed password for root from {IP} port 4711 ssh2\r\n"
    ).encode()


POISON = b"From: a@example.net\r\nSubject: poison\r\n\r\npoison\r\n"


class Picky(Reception):
    """Reading one message of them goes wrong."""

    def take_complaints(self, data: bytes, content_type: str, source: Source) -> list[TakenComplaint]:
        if b"poison" in data:
            raise RuntimeError
        return super().take_complaints(data, content_type, source)


def access(dovecot: Dovecot, user: str, **more: Any) -> Access:
    given: dict[str, Any] = {"password": dovecot.password, "done": "Taken", "quarantine": "Doubtful", **more}
    return Access(host="127.0.0.1", port=dovecot.port, security="none", user=user, **given)


def a_watch(bureau: Bureau, where: Access) -> MailboxWatch:
    reception = Picky(bureau.desk, OWN, {})
    every = timedelta(minutes=10)
    return MailboxWatch("abuse", ImapMailbox(where), reception, bureau.store, bureau.clock, every=every)


def drained(watch: MailboxWatch, where: Access) -> None:
    with ImapMailbox(where).opened() as session:
        watch.drain(session, threading.Event())


@contextmanager
def logged_in(dovecot: Dovecot, user: str) -> Iterator[Any]:
    with IMAPClient("127.0.0.1", dovecot.port, ssl=False, timeout=10) as client:
        client.login(user, dovecot.password)
        yield client


def deliver(dovecot: Dovecot, user: str, *mails: bytes, folder: str = "INBOX") -> None:
    with logged_in(dovecot, user) as client:
        if not client.folder_exists(folder):
            client.create_folder(folder)
        for mail in mails:
            client.append(folder, mail)


def count(dovecot: Dovecot, user: str, folder: str) -> int:
    with logged_in(dovecot, user) as client:
        return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"]) if client.folder_exists(folder) else 0


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not holds():
        time.sleep(0.05)
    return holds()


def test_mail_is_taken_moved_and_a_bad_message_set_aside_alone(bureau: Bureau, dovecot: Dovecot) -> None:
    where = access(dovecot, "one")
    deliver(dovecot, "one", a_mail(1), POISON, a_mail(2))
    watch = a_watch(bureau, where)
    drained(watch, where)
    drained(watch, where)
    (case,) = bureau.cases()
    assert (case["service"], len(case["complaints"])) == ("1", 2)
    assert [count(dovecot, "one", folder) for folder in ("INBOX", "Taken", "Doubtful")] == [0, 2, 1]
    (review,) = bureau.enquiries.reviews(Filter(), 10, None).items
    assert "RuntimeError" in review["reason"]
    (source,) = bureau.enquiries.sources()
    assert (source["name"], source["state"], source["messages"]) == ("abuse", "ok", 3)


def test_mail_somebody_has_opened_is_taken_and_a_mailbox_numbered_anew_is_read_again(
    bureau: Bureau, dovecot: Dovecot
) -> None:
    where = access(dovecot, "two", folder="Abuse", done=None)
    deliver(dovecot, "two", a_mail(1), folder="Abuse")
    with logged_in(dovecot, "two") as client:
        client.select_folder("Abuse")
        client.add_flags([1], [rb"\Seen"])
    watch = a_watch(bureau, where)
    drained(watch, where)
    with logged_in(dovecot, "two") as client:
        client.delete_folder("Abuse")
    deliver(dovecot, "two", a_mail(1), a_mail(3), folder="Abuse")
    drained(watch, where)
    assert len(bureau.cases()[0]["complaints"]) == 2
    assert len(bureau.rows(select(complaints.c.digest))) == 2


def test_a_message_that_is_too_large_stays_and_its_beginning_is_put_before_a_person(
    bureau: Bureau, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sources.mailboxes.LARGEST", 100)
    where = access(dovecot, "three", quarantine=None)
    deliver(dovecot, "three", a_mail(1))
    drained(a_watch(bureau, where), where)
    assert count(dovecot, "three", "INBOX") == 1
    assert [len(row.body) for row in bureau.rows(select(complaints.c.body))] == [100]


def test_folders_are_named_with_slashes_whatever_parts_them_on_the_server(bureau: Bureau, dovecot: Dovecot) -> None:
    where = access(dovecot, "slashes", done="Tipstaff/Taken")
    deliver(dovecot, "slashes", a_mail(1))
    drained(a_watch(bureau, where), where)
    assert [count(dovecot, "slashes", folder) for folder in ("INBOX", "Tipstaff.Taken")] == [0, 1]


def test_new_mail_is_heard_of_at_once_and_the_watch_ends_when_told(bureau: Bureau, dovecot: Dovecot) -> None:
    where = access(dovecot, "four")
    stop = threading.Event()
    watching = threading.Thread(target=a_watch(bureau, where).run, args=(stop,))
    watching.start()
    try:
        assert eventually(lambda: bool(bureau.enquiries.sources()))
        deliver(dovecot, "four", a_mail(1))
        assert eventually(lambda: len(bureau.cases()) == 1)
        deliver(dovecot, "four", *(a_mail(number) for number in range(2, 6)))
        assert eventually(lambda: len(bureau.cases()[0]["complaints"]) == 5)
    finally:
        stop.set()
        watching.join(PATIENCE)
    assert not watching.is_alive()


def test_a_server_that_refuses_or_is_not_there_is_a_failing_source(bureau: Bureau, dovecot: Dovecot) -> None:
    where = access(dovecot, "five", password="another password")
    with pytest.raises(SourceUnreachable) as refusal, ImapMailbox(where).opened():
        pytest.fail("somebody was let in")
    assert "another password" not in str(refusal.value)
    stop = threading.Event()
    watching = threading.Thread(target=a_watch(bureau, where).run, args=(stop,))
    watching.start()
    try:
        assert eventually(lambda: any(each["error"] for each in bureau.enquiries.sources()))
    finally:
        stop.set()
        watching.join(PATIENCE)
    (source,) = bureau.enquiries.sources()
    assert (source["last_success"], source["messages"]) == (None, 0)
