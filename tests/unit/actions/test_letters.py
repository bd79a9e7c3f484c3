"""Letters say what is known, leave out what is not, and make others' texts harmless."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.actions import Panels
from bridge.actions.errand import Errand
from bridge.actions.facts import letter_facts
from bridge.errors import InvalidInput
from bridge.letters import Fact, load_letters, plain, read_words
from bridge.letters.load import NEEDED, ROOM
from bridge.policy.verbs import ADVICE, REMEDIES, TEMPLATES
from bridge.timeformat import format_time
from tests.unit.actions.faults import Faults
from tests.unit.actions.panels import START, ManualClock, MemoryBillingPanel, MemoryServerPanel
from tests.unit.actions.scene import a_work, letters

FACTS: dict[str, Fact] = {
    "service": "12",
    "category": "messaging/spam",
    "ips": ("192.0.2.10", "192.0.2.11"),
    "occurred": "2026-03-01 11:00 UTC",
    "respond_by": "2026-03-01 18:00 UTC",
    "remedies": ("stop_sending", "delist"),
    "policy": "klt-net",
    "version": "2022-06-07",
    "clause": "8",
    "says": "The customer must answer within 6 hours.",
    "because": "Complaint about service 12.",
    "decided": "automatic",
    "case": "c1",
}


def test_the_complaint_says_facts_clause_what_to_do_by_when_and_how_to_object() -> None:
    letter = letters().compose("complaint", "en", FACTS)
    for words in (
        "192.0.2.10",
        "192.0.2.11",
        "unwanted mail (spam)",
        "2026-03-01 11:00 UTC",
        "clause 8 of the policy klt-net, version 2022-06-07",
        "The customer must answer within 6 hours.",
        "decided automatically",
        "Stop the sending at once",
        "Answer by 2026-03-01 18:00 UTC",
        "reply to this ticket",
        "If you think this is wrong",
    ):
        assert words in letter.text
    assert "\n" not in letter.subject


def test_what_a_person_agreed_to_is_said_to_be_so() -> None:
    letter = letters().compose("complaint", "en", {**FACTS, "decided": "person"})
    assert "A member of our staff agreed" in letter.text
    assert "automatically" not in letter.text


def test_what_is_not_known_is_not_mentioned() -> None:
    text = letters().compose("complaint", "en", {"service": "12", "category": "messaging/spam"}).text
    for heading in ("Happened", "Answer by", "What to do", "Addresses", "We advise", "{", "clause"):
        assert heading not in text


def test_a_resellers_form_asks_to_pass_it_on() -> None:
    plain_form = letters().compose("complaint", "en", FACTS)
    form = letters().compose("reseller_complaint", "en", FACTS)
    assert "pass this on to your customer" in form.text
    assert "pass this on" not in plain_form.text


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_letter_that_a_pack_may_name_is_there_in_both_forms(template: str) -> None:
    assert letters().compose(template, "en", FACTS).text
    assert letters().compose(f"reseller_{template}", "en", FACTS).text


def test_every_remedy_and_advice_has_words() -> None:
    said = letters()
    assert [word for word in sorted(REMEDIES) if said.word("remedy", word, "en") == word] == []
    assert [word for word in sorted(ADVICE) if said.word("advice", word, "en") == word] == []


def test_a_locale_that_is_not_there_is_said_in_english() -> None:
    assert letters().compose("complaint", "sv", FACTS) == letters().compose("complaint", None, FACTS)


def test_a_letter_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no letter"):
        letters().compose("threat", "en", FACTS)


def test_texts_of_senders_are_one_bounded_line_and_are_not_interpreted() -> None:
    hostile = "http://a.example/{secret}%s\r\nBcc: x@y\x1b[31m\u202egnp.exe" + "A" * 5000
    text = letters().compose("complaint", "en", {**FACTS, "targets": (hostile,)}).text
    line = next(line for line in text.splitlines() if "a.example" in line)
    assert "{secret}%s Bcc: x@y [31m gnp.exe" in line
    assert len(line) < 400
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_very_many_targets_are_cut() -> None:
    targets = tuple(f"http://a.example/{number}" for number in range(1000))
    assert letters().compose("complaint", "en", {**FACTS, "targets": targets}).text.count("a.example") == 50


def test_plain_text_has_no_line_ends_and_a_length() -> None:
    assert plain("a\r\nb\tc\x00\u2028d", 100) == "a b c d"
    assert plain("abcdef", 4) == "abc…"


# ---- loading ----


def a_room(folder: Path, **files: str) -> Path:
    """A copy of the English letters with some files replaced or added; `__` in a name stands for a dot."""
    for path in (ROOM / "en").iterdir():
        (folder / "en").mkdir(exist_ok=True)
        (folder / "en" / path.name).write_bytes(path.read_bytes())
    for name, written in files.items():
        (folder / "en" / name.replace("__", ".")).write_text(written, "utf-8")
    return folder


def test_an_unknown_placeholder_is_refused_with_file_and_line(tmp_path: Path) -> None:
    room = a_room(tmp_path, advice__txt="Subject: x\n\n{service}\n{secret}\n")
    with pytest.raises(InvalidInput, match=r"en/advice\.txt:4: .*secret"):
        load_letters(room)


def test_a_missing_placeholder_is_refused_by_name(tmp_path: Path) -> None:
    room = a_room(tmp_path, reminder__txt="Subject: x\n\n{service}\n")
    with pytest.raises(InvalidInput, match=r"en/reminder\.txt: must say .*\{respond_by\}"):
        load_letters(room)


@pytest.mark.parametrize("written", ["{service!r}", "{service:>999999999}", "{0}", "{service.__class__}", "{", "{}"])
def test_a_placeholder_that_is_more_than_a_name_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(InvalidInput, match=r"advice\.txt:3"):
        load_letters(a_room(tmp_path, advice__txt=f"Subject: x\n\n{written}\n"))


def test_a_letter_without_a_subject_or_with_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="Subject"):
        load_letters(a_room(tmp_path, advice__txt="Hello {service}\n"))
    with pytest.raises(InvalidInput, match="none of the letters"):
        load_letters(a_room(tmp_path, advice__txt=(ROOM / "en/advice.txt").read_text("utf-8"), threat__txt="x"))


def test_a_category_without_words_is_refused(tmp_path: Path) -> None:
    words = (ROOM / "en/words.toml").read_text("utf-8").replace('"messaging/spam" =', '"messaging/ham" =')
    with pytest.raises(InvalidInput, match="messaging/spam"):
        load_letters(a_room(tmp_path, words__toml=words))


def test_another_locale_says_what_it_has_and_leaves_the_rest_to_english(tmp_path: Path) -> None:
    room = a_room(tmp_path)
    (room / "de").mkdir()
    (room / "de" / "words.toml").write_text('[category]\n"messaging/spam" = "unerwünschte Mail"\n', "utf-8")
    text = load_letters(room).compose("complaint", "de-AT", FACTS).text
    assert "unerwünschte Mail" in text
    assert "Stop the sending at once" in text


def test_every_english_letter_is_checked() -> None:
    assert {path.stem for path in (ROOM / "en").glob("*.txt")} == set(NEEDED)


FOREIGN = tuple(locale for locale in letters().locales if locale != "en")
FOR_CUSTOMERS = (
    "advice", "complaint", "evidence", "ip_replaced", "ip_replacement_refused", "refund_refused", "reminder",
    "resource_use", "sla_credit_granted", "sla_credit_refused",
)  # fmt: skip


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_customers_are_written_to_in_four_languages() -> None:
    assert set(FOREIGN) == {"de", "ru", "zh"}
    for name in FOR_CUSTOMERS:
        assert letters().locales_of(name) == {"en", *FOREIGN}


@pytest.mark.parametrize("locale", FOREIGN)
@pytest.mark.parametrize("name", FOR_CUSTOMERS)
def test_a_translated_letter_says_all_that_the_english_one_says(locale: str, name: str) -> None:
    english, foreign = ((ROOM / language / f"{name}.txt").read_text("utf-8") for language in ("en", locale))
    assert places(foreign) == places(english)
    assert places(foreign.splitlines()[0]) == places(english.splitlines()[0])


@pytest.mark.parametrize("locale", FOREIGN)
def test_a_language_has_words_for_every_token(locale: str) -> None:
    english, foreign = read_words("en"), read_words(locale)
    assert {section: set(words) for section, words in foreign.items()} == {
        section: set(words) for section, words in english.items()
    }


@pytest.mark.parametrize("name", [name for name in FOR_CUSTOMERS if name != "ip_replaced"])
@pytest.mark.parametrize("locale", ["en", *FOREIGN])
def test_every_decision_is_told_with_its_clause_whether_a_person_decided_and_how_to_object(
    locale: str, name: str
) -> None:
    one, other = (letters().compose(name, locale, {**FACTS, "decided": who}).text for who in ("automatic", "person"))
    assert one != other
    for text in (one, other):
        assert all(str(FACTS[fact]) in text for fact in ("because", "clause", "policy", "version", "says"))
        assert {"en": "ticket", "de": "Ticket", "ru": "тикет", "zh": "工单"}[locale] in text


def test_a_clause_is_quoted_with_its_language_where_the_readers_is_another() -> None:
    assert letters().quoted("No spam.", "en", "de-AT") == "No spam. [auf Englisch]"
    assert letters().quoted("No spam.", "en", "sv") == "No spam."
    assert letters().quoted("", "ru", "en") == ""


def test_the_time_left_is_told_from_when_the_letter_is_written() -> None:
    own = {"respond_by": format_time(START + timedelta(hours=6)), "template": "complaint"}
    faults = Faults()
    panels = Panels(
        billing=MemoryBillingPanel(faults, ManualClock(faults), MemoryServerPanel(faults)), servers=lambda _: None
    )
    errand = Errand(
        work=a_work("notify_customer", own), panels=panels, letters=letters(), mailer=None, secret=b"x", now=START
    )
    assert letter_facts(errand)["time_left"] == "6 hours"
    assert letter_facts(errand, "ru")["time_left"] == "6 ч"
    assert letter_facts(replace(errand, now=START - timedelta(days=9)), "de")["time_left"] == "9 Tage"
    assert letter_facts(replace(errand, now=START + timedelta(hours=7)))["time_left"] == ""
