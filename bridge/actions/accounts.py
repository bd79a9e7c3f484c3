"""Ending a client: all his services first, each read back, the account last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.registry import Action, action
from bridge.actions.step import Attempt, ByHand, Call, Fact, Impossible, Seen, Sight, Step
from bridge.actions.termination import TerminateService
from bridge.ports import BillingService, Capability, ServiceStatus
from bridge.queue import ServiceFacts

Json = Any

SERVICES = "services"


@action("terminate_client", undo=None, needs={Capability.TERMINATE, Capability.CLOSE_CLIENT})
@dataclass(frozen=True, kw_only=True)
class TerminateClient(Action):
    """End a client: every service terminated by its module, then the account closed. Nothing undoes it.

    Done when  each service, read back, is terminated, and the billing panel says that the account is closed. By hand,
               before anything is done, where a service has no module or is exempt; orders never provisioned are left
               to the closing of the account.
    Source     interface 4; WHMCS GetClientsProducts, ModuleTerminate, CloseClient (which runs no module).
    """

    def steps(self, errand: Errand) -> Iterator[Step]:
        """Which services there are is read first; the steps after that follow from it."""
        yield _Services(self)
        for service in errand.results.get(SERVICES, {}).get("ids", ()):
            for step in TerminateService(erase=True).steps(errand):
                yield _Of(service, step, f"{step.name} {service}", step.sight)
        yield _Close(self)

    def by_hand(self, errand: Errand) -> str:
        return (
            f"Terminate every service of client {errand.work.client} by its module command, see that the machines are "
            "gone, then close the account in the billing panel and confirm here."
        )


def _living(errand: Errand) -> list[BillingService]:
    """Services that a module has to end; a pending one without a machine was never made."""
    return [
        service
        for service in errand.billing.services(client=errand.client)
        if service.client == errand.client
        and service.status is not ServiceStatus.TERMINATED
        and (service.status is not ServiceStatus.PENDING or service.vpsid)
    ]


@dataclass(frozen=True)
class _Services(Fact):
    action: TerminateClient
    name = SERVICES

    def look(self, errand: Errand, since: datetime | None) -> Seen:
        if errand.billing.client(errand.client) is None:
            raise Impossible(f"client {errand.client} is not in the billing panel")
        living = _living(errand)
        exempt = sorted(service.id for service in living if service.id in errand.panels.exempt)
        if exempt:
            raise ByHand(f"Exempt by the configuration: {', '.join(exempt)}. {self.action.by_hand(errand)}")
        bare = sorted(service.id for service in living if not service.has_module)
        if bare:
            raise ByHand(f"Without a server module: {', '.join(bare)}. {self.action.by_hand(errand)}")
        return Seen({"ids": sorted((service.id for service in living), key=lambda id_: (len(id_), id_))})


@dataclass(frozen=True)
class _Of(Step):
    """A step of the termination of one service; what it leaves is kept under a name of its own."""

    service: str
    inner: Step
    name: str
    sight: Sight

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        return self.inner.look(self._errand(errand), since)

    def prepare(self, errand: Errand) -> Attempt:
        return replace(self.inner.prepare(self._errand(errand)), service=self.service)

    def confirm(self, errand: Errand, since: datetime, answer: Mapping[str, Json]) -> Seen | None:
        return self.inner.confirm(self._errand(errand), since, answer)

    def _errand(self, errand: Errand) -> Errand:
        """As if this service alone were to be terminated."""
        facts = ServiceFacts(id=self.service, server=None, vpsid=None, vps_uuid=None, ips=(), product_kind="other")
        mine = f" {self.service}"
        results = {name.removesuffix(mine): left for name, left in errand.results.items() if name.endswith(mine)}
        return replace(errand, work=replace(errand.work, service=facts), results=results)


@dataclass(frozen=True)
class _Close(Step):
    action: TerminateClient
    name = "close"
    sight = Sight.ONCE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        client = errand.client
        return (
            Call(to="billing", command="ModuleTerminate", given={"services": f"every service of client {client}"}),
            Call(to="billing", command="CloseClient", given={"client": client}),
        )

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        client = errand.billing.client(errand.client)
        if client is None:
            raise Impossible(f"client {errand.client} is not in the billing panel")
        return Seen() if client.status.strip().casefold() == "closed" else None

    def prepare(self, errand: Errand) -> Attempt:
        left = sorted(service.id for service in _living(errand))
        if left:
            raise ByHand(f"Not terminated: {', '.join(left)}. {self.action.by_hand(errand)}")
        client = errand.client

        def call() -> Mapping[str, Json]:
            errand.billing.close_client(client)
            return {}

        return Attempt(call=call, command="CloseClient")
