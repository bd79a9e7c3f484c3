"""What is attached to a ticket by which somebody complains is read, too; whatever is read twice counts once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.intake.mail.opening import open_mail
from bridge.ports import Attachment, Ticket, TicketMessage
from bridge.reception import Reception
from bridge.sources.tickets import MOST_BYTES, Tickets, as_mail
from bridge.views import Filter, HookNews
from tests.contract.store.bureau import Bureau, new_bureau
from tests.unit.decide.scenario import START, a_service
from tests.unit.sources.test_feeds import OWN

MAIL = b"""\
From: CERT <cert@cert.example>
Subject: port scan from 192.0.2.10
Date: Thu, 29 Feb 2024 22:30:00 +0000

Your host 192.0.2.10 scanned our ports on 2024-02-29 at 22:00 UTC.
"""
PLAIN = "Our server was attacked by 192.0.2.10 with a port scan on 2024-02-29 at 22:00 UTC."


class Panel:
    """A ticket, and what is attached to it."""

    def __init__(self, text: str, files: dict[str, bytes]) -> None:
        opening = TicketMessage(id="0", at=START, by_staff=False, text=text, enclosed=tuple(enumerate(files)))
        self._files = [Attachment(name=name, content=content) for name, content in files.items()]
        self.shown = Ticket(
            id="5",
            number="ABC-5",
            department="2",
            client="",
            subject="Fwd: abuse",
            status="Open",
            opened=START,
            messages=(opening,),
            author="Ann Öst",
            address="ann@isp.example",
        )

    def ticket(self, ticket: str) -> Ticket | None:
        return self.shown if ticket == "5" else None

    def enclosure(self, ticket: str, message: str, index: int) -> Attachment | None:
        return self._files[index] if index < len(self._files) else None


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with new_bureau(tmp_path) as opened:
        opened.accept(a_service(when="-1d"))
        yield opened


def opened(bureau: Bureau, panel: Panel) -> Tickets:
    """The ticket as the hook told of it, and who reads it again."""
    news = HookNews(ticket=("5", panel.shown.subject, panel.shown.messages[0].text))
    bureau.doorway.hook("d1", lambda _: news, START)
    return Tickets(panel, bureau.desk, Reception(bureau.desk, OWN, {}))


def reviews(bureau: Bureau, state: str) -> int:
    return len(bureau.enquiries.reviews(Filter(state=state), 10, None).items)


def test_a_forwarded_mail_in_a_ticket_is_the_complaint(bureau: Bureau) -> None:
    tickets = opened(bureau, Panel("Please see the attached mail.", {"abuse.eml": MAIL}))
    assert (bureau.cases(), reviews(bureau, "open")) == ([], 1)
    tickets.read("5")
    tickets.read("5")
    (case,) = bureau.cases()
    assert (case["category"], len(case["complaints"])) == ("connection/port_scan", 1)
    assert [letter["text"] for letter in case["correspondence"]] == ["Attached: abuse.eml"]
    assert (reviews(bureau, "open"), reviews(bureau, "superseded")) == (0, 1)
    assert bureau.faults() == []


def test_a_ticket_whose_words_were_enough_counts_once_with_its_attachment(bureau: Bureau) -> None:
    tickets = opened(bureau, Panel(PLAIN, {"abuse.eml": MAIL}))
    assert len(bureau.cases()) == 1
    tickets.read("5")
    tickets.read("5")
    (case,) = bureau.cases()
    assert len(case["complaints"]) == 2
    assert case["strike"] == 1


def test_a_ticket_without_attachments_is_left_as_it_was_read(bureau: Bureau) -> None:
    tickets = opened(bureau, Panel("Hello?", {}))
    before = bureau.counts()
    tickets.read("5")
    tickets.read("6")
    assert bureau.counts() == before


def test_what_staff_attached_is_no_complaint(bureau: Bureau) -> None:
    panel = Panel("Hello?", {})
    staff = TicketMessage(id="8", at=START + timedelta(hours=1), by_staff=True, text="See.", enclosed=((0, "a.eml"),))
    panel.shown = replace(panel.shown, messages=(*panel.shown.messages, staff))
    opened(bureau, panel).read("5")
    assert bureau.cases() == []


def test_what_is_too_large_stays_in_the_panel_and_the_case_says_so(bureau: Bureau) -> None:
    panel = Panel(PLAIN, {"dump.bin": b"\0" * (MOST_BYTES + 1), "abuse.eml": MAIL})
    opened(bureau, panel).read("5")
    (case,) = bureau.cases()
    assert [letter["text"] for letter in case["correspondence"]] == [
        "Attached: dump.bin (left in the ticket), abuse.eml"
    ]


def test_a_ticket_becomes_a_mail_whatever_stands_in_its_names() -> None:
    panel = Panel("x", {})
    shown = replace(panel.shown, subject="a\r\nBcc: x\x00", author='B"o\nb', address="b@isp.example\nX: y")
    files = [Attachment(name='ü"\r\n.eml', content=MAIL)]
    mail = open_mail(as_mail(shown, ["hällo"], files))
    assert mail.subject == "a Bcc: x"
    assert mail.headers.first("bcc") == mail.headers.first("x") == ""
    assert [part.plain.strip() for part in mail.parts] == ["hällo"]
    assert mail.nested[0].subject == "port scan from 192.0.2.10"
    assert as_mail(shown, ["hällo"], files) == as_mail(shown, ["hällo"], files)
