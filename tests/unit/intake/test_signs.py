"""What tells beforehand that a pattern cannot match a text: it may err on one side only."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.intake.general import answers, nocomplaint, reader, reference, wanted, when
from bridge.intake.text import offences, wording, zones
from bridge.intake.text.offences import WORDS
from bridge.intake.text.sieve import Sieve, Sought
from bridge.intake.text.signs import signs_of
from bridge.intake.text.words import Phrases, alternatives


def patterns_of(module: ModuleType) -> list[str]:
    """Every pattern and phrase that a module holds."""
    found = [held.pattern for held in vars(module).values() if isinstance(held, re.Pattern)]
    phrases = [
        each for held in vars(module).values() if isinstance(held, Phrases) for each in alternatives(held.pattern)
    ]
    return [*found, *phrases]


MODULES = (answers, nocomplaint, offences, reader, reference, wanted, when, wording, zones)
PATTERNS = sorted(
    {each for module in MODULES for each in patterns_of(module)}
    | {phrase for words in WORDS.values() for phrase in (*words.plain, *words.hints)}
)


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        (r"brute[- ]?forc\w+", {"bruteforc", "brute-forc", "brute forc"}),
        (r"\bspam(?:mer)?\b", {"spam"}),
        (
            r"(?:ssh|sip) (?:access )?attempts?",
            {"ssh attempt", "ssh access attempt", "sip attempt", "sip access attempt"},
        ),
        (r"(?:fail(?:ed|ure)|denied)\d+ (?!x)", {"failed", "failure", "denied"}),
        (r"(?i:Über)[sz]{1}ee", {"übersee", "überzee"}),
        (r"a{2,3}bcd", {"bcd"}),
        (r"x(?:y|z)*", set()),
        (r"one|\d", set()),
        (r"\[\.\]", {"[.]"}),
        (r"攻[击擊]?", {"攻"}),
        (r"(?P<q>['\"])word(?P=q)", {"'word", '"word'}),
        (r"[^\]a]tail", {"tail"}),
        (r"[]ab]tail", {"]tail", "atail", "btail"}),
    ],
)
def test_signs_are_read_off_a_pattern(pattern: str, signs: set[str]) -> None:
    assert signs_of(pattern) == signs


@given(st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_whatever_a_pattern_matches_holds_one_of_its_signs(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    text = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE)))
    found = re.search(pattern, text, re.IGNORECASE)
    assert found is None or Sieve([(pattern, True)]).possible(text.lower())


def test_a_sieve_keeps_the_order_of_what_is_possible_and_what_it_knows_no_sign_of() -> None:
    sieve = Sieve([("flood", 1), (r"\d{3}", 2), ("scan|probe", 3), ("brute", 4)])
    assert sieve.possible("a probe, then a flood") == [1, 2, 3]
    assert sieve.possible("") == [2]


def test_half_a_character_in_a_text_hides_no_sign() -> None:
    assert Sieve([("flood", 1)]).possible("\ud800 flood") == [1]


def test_a_pattern_is_sought_in_any_case() -> None:
    sought = Sought(r"^severity: (\w+)", re.MULTILINE)
    found = sought.search("Note\nSEVERITY: High")
    assert found is not None
    assert found.group(1) == "High"
    assert sought.search("sever: high") is None
