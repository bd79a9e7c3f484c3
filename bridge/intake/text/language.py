"""The language of a text, by its script and its small words."""

from __future__ import annotations

import re
from collections import Counter

_SMALL_WORDS = {
    "en": (
        "the and of to is from this your that with for please have been are was you our we has by it hello dear which "
        "their not can"
    ).split(),
    "de": (
        "der die das und ist von mit sie bitte wir auf eine nicht ihre dem den für wurde sind im ihrem ihren sehr "
        "geehrte damen herren wird werden haben ich"
    ).split(),
    "fr": "le la les des et est vous nous votre pour une dans que sur avec merci veuillez".split(),
    "es": (
        "el los las que por una con para del su se es esta está están nos usted favor ha nuestro "
        "nuestra desde estimados hemos dirección servidor"
    ).split(),
    "pt": (
        "o os que por uma com para do da seu sua se não este nos foi você nosso nossa prezados endereço conteúdo em ao"
    ).split(),
    "it": "il gli che per una con del della si è questo vostro nel siamo sono di".split(),
    "nl": "de het een van en is dat op te met voor uw deze niet zijn wij door".split(),
    "pl": "się na do jest nie że prosimy oraz od przez jako państwa adres został w z".split(),
    "cs": "se na je že od pro jsme vás prosím vaše této který byl adresa ze s".split(),
    "ro": "si şi și din este pentru vă rugam rugăm care cu nu sunt au fost prin sau mai catre către să".split(),
    "sv": "och att det som på är av för med till har inte om ett vi från ni eller".split(),
    "hu": "az és hogy nem egy meg kérjük vagy van címről önök által ez".split(),
    "fi": "ja on ei että tai ovat oli joka myös teidän olemme tämä osoitteesta".split(),
    "tr": "ve bir bu için ile olarak lütfen olan tarafından da de".split(),
}
_WORD = re.compile(r"[^\W\d_]+")
_ENDING = re.compile(r"\.[a-z]+")
"""Of a host or a file: `.com` and `.de` are no words."""
_BEYOND_LATIN = re.compile("[\u0370-\u06ff\u3040-\ud7a3]")
_NO_LETTERS = {
    code: " "
    for code in (*range(0x100), *range(0x2000, 0x2070), *range(0x20A0, 0x20D0), *range(0x3000, 0x3020))
    if not chr(code).isalpha()
}
"""Signs and digits as mail holds them; others do not part words."""


def language_of(text: str) -> str:
    """ISO 639-1 code, empty where the text is too short to tell."""
    sample = text[:3000]
    scripted = _by_script(sample)
    if scripted:
        return scripted
    lowered = _ENDING.sub(" ", sample.lower())
    words = lowered.translate(_NO_LETTERS).split()
    if len(words) < 4:
        return ""
    counts = dict.fromkeys(_SMALL_WORDS, 0)
    for word, times in Counter(filter(_LANGUAGES.__contains__, words)).items():
        for language in _LANGUAGES[word]:
            counts[language] += times
    for language, letters in () if sample.isascii() else _OWN_LETTERS:
        counts[language] += min(sum(map(sample.count, letters)), 3)
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= 2 else ""


def _by_script(sample: str) -> str:
    if sample.isascii() or not _BEYOND_LATIN.search(sample):
        return ""
    letters = sum(map(len, _WORD.findall(sample)))
    for language, script in _SCRIPTS:
        if letters and len(script.findall(sample)) / letters > 0.2:
            return "uk" if language == "ru" and ("і" in sample or "ї" in sample) and "ы" not in sample else language
    return ""


_LANGUAGES: dict[str, tuple[str, ...]] = {
    word: tuple(language for language, small in _SMALL_WORDS.items() if word in small)
    for words in _SMALL_WORDS.values()
    for word in words
}
"""The languages of each small word."""
_OWN_LETTERS = (
    ("de", "äßÄ"), ("pl", "łąęśżźćŁŻŚ"), ("cs", "ěřůŘŮ"), ("tr", "ğışİ"), ("pt", "ãõ"), ("es", "ñ¿¡"), ("fr", "èêàœ"),
    ("ro", "țșă"), ("sv", "åÅ"), ("hu", "őűŐŰ"),
)  # fmt: skip
"""Letters that hardly another of these languages has."""
_SCRIPTS = (
    ("ru", re.compile("[а-яА-Я]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("el", re.compile("[α-ω]")),
)
