"""Long tables in mail: all that is about us is read, soon; where it is too much, that is said."""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import UTC, datetime

import pytest

from bridge.intake import limits
from bridge.intake.model import Kind, Reading
from bridge.intake.near import Near
from bridge.intake.read import read
from tests.intake.corpus import OWN, RECEIVED

HEADING = "timestamp,ip,protocol,port,tag\n"


def row(ip: str, second: int = 0) -> str:
    return f"2024-11-29 {10 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02},{ip},udp,53,openresolver\n"


def read_table(text: str, name: str = "2024-11-29-scan_dns-host.csv") -> Reading:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    mail = (
        "From: reports@feeds.example\nSubject: report\nDate: Sat, 30 Nov 2024 10:00:00 +0000\n"
        f'Content-Type: application/zip; name="{name}.zip"\nContent-Disposition: attachment\n'
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(packed.getvalue()).decode()}"
    )
    return read(mail.encode(), content_type="message/rfc822", own=OWN, received_at=RECEIVED)


def test_a_row_of_ours_is_found_behind_sixty_thousand_of_others() -> None:
    others = "".join(row(f"198.51.{number // 250 % 250}.{number % 250}") for number in range(60_000))
    reading = read_table(HEADING + others + row("192.0.2.7") + row("2001:DB8::7"))
    assert {each.ips for each in reading.incidents} == {("192.0.2.7",), ("2001:db8::7",)}
    assert (reading.kind, reading.notes, reading.unread) == (Kind.COMPLAINT, (), "")


def test_of_many_rows_about_one_address_the_earliest_counts() -> None:
    seconds = [7000, *range(6999, 5000, -1), 1, *range(1, 3000)]
    (incident,) = read_table(HEADING + "".join(row("192.0.2.7", second) for second in seconds)).incidents
    assert incident.occurred_at == datetime(2024, 11, 29, 10, 0, 1, tzinfo=UTC)


def test_rows_that_say_something_else_of_the_same_address_count_too() -> None:
    text = "timestamp,ip,type\n2024-11-29 10:00:00,192.0.2.7,spam\n2024-11-29 11:00:00,192.0.2.7,phishing\n"
    categories = {each.category for each in read_table(text, "report.csv").incidents}
    assert categories == {"messaging/spam", "content/phishing"}


def test_a_table_that_is_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROWS", 10)
    reading = read_table(HEADING + "".join(row(f"192.0.2.{number}") for number in range(1, 20)))
    assert len(reading.incidents) == 10
    assert "hand in the whole file as a feed" in reading.unread
    assert reading.unread in reading.notes


@pytest.mark.parametrize("line", ["a,192.0.2.9,b", "a,192.0[.]2.9", "x;2001:DB8::1", "192.0.0.0/16", "a(192.0.2.9)"])
def test_a_line_that_may_be_about_us_is_looked_at(line: str) -> None:
    assert Near(OWN).may_be_ours(line)


@pytest.mark.parametrize("line", ["a,198.51.100.9,10:00:00", "2a00::1", ""])
def test_a_line_about_others_is_not_looked_at(line: str) -> None:
    assert not Near(OWN).may_be_ours(line)
    assert Near(()).may_be_ours(line)


@pytest.mark.parametrize(
    ("rows", "ips"),
    [
        ("Date\tSource IP<br>2024-11-15 10:00:00\t198.51.100.7<br>2024-11-15 10:05:00\t198.51.100.8<br>", 2),
        ("<table><tr><th>Date</th><th>Source IP</th></tr><tr><td>2024-11-15</td><td>198.51.100.7</td></tr></table>", 1),
        ("Date, Source IP<br>2024-11-15, 198.51.100.7<br>", 0),
    ],
    ids=["tabs", "cells", "what a text can show as well"],
)
def test_a_page_beside_the_text_is_looked_at_for_columns_that_a_text_does_not_have(rows: str, ips: int) -> None:
    mail = (
        b"From: a@example.net\nSubject: Brute force attacks\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain\n\n'
        b"We see brute force attacks from 203.0.113.9.\n--b\nContent-Type: text/html\n\n<p>We see attacks.</p>"
        + rows.encode()
        + b"\n--b--\n"
    )
    found = read(mail, received_at=RECEIVED).incidents
    assert sum(each.source_format == "table" for each in found) == ips
