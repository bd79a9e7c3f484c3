"""By when a writer wants an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bridge.intake.model import Incident
from bridge.intake.read import read

SENT = datetime(2026, 11, 5, 16, tzinfo=UTC)
"""A Thursday."""
PASTED = """Received: from x.example ([192.0.2.64]) by mx.example.org; Thu, 5 Nov 2026 10:00:00 +0000
Subject: last call

Answer within 24 hours or lose your account
"""


def incident(text: str) -> Incident:
    mail = (
        "From: Abuse <abuse@carrier.example>\nSubject: Abuse from 192.0.2.64\nDate: Thu, 05 Nov 2026 17:00:00 +0100\n"
        f"Content-Type: text/plain; charset=utf-8\n\nSpam was sent from 192.0.2.64.\n{text}\n"
    )
    received = SENT + timedelta(minutes=2)
    (found,) = read(mail.encode(), content_type="message/rfc822", received_at=received).incidents
    return found


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Please answer within 24 hours.", 24),
        ("You have to remove it within twenty-four (24) hours.", 24),
        ("Please confirm within the next 3 days.", 72),
        ("We ask for an answer within one week.", 168),
        ("Wir bitten um Antwort innerhalb von 48 Stunden.", 48),
        ("Frist: 24 Stunden", 24),
        ("Merci de nous répondre sous 48 heures.", 48),
        ("Dispone de un plazo de 24 horas para ello.", 24),
        ("requer-se a remoção no prazo de 48 (quarenta e oito) horas", 48),
        ("Просим удалить в течение суток.", 24),
        ("Prosimy o usunięcie w ciągu 24 godzin.", 24),
        ("请在24小时之内处理。", 24),
    ],
)
def test_a_term_counts_from_the_sending(text: str, hours: int) -> None:
    assert incident(text).deadline == SENT + timedelta(hours=hours)


@pytest.mark.parametrize(
    "text",
    ["Please fix it within 2 business days.", "Bitte innerhalb von zwei Werktagen beheben.", "sous 2 jours ouvrés"],
)
def test_working_days_leave_the_weekend_out(text: str) -> None:
    assert incident(text).deadline == datetime(2026, 11, 9, 16, tzinfo=UTC)


def test_a_day_without_a_clock_ends_the_term_where_the_writer_lives() -> None:
    assert incident("Please remove it by 10 November 2026.").deadline == datetime(2026, 11, 10, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "There were 500 attempts within 2 hours.",
        "W ciągu ostatnich 4 dni było 12 wiadomości.",
        "We will reply within 2 business days.",
        "The entry expires automatically within 7 days.",
        PASTED,
    ],
)
def test_a_span_that_nobody_is_given_is_no_term(text: str) -> None:
    assert incident(text).deadline is None


def test_an_abuse_desk_that_sets_a_term_for_our_service_is_the_operator_above_us() -> None:
    assert incident("Dear customer,\nplease answer within 24 hours.").reporter.kind == "operator"
    assert incident("Answer within 24 hours, or the server will be shut down.").reporter.kind == "operator"


@pytest.mark.parametrize(
    "text",
    [
        "Dear customer, please stop it.",
        "Please answer within 24 hours.",
        "Stop it within 24 hours, or your network will be blocked here.",
    ],
)
def test_a_term_or_what_any_victim_may_threaten_makes_no_operator(text: str) -> None:
    assert incident(text).reporter.kind == "automated"
