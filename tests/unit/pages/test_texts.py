"""Everything the pages say is said in every language, and every word of ours has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bridge.actions import ACTIONS
from bridge.enquiries import CASE_STATUSES
from bridge.events import REPORTER_KINDS
from bridge.web.pages import text as texts
from bridge.web.pages.text import LOCALES, Text, locale_of, read_texts, text_of

PAGES = Path(texts.__file__).parent
ENGLISH = read_texts("en")
_PLACE = re.compile(r"\{(\w+)\}")


def said_by_templates() -> set[str]:
    """Keys that templates and pages name in full."""
    found: set[str] = set()
    for file in (*PAGES.glob("templates/*.html"), *PAGES.glob("*.py")):
        found.update(re.findall(r'\b(?:t|text)\("([a-z_]+\.[a-z_]+)"', file.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_a_language_lacks_no_text_and_has_none_too_many(locale: str) -> None:
    assert set(read_texts(locale)) == set(ENGLISH)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_has_the_places_of_the_english_text(locale: str) -> None:
    said = read_texts(locale)
    assert {key for key in ENGLISH if set(_PLACE.findall(said[key])) != set(_PLACE.findall(ENGLISH[key]))} == set()
    assert [key for key, text in said.items() if not text.strip()] == []


def test_every_text_that_a_page_asks_for_is_there() -> None:
    asked = said_by_templates()
    assert len(asked) > 30
    assert asked - set(ENGLISH) == set()


def test_every_word_of_ours_can_be_said() -> None:
    wanted = {f"action.{name}" for name in ACTIONS}
    wanted |= {f"case.{status}" for status in CASE_STATUSES}
    wanted |= {f"reporter.{kind}" for kind in REPORTER_KINDS}
    assert wanted - set(ENGLISH) == set()


@pytest.mark.parametrize(
    ("named", "languages", "locale"),
    [
        ("de", "", "de"),
        ("german", "", "de"),
        ("zh_CN", "", "zh"),
        ("", "fr-FR, ru-RU;q=0.8, en;q=0.5", "ru"),
        ("", "", "en"),
        ("klingon", "de-AT", "de"),
        ("../../etc/passwd", "<script>", "en"),
    ],
)
def test_the_locale_is_the_panels_else_the_browsers_else_english(named: str, languages: str, locale: str) -> None:
    assert locale_of(named, languages) == locale


def test_what_is_not_translated_is_said_in_english_and_an_unknown_word_as_it_is() -> None:
    bare = Text("xx", {}, {"nav.cases": "Cases"})
    assert bare("nav.cases") == "Cases"
    assert bare.word("case", "some_new_status") == "some new status"


def test_a_place_without_a_value_stays_and_a_value_is_not_read_as_a_place() -> None:
    assert text_of("en")("word.page_of", page="{pages}") == "page {pages} of {pages}"
