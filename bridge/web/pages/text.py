"""What the pages say, as data: `locales/<locale>.toml`, a table per page, English where a locale lacks a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bridge.letters import read_words

LOCALES = ("en", "de", "ru", "zh")
DEFAULT = "en"
ROOM = Path(__file__).parent / "locales"

_NAMES = {"english": "en", "german": "de", "deutsch": "de", "russian": "ru", "chinese": "zh", "chinese-cn": "zh"}
"""Languages as panels name them."""

_PLACE = re.compile(r"\{(\w+)\}")


class Text:
    """The texts of one locale; calling it gives one, with its places filled. Nothing is escaped here."""

    def __init__(self, locale: str, texts: Mapping[str, str], english: Mapping[str, str]) -> None:
        self.locale = locale
        self._texts = texts
        self._english = english

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of `section.name`; the key where no locale has it."""
        found = self._texts.get(key) or self._english.get(key) or key
        return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), found)

    def word(self, section: str, token: object) -> str:
        """A word of ours (a state, an action, a finding) as people say it; the bare word where there is no other."""
        key = f"{section}.{token}"
        return self._texts.get(key) or self._english.get(key) or str(token).replace("_", " ")


def locale_of(named: str, languages: str = "") -> str:
    """The locale to show: the one named by the panel, else the first of an Accept-Language that we have."""
    asked = [named, *(part.partition(";")[0] for part in languages[:500].split(","))]
    for name in asked:
        plain = name.strip().casefold().replace("_", "-")
        plain = _NAMES.get(plain, plain)
        for locale in (plain, plain.partition("-")[0]):
            if locale in LOCALES:
                return locale
    return DEFAULT


@cache
def text_of(locale: str) -> Text:
    """The texts of one of LOCALES, read once."""
    return Text(locale, read_texts(locale), read_texts(DEFAULT))


def read_texts(locale: str) -> dict[str, str]:
    """Every text of a locale by `section.name`; categories are named as letters name them."""
    letters = {name: words for name, words in read_words(locale).items() if name in ("category", "language")}
    read = letters | tomllib.loads((ROOM / f"{locale}.toml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": said for section, texts in read.items() for name, said in texts.items()}
