"""Giving a service another address, or saying that it gets none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.machines import Held, billing_service, machine_to_change
from bridge.actions.messages import for_whom
from bridge.actions.notice import NOTICE, Notice
from bridge.actions.registry import Action, action, whom
from bridge.actions.step import Attempt, ByHand, Call, Fact, Impossible, Seen, Sight, Step
from bridge.errors import InvalidInput
from bridge.ports import Capability

Json = Any


@action("refuse_ip_replacement", undo=None, needs={Capability.TICKET}, main=NOTICE)
@dataclass(frozen=True, kw_only=True)
class RefuseIpReplacement(Action):
    """Tell the customer that the address is not replaced; nothing undoes an answer.

    ip         which
    Done when  the ticket bears our mark.
    Source     interface 4: ticket reply.
    """

    ip: str

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (Notice(for_whom("ip_replacement_refused", errand), {"ip": self.ip}),)


@action("replace_ip", undo=None, needs={Capability.TICKET}, main=NOTICE)
@dataclass(frozen=True, kw_only=True)
class ReplaceIp(Action):
    """Give the machine a free address in place of one. The old one may be given to others at once: nothing undoes it.

    ip         which is replaced, by one of the same version that the machine's node may hand out
    Done when  the machine's whole list, read back, has the new address in its place; the service's record in the
               billing panel says the same; and the customer was told by ticket. Begun, it is carried through.
    Source     interface 4; Virtualizor ips, managevps; WHMCS UpdateClientProduct, OpenTicket.
    """

    ip: str

    def steps(self, errand: Errand) -> Sequence[Step]:
        template = for_whom("ip_replaced", errand)
        return (_Choose(self), _SetAddresses(self), _SetRecord(self), _Tell(template, {"ip": self.ip}))

    def by_hand(self, errand: Errand) -> str:
        return (
            f"Replace {self.ip} of {whom(errand)} by a free address by hand, in the server panel and in the service's "
            "record in the billing panel, and tell the customer by ticket. Then confirm here."
        )


def _held(replace: ReplaceIp, errand: Errand) -> Held:
    return machine_to_change(errand, Capability.REPLACE_IP, replace.by_hand(errand))


def _address(text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError:
        raise InvalidInput("ip", "is no single address") from None


@dataclass(frozen=True)
class _Choose(Fact):
    """The new address, kept before anything changes, so that another attempt means the same one."""

    action: ReplaceIp
    name = "choose"

    def look(self, errand: Errand, since: datetime | None) -> Seen:
        held = _held(self.action, errand)
        old = _address(self.action.ip)
        if str(old) not in held.machine.ips:
            raise Impossible(f"VPS {held.place} does not have the address {old}")
        free = held.panel.free_ips(held.machine.node, version=old.version)
        others = [ip for ip in free if ip != str(old) and ip not in held.machine.ips]
        if not others:
            raise ByHand(f"No free address of its version is left on the node. {self.action.by_hand(errand)}")
        return Seen({"old": str(old), "new": min(others, key=lambda ip: _distance(ip, old))})


def _distance(ip: str, old: IPv4Address | IPv6Address) -> int:
    """The nearer, the more surely of the same pool (pools are not told)."""
    return int(_address(ip)) ^ int(old)


@dataclass(frozen=True)
class _SetAddresses(Step):
    action: ReplaceIp
    name = "addresses"
    sight = Sight.ONCE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        machine = f"{errand.service.server}/{errand.service.vpsid}" if errand.service.vpsid else ""
        return (Call(to="server", command="managevps", given={"machine": machine, "replaces": self.action.ip}),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        chosen, ips = errand.results["choose"], _held(self.action, errand).machine.ips
        return Seen({"ips": list(ips)}) if chosen["new"] in ips and chosen["old"] not in ips else None

    def prepare(self, errand: Errand) -> Attempt:
        held, chosen = _held(self.action, errand), errand.results["choose"]
        old, new = chosen["old"], chosen["new"]
        held.insist_unlocked()
        ips = held.machine.ips
        if old not in ips:
            raise Impossible(f"VPS {held.place} does not have the address {old} any more")
        if new not in ips and new not in held.panel.free_ips(held.machine.node, version=_address(old).version):
            raise ByHand(f"{new} was given to somebody else meanwhile. {self.action.by_hand(errand)}")
        whole = list(dict.fromkeys(new if ip == old else ip for ip in ips))

        def call() -> Mapping[str, Json]:
            held.panel.set_ips(held.machine.id, whole, held.machine.uuid)
            return {}

        return Attempt(call=call)


@dataclass(frozen=True)
class _SetRecord(Step):
    """The billing panel's record of the service; no module runs."""

    action: ReplaceIp
    name = "record"
    sight = Sight.STATE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        given = {"service": errand.service.id, "replaces": self.action.ip}
        return (Call(to="billing", command="UpdateClientProduct", given=given),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        chosen, ips = errand.results["choose"], billing_service(errand).ips
        return Seen() if chosen["new"] in ips and chosen["old"] not in ips else None

    def prepare(self, errand: Errand) -> Attempt:
        service, chosen = billing_service(errand), errand.results["choose"]
        known = service.ips if chosen["old"] in service.ips else tuple(errand.results["addresses"]["ips"])
        whole = list(dict.fromkeys(chosen["new"] if ip == chosen["old"] else ip for ip in known))

        def call() -> Mapping[str, Json]:
            errand.billing.set_addresses(service.id, whole[0], whole[1:])
            return {}

        return Attempt(call=call, command="UpdateClientProduct")


@dataclass(frozen=True)
class _Tell(Notice):
    """The notice names the address chosen."""

    def prepare(self, errand: Errand) -> Attempt:
        new: str = errand.results["choose"]["new"]
        return Notice(self.template, {**self.extra, "new_ip": new}).prepare(errand)
