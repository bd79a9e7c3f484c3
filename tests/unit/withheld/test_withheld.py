"""What the log keeps of a report about child abuse: digests and what the program's own words say."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from bridge.events import ComplaintReceived, parse_event
from bridge.withheld import digest_of, withheld, without_links, without_quotes

PLACE = "http://x.example/a"
RAW: dict[str, Any] = {
    "id": "k1",
    "type": "complaint.received",
    "at": "2026-03-01T12:00:00Z",
    "ip": "192.0.2.10",
    "category": "content/csam",
    "targets": [PLACE, PLACE, "x.example"],
    "reporter": {"name": "A hotline, hotline.example", "kind": "cert"},
    "report_id": "R-4711",
    "severity": "severe",
    "excerpt": "words",
    "evidence": [["2/a.gif", "0" * 64, 17], ["x", "y", "z"], "words"],
    "reporter_address": "a@hotline.example",
    "read": {"format": "general", "confidence": 0.9, "words": PLACE},
}


def kept(**more: Any) -> tuple[ComplaintReceived, dict[str, Any]]:
    raw = {**RAW, **more}
    event, left = withheld(parse_event(raw), raw)
    assert isinstance(event, ComplaintReceived)
    return event, dict(left)


def test_targets_are_kept_as_digests_each_once() -> None:
    event, left = kept()
    whole = f"sha256:{hashlib.sha256(PLACE.encode()).hexdigest()}"
    assert event.targets == (whole, digest_of("x.example"))
    assert left["targets"] == list(event.targets)
    assert digest_of(whole) == whole


def test_what_has_no_field_of_its_own_is_left_out() -> None:
    _, left = kept(comment=PLACE, urls=[PLACE])
    assert left.keys() == {*RAW} - {"excerpt"}
    assert left["evidence"] == [["0", "0" * 64, 17]]
    assert left["read"] == {"format": "general", "confidence": 0.9}


@pytest.mark.parametrize("bad", [{"reporter_address": PLACE}, {"read": PLACE}, {"read": {"format": PLACE}}])
def test_what_only_looks_like_intakes_is_left_out(bad: dict[str, Any]) -> None:
    _, left = kept(**bad)
    assert not bad.keys() & left.keys()


def test_names_lose_their_links_and_an_id_that_is_one_becomes_a_digest() -> None:
    event, left = kept(report_id=PLACE)
    assert event.reporter.name == left["reporter"]["name"] == "A hotline, [withheld]"
    assert event.report_id == left["report_id"] == digest_of(PLACE)
    assert kept()[0].report_id == "R-4711"


def test_the_event_that_is_kept_reads_like_the_one_that_is_decided() -> None:
    event, left = kept()
    assert parse_event(left) == event


def test_other_complaints_are_kept_as_they_came() -> None:
    raw = {**RAW, "category": "content/phishing"}
    event = parse_event(raw)
    assert withheld(event, raw) == (event, raw)


@pytest.mark.parametrize("link", ["http://x.example/", "x[.]example", "hxxp://x", "a.example", "x(.)example", "a/b"])
def test_whatever_looks_like_a_link_is_taken_out_of_what_people_write(link: str) -> None:
    raw = {"id": "f1", "type": "finding.recorded", "at": RAW["at"], "case": "k1", "finding": "culpable", "by": "anna"}
    told = {**raw, "note": f"I saw  {link} myself."}
    event, left = without_quotes(parse_event(told), told)
    assert left == {**raw, "note": "I saw [withheld] myself."}
    assert parse_event(dict(left)) == event
    assert without_links("Nothing here. Really.") == "Nothing here. Really."
