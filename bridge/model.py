"""What a decision yields (interface 4): records, frozen values that go to the log and come back unchanged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple, TypeVar, dataclass_transform

from bridge.timeformat import format_time, parse_time
from bridge.values import value

Json = Any

AUTO = "auto"
"""Approval of what is done without asking; otherwise the number of admins who must agree, 1 or 2."""


class Basis(NamedTuple):
    """What a record rests on: the pack, its version, the clause, and one plain sentence."""

    policy: str
    version: str
    clause: str
    because: str


@value
class Record:
    """One thing that was decided.

    internal  kept in the log so that the state can be folded from it, but not part of the answer
    """

    kind: ClassVar[str] = ""
    internal: ClassVar[bool] = False
    at: datetime
    basis: Basis
    case: str | None = None
    service: str | None = None
    client: str | None = None

    def is_shown(self) -> bool:
        """Whether the record is part of the answer, as interface 4 lists it."""
        return not self.internal


RECORD_KINDS: dict[str, type[Record]] = {}
_OWN: dict[type[Record], tuple[str, ...]] = {}
_COMMON = frozenset({"at", "basis", "case", "service", "client"})

R = TypeVar("R", bound=Record)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def _record(kind: str, *, internal: bool = False) -> Any:
    def register(cls: type[R]) -> type[R]:
        made = value(cls)
        made.kind = kind
        made.internal = internal
        RECORD_KINDS[kind] = made
        _OWN[made] = tuple(f.name for f in fields(made) if f.name not in _COMMON)
        return made

    return register


@_record("action")
class ActionRecord(Record):
    """Something to be done in a panel.

    action    its name in interface 4
    approval  AUTO, 1 or 2
    state     proposed, approved, or done where it is only simulated
    own       the action's own fields, as interface 4 words them, ready for JSON
    plan      what carrying it out brings with it: holds to place, the charge it opens; not part of the answer
    """

    id: str
    action: str
    approval: str | int
    state: str
    own: Mapping[str, Json]
    plan: Mapping[str, Json]
    simulated: bool = False


@_record("action_ended", internal=True)
class ActionEnded(Record):
    """An action that no longer has a reason was cancelled before it was done."""

    id: str


@_record("verdict")
class VerdictRecord(Record):
    """An immediate answer; `would` is what it would have been where only observing."""

    question: str
    outcome: str
    amount: str | None = None
    currency: str | None = None
    would: str | None = None


@_record("deadline")
class DeadlineRecord(Record):
    """A timer that was set. `stage` is its length since the notice, in seconds; `notice` what repeats it."""

    id: str
    due: datetime
    for_: str
    stage: int = 0
    charge: str | None = None
    plan: Mapping[str, Json] | None = None


@_record("deadline_ended", internal=True)
class DeadlineEnded(Record):
    """A timer that will not fire, or has fired."""

    id: str


@_record("hold")
class HoldRecord(Record):
    """A reason to stay suspended was placed or has ended; `noted`: it no longer keeps anything suspended.

    scope  service, ip (then `ip`), or network (then `block` holds the fields of block_network)
    until  alternatives, each a list of what must have happened; empty: only a finding or an admin ends it
    """

    id: str
    status: str
    irrevocable: bool = False
    scope: str = "service"
    ip: str | None = None
    until: tuple[tuple[str, ...], ...] = ()
    charge: str | None = None
    proposal: str | None = None
    block: Mapping[str, Json] | None = None
    simulated: bool = False

    def is_shown(self) -> bool:
        return self.status != "noted"


@_record("case")
class CaseRecord(Record):
    """The file of an incident changed its status; `strike` is its running number, 0 if it counts none."""

    status: str
    strike: int
    category: str
    group: str
    complete: bool = True
    counts: bool = False
    tallies: tuple[int, int] = (0, 0)
    new_target: bool = False


@_record("duplicate")
class DuplicateRecord(Record):
    """A complaint joined an incident; `completes`: it made an incomplete one complete."""

    complaint: str
    completes: bool = False


@_record("unattributed")
class UnattributedRecord(Record):
    """No service held these addresses at that time, or more than one did."""

    complaint: str
    ips: tuple[str, ...] = ()


@_record("mark", internal=True)
class MarkRecord(Record):
    """The no-refund mark of a service gained or lost a case that it rests on."""

    status: str
    simulated: bool = False


@_record("suspension", internal=True)
class SuspensionRecord(Record):
    """Whose a service's suspension is from now on: ours, theirs, or nobody's (empty); or that it is terminated."""

    owner: str
    terminated: bool = False


@_record("charge", internal=True)
class ChargeRecord(Record):
    """A charge was opened, paid, closed or, being a deposit, forfeited."""

    id: str
    charge: str
    status: str
    amount: str
    currency: str
    due: datetime
    invoice: str
    ips: tuple[str, ...] = ()
    asked_for: str = "case"
    invoiced: str | None = None
    simulated: bool = False


@_record("shared", internal=True)
class SharedRecord(Record):
    """A deposit that is asked for already stands for this case too."""

    charge: str


def _plain(value: Json) -> Json:
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


_HIDDEN = frozenset(
    {"own", "plan", "until", "completes", "stage", "counts", "tallies", "new_target", "group", "complete", "block"}
)
_SPELLED = {"for_": "for"}
_UNSAID = (None, ())
_SAID_AS_IS = frozenset({str, bool, int})


def _shown(names: tuple[str, ...]) -> tuple[tuple[str, ...], Callable[[Record], tuple[Json, ...]]]:
    """What the fields are called in an answer, and what fetches them together."""
    shown = tuple(name for name in names if name not in _HIDDEN)
    return tuple(_SPELLED.get(name, name) for name in shown), attrgetter("at", "at", *shown)


_SHOWN = {cls: _shown(own) for cls, own in _OWN.items()}


def to_answer(record: Record) -> dict[str, Json]:
    """The record as interface 4 words it: one flat JSON object, absent values left out."""
    policy, version, clause, because = record.basis
    answer: dict[str, Json] = {
        "record": record.kind,
        "at": format_time(record.at),
        "policy": policy,
        "version": version,
        "clause": clause,
        "because": because,
    }
    if record.case is not None:
        answer["case"] = record.case
    if record.service is not None:
        answer["service"] = record.service
    if record.client is not None:
        answer["client"] = record.client
    names, fetch = _SHOWN[type(record)]
    for name, said in zip(names, fetch(record)[2:], strict=True):
        if said not in _UNSAID:
            answer[name] = said if type(said) in _SAID_AS_IS else _plain(said)
    if isinstance(record, ActionRecord):
        answer.update(record.own)
    if answer.get("simulated") is False:
        del answer["simulated"]
    return answer


def to_log(record: Record) -> dict[str, Json]:
    """The whole record for the log; `from_log` makes the same value of it again."""
    basis = record.basis
    return {
        "kind": record.kind,
        "at": format_time(record.at),
        "basis": [basis.policy, basis.version, basis.clause, basis.because],
        **{name: value for name in ("case", "service", "client") if (value := getattr(record, name)) is not None},
        **{name: _plain(value) for name in _OWN[type(record)] if (value := getattr(record, name)) is not None},
    }


def from_log(stored: Mapping[str, Json]) -> Record:
    """The record that `to_log` stored."""
    cls = RECORD_KINDS[stored["kind"]]
    values: dict[str, Json] = {"at": parse_time(stored["at"], "at"), "basis": Basis(*stored["basis"])}
    for name in ("case", "service", "client", *_OWN[cls]):
        value = stored.get(name)
        if value is None:
            continue
        if name == "due":
            value = parse_time(value, name)
        elif name == "until":
            value = tuple(tuple(group) for group in value)
        elif name == "ips" or name == "tallies":
            value = tuple(value)
        values[name] = value
    return cls(**values)
