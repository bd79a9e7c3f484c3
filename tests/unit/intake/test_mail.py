"""Opening mail: parts, charsets, nesting and archives, beside the standard library where that can read it."""

from __future__ import annotations

import gzip
import io
import zipfile
from email import message_from_bytes
from email.message import EmailMessage

import pytest

from bridge.intake import limits
from bridge.intake.mail.charsets import decode
from bridge.intake.mail.headers import address_of, read_headers, value_and_params
from bridge.intake.mail.html import html_to_text
from bridge.intake.mail.opening import open_mail


def a_message(**parts: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ünal <u@example.org>"
    message["Subject"] = "Grüße " + "x" * 90
    message.set_content(parts.get("text", "Hällo\n"))
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    if "log" in parts:
        message.add_attachment(parts["log"], filename="prüfung.log")
    return message


@pytest.mark.parametrize(
    "message",
    [a_message(), a_message(html="<p>x</p>"), a_message(log="line\n"), a_message(html="<p>x</p>", log="line\n")],
    ids=["plain", "alternative", "attached", "both"],
)
def test_a_sound_message_is_opened_as_the_standard_library_does(message: EmailMessage) -> None:
    raw = message.as_bytes()
    reference = [part for part in message_from_bytes(raw).walk() if not part.is_multipart()]
    mail = open_mail(raw)
    assert mail.subject == message["Subject"]
    assert mail.sender == ("Ünal", "u@example.org")
    assert [part.content_type for part in mail.parts] == [part.get_content_type() for part in reference]
    payloads = [part.get_payload(decode=True) for part in reference]
    assert [part.data.strip() for part in mail.parts] == [each.strip() for each in payloads if isinstance(each, bytes)]


def test_a_message_inside_a_message_is_opened_too() -> None:
    inner = b"From: a@example.org\nSubject: inner\n\nhello"
    raw = b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n\n' + inner + b"\n--b--\n"
    mail = open_mail(raw)
    assert [each.subject for each in mail.walk()] == ["", "inner"]


def test_text_without_headers_is_a_body() -> None:
    assert open_mail(b"192.0.2.1 attacks us\nplease stop").body == "192.0.2.1 attacks us\nplease stop"


def test_html_speaks_where_the_plain_part_says_nothing() -> None:
    mail = open_mail(a_message(text="Your mail program cannot show HTML.", html="<p>IP: 192.0.2.1</p>").as_bytes())
    assert mail.body == "IP: 192.0.2.1"


def test_members_of_archives_are_parts() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("report.csv", "ip\n192.0.2.1\n")
    message = a_message()
    message.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="r.zip")
    message.add_attachment(gzip.compress(b"x,y"), maintype="application", subtype="gzip", filename="s.csv.gz")
    names = {part.filename: part.data for part in open_mail(message.as_bytes()).parts}
    assert names["report.csv"] == b"ip\n192.0.2.1\n"
    assert names["s.csv"] == b"x,y"


def test_an_archive_unpacks_no_further_than_its_bound() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", bytes(3 * limits.UNPACKED))
    message = a_message()
    message.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="r.zip")
    assert sum(len(part.data) for part in open_mail(message.as_bytes()).parts) < limits.UNPACKED + 100_000


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("Grüße".encode("latin-1"), "iso-8859-1", "Grüße"),
        ("Grüße".encode(), "us-ascii", "Grüße"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße"),
        ("запрещенная информация".encode("koi8-r"), "", "запрещенная информация"),
        ("запрещенная информация".encode("cp1251"), "no-such", "запрещенная информация"),
        (b"uryyb", "rot13", "uryyb"),
        (b"hello", "idna", "hello"),
    ],
)
def test_a_charset_is_believed_only_where_it_fits(data: bytes, declared: str, text: str) -> None:
    assert decode(data, declared) == text


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"Subject: =?utf-8?q?Missbrauch_=C3=BC?= =?utf-8?b?YmVy?=\n", "Missbrauch über"),
        (b"Subject: =?nonsense?q?abc?=\n", "abc"),
        (b"Subject: =?utf-8?b?!!!?=\n", ""),
        (b"Subject: folded\n  line\n", "folded line"),
        (b"Subject : spaced\n", "spaced"),
        (b"subject:none\n", "none"),
    ],
)
def test_each_header_is_read_by_itself(raw: bytes, subject: str) -> None:
    assert read_headers(b"X: 1\n" + raw + b"broken line\nTo: t@example.org\n").first("subject") == subject


def test_parameters_may_be_quoted_split_and_encoded() -> None:
    kind, params = value_and_params('Text/Plain; charset="UTF-8"; name*0="re"; name*1=port.txt; x*=utf-8\'\'a b')
    assert kind == "text/plain"
    assert (params["charset"], params["name"]) == ("UTF-8", "report.txt")


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ('"Desk, Abuse" <Abuse@Example.ORG>', "Desk, Abuse", "abuse@example.org"),
        ("abuse@example.org", "", "abuse@example.org"),
        ("<<a@b.example>>", "<", "a@b.example"),
        ("nobody", "nobody", ""),
        ("", "", ""),
    ],
)
def test_an_address_is_taken_out_of_its_header(written: str, name: str, address: str) -> None:
    assert address_of(written) == (name, address)


def test_a_page_becomes_lines_and_cells() -> None:
    page = "<style>p{}</style><table><tr><td>IP</td><td>192.0.2.1</td></tr><tr><td>x</td></tr></table><p>a<br>b &amp; c"
    assert [line.strip() for line in html_to_text(page).split("\n") if line.strip()] == [
        "IP\t192.0.2.1",
        "x",
        "a",
        "b & c",
    ]


def test_what_a_page_marks_as_quoted_is_not_the_writers_own() -> None:
    page = "<p>Ich bin bis Freitag verreist.</p><blockquote>Angriff von 192.0.2.1</blockquote>"
    mail = open_mail(f"Subject: Re: x\nContent-Type: text/html; charset=utf-8\n\n{page}".encode())
    assert mail.own_words == "Ich bin bis Freitag verreist."
    assert "192.0.2.1" in mail.body
