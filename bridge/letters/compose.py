"""Letters out of facts: the template of a locale, tokens put into words, texts of others made harmless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridge.errors import InvalidInput
from bridge.letters.plain import plain
from bridge.letters.template import Template
from bridge.wording import language_of

Fact = str | Sequence[str]

RESELLER = "reseller_"
DEFAULT_LOCALE = "en"

LISTS = frozenset({"ips", "targets", "remedies", "advice", "conditions", "measures"})
"""Placeholders that stand for several things, one line each."""

TOKENS: Mapping[str, str] = {
    "category": "category",
    "remedies": "remedy",
    "advice": "advice",
    "conditions": "condition",
    "measures": "measure",
    "evidence": "evidence",
    "reporter": "reporter",
    "decided": "decided",
    "charge": "charge",
    "reseller": "reseller",
}
"""Placeholders that hold tokens of ours, and the section of words.toml that puts them into words."""

PLACEHOLDERS = (
    LISTS
    | frozenset(TOKENS)
    | frozenset(
        {
            *("action", "because", "case", "client", "clause", "ip", "new_ip", "notice_number", "occurred", "policy"),
            *("received", "respond_by", "says", "service", "state", "time_left", "version"),
        }
    )
)

SECTIONS = frozenset({*TOKENS.values(), "language", "length"})
"""Of words.toml: those of the tokens, the names of languages and how durations are put."""

_LONGEST_SUBJECT = 120
_LONGEST_FACT = 1000
_MOST_ITEMS = 50
_LONGEST_ITEM = 300


@dataclass(frozen=True)
class Letter:
    """Plain text; `subject` is one line. No mark yet: who sends it appends that."""

    subject: str
    text: str


@dataclass(frozen=True)
class Language:
    """Templates by name and words by section and token, of one locale."""

    templates: Mapping[str, Template]
    words: Mapping[str, Mapping[str, str]]


class Letters:
    """Every letter in every locale there is; what a locale lacks is said in English."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = languages

    @property
    def locales(self) -> tuple[str, ...]:
        return tuple(self._languages)

    def locales_of(self, template: str) -> frozenset[str]:
        """Those that have the letter; the others send it in English."""
        return frozenset(name for name, language in self._languages.items() if template in language.templates)

    def spoken(self, locale: str | None) -> str:
        """The locale in which somebody of that locale is written to."""
        wanted = (locale or DEFAULT_LOCALE).replace("_", "-")
        return next((name for name in (wanted, language_of(wanted)) if name in self._languages), DEFAULT_LOCALE)

    def compose(self, template: str, locale: str | None, facts: Mapping[str, Fact]) -> Letter:
        """The letter `template`; a name that begins with `reseller_` is its form for resellers (G9).

        facts   by placeholder (PLACEHOLDERS); what is absent or empty is not mentioned. Tokens are put into words here.
        Raises InvalidInput for a template that there is not.
        """
        chain = self._chain(locale)
        found = _first(chain, template)
        if found is None and template.startswith(RESELLER):
            found = _first(chain, template.removeprefix(RESELLER))
        if found is None:
            raise InvalidInput("template", f"there is no letter {plain(template, 60)!r}")
        said = {name: self._said(chain, name, facts.get(name, "")) for name in PLACEHOLDERS}
        if template.startswith(RESELLER):
            said["reseller"] = self._word(chain, "reseller", "duty")
        subject, text = found.fill(said)
        return Letter(plain(subject, _LONGEST_SUBJECT), text)

    def quoted(self, text: str, language: str, locale: str | None) -> str:
        """Somebody's words, with their language said where the reader's is another."""
        if not text or language_of(language) == language_of(self.spoken(locale)):
            return text
        return f"{text} [{self.word('language', language_of(language), locale)}]"

    def word(self, section: str, token: str, locale: str | None) -> str:
        """A token in words; the token itself where there are none."""
        return self._word(self._chain(locale), section, token)

    def _chain(self, locale: str | None) -> list[Language]:
        """The locale, its language, English: `pt-BR`, `pt`, `en`."""
        wanted = (locale or DEFAULT_LOCALE).replace("_", "-")
        names = dict.fromkeys((wanted, language_of(wanted), DEFAULT_LOCALE))
        return [self._languages[name] for name in names if name in self._languages]

    def _said(self, chain: Sequence[Language], name: str, fact: Fact) -> Fact:
        items = [fact] if isinstance(fact, str) else list(fact[:_MOST_ITEMS])
        section = TOKENS.get(name)
        if name == "measures":
            items = [item for item in items if any(item in language.words.get("measure", {}) for language in chain)]
        longest = _LONGEST_ITEM if name in LISTS else _LONGEST_FACT
        words = [self._word(chain, section, item) if section else item for item in items]
        clean = tuple(line for word in words if (line := plain(word, longest)))
        if name in LISTS:
            return clean
        return ", ".join(clean)

    def _word(self, chain: Sequence[Language], section: str, token: str) -> str:
        for language in chain:
            if token in language.words.get(section, {}):
                return language.words[section][token]
        return token


def _first(chain: Sequence[Language], template: str) -> Template | None:
    return next((language.templates[template] for language in chain if template in language.templates), None)
