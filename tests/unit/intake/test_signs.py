"""What tells beforehand that a pattern cannot match a text: it may err on one side only."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.intake.general import answers, nocomplaint, reader, receipts, reference, wanted, when
from bridge.intake.text import offences, wording, zones
from bridge.intake.text.offences import WORDS
from bridge.intake.text.sieve import Phrase, Sieve, Sought
from bridge.intake.text.signs import Signs, alternatives, signs_of
from bridge.intake.text.words import Phrases


def patterns_of(module: ModuleType) -> list[str]:
    """Every pattern and phrase that a module holds."""
    held = list(vars(module).values())
    sought = [each.pattern.compiled for each in held if isinstance(each, Sought)]
    found = [each.pattern for each in (*held, *sought) if isinstance(each, re.Pattern)]
    phrases = [each for words in held if isinstance(words, Phrases) for each in alternatives(words.pattern)]
    return [*found, *phrases]


MODULES = (answers, nocomplaint, offences, reader, receipts, reference, wanted, when, wording, zones)
PATTERNS = sorted(
    {each for module in MODULES for each in patterns_of(module)}
    | {phrase for words in WORDS.values() for phrase in (*words.plain, *words.hints)}
)


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        (r"brute[- ]?forc\w+", {"bruteforc", "brute-forc", "brute forc"}),
        (r"\bspam(?:mer)?\b", {"spam"}),
        (r"\b(?:ssh|sip) (?:x )?tries", {"ssh x tries", "ssh tries", "sip x tries", "sip tries"}),
        (r"(?i:Über)[sz]{1}ee", {"übersee", "überzee"}),
        (r"(?:ab)+c", {"ab"}),
        (r"_{3,}\w", {"___"}),
        (r"\[\.\]", {"[.]"}),
        (r"攻[击擊]?", {"攻"}),
        (r"(?P<q>['\"])word(?P=q)", {"'word", '"word'}),
        (r"[]ab]tail", {"]tail", "atail", "btail"}),
        (r"(?:abuse|abused \w+) of", {"abuse"}),
    ],
)
def test_where_every_match_begins_with_one_of_some_strings_these_are_its_signs(pattern: str, signs: set[str]) -> None:
    assert signs_of(pattern) == Signs(frozenset(signs), leading=True)


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        (r"\w+(?:fail(?:ed|ure)|denied)\d (?!x)", {"failed", "failure", "denied"}),
        (r"(?:ssh|\w{3}) attempts?", {" attempt"}),
        (r"\w{2,3}bcd", {"bcd"}),
        (r"[^\]a]tail", {"tail"}),
        (r"x(?:y|z)*", set()),
        (r"one|\d", set()),
        (r"\S+ ", set()),
    ],
)
def test_else_they_stand_anywhere_in_a_match_or_nothing_is_certain(pattern: str, signs: set[str]) -> None:
    assert signs_of(pattern) == Signs(frozenset(signs), leading=False)


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        (r"^[ \t>]{0,4}(?:report|case) id:\n?(\w+) known", {"report id:", "case id:"}),
        (r"^\s{0,4}(?:report|case) id", set()),
        (r"^[^\n]{0,9}abuse", {"abuse"}),
        (r"^[^:]{0,9}abuse", set()),
        (r"^[^\s:]{0,9}abuse", {"abuse"}),
        (r"^\w{0,9}(?:spam|[\s.]scam)", set()),
        (r"^.{0,9}[#%] \d", {"# ", "% "}),
    ],
)
def test_of_a_pattern_that_begins_lines_only_the_signs_in_its_first_line_count(pattern: str, signs: set[str]) -> None:
    assert signs_of(pattern, in_first_line=True).strings == signs


@given(st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_a_sieve_finds_what_a_plain_search_finds(data: st.DataObject) -> None:
    by_line = data.draw(st.sampled_from((re.NOFLAG, re.MULTILINE)))
    pattern = re.compile(data.draw(st.sampled_from(PATTERNS)), re.IGNORECASE | by_line)
    text = data.draw(st.sampled_from((" ", "\n"))).join(
        data.draw(st.lists(st.from_regex(pattern), min_size=1, max_size=3))
    )
    spans = [found.span() for found in pattern.finditer(text)]
    finds = [finds for _, finds in Sieve([(pattern, True)]).possible(text)]
    assert [found.span() for each in finds for found in each.each()] == spans
    assert [found.span() for found in [each.first() for each in finds] if found] == spans[:1]


def test_a_sieve_keeps_the_order_of_what_it_finds_and_of_what_it_knows_no_sign_of() -> None:
    sieve = Sieve([(re.compile(each), each) for each in ("flood", r"\d{3}", "scan|probe", "brute")])
    assert sieve.found_in("a probe, then a flood of 100") == ["flood", r"\d{3}", "scan|probe"]
    assert [each for each, _ in sieve.possible("")] == [r"\d{3}"]


def test_neither_half_a_character_nor_one_that_grows_in_lower_case_hides_or_moves_a_sign() -> None:
    sieve = Sieve([(re.compile("flood"), 1)])
    assert sieve.found_in("\ud800 flood") == [1]
    assert sieve.found_in("\u0130\u0130 flood") == [1]


def test_a_phrase_is_sought_as_a_pattern_is() -> None:
    sieve = Sieve([(Phrase(r"^flood|\d{3}$", re.MULTILINE), 1), (Phrase("probe"), 2)])
    assert sieve.found_in("a scan,\nflood") == [1]
    assert sieve.found_in("a flood, a probe") == [2]


def test_a_pattern_is_sought_in_any_case() -> None:
    sought = Sought(r"^severity: (\w+)", re.MULTILINE)
    found = sought.search("Note\nSEVERITY: High")
    assert found is not None
    assert found.group(1) == "High"
    assert sought.search("sever: high") is None
    assert [each.group(1) for each in sought.finditer("Severity: low\nseverity: none")] == ["low", "none"]
