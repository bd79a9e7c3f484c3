"""A complaint need not be a mail: what looks like header fields may be all that there is to read."""

from __future__ import annotations

import pytest

from bridge.intake.mail.opening import split_message


@pytest.mark.parametrize(
    "text",
    [
        b"IP: 192.0.2.40\nDate: 2026-11-21 10:00 UTC\nReason: ssh brute force\n",
        b"Source: 192.0.2.40\r\nType: portscan\r\n\r\nplease stop\r\n",
        b"Hello:\n192.0.2.40 is scanning our network\n",
    ],
)
def test_a_form_that_has_no_field_of_a_mail_is_text_from_its_first_line(text: bytes) -> None:
    assert split_message(text, outermost=True)[1] == text


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_the_body_begins_where_the_fields_end_though_no_blank_line_says_so(newline: bytes) -> None:
    lines = [b"From: a@b.example", b"Subject: scan", b" again", b"192.0.2.40 is scanning our network", b""]
    headers, body = split_message(newline.join(lines), outermost=True)
    assert headers.first("subject") == "scan again"
    assert body == b"192.0.2.40 is scanning our network" + newline


@pytest.mark.parametrize("rest", [b"", b"\n\nPlease stop it.\n"])
def test_a_form_behind_a_subject_is_text_too(rest: bytes) -> None:
    form = b"Source-IP: 192.0.2.40\nType: port scan\n seen twice\nDate: 2026-11-21 10:00 UTC"
    headers, body = split_message(b"Subject: abuse\nX-Id: 7\n" + form + rest, outermost=True)
    assert headers.first("subject") == "abuse"
    assert body.split(b"\n\n")[0].strip() == form.split(b"\n\n")[0]
    assert (b"Please stop it." in body) is bool(rest)


def test_the_fields_of_a_mail_that_was_sent_are_no_text() -> None:
    sent = b"Received: from x\nSubject: scan\nSource-IP: 192.0.2.40\n\nHello\n"
    assert split_message(sent, outermost=True)[1] == b"Hello\n"


def test_a_mail_of_nothing_but_headers_has_no_body() -> None:
    headers, body = split_message(b"Received: from x\nSubject: scan")
    assert (headers.first("subject"), body) == ("scan", b"")
