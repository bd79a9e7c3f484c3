"""Which of the times in a mail is that of the incident."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bridge.intake.read import read

NOW = datetime(2024, 6, 2, 12, tzinfo=UTC)
HOPS = """Received: from gate.example.net (gate.example.net [198.51.100.4])
    by box.example.net with LMTP; Sat, 01 Jun 2024 10:40:00 +0200
Received: from bulk.example.com (bulk.example.com [192.0.2.9])
    by gate.example.net with ESMTP id 4Xyz;
    Sat, 01 Jun 2024 10:10:05 +0200
Date: 02 Jun 2024 07:00:00 +0900
From: prizes@example.com
Subject: You won
"""


def occurred(body: str, date: str = "Sat, 01 Jun 2024 11:00:00 +0200", sender: str = "a@example.org") -> datetime:
    mail = f"From: {sender}\nSubject: Abuse report\nDate: {date}\n\n{body}"
    (incident, *_) = read(mail.encode(), content_type="message/rfc822", received_at=NOW).incidents
    assert incident.occurred_at is not None
    return incident.occurred_at


def test_the_hop_that_names_the_offender_outweighs_what_the_sender_of_spam_dates_it() -> None:
    body = f"Please stop this spam from 192.0.2.9:\n\n{HOPS}\nBuy now.\n"
    assert occurred(body) == datetime(2024, 6, 1, 8, 10, 5, tzinfo=UTC)


def test_when_a_program_saved_the_spam_is_not_when_it_came() -> None:
    body = f"Please stop this spam from 192.0.2.9:\n\nFrom - Sat Jun  1 10:55:00 2024\n{HOPS}\nBuy now.\n"
    assert occurred(body) == datetime(2024, 6, 1, 8, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        'On 6/1/24, 3:10 AM, "Some Desk" <desk@example.com> wrote:',
        "Am 01.06.2024 um 03:10 schrieb Some Desk:",
        "Le 01/06/2024 à 03:10, Some Desk\n<desk@example.com> a écrit :",
    ],
)
def test_when_a_quoted_mail_was_written_is_not_when_it_happened(line: str) -> None:
    body = f"{line}\n\nPhishing at 192.0.2.9\nFirst seen: 2024-05-31 20:56:35 UTC\n"
    assert occurred(body) == datetime(2024, 5, 31, 20, 56, 35, tzinfo=UTC)


def test_a_domain_registered_long_ago_did_no_harm_then() -> None:
    body = "Phishing page on 192.0.2.9, please remove it.\nCreation Date: 2024-01-27T14:58:03.0Z\n"
    assert occurred(body) == datetime(2024, 6, 1, 9, tzinfo=UTC)


def test_an_attached_sample_of_spam_is_dated_by_its_receipt_and_not_by_what_it_says() -> None:
    mail = (
        "From: a@example.org\nSubject: Complaint 2024-06-01 10:58:00\nDate: Sat, 01 Jun 2024 11:00:00 +0200\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n\n'
        f"{HOPS}\nYour visit is scheduled on 31-05-2024 09:30:00.\n\n--b--\n"
    )
    (incident,) = read(mail.encode(), content_type="message/rfc822", received_at=NOW).incidents
    assert incident.occurred_at == datetime(2024, 6, 1, 8, 40, tzinfo=UTC)


ROWS = "time,source ip,attack\n2024-05-31 10:00:00,192.0.2.9,ssh\n"


@pytest.mark.parametrize(
    ("body", "sender", "hour"),
    [
        (ROWS, "admin@shop.example", 8),
        (ROWS.replace("attack", "asn").replace("ssh", "64500"), "admin@shop.example", 10),
        (ROWS, "reports@cert.example", 10),
        ("All times are GMT+3.\n\n" + ROWS, "admin@shop.example", 7),
    ],
)
def test_a_table_of_ones_own_machines_goes_by_their_clock_and_a_feed_by_utc(body: str, sender: str, hour: int) -> None:
    assert occurred(body, sender=sender) == datetime(2024, 5, 31, hour, tzinfo=UTC)


def test_a_row_that_a_mail_program_has_broken_is_put_together() -> None:
    body = '"asn","ip","timestamp","malware"\n"64500","192.0.2.9","2024-05-31\n00:00:03","tinba"\n'
    assert occurred(body) == datetime(2024, 5, 31, 0, 0, 3, tzinfo=UTC)


def test_a_zone_that_the_text_declares_holds_for_the_report_attached_to_it() -> None:
    mail = (
        "From: trap@example.org\nSubject: Login attack\nDate: Sat, 01 Jun 2024 11:00:00 +0000\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n'
        "--b\n\nAll times are in local time (currently MESZ (GMT +02:00)).\n"
        "--b\nContent-Disposition: attachment; filename=report.txt\n\n"
        "Reported-From: trap@example.org\nReport-Type: login-attack\nService: ssh\n"
        "Category: abuse\nDate: 2024-06-01 10:09:23\nSource: 192.0.2.9\n--b--\n"
    )
    (incident,) = read(mail.encode(), content_type="message/rfc822", received_at=NOW).incidents
    assert incident.source_format == "x_arf"
    assert incident.occurred_at == datetime(2024, 6, 1, 8, 9, 23, tzinfo=UTC)
