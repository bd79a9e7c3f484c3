"""YAML -> Pack, checked while loading: an unknown word is refused with file, line and the nearest right one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from bridge.errors import InvalidInput, InvalidPack, NotFound
from bridge.events import CHARGES, EVENT_TYPES, FINDINGS, currency, parse_event
from bridge.model import RECORD_KINDS
from bridge.policy.document import Node, open_document, plain, read_document
from bridge.policy.facts import category_pattern, nearest
from bridge.policy.fault import FAULTS
from bridge.policy.offsets import TIMES, is_offset, placed
from bridge.policy.pack import (
    EPOCH,
    LONGEST_CONSOLIDATION,
    Clause,
    Condition,
    Example,
    Group,
    Pack,
    Rule,
    Trigger,
    Verb,
    Version,
)
from bridge.policy.settings import METRICS, SETTINGS
from bridge.policy.verbs import ACTIONS, ADVICE, REMEDIES, VERBS, read_approval, until
from bridge.policy.vocabulary import FACTS
from bridge.timeformat import parse_duration

SHIPPED = Path(__file__).parent.parent / "policies"

VERDICTS = frozenset({"allow", "refuse", "hold", "review"})
QUESTIONS = frozenset({"ip_replacement", "refund", "provision", "sla_credit"})
MENTIONS = frozenset(
    {
        "service",
        "category",
        "group",
        "ips",
        "strike",
        "reporter",
        "amount",
        "currency",
        "cause",
        "ip",
        "asn",
        "charge",
        "after",
        "order",
        "metric",
    }
)
"""What a `because:` sentence may mention in braces."""

_TRIGGER_WORDS = frozenset(
    (
        "complaint any_complaint strike released terms_declined expired incident_declared payment_disputed "
        "order_cleared verification_refused"
    ).split()
)
_TRIGGER_ARGUMENTS: Mapping[str, frozenset[str] | None] = {
    "no_reply": None,
    "no_remedy": None,
    "no_evidence": None,
    "unpaid": CHARGES,
    "paid": CHARGES,
    "finding": FINDINGS,
    "question": QUESTIONS,
    "over_limit": frozenset(METRICS),
    "carried_out": frozenset({"terminate_service"}),
}


def known_triggers() -> Mapping[str, frozenset[str] | None]:
    """Every word of `on:` with the words it takes: none for a bare one, None where it takes a time."""
    bare: frozenset[str] = frozenset()
    return {**dict.fromkeys(sorted(_TRIGGER_WORDS), bare), **_TRIGGER_ARGUMENTS}


def shipped_packs() -> tuple[str, ...]:
    """Names of the packs that come with the program."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def find_pack(name_or_file: str, *, base: Path | None = None) -> Pack:
    """A shipped pack by name, or a pack from a file; PACK@VERSION has that version alone.

    Raises NotFound or InvalidPack.
    """
    if name_or_file in shipped_packs():
        return load_pack(SHIPPED / f"{name_or_file}.yaml")
    path = (base or Path()) / name_or_file
    name, at, number = name_or_file.rpartition("@")
    if at and not path.exists():
        return find_pack(name, base=base).only(number)
    if not path.exists():
        if path.suffix in (".yaml", ".yml") or "/" in name_or_file:
            raise NotFound(f"policy: there is no file {str(path)!r}")
        raise NotFound(f"policy: {nearest(name_or_file, frozenset(shipped_packs()))}")
    return load_pack(path)


@lru_cache(maxsize=32)
def load_pack(path: Path) -> Pack:
    """The pack of a file; raises InvalidPack."""
    return _pack(open_document(path))


def read_pack(data: bytes, name: str) -> Pack:
    """The pack in what a file of that name holds; raises InvalidPack."""
    return _pack(read_document(data, name))


def _pack(root: Node) -> Pack:
    top = root.keys(
        needed=frozenset({"pack", "title", "currency", "versions"}),
        allowed=frozenset({"pack", "title", "source", "language", "currency", "consolidate", "versions"}),
    )
    money = top["currency"].read(currency, "currency")
    window = top["consolidate"].read(_window, "consolidate") if "consolidate" in top else timedelta(hours=24)
    name = top["pack"].text()
    language = top["language"].read(_language, "language") if "language" in top else "en"
    versions = [_version(name, node, money, window, language) for node in top["versions"].items()]
    if not versions:
        raise top["versions"].wrong("needs at least one version")
    versions.sort(key=lambda version: version.effective)
    if len({version.number for version in versions}) < len(versions):
        raise top["versions"].wrong("has two versions of the same number")
    return Pack(name, top["title"].text(), tuple(versions), root.file)


