"""A service that another client has from now on: what stays with the service, and what with whom it was about.

Cases, strikes, charges and deadlines are about a client's doing: they stay his, and nothing more is done to the service
because of them. A hold is a reason why a service must stay suspended: it stays with the service, whoever has it, and so
does the mark that refuses refunds of it. Staff is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bridge.events import ServiceObserved
from bridge.model import ArrivedRecord, Basis, HoldRecord, MarkRecord, MovedRecord, Record, SuspensionRecord
from bridge.observed import observed_facts
from bridge.state import OURS, THEIRS, Hold, Service

if TYPE_CHECKING:
    from bridge.decide.draft import Draft
    from bridge.routing import Part

Json = Any

_DISMISSING = frozenset({"unfounded", "authorized", "lawful"})
_ENDS_BY_FINDING = ("remediated", "not_culpable")
_MOOT = (
    "suspend_service", "unsuspend_service", "terminate_service", "bar_unsuspension", "lift_bar", "block_network",
    "unblock_network", "replace_ip", "limit_resource", "migrate_service", "hold_deposit",
)  # fmt: skip
"""What is decided about the service itself, and may not be done to somebody else's."""


def arriving(part: Part, before: Sequence[Record]) -> Part:
    """The part of whom a service came to, with what stays on it; `before` was decided of whom it came from."""
    event = part.event
    if not isinstance(event, ServiceObserved) or part.client != event.client:
        return part
    moved = [record for record in before if isinstance(record, MovedRecord) and record.service == event.service]
    return part._replace(stays=moved[-1].stays) if moved else part


# ---- whom it came from ----


def move_away(draft: Draft, service: Service, event: ServiceObserved) -> None:
    """The service is over for this client; what stands on it goes along."""
    because = f"Service {service.id} went from client {draft.state.id} to client {event.client} in the billing panel."
    basis = draft.common("F", because, service=service)
    holds = [
        hold for hold in service.holds.values() if not hold.simulated and (hold.active or hold.id in service.blocks)
    ]
    stays = _stays(service, holds)
    draft.add(
        MovedRecord(
            at=draft.at, basis=basis, service=service.id, client=draft.state.id, to=event.client, stays=stays
        )
    )  # fmt: skip
    if service.terminated:
        return
    _leave(draft, service, basis)
    open_cases = sum(draft.state.cases[case].is_open for case in service.cases)
    if holds or open_cases or service.no_refund is not None:
        told = f"{because} Open cases, which stay with the earlier client: {open_cases}. Holds, which stay with the "
        told += f"service until a finding on their case or an admin ends them: {len(holds)}."
        alarm = basis._replace(because=told)
        draft.action("notify_staff", alarm, service=service.id, own={"template": "service_moved"})


def _leave(draft: Draft, service: Service, basis: Basis) -> None:
    client = draft.state.id
    draft.end_deadlines(draft.state.timers.of_service(service.id))
    draft.withdraw([item.id for item in draft.state.pending_for(service.id, *_MOOT)], basis)
    for hold in list(service.holds.values()):
        draft.add(
            HoldRecord(
                at=draft.at, basis=hold.basis, case=hold.case, service=service.id, client=client, id=hold.id,
                status="ended", irrevocable=hold.irrevocable, scope=hold.scope, ip=hold.ip, simulated=hold.simulated,
            )
        )  # fmt: skip
    draft.add(SuspensionRecord(at=draft.at, basis=basis, service=service.id, client=client, owner="", terminated=True))


def _stays(service: Service, holds: Sequence[Hold]) -> dict[str, Json]:
    mark = service.no_refund
    return {
        "facts": observed_facts(service),
        "ours": service.suspension == OURS,
        "unmarked": service.unmarked,
        "cases": list(dict.fromkeys(hold.case for hold in holds if hold.case is not None)),
        "holds": [_carried(service, hold) for hold in holds],
        "mark": list(mark.basis) if mark is not None and not mark.simulated else None,
    }


def _carried(service: Service, hold: Hold) -> dict[str, Json]:
    """As an action's plan words a hold. Payments and proposals were the earlier client's; they end it no more."""
    return {
        "basis": list(hold.basis),
        "case": hold.case,
        "until": [[finding] for finding in _ENDS_BY_FINDING if (finding,) in hold.until],
        "irrevocable": hold.irrevocable,
        "charge": None,
        "proposal": None,
        "scope": hold.scope,
        "ip": hold.ip,
        **({"block": service.blocks[hold.id]} if hold.id in service.blocks else {}),
    }


# ---- whom it came to ----


def arrive(draft: Draft, event: ServiceObserved, stays: Mapping[str, Json]) -> None:
    """The service is this client's from now on, with the holds and the mark that stand on it."""
    facts = {**stays["facts"], **observed_facts(event)}
    basis = draft.common("F", f"Service {event.service} came from another client in the billing panel.")
    client = draft.state.id
    draft.add(ArrivedRecord(at=draft.at, basis=basis, service=event.service, client=client, facts=facts))
    owner = (OURS if stays["ours"] else THEIRS) if facts.get("status") == "suspended" else ""
    draft.add(
        SuspensionRecord(
            at=draft.at, basis=basis, service=event.service, client=client, owner=owner,
            terminated=facts.get("status") == "terminated", unmarked=owner == OURS and stays["unmarked"],
        )
    )  # fmt: skip
    for hold in stays["holds"]:
        draft.place(hold, basis, event.service, simulated=False)
    if stays["mark"] is not None:
        refused = Basis(*stays["mark"])
        draft.add(MarkRecord(at=draft.at, basis=refused, service=event.service, client=client, status="placed"))


def end_for_case(draft: Draft, case: str, finding: str | None) -> None:
    """A case of the earlier client was judged: what is held because of it ends here. None: an admin lifted it."""
    whatever = finding is None or finding in _DISMISSING
    for service in draft.state.services.values():
        held = [hold for hold in service.holds.values() if hold.case == case]
        draft.end_holds(service, [hold for hold in held if whatever or (finding,) in hold.until])
