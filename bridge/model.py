"""What a decision yields (interface 4): records, frozen values that go to the log and come back unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
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

    def tell(self, answer: dict[str, Json]) -> None:
        """Add the record's own fields to its answer, worded as interface 4 words them."""


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

    def tell(self, answer: dict[str, Json]) -> None:
        answer["id"] = self.id
        answer["action"] = self.action
        answer["approval"] = self.approval
        answer["state"] = self.state
        if self.simulated:
            answer["simulated"] = True
        answer.update(self.own)


@_record("action_ended", internal=True)
class ActionEnded(Record):
    """An action that no longer has a reason was cancelled before it was done."""

    id: str


@_record("verdict")
class VerdictRecord(Record):
    """An immediate answer; `would` is what it would have been where only observing.

    ip  the address that the question is about, where it is about one
    """

    question: str
    outcome: str
    ip: str | None = None
    amount: str | None = None
    currency: str | None = None
    would: str | None = None

    def tell(self, answer: dict[str, Json]) -> None:
        answer["question"] = self.question
        answer["outcome"] = self.outcome
        _tell_known(answer, ip=self.ip, amount=self.amount, currency=self.currency, would=self.would)


@_record("deadline")
class DeadlineRecord(Record):
    """A timer that was set. `stage` is its length since the notice, in seconds; `notice` what repeats it."""

    id: str
    due: datetime
    for_: str
    stage: int = 0
    charge: str | None = None
    plan: Mapping[str, Json] | None = None

    def tell(self, answer: dict[str, Json]) -> None:
        answer["id"] = self.id
        answer["due"] = format_time(self.due)
        answer["for"] = self.for_
        if self.charge is not None:
            answer["charge"] = self.charge


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

    def tell(self, answer: dict[str, Json]) -> None:
        answer["id"] = self.id
        answer["status"] = self.status
        answer["irrevocable"] = self.irrevocable
        answer["scope"] = self.scope
        _tell_known(answer, ip=self.ip, charge=self.charge, proposal=self.proposal)
        if self.simulated:
            answer["simulated"] = True


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

    def tell(self, answer: dict[str, Json]) -> None:
        answer["status"] = self.status
        answer["strike"] = self.strike
        answer["category"] = self.category


@_record("duplicate")
class DuplicateRecord(Record):
    """A complaint joined an incident; `completes`: it made an incomplete one complete."""

    complaint: str
    completes: bool = False

    def tell(self, answer: dict[str, Json]) -> None:
        answer["complaint"] = self.complaint


@_record("unattributed")
class UnattributedRecord(Record):
    """No service held these addresses at that time, or more than one did."""

    complaint: str
    ips: tuple[str, ...] = ()

    def tell(self, answer: dict[str, Json]) -> None:
        answer["complaint"] = self.complaint
        if self.ips:
            answer["ips"] = list(self.ips)


@_record("mark", internal=True)
class MarkRecord(Record):
    """The no-refund mark of a service gained or lost a case that it rests on."""

    status: str
    simulated: bool = False


@_record("suspension", internal=True)
class SuspensionRecord(Record):
    """Whose a service's suspension is from now on: ours, theirs, or nobody's (empty); or that it is terminated.

    by_policy  it was terminated by an action of ours
    unmarked   it is ours, but somebody else made it: our mark does not stand there
    """

    owner: str
    terminated: bool = False
    by_policy: bool = False
    unmarked: bool = False


@_record("moved", internal=True)
class MovedRecord(Record):
    """The service is another client's from now on; `stays`: what it is, and what stands on it and goes along."""

    to: str
    stays: Mapping[str, Json]


@_record("arrived", internal=True)
class ArrivedRecord(Record):
    """The service came from another client; `facts`: what is known of it, as service.observed words it."""

    facts: Mapping[str, Json]


@_record("excess", internal=True)
class ExcessRecord(Record):
    """The use of a resource: too much of it has started, ended, or was acted upon a second time."""

    metric: str
    status: str


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


def _tell_known(answer: dict[str, Json], **said: str | None) -> None:
    answer.update((name, value) for name, value in said.items() if value is not None)


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
    record.tell(answer)
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
