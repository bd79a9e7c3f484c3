"""What a complaint says beside its offender: the reporter's number, who he is, until when he wants an answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bridge.intake.general.reference import report_id
from bridge.intake.model import ReporterKind
from bridge.intake.read import read
from bridge.intake.text.language import language_of

NOW = datetime(2024, 12, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Inquiry #0000000000008285", "0000000000008285"),
        ("Incidencia 445512 - 192.0.2.6", "445512"),
        ("Second notice (1497545271.04851)", "1497545271.04851"),
        ("Letter to the host of shop.example #4632-309107-221125", "4632-309107-221125"),
        ("Notification of infringement - DMCA52300000", "DMCA52300000"),
        ("Question of origin - ID 365 shop.example", "365"),
        ("[ Sensor / 1639648976.47291 ] [ scan ] 192.0.2.1", "1639648976.47291"),
        ("FW: CERT_20230908-C878737: possible attacks", "CERT_20230908-C878737"),
        ("Exploit runs by 192.0.2.1 #AB-CD:09c3fdc4f39#", "AB-CD:09c3fdc4f39"),
        ("Suspicious activity from 192.0.2.1. Incident n. 5238604", "5238604"),
        ("Complaint: your account # 28530619", "28530619"),
    ],
)
def test_the_number_of_a_report_is_found_in_its_subject(subject: str, number: str) -> None:
    assert report_id(subject, "") == number


@pytest.mark.parametrize(
    "subject",
    [
        "5 x login attack within (31h)",
        "Stolen picture (pics4you.example.net)",
        "Traffic from AS64500 in 2024",
        "Match of the day (2024)",
        "Works RJ123004,RJ136105 on your site",
        "[Fail2Ban] abuse from 192.0.2.20",
        "[srv001] blocked 192.0.2.20",
        "Weekly report: AS64500",
        "Report: event4_honeypot_brute_force",
    ],
)
def test_spans_hosts_years_networks_and_works_are_no_number_of_a_report(subject: str) -> None:
    assert report_id(subject, "") == ""


def test_a_span_in_the_subject_does_not_hide_the_number_in_the_body() -> None:
    assert report_id("Abuse (5 x LoginAttack within 31h)", "automated, Report-ID: 6241365aad71d") == "6241365aad71d"


def reading(sender: str, body: str, subject: str = "Complaint") -> tuple[ReporterKind, datetime | None]:
    mail = f"From: {sender}\nSubject: {subject}\nDate: Thu, 28 Nov 2024 08:00:00 +0000\n\n{body}"
    (incident,) = read(mail.encode(), content_type="message/rfc822", received_at=NOW).incidents
    return incident.reporter.kind, incident.deadline


COPY = "Copyright infringement: http://192.0.2.1/film.mkv is an unauthorized copy, please remove it."


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("Ocean Prints <georgina@oceanprints.example>", ReporterKind.RIGHTS_HOLDER),
        ("Georgina <georgina@gmail.com>", ReporterKind.INDIVIDUAL),
        ("Some CERT <cert@cert.example>", ReporterKind.CERT),
    ],
)
def test_who_complains_of_works_for_a_firm_holds_the_rights_or_acts_for_who_does(
    sender: str, kind: ReporterKind
) -> None:
    assert reading(sender, COPY)[0] is kind


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("before the following deadline: [December 5th at 07:48:03 UTC]", datetime(2024, 12, 5, 7, 48, 3, tzinfo=UTC)),
        ("with a deadline of maximum 48 hours", datetime(2024, 11, 30, 8, tzinfo=UTC)),
        ("before the deadline of 5 January, 2023 10:00 UTC", None),
    ],
)
def test_a_deadline_without_its_year_lies_ahead(words: str, until: datetime | None) -> None:
    assert reading("a@b.example", f"Your server 192.0.2.1 sends spam. We ask you to stop it {words}.")[1] == until


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vă informăm că serverul este infectat și vă rugăm să luați măsuri pentru a opri atacul", "ro"),
        ("Vi har sett att en dator på ert nät är infekterad och ber er att åtgärda det", "sv"),
        ("Kérjük, hogy az alábbi címről érkező támadást szüntessék meg, és a szerver nem biztonságos", "hu"),
        ("Olemme havainneet, että osoitteesta tulee hyökkäyksiä ja pyydämme teidän toimia", "fi"),
    ],
)
def test_small_words_tell_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


BAD = "http://copies.example/film-7"


@pytest.mark.parametrize(
    "other",
    [
        "The original image, titled 'Boat', to which I own all rights, can be found at:\nhttps://vault.example/boat.jpg",
        "Copyright Holder Website: https://globe.example/",
        "This is my site: https://prints.example/",
        "A representative list of these works is available at:\n\nhttps://dating.example/",
        "The film is described at https://www.imdb.com/title/tt0000001/",
        "Evidence of our authority to act can be found at:\n\nhttps://store.example/letter.pdf",
        "hxxps://www[.]virustotal[.]com/gui/url/0123",
    ],
)
def test_what_the_writer_shows_as_his_own_or_as_proof_is_not_what_he_complains_of(other: str) -> None:
    body = f"Copyright infringement on 192.0.2.1.\n\n{other}\n\nThe unauthorized copy is located at:\n{BAD}\n"
    mail = f"From: a@rights.example\nSubject: Infringement\nDate: Thu, 28 Nov 2024 08:00:00 +0000\n\n{body}"
    (incident,) = read(mail.encode(), content_type="message/rfc822", received_at=NOW).incidents
    assert incident.urls == (BAD,)


def test_blocks_of_one_form_are_dated_and_linked_each_by_itself() -> None:
    block = "IP address: {ip}\nURL: hxxp://{ip}/a.exe\nFirst seen (UTC): 2024-05-{day} 10:00:00\n"
    body = "Malware is spread in your network.\n\n" + "\n".join(
        block.format(ip=ip, day=day) for ip, day in (("192.0.2.8", 30), ("192.0.2.9", 31), ("192.0.2.8", 29))
    )
    mail = f"From: a@example.org\nSubject: Malware\nDate: Sat, 01 Jun 2024 11:00:00 +0000\n\n{body}"
    found = read(mail.encode(), content_type="message/rfc822", received_at=datetime(2024, 6, 2, tzinfo=UTC)).incidents
    told = [(each.ips, each.urls, each.occurred_at.day if each.occurred_at else 0) for each in found]
    assert told == [
        (("192.0.2.8",), ("http://192.0.2.8/a.exe",), 30),
        (("192.0.2.9",), ("http://192.0.2.9/a.exe",), 31),
    ]