def _window(value: object, field: str) -> timedelta:
    """How far apart complaints about one incident may be."""
    window = parse_duration(value, field)
    if window > LONGEST_CONSOLIDATION:
        raise InvalidInput(field, f"may be {LONGEST_CONSOLIDATION.days}d at most")
    return window


def _language(value: object, field: str) -> str:
    """A language tag such as `en` or `zh-TW`."""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise InvalidInput(field, "must be a language such as en, de or zh-TW")
    return value


def _version(policy: str, node: Node, money: str, window: timedelta, language: str) -> Version:
    keys = node.keys(
        needed=frozenset({"version", "effective", "groups", "clauses"}),
        allowed=frozenset({"version", "effective", "settings", "groups", "clauses"}),
    )
    group_names = frozenset(keys["groups"].keys())
    groups = {name: _group(name, member, group_names) for name, member in keys["groups"].keys().items()}
    _refuse_shared_patterns(groups, node.file)
    clauses = {number: _clause(number, member, group_names) for number, member in keys["clauses"].keys().items()}
    settings = _settings(keys["settings"]) if "settings" in keys else {}
    number, effective = keys["version"].text(), _moment(keys["effective"])
    return Version(policy, number, effective, groups, clauses, window, money, settings, language)


def _settings(node: Node) -> Mapping[str, Any]:
    return {
        name: member.read(SETTINGS[name].read, name) for name, member in node.keys(allowed=frozenset(SETTINGS)).items()
    }


def _moment(node: Node) -> datetime:
    """Midnight UTC of a date."""
    written = node.text()
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise node.wrong(f"{written!r} is not a date such as 2022-06-07") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _group(name: str, node: Node, group_names: frozenset[str]) -> Group:
    keys = node.keys(
        needed=frozenset({"categories"}),
        allowed=frozenset({"categories", "remedies", "advice", "counts", "counts_when", "counts_unless"}),
    )
    patterns = tuple(item.read(category_pattern, "categories") for item in keys["categories"].items())
    if not patterns:
        raise keys["categories"].wrong("names no category")
    counts = _never(keys["counts"]) if "counts" in keys else ()
    counts += _conditions(keys.get("counts_when"), group_names, negated=False)
    counts += _conditions(keys.get("counts_unless"), group_names, negated=True)
    return Group(
        name, patterns, counts, _listed(keys.get("remedies"), REMEDIES), _listed(keys.get("advice"), ADVICE), node.line
    )


def _never(node: Node) -> tuple[Condition, ...]:
    """`counts: false`: no complaint of the group is ever a strike."""
    if node.value is not False:
        raise node.wrong("is either left out or false; counts_when and counts_unless ask for more")
    return (Condition("counts", "false", lambda facts: False),)


def _listed(node: Node | None, allowed: frozenset[str]) -> tuple[str, ...]:
    if node is None:
        return ()
    words = []
    for item in node.items():
        word = item.text()
        if word not in allowed:
            raise item.wrong(nearest(word, allowed))
        words.append(word)
    return tuple(words)


def _refuse_shared_patterns(groups: Mapping[str, Group], file: str) -> None:
    seen: dict[str, str] = {}
    for group in groups.values():
        for pattern in group.patterns:
            if pattern in seen:
                raise InvalidPack(
                    file, group.line, f"{pattern!r} stands in group {seen[pattern]!r} and in {group.name!r}"
                )
            seen[pattern] = group.name


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_CLAUSE_KEYS = frozenset({"says", "says_in", "reading", "accepted", "releases", "rules", "examples"})


def _clause(number: str, node: Node, group_names: frozenset[str]) -> Clause:
    keys = node.keys(needed=frozenset({"says"}), allowed=_CLAUSE_KEYS)
    rules = tuple(_rule(number, item, group_names) for item in keys["rules"].items()) if "rules" in keys else ()
    examples = tuple(_example(number, item) for item in keys["examples"].items()) if "examples" in keys else ()
    reading = keys["reading"].text() if "reading" in keys else ""
    accepted = _accepted(keys["accepted"]) if "accepted" in keys else {}
    releases = keys["releases"].read(until, "releases") if "releases" in keys else ()
    says_in = _translations(keys["says_in"]) if "says_in" in keys else {}
    return Clause(number, keys["says"].text(), reading, rules, examples, node.line, releases, accepted, says_in)


