"""Marks are keyed, exact, and never cut off."""

from __future__ import annotations

import re

from bridge.marks import bears, mark, marked, marks_in

TOKEN = mark(b"secret", "act_1", "suspend")


def test_a_mark_is_ts_and_sixteen_base32_characters() -> None:
    assert re.fullmatch(r"TS-[A-Z2-7]{16}", TOKEN)


def test_a_mark_depends_on_secret_action_and_step_and_on_nothing_else() -> None:
    others = {mark(b"other", "act_1", "suspend"), mark(b"secret", "act_2", "suspend"), mark(b"secret", "act_1", "x")}
    assert TOKEN not in others
    assert len(others) == 3
    assert mark(b"secret", "act_1", "suspend") == TOKEN


def test_a_mark_is_found_as_a_whole_word_only() -> None:
    assert bears(f"Spam complaint {TOKEN}", TOKEN)
    assert bears(f"<p>{TOKEN}</p>", TOKEN)
    assert not bears(f"Spam complaint {TOKEN}A", TOKEN)
    assert not bears(f"X{TOKEN}", TOKEN)
    assert not bears(TOKEN[:-1], TOKEN)
    assert not bears(TOKEN.lower(), TOKEN)


def test_any_mark_is_told_from_other_text() -> None:
    assert marks_in(f"{TOKEN}, TS-short and TS-0000000000000000") == (TOKEN,)


def test_the_mark_stands_last_and_survives_a_text_that_is_too_long() -> None:
    field = marked("long " * 100, TOKEN, longest=100)
    assert len(field) <= 100
    assert field.endswith(f" {TOKEN}")
    assert marked("", TOKEN, longest=100) == TOKEN
