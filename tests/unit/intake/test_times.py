"""Times as mail and logs write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.intake.text.times import TimeFrame, find_times, read_time
from bridge.intake.text.zones import declared_zone

SENT = datetime(2024, 1, 16, 10, 0, tzinfo=UTC)
FRAME = TimeFrame(SENT, timedelta(hours=1))
NOON = "2024-01-15T13:30:25"


@pytest.mark.parametrize(
    ("written", "at", "zoned"),
    [
        ("2024-01-15T13:30:25Z", NOON, True),
        ("2024-01-15 15:30:25.123 +0200", NOON, True),
        ("[15/Jan/2024:15:30:25 +0200]", NOON, True),
        ("Mon, 15 Jan 2024 13:30:25 +0000 (UTC)", NOON, True),
        ("Mon Jan 15 13:30:25 UTC 2024", NOON, True),
        ("13:30:25 UTC on 15 January 2024", NOON, True),
        ("January 15, 2024 at 8:30:25 AM EST", NOON, True),
        ("15.01.2024 14:30:25 MEZ", NOON, True),
        ("2024-01-15 18:30:25 ALMT", "2024-01-15T12:30:25", True),
        ("2024-01-15 14:30:25 Europe/Berlin", NOON, True),
        ("2024-01-15 15:30:25 UTC+2", NOON, True),
        ("20240115T133025Z", NOON, True),
        ("timestamp: 1705325425", NOON, True),
        ("15 января 2024 14:30:25", NOON, False),
        ("15 de janeiro de 2024 14:30:25", NOON, False),
        ("Jan 15 14:30:25 host sshd[1]", NOON, False),
        ("Dec 31 23:59:59 host sshd[1]", "2023-12-31T22:59:59", False),
        ("01/15/2024 02:30:25 PM", NOON, False),
        ("03/02/2024 10:00", "2024-02-03T09:00:00", False),
        ("Date: 01/15/2024\nTime: 14:30:25", NOON, False),
        ("Datum: 15.01.2024\nUhrzeit : 14:30:25", NOON, False),
    ],
)
def test_a_time_is_read_however_it_is_written(written: str, at: str, zoned: bool) -> None:
    frame = FRAME if not written.startswith("03/") else TimeFrame(datetime(2024, 2, 4, tzinfo=UTC), timedelta(hours=1))
    (stamp,) = find_times(written, frame)
    assert stamp.at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert stamp.zoned == zoned


def test_a_local_time_ahead_of_the_message_was_written_in_a_zone_ahead_of_it() -> None:
    frame = TimeFrame(datetime(2024, 7, 12, 8, 2, tzinfo=UTC))
    (stamp,) = find_times("Jul 12 10:01:44 mail postfix", frame)
    assert stamp.at == datetime(2024, 7, 12, 8, 1, 44, tzinfo=UTC)
    assert not stamp.zoned


def test_a_date_alone_has_no_time() -> None:
    (stamp,) = find_times("seen on 2024-01-15, again", FRAME)
    assert not stamp.has_time


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Note: local timezone is +0200", (None, "+0200", None)),
        ("my local timezone is GMT+2", ("GMT", "+2", None)),
        ("All times are in UTC", ("UTC", None, None)),
        ("Zeitzone: MESZ", ("MESZ", None, None)),
        ("Time zone: Europe/Berlin", (None, None, "Europe/Berlin")),
        ("Our time zone is UTC -5.", ("UTC", "-5", None)),
        ("logs are in GMT timezone", ("GMT", None, None)),
    ],
)
def test_a_sentence_may_declare_the_zone(text: str, zone: tuple[str | None, str | None, str | None]) -> None:
    assert declared_zone(text) == zone


@pytest.mark.parametrize("text", ["Date: Mon, 15 Jan 2024 14:30:25 +0100", "Time is the same", "time of attack: 10:00"])
def test_a_time_written_out_declares_no_zone(text: str) -> None:
    assert declared_zone(text) is None


def test_a_declared_zone_places_the_times_of_a_text() -> None:
    frame = FRAME.declaring("All times are GMT-3")
    (stamp,) = find_times("2024-01-15 10:30:25", frame)
    assert stamp.at == datetime.fromisoformat(NOON).replace(tzinfo=UTC)
    assert stamp.zoned


@given(st.text(alphabet="0123456789:/-. TZJanFebUTC+apm,\n[]", max_size=200))
def test_no_text_breaks_the_search_for_times(text: str) -> None:
    for stamp in find_times(text, FRAME):
        assert text[stamp.start : stamp.end].strip()
        assert stamp.at.tzinfo is UTC


@given(st.datetimes(min_value=SENT.replace(tzinfo=None, year=2000), max_value=SENT.replace(tzinfo=None)))
def test_what_a_machine_writes_is_read_back_exactly(moment: datetime) -> None:
    written = moment.replace(microsecond=0).isoformat() + "Z"
    stamp = read_time(written, FRAME)
    assert stamp is not None
    assert stamp.at == moment.replace(microsecond=0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("于2024年11月28日 14时32分05秒(北京时间)", "2024-11-28T06:32:05+00:00"),
        ("28 ноября 2024 г. в 14:32:05 (МСК)", "2024-11-28T11:32:05+00:00"),
        ("am 28.11.2024 um 14:32 Uhr MEZ", "2024-11-28T13:32:00+00:00"),
    ],
)
def test_zones_are_known_by_the_names_their_people_give_them(text: str, expected: str) -> None:
    (stamp,) = find_times(text, TimeFrame(datetime(2024, 11, 29, tzinfo=UTC)))
    assert stamp.at.isoformat() == expected
    assert stamp.zoned


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("The times included are in Central European (Summer) Time.", "Europe/Berlin"),
        ("All times are US Pacific Daylight Time", "America/Los_Angeles"),
        ("All time zones are Pacific (PST/PDT) unless stated otherwise.", "America/Los_Angeles"),
    ],
)
def test_half_of_the_year_does_not_hide_the_zone(text: str, region: str) -> None:
    assert declared_zone(text) == (None, None, region)


@pytest.mark.parametrize("text", ["raw logs (UTC offset of - 3:00):", "the log, in UTC - 3:00"])
def test_the_sign_of_an_offset_may_stand_apart(text: str) -> None:
    frame = FRAME.declaring(text)
    (stamp,) = find_times("2024-01-15 10:30:25", frame)
    assert stamp.at == datetime.fromisoformat(NOON).replace(tzinfo=UTC)


@pytest.mark.parametrize("label", ["Timestamp (UTC) ", "UTC Time: ", "(time in UTC)=", "UTC: "])
def test_the_label_of_a_time_outweighs_the_zone_of_the_others(label: str) -> None:
    (stamp,) = find_times(label + "2024-01-15 13:30:25", FRAME.declaring("my timezone is +0200"))
    assert stamp.at == datetime.fromisoformat(NOON).replace(tzinfo=UTC)
    assert stamp.zoned


@pytest.mark.parametrize(
    "text",
    [
        "Message-ID <20240115133025.4E31715E1F93@mail.example>",
        "https://site.example/picture.webp?time=1705325425",
        "https://scan.example/0123456789abcdef-\n1705325425\n",
    ],
)
def test_numbers_of_messages_and_links_are_no_times(text: str) -> None:
    assert find_times(text, FRAME) == []
