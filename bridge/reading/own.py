"""A client's own cases, and of each only what its client may know.

A case is a client's to see once a notice about it was decided that nobody has to agree to first: what is kept from the
customer for the authorities' sake, or only simulated, is not there for him. About child abuse the notice must be out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from bridge.categories import CHILD_ABUSE
from bridge.errors import NotFound
from bridge.model import VerdictRecord, from_log
from bridge.reading.evidence import NONE, Complaint, evidence_of
from bridge.reading.exhibits import Given, files_of
from bridge.reading.lookup import moment, rows_by, why
from bridge.store.store import Store
from bridge.store.tables import actions, approvals, cases, charges, deadlines, decisions, events, findings, services

Json = Any

MOST_CASES = 100
MOST_SERVICES = 200
MOST_COMPLAINTS = 10
MOST_REQUESTS = 10
MOST_WORDS = 200

_UNTOLD = ("proposed", "rejected", "cancelled", "expired")
_KEPT_FROM_CUSTOMERS = frozenset({"court", "law_enforcement", "authority"})
"""Kinds of reporters of whose complaints the customer learns from them, not from us."""

_NAMED = frozenset({"blocklist", "automated", "operator", "cert"})
"""Kinds of reporters that are no persons: the customer may have to turn to them."""

_TOLD = frozenset({
    "suspend_service", "unsuspend_service", "bar_unsuspension", "lift_bar", "block_network", "unblock_network",
    "terminate_service", "charge_fine", "charge_fee", "hold_deposit", "waive_charge", "return_deposit",
    "forfeit_deposit", "refuse_refund", "restore_refund", "grant_refund", "replace_ip", "refuse_ip_replacement",
    "limit_resource", "credit_client", "notify_customer", "request_evidence",
})  # fmt: skip
"""Actions that concern the customer; what goes to authorities, reporters and staff does not."""


@dataclass(frozen=True, kw_only=True)
class OwnRow:
    """A case in the client's list; `due` is its next deadline, `due_for` what it is for."""

    id: str
    status: str
    service: str
    category: str
    opened_at: str | None
    due: str | None = None
    due_for: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A complaint as its subject may see it: `who` is never a person's name, `places` cannot be opened."""

    who: str
    who_kind: str
    occurred: str
    ips: Sequence[str]
    places: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """Something that was done; `by_person` says whether an admin agreed to it or it followed from the policy alone."""

    action: str
    at: str | None
    clause: str
    because: str
    amount: str
    currency: str
    by_person: bool


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the client answered; `appeal` asks for another admin to decide."""

    at: str | None
    text: str
    claims: str
    appeal: bool


@dataclass(frozen=True, kw_only=True)
class Handed:
    """Evidence that the client gave: its kind, words beside it, and the files."""

    at: str | None
    kind: str
    text: str
    files: Sequence[Given]


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """What its client may know of a case.

    asked     what the notices demand by field (remedies, conditions, advice)
    wanted    the kinds of evidence that were asked for
    signed    whether the undertaking was signed since
    charges   all of them, open or not
    """

    row: OwnRow
    policy: str
    version: str
    strike: int
    evidence: Sequence[Said]
    decided: Sequence[Decided]
    open: Sequence[Mapping[str, Json]]
    findings: Sequence[tuple[str, str | None]]
    replies: Sequence[Reply]
    handed: Sequence[Handed]
    wanted: Sequence[str]
    asked: Mapping[str, Sequence[str]]
    signed: bool
    charges: Sequence[Mapping[str, Json]]

    @property
    def appealed(self) -> bool:
        return any(reply.appeal for reply in self.replies)

    @property
    def story(self) -> Sequence[tuple[str, Any]]:
        """What was decided, found, said and given, each with its kind, the earliest first."""
        told: list[tuple[str | None, str, Any]] = [(one.at, "decided", one) for one in self.decided]
        told += [(at, "finding", (finding, at)) for finding, at in self.findings]
        told += [(reply.at, "reply", reply) for reply in self.replies]
        told += [(one.at, "handed", one) for one in self.handed]
        return [(kind, one) for _, kind, one in sorted(told, key=lambda moment: moment[0] or "")]

    @property
    def may_appeal(self) -> bool:
        """Where the case was dismissed there is nothing left to appeal against."""
        return not self.appealed and self.row.status != "dismissed"

    @property
    def takes_files(self) -> bool:
        return self.row.category not in CHILD_ABUSE

    @property
    def must_sign(self) -> bool:
        return "undertaking" in self.asked.get("conditions", ()) and not self.signed


@dataclass(frozen=True, kw_only=True)
class RefundAnswer:
    """A request for a refund and the verdict on it."""

    at: str | None
    service: str
    outcome: str
    amount: str
    currency: str
    clause: str
    because: str
    policy: str
    version: str


class OwnCases:
    """Reads for one client from the last commit; whatever is another's is not there."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, client: str) -> Sequence[OwnRow]:
        """The newest first."""
        mine = select(cases).where(and_(cases.c.client == client, _is_told()))
        with self._store.read() as connection:
            rows = connection.execute(mine.order_by(cases.c.seq.desc()).limit(MOST_CASES)).all()
            timers = rows_by(connection, deadlines.c.case, [row.id for row in rows], deadlines.c.due)
        return [_row(row, timers.get(row.id, ())) for row in rows]

    def case(self, client: str, id_: str) -> OwnCase:
        """Raises NotFound, in the same words for what is not there and for what is another's."""
        with self._store.read() as connection:
            mine = select(cases).where(and_(cases.c.id == id_, cases.c.client == client, _is_told()))
            row = connection.execute(mine).first()
            if row is None:
                raise NotFound(f"no case {id_!r}")
            return _case(connection, row)

    def services(self, client: str) -> Sequence[str]:
        """Those that were not ended."""
        mine = select(services.c.id, services.c.facts).where(services.c.client == client).order_by(services.c.id)
        with self._store.read() as connection:
            rows = connection.execute(mine.limit(MOST_SERVICES)).all()
        return [row.id for row in rows if orjson.loads(row.facts).get("status") != "terminated"]

    def charges(self, client: str) -> Sequence[Mapping[str, Json]]:
        """Open ones, the next due first."""
        due = and_(charges.c.client == client, charges.c.status == "open", charges.c.simulated.is_(False))
        with self._store.read() as connection:
            rows = connection.execute(select(charges).where(due).order_by(charges.c.due)).all()
        return [_charge(row) for row in rows]

    def owes(self, client: str, invoice: str) -> bool:
        """Whether the invoice is one of ours to this client."""
        mine = and_(charges.c.client == client, charges.c.invoice == invoice, charges.c.simulated.is_(False))
        with self._store.read() as connection:
            return connection.execute(select(charges.c.id).where(mine).limit(1)).first() is not None

    def refunds(self, client: str) -> Sequence[RefundAnswer]:
        """The last requests, the newest first, with their verdicts."""
        asked = (
            select(events.c.at, events.c.body, decisions.c.records)
            .select_from(decisions.join(events, events.c.seq == decisions.c.seq))
            .where(and_(decisions.c.client == client, events.c.type == "refund.requested"))
            .order_by(decisions.c.seq.desc())
            .limit(MOST_REQUESTS)
        )
        with self._store.read() as connection:
            rows = connection.execute(asked).all()
        return [answer for row in rows for answer in _verdicts(row)]