def _translations(node: Node) -> Mapping[str, str]:
    """The clause in other languages; what counts is the original."""
    given = node.keys()
    for language in given:
        if not _LANGUAGE.fullmatch(language):
            raise node.wrong(f"{language!r} is no language such as en, de or zh-TW")
    return {language: said.text() for language, said in given.items()}


def _accepted(node: Node) -> Mapping[str, str]:
    """Oddities that are meant so, each with the reason."""
    return {kind: reason.text() for kind, reason in node.keys(allowed=frozenset(FAULTS)).items()}


def _rule(clause: str, node: Node, group_names: frozenset[str]) -> Rule:
    keys = node.keys(
        needed=frozenset({"on", "because"}),
        allowed=frozenset({"on", "when", "unless", "then", "verdict", "because", "accepted"}),
    )
    triggers = tuple(trigger for item in keys["on"].items() for trigger in _triggers(item))
    if not triggers:
        raise keys["on"].wrong("names nothing that could happen")
    conditions = _conditions(keys.get("when"), group_names, negated=False)
    conditions += _conditions(keys.get("unless"), group_names, negated=True)
    verbs = tuple(_verb(item) for item in keys["then"].items()) if "then" in keys else ()
    verdict = keys["verdict"].text() if "verdict" in keys else None
    if verdict is not None and verdict not in VERDICTS:
        raise keys["verdict"].wrong(nearest(verdict, VERDICTS))
    if (verdict is not None) != any(trigger.name == "question" for trigger in triggers):
        raise node.wrong("a rule on a question needs a verdict, and no other rule may have one")
    if not verbs and verdict is None:
        raise node.wrong("needs 'then' or 'verdict'")
    accepted = _accepted(keys["accepted"]) if "accepted" in keys else {}
    return Rule(clause, triggers, conditions, verbs, verdict, _sentence(keys["because"]), node.line, accepted)


def _sentence(node: Node) -> str:
    """A template of one plain sentence; what it mentions in braces must be known."""
    text = node.text()
    try:
        mentioned = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        raise node.wrong("has a brace that is not closed") from None
    for _, name, form, conversion in mentioned:
        if name not in MENTIONS:
            raise node.wrong(nearest(name or "", MENTIONS))
        if form or conversion:
            raise node.wrong(f"{{{name}}} takes no format")
    return text


def _triggers(node: Node) -> list[Trigger]:
    if isinstance(node.value, str):
        if node.value not in _TRIGGER_WORDS:
            allowed = _TRIGGER_WORDS | frozenset(_TRIGGER_ARGUMENTS)
            raise node.wrong(nearest(node.value, allowed))
        return [Trigger(node.value)]
    triggers = []
    for name, member in node.keys(allowed=frozenset(_TRIGGER_ARGUMENTS)).items():
        words = _TRIGGER_ARGUMENTS[name]
        for item in member.items():
            if words is None:
                triggers.append(Trigger(name, int(item.read(parse_duration, name).total_seconds())))
            elif item.text() in words:
                triggers.append(Trigger(name, item.text()))
            else:
                raise item.wrong(nearest(item.text(), words))
    return triggers


def _conditions(node: Node | None, group_names: frozenset[str], *, negated: bool) -> tuple[Condition, ...]:
    if node is None:
        return ()
    conditions = []
    for name, member in node.keys(allowed=frozenset(FACTS)).items():
        fact = FACTS[name]
        written = plain(member.value)
        test = member.read(fact.read, group_names)
        value = fact.value if fact.rests_on_value(written) else None
        conditions.append(Condition(name, _shown(written), test, negated, value))
    return tuple(conditions)


def _shown(written: Any) -> str:
    if isinstance(written, bool):
        return "true" if written else "false"
    if isinstance(written, list):
        return " or ".join(str(item) for item in written)
    if isinstance(written, dict):
        return ", ".join(f"{key} {value}" for key, value in written.items())
    return str(written)


