"""Moving a machine to another node: begun once, followed while the panel is at it, found again afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.machines import Place, billing_service, machine_to_change, read_both
from bridge.actions.registry import Action, action, whom
from bridge.actions.step import Attempt, ByHand, Call, Fact, Later, Seen, Sight, Step, UnderWay
from bridge.ports import Capability, Refuge, ServerPanel, Stage

Json = Any


@action("migrate_service", undo=None)
@dataclass(frozen=True, kw_only=True)
class MigrateService(Action):
    """Move a machine to the node that the configuration names; moving it back is a new migration.

    Done when  the machine, found by its uuid and read back, is on that node, and the billing panel knows it by the id
               that it bears there. Without such a node, or where the panel's task fails, it is a task of staff.
    Source     interface 4; Virtualizor migrate, tasks.
    """

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_Choose(self), _Move(self), _Record(self))

    def by_hand(self, errand: Errand) -> str:
        ips = ", ".join(errand.work.service.ips) if errand.work.service else ""
        return (
            f"Migrate {whom(errand)} to another node in the server panel, keeping its addresses "
            f"({ips or 'none known'}). When the task there has ended, see that the machine runs with them; if it bears "
            "another id now, write that into the service's field vpsid in the billing panel. Then confirm here."
        )


@dataclass(frozen=True)
class _Choose(Fact):
    """Where the machine is and goes, kept before anything changes; `before` is the newest task that is not ours."""

    action: MigrateService
    name = "choose"

    def look(self, errand: Errand, since: datetime | None) -> Seen:
        by_hand = self.action.by_hand(errand)
        held = machine_to_change(errand, Capability.MIGRATE, by_hand)
        refuge = errand.panels.refuges(held.place.server)
        if refuge is None:
            raise ByHand(by_hand)
        last = held.panel.last_migration(held.machine.id)
        return Seen(
            {
                "server": held.place.server,
                "vpsid": held.machine.id,
                "uuid": held.machine.uuid,
                "to": refuge.node,
                "storages": list(refuge.storages),
                "before": last.id if last is not None else "",
            }
        )


@dataclass(frozen=True)
class _Move(Step):
    action: MigrateService
    name = "migrate"
    sight = Sight.ONCE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        refuge = errand.panels.refuges(errand.service.server) if errand.service.server else None
        machine = f"{errand.service.server}/{errand.service.vpsid}" if errand.service.vpsid else ""
        return (
            Call(to="server", command="migrate", given={"machine": machine, "node": refuge.node if refuge else ""}),
        )

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        chosen = errand.results["choose"]
        machine = read_both(errand, Place.stored(chosen)).machine
        if machine is not None and machine.node == chosen["to"]:
            if machine.locked:
                raise Later(f"VPS {machine.id} has arrived and is still locked")
            return Seen({"vpsid": machine.id})
        task = _panel(errand, chosen).last_migration(chosen["vpsid"])
        if task is None or task.id == chosen["before"]:
            return None
        if task.stage is Stage.UNDER_WAY:
            raise UnderWay(f"the migration of VPS {chosen['vpsid']} is under way: {task.percent} %")
        there = f"VPS {machine.id} is still on node {machine.node}" if machine is not None else "no machine is found"
        raise ByHand(
            f"The server panel's task {task.id} has {task.stage.value}, and {there}. {self.action.by_hand(errand)}"
        )

    def prepare(self, errand: Errand) -> Attempt:
        held = machine_to_change(errand, Capability.MIGRATE, self.action.by_hand(errand))
        held.insist_unlocked()
        chosen = errand.results["choose"]
        refuge = Refuge(node=chosen["to"], storages=tuple(chosen["storages"]))

        def call() -> Mapping[str, Json]:
            held.panel.migrate(held.machine.id, refuge, held.machine.uuid)
            return {}

        return Attempt(call=call)


def _panel(errand: Errand, chosen: Mapping[str, Json]) -> ServerPanel:
    panel = errand.panels.servers(chosen["server"])
    if panel is None:
        raise ByHand(f"No panel is configured for server {chosen['server']} any more: see there where the machine is.")
    return panel


@dataclass(frozen=True)
class _Record(Step):
    """The billing panel finds the machine by its id; where that has changed, a person writes it down there."""

    action: MigrateService
    name = "record"
    sight = Sight.STATE

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        now = errand.results["migrate"]["vpsid"]
        known = now == errand.results["choose"]["vpsid"] or billing_service(errand).vpsid == now
        return Seen() if known else None

    def prepare(self, errand: Errand) -> Attempt:
        now = errand.results["migrate"]["vpsid"]
        raise ByHand(
            f"The machine of {whom(errand)} was migrated and bears the id {now} now: write it into the service's field "
            "vpsid in the billing panel. Then confirm here."
        )
