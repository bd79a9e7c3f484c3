"""A mailbox whose server does not do all that it should: reading goes on, and staff can see what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from bridge.errors import MarkRefused, SourceUnreachable
from bridge.ports import Letter
from bridge.reception import Reception
from bridge.sources.mailboxes import TRIES, MailboxWatch
from bridge.views import Filter
from tests.contract.store.bureau import Bureau, new_bureau
from tests.sources.test_mailbox import OWN, a_mail
from tests.unit.decide.scenario import a_service

BROKEN = 1


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with new_bureau(tmp_path) as opened:
        opened.accept(a_service(when="-1d"))
        yield opened


@dataclass
class MemoryMailbox:
    """Two messages, the first of which may be broken. Its own session, one after the other."""

    broken: bool = False
    marks: bool = True
    marked: list[int] = field(default_factory=list)
    validity: int = 7

    @contextmanager
    def opened(self) -> Iterator[MemoryMailbox]:
        yield self

    def after(self, uid: int) -> Sequence[int]:
        return [each for each in (1, 2) if each > uid]

    def fetch(self, uid: int, most: int) -> Letter | None:
        if self.broken and uid == BROKEN:
            raise SourceUnreachable("internal error")
        mail = a_mail(uid)
        return Letter(content=mail[:most], size=len(mail))

    def mark_taken(self, uid: int) -> None:
        if not self.marks:
            raise MarkRefused("no such folder")
        self.marked.append(uid)

    def mark_quarantined(self, uid: int) -> None:
        self.mark_taken(uid)

    def wait(self, seconds: float, stop: Event) -> None:
        stop.set()


def a_watch(bureau: Bureau, mailbox: MemoryMailbox) -> MailboxWatch:
    reception = Reception(bureau.desk, OWN, {})
    return MailboxWatch("abuse", mailbox, reception, bureau.store, bureau.clock, every=timedelta(minutes=2))


def test_a_message_that_the_server_does_not_hand_out_holds_up_none_behind_it(bureau: Bureau) -> None:
    mailbox = MemoryMailbox(broken=True)
    watch = a_watch(bureau, mailbox)
    for _ in range(TRIES):
        with pytest.raises(SourceUnreachable):
            watch.drain(mailbox, Event())
    assert watch.drain(mailbox, Event()) == 1
    (review,) = bureau.enquiries.reviews(Filter(), 10, None).items
    assert "internal error" in review["reason"]
    assert (mailbox.marked, len(bureau.cases())) == ([2], 1)


def test_a_mailbox_that_takes_no_marks_is_read_all_the_same_and_is_a_failing_source(bureau: Bureau) -> None:
    mailbox = MemoryMailbox(marks=False)
    watch = a_watch(bureau, mailbox)
    assert [watch.drain(mailbox, Event()) for _ in range(2)] == [2, 0]
    bureau.clock.move(timedelta(minutes=11))
    watch.drain(mailbox, Event())
    (source,) = bureau.enquiries.sources()
    assert (source["state"], source["messages"]) == ("failing", 2)
    assert "no such folder" in source["error"]
