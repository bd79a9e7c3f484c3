"""Reads the letters: a folder per locale with `<template>.txt` and `words.toml`; everything is checked before use."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from bridge.categories import CATEGORIES
from bridge.errors import InvalidInput
from bridge.letters.compose import DEFAULT_LOCALE, PLACEHOLDERS, SECTIONS, Language, Letters
from bridge.letters.template import Template, read_template

ROOM = Path(__file__).parent
WORDS = "words.toml"

_BASIS = frozenset({"service", "clause", "policy", "says", "because"})


def _says(*names: str) -> frozenset[str]:
    return _BASIS | {*names, "reseller"}


NEEDED: Mapping[str, frozenset[str]] = {
    "complaint": _says(
        *"category ips occurred respond_by time_left remedies advice conditions decided measures".split()
    ),
    "reminder": _says("category", "respond_by", "time_left", "notice_number", "remedies", "decided"),
    "advice": _says("category", "ips", "advice", "remedies", "decided"),
    "evidence": _says("evidence", "respond_by", "time_left", "decided"),
    "refund_refused": _says("decided"),
    "ip_replacement_refused": _says("ip", "decided"),
    "ip_replaced": frozenset({"service", "ip", "new_ip", "reseller"}),
    "sla_credit_refused": _says("decided"),
    "sla_credit_granted": _says("decided"),
    "incomplete": frozenset({"received", "category"}),
    "other_authority": frozenset({"received", "category"}),
    "resource_use": _says("decided"),
    "refund_alarm": _BASIS | {"client"},
    "service_moved": frozenset({"service", "client", "because"}),
    "review": _BASIS | {"case", "client", "category"},
    "appeal": _BASIS | {"case", "client", "category"},
    "credit_by_hand": _BASIS | {"client"},
    "steps_not_taken": _BASIS | {"case", "client", "category"},
    "proposal_lapsed": _BASIS | {"action", "case", "client"},
    "proposal_waiting": _BASIS | {"action", "case", "client"},
}
"""What each letter has to say; every locale may leave a letter out, English none."""


def load_letters(room: Path = ROOM) -> Letters:
    """All locales below `room`; raises InvalidInput naming file and line for what cannot be used."""
    languages = {folder.name: _language(folder) for folder in sorted(room.iterdir()) if (folder / WORDS).is_file()}
    if DEFAULT_LOCALE not in languages:
        raise InvalidInput(str(room), f"has no folder {DEFAULT_LOCALE}")
    _insist_on_english(languages[DEFAULT_LOCALE])
    return Letters(languages)


def read_words(locale: str) -> Mapping[str, Mapping[str, str]]:
    """How a locale puts our tokens, by section; raises InvalidInput."""
    return _words(ROOM / locale / WORDS)


def _language(folder: Path) -> Language:
    templates = {path.stem: _template(path) for path in sorted(folder.glob("*.txt"))}
    return Language(templates, _words(folder / WORDS))


def _template(path: Path) -> Template:
    needed = NEEDED.get(path.stem)
    file = f"{path.parent.name}/{path.name}"
    if needed is None:
        raise InvalidInput(file, f"is none of the letters {', '.join(NEEDED)}")
    return read_template(path.read_text("utf-8"), file, known=PLACEHOLDERS, needed=needed)


def _words(path: Path) -> Mapping[str, Mapping[str, str]]:
    file = f"{path.parent.name}/{path.name}"
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(file, str(error)) from error
    for section, words in written.items():
        if section not in SECTIONS or not isinstance(words, dict):
            raise InvalidInput(file, f"[{section}] is none of {', '.join(sorted(SECTIONS))}")
        for token, word in words.items():
            if not isinstance(word, str) or not word.strip():
                raise InvalidInput(file, f"{section}.{token} must be words")
    return written


def _insist_on_english(english: Language) -> None:
    if missing := sorted(NEEDED.keys() - english.templates.keys()):
        raise InvalidInput(DEFAULT_LOCALE, f"lacks the letters {', '.join(missing)}")
    if sections := sorted(SECTIONS - english.words.keys()):
        raise InvalidInput(f"{DEFAULT_LOCALE}/{WORDS}", f"lacks {', '.join(sections)}")
    if unnamed := sorted(CATEGORIES - english.words["category"].keys()):
        raise InvalidInput(f"{DEFAULT_LOCALE}/{WORDS}", f"has no words for {', '.join(unnamed)}")
