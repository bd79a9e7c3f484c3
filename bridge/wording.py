"""What a clause says, in the language of its policy and in those it was translated to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wording:
    """A text with its translations, both by language tag (`en`, `de`); the original counts where they differ."""

    text: str = ""
    language: str = "en"
    translations: Mapping[str, str] = field(default_factory=dict)

    def to(self, locale: str | None) -> tuple[str, str]:
        """For readers of a locale: the text and its language, the original where there is no translation."""
        for wanted in dict.fromkeys((locale or self.language, language_of(locale or self.language))):
            if wanted in self.translations:
                return self.translations[wanted], wanted
        return self.text, self.language


def language_of(locale: str) -> str:
    """`de` of `de-AT` and `de_AT`."""
    return locale.replace("_", "-").partition("-")[0].casefold()
