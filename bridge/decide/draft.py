"""A decision while it is being made: what the state says, plus what this same decision has said so far.

Everything that decides goes through a Draft, so that G7 (nothing twice), approvals, exemptions and the order of records
are kept in one place. A Draft reads the state and never changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from bridge.decide.blocks import Block, uncovered
from bridge.decide.subjects import subject_of
from bridge.events import Event
from bridge.model import (
    ActionEnded,
    ActionRecord,
    Basis,
    CaseRecord,
    DeadlineEnded,
    DeadlineRecord,
    HoldRecord,
    Record,
)
from bridge.policy.pack import GLOBAL_RULES, Version
from bridge.routing import Part
from bridge.rules import Rules
from bridge.state import Case, Charge, Client, Hold, Service, Timer

Json = Any
Until = tuple[tuple[str, ...], ...]

REMEDIED: Until = (("remediated",),)
"""What ends an ordinary hold (G4)."""


class Draft:
    """One client's decision because of one event."""

    def __init__(self, state: Client, part: Part, rules: Rules) -> None:
        self.state = state
        self.part = part
        self.event: Event = part.event
        self.rules = rules
        self.at: datetime = part.event.at
        self.records: list[Record] = []
        self.ended_holds: set[str] = set()
        self.withdrawn: set[str] = set()
        self._terminating: set[str] = set()
        self._suspending: dict[str, int] = {}
        self._decided: set[tuple[str, str | None, str | None]] = set()
        self._now: set[tuple[str, str]] = set()
        self._actions = 0

    # ---- what it rests on ----

    def version(self, case: Case | None = None, service: Service | None = None, event: Event | None = None) -> Version:
        """The version a decision rests on: that of the case's complaint (G8), else the one in force now.

        service  whose pack answers, where there is no case; else the one that the event names, else the client's
        event    the one that is judged, where that is not the one that happens now
        """
        if case is not None:
            return self.rules.named(case.policy).version(case.version)
        if not self.rules.routes:
            return self.rules.pack.version_at(self.at)
        return self.rules.pack_for(subject_of(self.state, service, event or self.event)).version_at(self.at)

    def version_of(self, basis: Basis) -> Version:
        """The version that an earlier decision rests on: what follows from it rests on the same."""
        return self.rules.named(basis.policy).version(basis.version)

    def basis(self, clause: str, because: str, case: Case | None = None, service: Service | None = None) -> Basis:
        version = self.version(case, service)
        return Basis(version.policy, version.number, clause, because)

    def common(self, rule: str, because: str, case: Case | None = None, service: Service | None = None) -> Basis:
        """A common rule, G1 to G15."""
        return self.basis(rule or GLOBAL_RULES, because, case, service)

    def service(self, service: str | None) -> Service | None:
        return self.state.services.get(service) if service is not None else None

    def has_happened(self, *facts: tuple[str, str]) -> None:
        """What this event brings about, as `until` words it: ("remediated", case), ("paid", charge), …"""
        self._now.update(facts)

    def happened(self, fact: str, key: str | None) -> bool:
        return key is not None and (fact, key) in self._now

    # ---- records ----

    def add(self, record: Record) -> None:
        self.records.append(record)

    def action(
        self,
        name: str,
        basis: Basis,
        *,
        service: str | None = None,
        case: str | None = None,
        own: Mapping[str, Json] | None = None,
        plan: Mapping[str, Json] | None = None,
        row: str | int | None = None,
        demanded: int = 0,
    ) -> ActionRecord:
        """Decide one action. Its id derives from its cause, so the same cause cannot decide it twice."""
        simulated = self.rules.simulates(service)
        approval = self.rules.approval(name, row, demanded)
        record = ActionRecord(
            at=self.at,
            basis=basis,
            case=case,
            service=service,
            client=self.state.id,
            id=_action_id(self.event.id, self.state.id, basis.clause, name, service, self._actions),
            action=name,
            approval=approval,
            state=self.rules.standing(name, approval, simulated=simulated),
            own=own or {},
            plan=plan or {},
            simulated=simulated,
        )
        self._actions += 1
        self.records.append(record)
        self._decided.add((name, service, case))
        return record

    def decided(self, name: str, service: str | None, case: str | None) -> bool:
        """Whether this decision has already said it."""
        return (name, service, case) in self._decided

    def settle_once(self, name: str, service: str | None) -> None:
        """Whatever else this decision finds, it says this of the service, or of the client, only once."""
        self._decided.add((name, service, None))

    def case_status(self, case: Case, status: str, basis: Basis) -> None:
        self.add(
            CaseRecord(
                at=self.at,
                basis=basis,
                case=case.id,
                service=case.service,
                client=self.state.id,
                status=status,
                strike=0 if status == "dismissed" else case.strike,
                category=case.category,
                group=case.group,
            )
        )

    def deadline(
        self,
        for_: str,
        due: datetime,
        basis: Basis,
        *,
        key: str,
        case: Case | None,
        service: str | None,
        stage: int = 0,
        charge: str | None = None,
        plan: Mapping[str, Json] | None = None,
    ) -> None:
        """Set a timer; `key` tells it from others of its kind."""
        self.add(
            DeadlineRecord(
                at=self.at,
                basis=basis,
                case=case.id if case else None,
                service=service,
                client=self.state.id,
                id=f"{key}.{for_}",
                due=due,
                for_=for_,
                stage=stage,
                charge=charge,
                plan=plan,
            )
        )

    def end_deadlines(self, timers: Iterable[Timer]) -> None:
        for timer in list(timers):
            self.add(DeadlineEnded(at=self.at, basis=timer.basis, case=timer.case, client=self.state.id, id=timer.id))

    def timers_of(self, case: Case, *kinds: str) -> list[Timer]:
        return [timer for timer in self.state.timers.of_case(case.id) if not kinds or timer.for_ in kinds]

    def timers_of_charge(self, charge: Charge) -> list[Timer]:
        return [timer for timer in self.state.timers.of_service(charge.service) if timer.charge == charge.id]

    def withdraw(self, ids: Iterable[str], basis: Basis) -> None:
        """Cancel pending actions whose reason has ended."""
        for id_ in ids:
            if id_ in self.withdrawn:
                continue
            self.withdrawn.add(id_)
            pending = self.state.pending[id_]
            self.add(
                ActionEnded(
                    at=self.at,
                    basis=basis,
                    case=pending.case,
                    service=pending.service,
                    client=self.state.id,
                    id=id_,
                )
            )

    # ---- suspension and holds ----

    def is_terminating(self, service: str) -> bool:
        """Terminated, or terminated at once by this very decision: then nothing is suspended first."""
        known = self.service(service)
        return service in self._terminating or (known is not None and known.terminated)

    def will_terminate_at_once(self, service: str) -> None:
        self._terminating.add(service)

    def suspend(
        self,
        basis: Basis,
        service: Service,
        *,
        case: Case | None,
        until: Until = REMEDIED,
        irrevocable: bool = False,
        charge: str | None = None,
        proposal: str | None = None,
        row: str | int | None = None,
        demanded: int = 0,
        rests_on: str = "",
    ) -> None:
        """Suspend and hold; where the service is suspended already only the hold is placed (G7)."""
        if self.is_terminating(service.id):
            return
        hold = _hold_plan(
            basis, case, until=until, irrevocable=irrevocable, charge=charge, proposal=proposal, scope="service"
        )
        if self._is_held(service, case, basis.clause, charge, irrevocable=irrevocable):
            return
        if not demanded and self.is_suspended(service):
            self._hold_suspended(basis, service, case, hold)
            return
        place = self._suspending.get(service.id)
        if place is not None:
            self._join(place, hold)
            return
        self._suspending[service.id] = len(self.records)
        own: dict[str, Json] = {"reason": basis.because, **({"irrevocable": True} if irrevocable else {})}
        plan = {"holds": [hold], "rests_on": rests_on}
        case_id = case.id if case else None
        self.action(
            "suspend_service", basis, service=service.id, case=case_id, own=own, plan=plan, row=row, demanded=demanded
        )

    def _hold_suspended(self, basis: Basis, service: Service, case: Case | None, hold: Mapping[str, Json]) -> None:
        """What is suspended already is only held, and barred where the hold is irrevocable."""
        self._withdraw_release(service, basis)
        self.place(hold, basis, service.id, simulated=self.rules.simulates(service.id))
        if hold["irrevocable"] and not self.is_barred(service):
            self._bar_held(basis, service, case)

    def is_barred(self, service: Service) -> bool:
        """Whether a bar of the whole service is in force."""
        return any(
            hold.irrevocable and hold.scope == "service" and hold.id not in self.ended_holds
            for hold in service.active_holds(simulated=self.rules.simulates(service.id))
        )

    def is_suspended(self, service: Service) -> bool:
        """In the panels, or only in what is simulated."""
        if service.suspension or not self.rules.simulates(service.id):
            return bool(service.suspension)
        return any(hold.simulated and hold.scope != "network" for hold in service.active_holds(simulated=True))

    def _withdraw_release(self, service: Service, basis: Basis) -> None:
        """An unsuspension that is not done yet has lost its reason."""
        waiting = [
            item.id for item in self.state.pending_for(service.id, "unsuspend_service") if item.id not in self.withdrawn
        ]
        self.withdraw(waiting, basis)

    def _bar_held(self, basis: Basis, service: Service, case: Case | None) -> None:
        self.action(
            "bar_unsuspension",
            basis,
            service=service.id,
            case=case.id if case else None,
            own={"scope": "service"},
            plan={"holds": []},
        )

    def _join(self, place: int, hold: Mapping[str, Json]) -> None:
        """The second reason within one decision joins the suspension already decided."""
        record = self.records[place]
        if not isinstance(record, ActionRecord):
            raise TypeError("a suspension is an action")
        plan = {**record.plan, "holds": [*record.plan["holds"], hold]}
        own = {**record.own, "irrevocable": True} if hold["irrevocable"] else record.own
        self.records[place] = replace(record, own=own, plan=plan)

    def _is_held(
        self, service: Service, case: Case | None, clause: str, charge: str | None, *, irrevocable: bool
    ) -> bool:
        """The same clause does not hold the same case twice, be its hold placed or on its way.

        A hold that was noted as an admin unsuspended holds nothing: what the clause demands anew suspends anew. An
        ordinary hold may yet become an irrevocable one.
        """
        case_id = case.id if case else None
        placed = any(
            hold.case == case_id and hold.basis.clause == clause and hold.scope == "service" and hold.charge == charge
            for hold in service.holds.values()
            if hold.id not in self.ended_holds and (not hold.simulated or self.rules.simulates(service.id))
            if not hold.noted and (hold.irrevocable or not irrevocable)
        )
        return placed or any(
            item.case == case_id and item.basis.clause == clause and item.id not in self.withdrawn
            for item in self.state.pending_for(service.id, "suspend_service")
            if item.own.get("irrevocable") or not irrevocable
        )

    def place(self, hold: Mapping[str, Json], basis: Basis, service: str, *, simulated: bool) -> None:
        """Place a hold from the plan of the action that brought it."""
        policy, version, clause, because = hold["basis"]
        self.add(
            HoldRecord(
                at=self.at,
                basis=Basis(policy, version, clause, because),
                case=hold["case"],
                service=service,
                client=self.state.id,
                id=_hold_id(self.event.id, service, hold, len(self.records)),
                status="placed",
                irrevocable=hold["irrevocable"],
                scope=hold["scope"],
                ip=hold.get("ip"),
                until=tuple(tuple(group) for group in hold["until"]),
                charge=hold["charge"],
                proposal=hold["proposal"],
                block=hold.get("block"),
                simulated=simulated,
            )
        )

    def end_holds(self, service: Service, holds: Sequence[Hold], *, under: Basis | None = None) -> None:
        """End holds and, where none is left, release the service; bars give lift_bar.

        under  what the release rests on, where that is not the clause of the hold placed last
        """
        fresh = [hold for hold in holds if hold.id not in self.ended_holds and hold.ended is None]
        if not fresh:
            return
        for hold in fresh:
            self.ended_holds.add(hold.id)
            self.add(
                HoldRecord(
                    at=self.at,
                    basis=hold.basis,
                    case=hold.case,
                    service=service.id,
                    client=self.state.id,
                    id=hold.id,
                    status="ended",
                    irrevocable=hold.irrevocable,
                    scope=hold.scope,
                    ip=hold.ip,
                    simulated=hold.simulated,
                )
            )
        self._lift_bars(service, [hold for hold in fresh if hold.irrevocable and hold.active])
        self._unblock(service, [hold for hold in fresh if hold.scope == "network"])
        self.release(service, fresh, under)

    def _lift_bars(self, service: Service, bars: Sequence[Hold]) -> None:
        """A bar of the whole service is one, however many holds it rests on, and falls with the last of them."""
        alike: dict[tuple[str | None, str, str], list[Hold]] = {}
        for bar in bars:
            key = ("", "", bar.scope) if bar.scope == "service" else (bar.case, bar.basis.clause, bar.scope)
            alike.setdefault(key, []).append(bar)
        for (_, _, scope), members in alike.items():
            if scope == "service" and self.is_barred(service):
                continue
            own: dict[str, Json] = {"scope": scope}
            ips = [bar.ip for bar in members if bar.ip]
            if ips:
                own["ips"] = ips
            self.action("lift_bar", members[-1].basis, service=service.id, case=members[-1].case, own=own)

    def blocks(self, service: Service) -> list[Block]:
        """What of the service's network is blocked, one for each hold."""
        simulated = self.rules.simulates(service.id)
        return [
            block
            for hold, block in service.blocks.items()
            if hold not in self.ended_holds and (simulated or not service.holds[hold].simulated)
        ]

    def _unblock(self, service: Service, holds: Sequence[Hold]) -> None:
        """What of the blocks no other one blocks too; of a terminated service there is no network left."""
        if service.terminated:
            return
        left = self.blocks(service) if holds else []
        for hold in reversed(holds):
            kept = service.blocks.get(hold.id)
            freed = uncovered(kept, left) if kept is not None else None
            if freed is not None:
                self.action("unblock_network", hold.basis, service=service.id, case=hold.case, own=freed)
                left.append(freed)

    def release(self, service: Service, ended: Sequence[Hold], under: Basis | None = None) -> None:
        """Unsuspend once the last hold is gone, but never while somebody else's suspension stands."""
        simulated = self.rules.simulates(service.id)
        mine = [hold for hold in ended if service.stays_suspended_for(hold) and (simulated or not hold.simulated)]
        left = any(
            hold.id not in self.ended_holds and service.stays_suspended_for(hold)
            for hold in service.active_holds(simulated=simulated)
        )
        if not mine or left or service.terminated or self.decided("unsuspend_service", service.id, None):
            return
        if service.suspension != "ours" and not simulated:
            return
        if any(item.id not in self.withdrawn for item in self.state.pending_for(service.id, "unsuspend_service")):
            return
        last = placed_last(mine)
        ended_now = f"The last reason to hold service {service.id} has ended."
        self.settle_once("unsuspend_service", service.id)
        self.action(
            "unsuspend_service",
            under or last.basis._replace(because=ended_now),
            service=service.id,
            case=last.case,
            own={"reason": ended_now},
            plan={"unmarked": True} if service.unmarked else {},
        )


