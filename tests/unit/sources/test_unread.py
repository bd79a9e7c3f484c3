"""Of a message that was too much to be read in part, what was read is decided, and a person is told of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.intake.model import Reading
from bridge.intake.read import read
from bridge.reception import Reception
from bridge.reviews import Reviews
from bridge.views import Filter, Source
from tests.contract.store.bureau import Bureau, new_bureau
from tests.unit.decide.scenario import IP, OTHER_IP, a_service
from tests.unit.sources.test_feeds import OWN

LONG = f"Subject: port scan from {IP}\n\nYour host {IP} scanned our ports at 2024-02-29 22:00 UTC.".encode()
UNREAD = "an archive holds more than what is read"
ANN = Source(name="command line", by="ann")


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with new_bureau(tmp_path) as opened:
        opened.accept(a_service(when="-1d", ips=[IP, OTHER_IP]))
        yield opened


def taken(bureau: Bureau) -> str:
    """The review that a long message leads to."""

    def reads(data: bytes, **how: object) -> Reading:
        read_ = read(data, content_type="message/rfc822", own=OWN, received_at=bureau.clock.now())
        return replace(read_, unread=UNREAD)

    Reception(bureau.desk, OWN, {}, reads).take_complaints(LONG, "message/rfc822", Source(name="gateway"))
    (review,) = bureau.enquiries.reviews(Filter(state="open"), 10, None).items
    assert (review["reason"], review["incidents"]) == (UNREAD, [])
    return str(review["id"])


def test_what_was_read_is_decided_and_the_rest_may_be_left(bureau: Bureau) -> None:
    review = taken(bureau)
    assert len(bureau.cases()) == 1
    assert Reviews(bureau.desk).resolve(review, "accepted", [], "handed in as a feed", ANN) == []
    assert len(bureau.cases()) == 1
    assert bureau.faults() == []


def test_what_a_person_finds_in_the_rest_is_one_more_complaint(bureau: Bureau) -> None:
    review = taken(bureau)
    found = {"ips": [OTHER_IP], "category": "content/phishing"}
    (event,) = Reviews(bureau.desk).resolve(review, "accepted", [found], None, ANN)
    assert event.endswith("-2")
    assert {case["category"] for case in bureau.cases()} == {"connection/port_scan", "content/phishing"}
    assert bureau.faults() == []
