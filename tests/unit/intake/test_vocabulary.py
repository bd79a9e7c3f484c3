"""The words that tell an offence are well-formed data."""

from __future__ import annotations

import re

import pytest

from bridge.categories import CATEGORIES
from bridge.intake.general.category import heaviest
from bridge.intake.text.offences import WORDS, weigh
from bridge.intake.text.sieve import Heard, Sieve
from bridge.intake.text.signs import alternatives, in_lower_case
from bridge.intake.text.words import Phrases


@pytest.mark.parametrize("category", sorted(WORDS))
def test_words_belong_to_a_category_and_are_in_lower_case(category: str) -> None:
    phrases = (*WORDS[category].plain, *WORDS[category].hints, *WORDS[category].traces)
    assert category in CATEGORIES
    assert phrases == tuple(in_lower_case(phrase) for phrase in phrases)
    assert all(re.compile(phrase) for phrase in phrases)


def test_an_alternation_is_split_at_its_top_level_only() -> None:
    assert alternatives(r"a|(?:b|c)d|[|]e|f\|g") == ["a", "(?:b|c)d", "[|]e", r"f\|g"]


def test_phrases_are_found_in_any_case() -> None:
    assert Phrases("out of office|on vacation").occur_in("I am Out Of Office, out of office")
    assert not Phrases("out of office|on vacation").occur_in("I am out, of office")


def test_a_text_heard_once_answers_for_any_part_of_it() -> None:
    away = Phrases(r"out of office|on vacation|^back \d")
    heard = Heard(
        Sieve(((pattern, away) for pattern in away.patterns), lowered=True), "out of office\nback 2, on vacation"
    )
    assert heard.says(away)
    assert (heard.says(away, 0, 12), heard.says(away, 0, 13), heard.says(away, 1, 19)) == (False, True, False)
    assert (heard.times(away), heard.times(away, 0, 22), heard.times(away, 14)) == (3, 2, 2)


@pytest.mark.parametrize(
    ("subject", "body", "category"),
    [
        ("SSH brute force", "Failed password for root", "connection/login_attack"),
        ("Open DNS resolver", "used in a DDoS attack by amplification", "vulnerability/open_resolver"),
        ("Abuse", "unsolicited bulk email was received", "messaging/spam"),
        ("Takedown", "phishing page impersonating a bank", "content/phishing"),
        ("Notice", "copyright infringement over BitTorrent", "copyright/p2p"),
        ("Жалоба", "подбор паролей", "connection/login_attack"),
        ("Hinweis", "offener DNS-Resolver", "vulnerability/open_resolver"),
        ("Hello", "how are you", "other/unclassified"),
    ],
)
def test_the_heaviest_words_name_the_category(subject: str, body: str, category: str) -> None:
    assert heaviest(weigh(subject, body)) == category


def test_spam_filters_lines_and_links_say_nothing() -> None:
    assert weigh("", "X-Spam-Status: No\nhttp://spam.example/phish botnet@ddos.example") == {}
