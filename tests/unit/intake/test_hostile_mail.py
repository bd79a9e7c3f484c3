"""Whatever a message holds: no exception, little time, little memory."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.intake import limits
from bridge.intake.model import Kind, Reading
from bridge.intake.read import read

NOW = datetime(2024, 6, 1, tzinfo=UTC)
OWN = (ip_network("192.0.2.0/24"),)
HEAD = b"From: a@example.org\nSubject: Abuse from 192.0.2.1\nDate: Mon, 15 Jan 2024 10:00:00 +0000\n"
SIZE = 10 * 1024 * 1024
SECONDS = 2.0
MEGABYTES = 200

UNITS = [
    b"a", b"\n", b"192.0.2.1 ", b"1.", b"::", b"[.]", b"<", b"http://a.example/ ", b"from [",
    b"Received: from a by b\n",
    b"@", b"10:00 ", b"2024-01-01 10:00:00\n", b"1 Jan 2024 10:00 ", b"time zone ", b"within 1 hours ", b"a,b;c|d\n",
    b"ip,timestamp\n192.0.2.1,2024-01-01 10:00:00\n", b'{"ip":"192.0.2.1"}\n', b"<Infringement><Source>", b"&lt;",
    b"Source: 1\nReport-Type: x\nReported-From: y\n", b"-----\n", b"server server ", b"192.0.2.1 -> 192.0.2.2\n",
    b"\xff", b"\x00",
    b"On a wrote:\n", b"\xd0\xb0", b"[[", b'{ "', b"10.0.0.0/8 ", b"2024/2024-", b"report type\n",
]  # fmt: skip


def filled(unit: bytes) -> bytes:
    return (unit * (SIZE // len(unit) + 1))[:SIZE]


def attached(data: bytes, name: str) -> bytes:
    top = (
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: application/zip; name="
        + name.encode()
        + b"\n\n"
    )
    return HEAD + top + data + b"\n--x--\n"


def a_bomb(levels: int) -> bytes:
    content = bytes(5_000_000)
    for _ in range(levels):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(4):
                archive.writestr(f"{number}.zip", content)
        content = packed.getvalue()
    return content


MULTIPART = b"Content-Type: multipart/mixed; boundary=x\n\n"
MONSTERS = {
    "deep multiparts": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(50_000)),
    "deep messages": HEAD + b"Content-Type: message/rfc822\n\n" * 50_000,
    "one boundary for all": HEAD + MULTIPART + (b"--x\n" + MULTIPART) * 50_000,
    "many parts": HEAD + MULTIPART + b"--x\n\na\n" * 500_000,
    "many headers": b"X: y\n" * 1_000_000,
    "one long header": b"Subject: " + b"=?utf-8?b?YQ==?= " * 300_000 + b"\n\nx",
    "a folded header": b"Subject: a" + b"\n b" * 1_000_000 + b"\n\nx",
    "deep page": HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 2_000_000,
    "unclosed tags": HEAD + b"Content-Type: text/html\n\n" + b"<b><i>" * 1_000_000,
    "a bomb": attached(a_bomb(1), "a.zip"),
    "bombs in bombs": attached(a_bomb(4), "a.zip"),
    "a bottomless charset": HEAD + b"Content-Type: text/plain; charset=idna\n\n" + b"a" * SIZE,
}  # fmt: skip


def read_within_bounds(data: bytes) -> Reading:
    before = time.process_time()
    reading = read(data, content_type="message/rfc822", own=OWN, received_at=NOW)
    assert time.process_time() - before < SECONDS
    return reading


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_ten_megabytes_of_the_same_are_read_in_two_seconds(unit: bytes) -> None:
    assert read_within_bounds(HEAD + b"\n" + filled(unit)).kind is not Kind.NOT_A_COMPLAINT


@pytest.mark.parametrize("name", MONSTERS)
def test_a_monstrous_message_is_read_in_two_seconds(name: str) -> None:
    assert read_within_bounds(MONSTERS[name]).digest


@pytest.mark.parametrize("name", MONSTERS)
def test_a_monstrous_message_is_read_in_two_hundred_megabytes(name: str) -> None:
    tracemalloc.start()
    try:
        reading = read(MONSTERS[name], content_type="message/rfc822", received_at=NOW)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert reading.digest
    assert peak < MEGABYTES * 1024 * 1024


def test_thousands_of_rows_give_a_record_each_up_to_the_bound() -> None:
    rows = b"".join(b"2024-01-01 10:00:00,192.0.%d.%d,53\n" % (n // 250, n % 250) for n in range(12_000))
    reading = read(HEAD + b"\ntimestamp,ip,port\n" + rows, received_at=NOW, content_type="message/rfc822")
    assert len(reading.incidents) > 1000
    assert len(reading.incidents) <= limits.INCIDENTS


WORDS = st.sampled_from(
    [
        b"From: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=x", b"message/rfc822", b"text/html",
        b"\n", b"\n\n", b"--x", b"--x--",
        b"192.0.2.1", b"2001:db8::1", b"hxxp://a[.]example", b"=?utf-8?b?", b"?=", b"2024-01-01 10:00:00 +0200",
        b"{", b"}", b'"xarf_version"', b"Report",
        b"<Infringement>", b"abuse", b"spam", b"Source: ", b"Report-Type: ", b"Reported-From: ", b",ip,timestamp",
        b";", b"|", b"\xff\xfe", b"\x00", b"PK\x03\x04",
        b"\x1f\x8b", b"base64", b"Content-Transfer-Encoding: ", b"[SpamCop (192.0.2.1) id:1]",
        b"Received: from a ([192.0.2.1])", b"99:99", b"+9999", b"0/0/0 1:1",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(WORDS, st.binary(max_size=12)), max_size=60).map(b"".join))
def test_no_mail_raises(data: bytes) -> None:
    for own in ((), OWN):
        reading = read(data, content_type="message/rfc822", own=own, received_at=NOW)
        assert all(ip.startswith("192.0.2.") for each in reading.incidents for ip in each.ips if own)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_mail_does_not_raise(data: st.DataObject) -> None:
    whole = MIXED
    cut = data.draw(st.integers(0, len(whole)))
    noise = data.draw(st.binary(max_size=30))
    assert read(whole[:cut] + noise + whole[cut + len(noise) :], content_type="message/rfc822", received_at=NOW).digest


MIXED = (
    HEAD
    + (
        b"MIME-Version: 1.0\nContent-Type: multipart/report; boundary=q\n\n--q\nContent-Type: "
        b"text/plain\n\nspam from 192.0.2.1\n--q\n"
    )
    + (
        b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nSource-IP: "
        b"192.0.2.1\nArrival-Date: Mon, 15 Jan 2024 09:00:00 +0000\n--q\n"
    )
    + (
        b"Content-Type: message/rfc822\n\nReceived: from a.example ([192.0.2.1]) by b.example; "
        b"Mon, 15 Jan 2024 09:00:00 +0000\nSubject: x\n\ny\n--q--\n"
    )
)
