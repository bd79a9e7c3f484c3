"""The reference of the pack language as Markdown, made from the registry that the loader itself reads by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field
from inspect import getdoc

from bridge.categories import CATEGORIES
from bridge.events import EVENT_TYPES, FINDINGS, REPORTER_KINDS
from bridge.policy.fault import FAULTS
from bridge.policy.load import EXPECTED, MENTIONS, SHOWN_RECORDS, VERDICTS, known_triggers
from bridge.policy.pack import Trigger
from bridge.policy.settings import SETTINGS
from bridge.policy.telling.phrases import ends, happens
from bridge.policy.verbs import ADVICE, REMEDIES, TEMPLATES, UNTIL, VERBS, VerbSpec
from bridge.policy.vocabulary import FACTS

HEAD = """\
# Policy reference

Every word that a pack may use. This page is made by `tipstaff policy reference` from the vocabulary that packs are read
by; how a pack is written is told in [policy-guide.md](policy-guide.md)."""

_A_TIME = "6h"


def reference() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield HEAD
    yield from _titled("The file", _file())
    yield from _titled("`settings:` of a version", _settings())
    yield from _titled("`on:` what makes a rule be looked at", _triggers())
    yield from _titled("`when:` and `unless:` conditions", _facts())
    yield from _titled("`then:` actions", _verbs())
    yield from _titled("What the words given to an action may be", _params_written())
    yield from _titled("`until:` what ends a hold", _until())
    yield from _titled("`verdict:` answers to a question", [_code_list(VERDICTS)])
    yield from _titled("`because:` what a sentence may mention in braces", [_code_list(MENTIONS)])
    yield from _titled("Templates of notices", [_code_list(TEMPLATES)])
    yield from _titled(
        "Remedies and advice", [f"Remedies: {_code_list(REMEDIES)}", "", f"Advice: {_code_list(ADVICE)}"]
    )
    yield from _titled("`accepted:` oddities that a clause, or one of its rules, may own to", _accepted())
    yield from _titled("Findings", [_code_list(FINDINGS)])
    yield from _titled("Kinds of reporters", [_code_list(REPORTER_KINDS)])
    yield from _titled("Categories", _categories())
    yield from _titled("Events of examples", _events())
    yield from _titled("`expect:` and `never:` of examples", _expected())


_PLACES = (
    ("the pack", "`pack`, `title`, `currency`, `versions`", "`source`, `language`, `consolidate` (24h)"),
    ("a version", "`version`, `effective` (a date), `groups`, `clauses`", "`settings`"),
    ("a group", "`categories`", "`remedies`, `advice`, `counts_when`, `counts_unless`, or `counts: false`"),
    ("a clause", "`says`", "`says_in`, `reading`, `accepted`, `releases` (as `until`), `rules`, `examples`"),
    ("a rule", "`on`, `because`, and `then` or `verdict`", "`when`, `unless`, `accepted`"),
    (
        "an example",
        "`name`, `events`, and `expect` or `never`",
        "`until` (how long deadlines run on), `approve` (`all`, or `none`)",
    ),
)


def _file() -> Iterator[str]:
    yield "A time is written `90s`, `15m`, `6h` or `30d`, a sum `20.00`, a date `2024-05-31`, a share `0.90`."
    yield ""
    yield from _table("place", "must say", "may say")
    for cells in _PLACES:
        yield _row(*cells)


def _settings() -> Iterator[str]:
    yield from _table("word", "what it is", "what may be written")
    for name, setting in sorted(SETTINGS.items()):
        yield _row(f"`{name}`", setting.meaning, setting.writes)


PARAMS_WRITTEN: Mapping[str, str] = {
    "advice": "one or a list of the words of advice below",
    "amount": "a sum such as `20.00`, in the pack's currency; of `grant_refund` always `remaining_time`",
    "at": "`period_end`",
    "at_least": "a time",
    "cap": "a share between 0 and 1",
    "charge": "`fine`, `fee` or `deposit`",
    "conditions": "one or a list of `deposit`, `undertaking`: what the notice asks for",
    "due": "a time, counted from the invoice",
    "erase": "`true`; `false` leaves the data to be handed over by an admin",
    "for": "`incident`",
    "held": "`true` or `false`",
    "irrevocable": "`true` or `false`",
    "kind": "of `request_evidence`: `double_opt_in`, `authorization`, `not_culpable` or `other`; else a word of yours",
    "only_deferred": "`true` or `false`",
    "per": "`incident` (once), or `ip` (for each address complained of)",
    "ports": "a port number, or a list of them",
    "reach": "`service` or `client`",
    "remedies": "one or a list of the remedies below",
    "remedy_within": "a time, or a list of rising ones; `no_remedy` names the same",
    "reply_within": "a time, or a list of rising ones; `no_reply` names the same",
    "scope": "of `block_network`: `all`, `outbound`, `ip` or `ports`; of `bar_unsuspension`: `service` or `ip`",
    "template": "one of the templates below",
    "text": "text",
    "until": "see below",
    "within": "a time; `no_evidence` names the same",
}
"""What a pack may write for each parameter of an action."""


def _params_written() -> Iterator[str]:
    yield from _table("word", "what may be written")
    for name, written in PARAMS_WRITTEN.items():
        yield _row(f"`{name}`", written)


def _titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield from lines


def _table(*headings: str) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{' --- |' * len(headings)}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"


def _code_list(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words))


def _triggers() -> Iterator[str]:
    yield from _table("word", "a rule is looked at when")
    for name, words in known_triggers().items():
        if words is None:
            yield _row(f"`{name}: {_A_TIME}`", happens(Trigger(name, 6 * 3600)))
        elif not words:
            yield _row(f"`{name}`", happens(Trigger(name)))
        for word in sorted(words or ()):
            yield _row(f"`{name}: {word}`", happens(Trigger(name, word)))


def _facts() -> Iterator[str]:
    yield from _table("word", "what it is", "what may be written")
    for name, fact in sorted(FACTS.items()):
        yield _row(f"`{name}`", getdoc(fact) or "", fact.writes)


def _verbs() -> Iterator[str]:
    yield "Approval holds where neither the row (`approval: auto`, `1` or `2`) nor the configuration says otherwise."
    yield ""
    yield from _table("word", "what it does", "approval", "must be given", "may be given")
    for name, spec in sorted(VERBS.items()):
        only = f" Only on {_code_list(spec.on)}." if spec.on else ""
        yield _row(f"`{name}`", f"{spec.meaning}{only}", str(spec.approval), *_params(spec))


def _params(spec: VerbSpec) -> tuple[str, str]:
    return _code_list(spec.needed), _code_list(spec.optional)


def _until() -> Iterator[str]:
    yield "One word; several of which any is enough (`[remediated, paid]`); or all needed (`remediated and paid`)."
    yield ""
    yield from _table("word", "the hold ends when")
    for word in sorted(UNTIL):
        yield _row(f"`{word}`", ends([[word]]))


def _accepted() -> Iterator[str]:
    yield from _table("word", "what `policy check` reports")
    for kind, meaning in FAULTS.items():
        yield _row(f"`{kind}`", meaning)


def _categories() -> Iterator[str]:
    classes: dict[str, list[str]] = {}
    for category in sorted(CATEGORIES):
        classes.setdefault(category.partition("/")[0], []).append(category)
    for members in classes.values():
        yield f"- {_code_list(members)}"


_ALWAYS = frozenset({"id", "at"})


def _events() -> Iterator[str]:
    yield "Besides `type`, and `at` and `id` where they matter. Fields in brackets may be left out."
    yield ""
    yield from _table("type", "fields")
    for name, kind in sorted(EVENT_TYPES.items()):
        if not kind.internal:
            yield _row(f"`{name}`", ", ".join(_fields(kind.__dataclass_fields__)))


def _fields(known: Mapping[str, object]) -> Iterator[str]:
    for name, field in known.items():
        if name in _ALWAYS or not isinstance(field, Field) or "read" not in field.metadata:
            continue
        yield f"`{name}`" if field.default is MISSING else f"[`{name}`]"


def _expected() -> Iterator[str]:
    yield "The name of an action alone, or some of the fields of what is decided; `at` is counted from the beginning."
    yield ""
    yield f"- `action`, or `record`: {_code_list(SHOWN_RECORDS)}"
    yield f"- fields: {_code_list(EXPECTED)}"
    yield "- what answers a question is `record: verdict`, with `question` and `outcome`"
