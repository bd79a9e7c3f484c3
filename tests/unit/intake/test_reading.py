"""The reading of a mail as a whole: what it is, whose it is, what is borrowed and what stays unsaid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from bridge.intake.combine import combined
from bridge.intake.formats import all_formats
from bridge.intake.model import CONFIDENT, Incident, Kind, Networks, Reading, ReporterKind
from bridge.intake.read import read
from bridge.ports import OWN_NOTICE

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
OWN: Networks = (ip_network("192.0.2.0/24"),)


def a_mail(body: str, **headers: str) -> bytes:
    fields = {"From": "a@example.org", "Subject": "Abuse report", "Date": "Sat, 01 Jun 2024 11:00:00 +0000", **headers}
    return ("".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items()) + "\n" + body).encode()


def reading_of(body: str, own: Networks = OWN, **headers: str) -> Reading:
    return read(a_mail(body, **headers), content_type="message/rfc822", own=own, received_at=NOW)


def test_an_address_outside_our_networks_is_never_the_offender() -> None:
    (incident,) = reading_of("ssh brute force from 203.0.113.7 against our server").incidents or (Incident(),)
    assert incident.ips == ()


def test_the_same_bytes_have_the_same_digest() -> None:
    assert reading_of("spam from 192.0.2.1").digest == reading_of("spam from 192.0.2.1").digest


def test_a_mail_that_names_no_source_is_unsure() -> None:
    reading = reading_of("Somebody of yours sends spam, please stop it.")
    assert reading.kind is Kind.UNSURE
    assert reading.reason


def test_a_time_that_is_not_stated_is_the_senders_date_and_marked() -> None:
    (incident,) = reading_of("your server 192.0.2.1 sends spam").incidents
    assert incident.occurred_at == NOW - timedelta(hours=1)
    assert not incident.time_certain
    assert incident.occurred_text == ""


def test_a_message_dated_in_the_future_counts_as_sent_when_received() -> None:
    (incident,) = reading_of("your server 192.0.2.1 sends spam", Date="Sat, 01 Jun 2030 11:00:00 +0000").incidents
    assert incident.occurred_at == NOW


def test_a_reply_token_stays_in_the_subject() -> None:
    assert reading_of("spam from 192.0.2.1", Subject="[DC#77] abuse").subject == "[DC#77] abuse"


def test_plain_text_is_read_too() -> None:
    reading = read(b"spam attack from 192.0.2.9, please stop", content_type="text/plain", own=OWN, received_at=NOW)
    assert reading.kind is Kind.COMPLAINT
    assert reading.incidents[0].ips == ("192.0.2.9",)


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("Fail2Ban <fail2ban@mail.example.org>", ReporterKind.AUTOMATED),
        ("Jane <jane@gmail.com>", ReporterKind.INDIVIDUAL),
        ("CERT <cert@cert.example>", ReporterKind.CERT),
        ("Police <police@gmail.com>", ReporterKind.INDIVIDUAL),
        ("SBL <sbl@spamhaus.example>", ReporterKind.BLOCKLIST),
        ("Anti-Piracy <notice@films.example>", ReporterKind.RIGHTS_HOLDER),
    ],
)
def test_a_reporter_is_told_by_name_and_address_but_free_mail_makes_no_authority(
    sender: str, kind: ReporterKind
) -> None:
    assert reading_of("spam from 192.0.2.1", From=sender).incidents[0].reporter.kind is kind


def test_of_child_abuse_neither_text_nor_link_is_quoted() -> None:
    reading = reading_of("child abuse material at http://bad.example/9 on 192.0.2.1", Subject="bad.example")
    (incident,) = reading.incidents
    assert incident.category == "content/csam"
    assert incident.ips == ("192.0.2.1",)
    assert "bad.example" not in repr(reading)


def test_exact_structure_wins_and_borrows_only_what_it_lacks() -> None:
    exact = Incident(category="messaging/spam", ips=("192.0.2.1",), confidence=0.95, source_format="arf")
    general = Incident(category="content/phishing", ips=("192.0.2.2",), occurred_at=NOW, report_id="7", confidence=0.6)
    (incident,) = combined([exact], general)
    assert (incident.category, incident.ips, incident.confidence) == ("messaging/spam", ("192.0.2.1",), 0.95)
    assert (incident.occurred_at, incident.report_id) == (NOW, "7")


def test_a_borrowed_address_costs_confidence() -> None:
    exact = Incident(category="content/phishing", domains=("bad.example",), confidence=0.95)
    (incident,) = combined([exact], Incident(ips=("192.0.2.2",), confidence=0.6))
    assert incident.ips == ("192.0.2.2",)
    assert CONFIDENT < incident.confidence < 0.95


def test_of_two_reports_of_the_same_the_earlier_counts() -> None:
    late = Incident(category="messaging/spam", ips=("192.0.2.1",), occurred_at=NOW)
    early = Incident(category="messaging/spam", ips=("192.0.2.1",), occurred_at=NOW - timedelta(hours=1))
    (incident,) = combined([late, early], Incident())
    assert incident.occurred_at == early.occurred_at


def test_an_incident_of_child_abuse_cannot_be_made_with_a_link() -> None:
    with pytest.raises(ValueError, match="quotes nothing"):
        Incident(category="content/csam", urls=("http://bad.example/",))


def test_an_incident_has_a_category_of_the_vocabulary() -> None:
    with pytest.raises(ValueError, match="no such category"):
        Incident(category="nonsense/kind")


def test_every_room_has_a_name_of_its_own() -> None:
    names = [each.name for each in all_formats()]
    assert len(names) == len(set(names))
    assert {"xarf", "x_arf", "arf", "acns", "spamcop", "table"} <= set(names)


def test_our_own_notice_that_comes_back_is_no_complaint() -> None:
    letter = f"{OWN_NOTICE}: notice\n".encode() + a_mail("Your report about spam from 192.0.2.1 is settled.")
    reading = read(letter, content_type="message/rfc822", own=OWN, received_at=NOW)
    assert (reading.kind, reading.reason) == (Kind.NOT_A_COMPLAINT, "own_notice")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Abbiamo preso in carico la Sua segnalazione.", Kind.NOT_A_COMPLAINT),
        ("Thank you for your report.", Kind.NOT_A_COMPLAINT),
        ("We received your message, but it still goes on.", Kind.COMPLAINT),
        ("A ticket was created on your behalf.", Kind.COMPLAINT),
    ],
)
def test_what_a_desk_repeats_below_its_receipt_is_no_complaint_of_its_own(words: str, kind: Kind) -> None:
    repeated = "\n\nYour server 192.0.2.1 attacks us by ssh brute force, please stop it."
    assert reading_of(words + repeated, Subject="SSH attack").kind is kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("We've received a report that your instance 192.0.2.1 has been scanning other hosts.", Kind.COMPLAINT),
        ("Your instance 192.0.2.1 is hosting my site.", Kind.NOT_A_COMPLAINT),
    ],
)
def test_who_asks_what_this_may_be_enquires_only_if_he_tells_of_no_abuse(words: str, kind: Kind) -> None:
    assert reading_of(f"Hello,\n\n{words} Is this normal?", Subject="Your instance").kind is kind


def test_a_person_looks_where_only_the_subject_of_a_ticket_names_an_address() -> None:
    reading = reading_of("Ticket 44012 was given to Kim.", Subject="SSH attack from 192.0.2.1")
    assert reading.kind is Kind.UNSURE
    assert all(each.confidence < CONFIDENT for each in reading.incidents)


def test_a_person_looks_where_a_letter_stands_below_words_that_accuse_nobody() -> None:
    words = "Hei Anna,\n\nlöysin tämän viestin vasta tänään pöydältäni.\n\n"
    letter = "Dear abuse team,\n\n192.0.2.1 attacks our server by ssh brute force, please stop it.\n"
    assert reading_of(words + letter, Subject="Viesti").kind is Kind.UNSURE
    assert (
        reading_of("Hi Anna,\n\nplease act upon the following.\n\n" + letter, Subject="Viesti").kind is Kind.COMPLAINT
    )


def test_a_person_looks_where_the_accusation_is_in_another_language_than_the_words_above_it() -> None:
    above = "Se tulee meille ja on nyt tässä, ja joku meistä katsoo sen huomenna.\n\n"
    accusation = "The host 192.0.2.1 attacks our server by ssh brute force and this is not allowed.\n"
    assert reading_of(above + accusation, Subject="Viesti").kind is Kind.UNSURE
    assert reading_of(accusation + "\n" + above, Subject="Viesti").kind is Kind.COMPLAINT


@pytest.mark.parametrize(
    ("group", "kind"), [("talk@lists.example", Kind.UNSURE), ("abuse@host.example", Kind.COMPLAINT)]
)
def test_talk_on_a_mailing_list_is_looked_at_but_not_what_a_desk_reads_as_a_group(group: str, kind: Kind) -> None:
    fields = {"List-Post": f"<mailto:{group}>", "List-Id": f"<{group.replace('@', '.')}>"}
    words = "Your server 192.0.2.1 attacks us by ssh brute force."
    assert reading_of(words, OWN, Subject="SSH attack", **fields).kind is kind


QUOTED = "\n\nOn 1 June 2024 abuse@host.example wrote:\n> ssh brute force from 192.0.2.1, please stop it\n"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Hei, olen lomalla kesäkuun loppuun asti.", Kind.NOT_A_COMPLAINT),
        ("It goes on, still every minute.", Kind.COMPLAINT),
        ("Please see below and act.", Kind.COMPLAINT),
    ],
)
def test_a_reply_is_judged_by_its_own_words_and_not_by_what_it_quotes(words: str, kind: Kind) -> None:
    assert reading_of(words + QUOTED, Subject="Re: SSH attack").kind is kind