def _verb(node: Node) -> Verb:
    """`suspend_service`, or `charge_fine: {amount: 20.00}`."""
    if isinstance(node.value, str):
        name, given = node.value, {}
        line = node.line
        if name not in VERBS:
            raise node.wrong(nearest(name, frozenset(VERBS)))
    else:
        keys = node.keys(allowed=frozenset(VERBS))
        if len(keys) != 1:
            raise node.wrong("must be one action, with its parameters indented below it")
        (name, member), *_ = keys.items()
        line = member.line
        spec = VERBS[name]
        allowed = frozenset(spec.needed) | frozenset(spec.optional) | {"approval"}
        given = {} if member.value is None else member.keys(allowed=allowed)
    spec = VERBS[name]
    for missing in sorted(set(spec.needed) - set(given)):
        raise InvalidPack(node.file, line, f"{name} needs {missing!r}")
    approval = given.pop("approval").read(read_approval, "approval", name) if "approval" in given else None
    params = {key: item.read({**spec.needed, **spec.optional}[key], key) for key, item in given.items()}
    return Verb(name, params, approval, line)


_EXAMPLE_KEYS = frozenset({"name", "approve", "until", "events", "expect", "never"})
_SHORTHAND = re.compile(r"\d{1,6}\s*[smhd]", re.ASCII)
_PROVES_NOTHING = "needs 'expect' or 'never': an example that expects nothing proves nothing"
SHOWN_RECORDS = frozenset(name for name, cls in RECORD_KINDS.items() if not cls.internal)
_COMMON_FIELDS = "at record clause case service client"
_ACTION_FIELDS = (
    "action state approval simulated template respond_by remedies advice conditions reminder kind reason irrevocable "
    "scope ports erase amount currency ips due charge to order ip metric cap asn text proposed"
)
_OTHER_FIELDS = "status strike category for question outcome would complaint"
EXPECTED = frozenset(f"{_COMMON_FIELDS} {_ACTION_FIELDS} {_OTHER_FIELDS}".split())
"""What an example may say of a record (interface 4)."""


def _example(clause: str, node: Node) -> Example:
    keys = node.keys(needed=frozenset({"name", "events"}), allowed=_EXAMPLE_KEYS)
    approve = keys["approve"].text() if "approve" in keys else "all"
    if approve not in ("all", "none"):
        raise keys["approve"].wrong("must be all or none")
    if "expect" not in keys and "never" not in keys:
        raise node.wrong(_PROVES_NOTHING)
    until = keys["until"].read(parse_duration, "until") if "until" in keys else None
    events = tuple(_example_event(item) for item in keys["events"].items())
    expect = tuple(_expected(item) for item in keys["expect"].items()) if "expect" in keys else ()
    never = tuple(_expected(item) for item in keys["never"].items()) if "never" in keys else ()
    if not expect and not never:
        raise node.wrong(_PROVES_NOTHING)
    return Example(keys["name"].text(), clause, approve, until, events, expect, never, node.line)


def _example_event(node: Node) -> Mapping[str, Any]:
    members = node.keys(needed=frozenset({"type"}))
    kind = members["type"].text()
    if kind not in EVENT_TYPES or EVENT_TYPES[kind].internal:
        external = frozenset(name for name, cls in EVENT_TYPES.items() if not cls.internal)
        raise members["type"].wrong(nearest(kind, external))
    known = frozenset(field.name for field in fields(EVENT_TYPES[kind])) | {"type"}
    for name, member in members.items():
        if name not in known:
            raise member.wrong(nearest(name, known))
    written = {name: plain(member.value) for name, member in members.items()}
    for name in TIMES & members.keys():
        if not is_offset(written[name]):
            raise members[name].wrong("must be the time since the example began, such as 6h")
    try:
        parse_event(placed({**_GIVEN, "at": "0h", **written}, EPOCH))
    except InvalidInput as refusal:
        where = members.get(re.split(r"[.\[]", refusal.field)[0], node)
        raise InvalidPack(where.file, where.line, str(refusal)) from refusal
    return written


_GIVEN = {"id": "an example", "service": "1", "client": "1", "ip": "192.0.2.10", "case": "1"}
"""What an example need not say of its events."""


def _expected(node: Node) -> Mapping[str, Any]:
    if isinstance(node.value, str):
        return {"action": _one_of(node, ACTIONS)}
    members = node.keys(allowed=EXPECTED)
    if not members:
        raise node.wrong("must name an action, or what a record holds")
    if "action" in members:
        _one_of(members["action"], ACTIONS)
    if "record" in members:
        _one_of(members["record"], SHOWN_RECORDS)
    if "at" in members and not _SHORTHAND.fullmatch(members["at"].text()):
        raise members["at"].wrong("must be the time since the example began, such as 6h")
    return {name: plain(member.value) for name, member in members.items()}


def _one_of(node: Node, allowed: frozenset[str]) -> str:
    word = node.text()
    if word not in allowed:
        raise node.wrong(nearest(word, allowed))
    return word