def placed_last(holds: Iterable[Hold]) -> Hold:
    """The newest of some holds, given in the order in which they were placed; there must be one."""
    return sorted(holds, key=lambda hold: hold.since)[-1]


def _hold_plan(
    basis: Basis,
    case: Case | None,
    *,
    until: Until,
    irrevocable: bool,
    charge: str | None,
    proposal: str | None,
    scope: str,
    ip: str | None = None,
) -> dict[str, Json]:
    """A hold that an action will place once it is carried out, as plain data for the action's plan."""
    return {
        "basis": [basis.policy, basis.version, basis.clause, basis.because],
        "case": case.id if case else None,
        "until": [list(group) for group in until],
        "irrevocable": irrevocable,
        "charge": charge,
        "proposal": proposal,
        "scope": scope,
        "ip": ip,
    }


def bar_plans(basis: Basis, case: Case | None, scope: str, ips: Sequence[str], until: Until) -> list[dict[str, Json]]:
    """The holds of a bar: one, or one for each address."""
    named: Sequence[str | None] = ips if scope == "ip" and ips else [None]
    return [
        _hold_plan(
            basis,
            case,
            until=until,
            irrevocable=True,
            charge=None,
            proposal=None,
            scope=scope if ip else "service",
            ip=ip,
        )
        for ip in named
    ]


def _digest(*cause: str) -> str:
    return blake2b("\x1f".join(cause).encode(), digest_size=10).hexdigest()


def _action_id(event: str, client: str | None, clause: str, action: str, target: str | None, ordinal: int) -> str:
    return "act_" + _digest(event, client or "", clause, action, target or "", str(ordinal))


def _hold_id(event: str, service: str, hold: Mapping[str, Json], ordinal: int) -> str:
    return "hold_" + _digest(event, service, hold["basis"][2], hold.get("ip") or "", str(ordinal))