def _is_told() -> ColumnElement[bool]:
    notice = and_(
        actions.c.case == cases.c.id,
        actions.c.action == "notify_customer",
        actions.c.state.not_in(_UNTOLD),
        actions.c.simulated.is_(False),
    )
    went_out = or_(cases.c.category.not_in(sorted(CHILD_ABUSE)), actions.c.state == "done")
    return select(actions.c.id).where(and_(notice, went_out)).exists()


def _row(row: Any, timers: Sequence[Any]) -> OwnRow:
    following = next((timer for timer in timers if timer.state == "open"), None)
    return OwnRow(
        id=row.id,
        status=row.status,
        service=row.service,
        category=row.category,
        opened_at=moment(row.opened_at),
        due=moment(following.due) if following is not None else None,
        due_for=getattr(following, "for") if following is not None else "",
    )


def _case(connection: Connection, row: Any) -> OwnCase:
    evidence = evidence_of(connection, [row.id], MOST_COMPLAINTS).get(row.id, NONE)
    done = rows_by(connection, actions.c.case, [row.id], actions.c.seq, actions.c.place).get(row.id, [])
    agreed = rows_by(connection, approvals.c.action, [action.id for action in done])
    timers = rows_by(connection, deadlines.c.case, [row.id], deadlines.c.due).get(row.id, [])
    found = rows_by(connection, findings.c.case, [row.id], findings.c.at).get(row.id, [])
    billed = rows_by(connection, charges.c.case, [row.id], charges.c.due).get(row.id, [])
    said = _words(connection, row)
    files = files_of(connection, row.id)
    told = [action for action in done if action.action in _TOLD and not action.simulated]
    asked = [action for action in told if action.state not in _UNTOLD]
    return OwnCase(
        row=_row(row, timers),
        policy=row.policy,
        version=row.version,
        strike=row.strike,
        evidence=[_said(one) for one in evidence.complaints if one.reporter_kind not in _KEPT_FROM_CUSTOMERS],
        decided=[_decided(action, bool(agreed.get(action.id))) for action in told if action.state == "done"],
        open=[{"for": getattr(timer, "for"), "due": moment(timer.due)} for timer in timers if timer.state == "open"],
        findings=[(finding.finding, moment(finding.at)) for finding in found],
        replies=[reply for reply in map(_reply, said) if reply is not None],
        handed=[_handed(one, files.get(one.id, ())) for one in said if one.type == "evidence.provided"],
        wanted=_wanted(asked),
        asked=_asked(asked),
        signed=any(one.type == "undertaking.signed" for one in said),
        charges=[_charge(charge) for charge in billed if not charge.simulated],
    )


def _said(complaint: Complaint) -> Said:
    """Without the words of strangers that could lead somewhere, or back to a person."""
    hidden = complaint.category in CHILD_ABUSE
    places = [] if hidden else [harmless(target) for target in complaint.targets[:10] if "@" not in target]
    return Said(
        who=complaint.reporter if complaint.reporter_kind in _NAMED and not hidden else "",
        who_kind=complaint.reporter_kind,
        occurred=complaint.occurred or complaint.at,
        ips=complaint.ips[:10],
        places=places,
    )


def harmless(target: str) -> str:
    """A link that nothing makes clickable."""
    return target.replace("http", "hxxp", 1).replace(".", "[.]") if target.startswith("http") else target


def _decided(row: Any, by_person: bool) -> Decided:
    answer = orjson.loads(row.record)["answer"]
    return Decided(
        action=row.action,
        at=moment(row.ended) or moment(row.created),
        clause=str(answer.get("clause") or ""),
        because=why(row.action, answer),
        amount=str(answer.get("amount") or ""),
        currency=str(answer.get("currency") or ""),
        by_person=by_person,
    )


def _asked(told: Sequence[Any]) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    for row in told:
        answer = orjson.loads(row.record)["answer"]
        for name in ("remedies", "conditions", "advice"):
            known = asked.setdefault(name, [])
            known.extend(word for word in answer.get(name) or () if word not in known)
    return asked


def _wanted(told: Sequence[Any]) -> list[str]:
    requests = [orjson.loads(row.record)["answer"] for row in told if row.action == "request_evidence"]
    return list(dict.fromkeys(str(answer.get("kind") or "other") for answer in requests))


def _charge(row: Any) -> dict[str, Json]:
    named = {name: getattr(row, name) for name in "service case charge amount currency invoice status".split()}
    return {**named, "due": moment(row.due)}


_SAID = ("customer.replied", "evidence.provided", "undertaking.signed")


def _words(connection: Connection, case: Any) -> Sequence[Any]:
    """What the client said, gave and signed since the case began that may be about it."""
    since = and_(decisions.c.client == case.client, decisions.c.seq >= case.seq)
    told = (
        select(events.c.id, events.c.type, events.c.at, events.c.body)
        .select_from(decisions.join(events, events.c.seq == decisions.c.seq))
        .where(and_(since, events.c.type.in_(_SAID)))
        .order_by(decisions.c.seq)
        .limit(MOST_WORDS)
    )
    rows = connection.execute(told).all()
    return [row for row in rows if _is_about(orjson.loads(row.body), case)]


def _is_about(raw: Mapping[str, Json], case: Any) -> bool:
    named = raw.get("case")
    return bool(named == case.id or (named is None and raw.get("service") == case.service))


def _reply(row: Any) -> Reply | None:
    if row.type != "customer.replied":
        return None
    raw = orjson.loads(row.body)
    return Reply(
        at=moment(row.at),
        text=str(raw.get("text") or ""),
        claims=str(raw.get("claims") or ""),
        appeal=raw.get("appeal") is True,
    )


def _handed(row: Any, files: Sequence[Given]) -> Handed:
    raw = orjson.loads(row.body)
    text = raw.get("text")
    return Handed(
        at=moment(row.at), kind=str(raw.get("kind") or ""), text=text if isinstance(text, str) else "", files=files
    )


def _verdicts(row: Any) -> list[RefundAnswer]:
    service = str(orjson.loads(row.body).get("service") or "")
    records = [from_log(stored) for stored in orjson.loads(row.records)]
    return [
        RefundAnswer(
            at=moment(row.at),
            service=service,
            outcome=record.outcome,
            amount=record.amount or "",
            currency=record.currency or "",
            clause=record.basis.clause,
            because=record.basis.because,
            policy=record.basis.policy,
            version=record.basis.version,
        )
        for record in records
        if isinstance(record, VerdictRecord) and record.question == "refund"
    ]
