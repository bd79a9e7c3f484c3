"""A made-up life of a few clients: events of many types, deadlines, admins and a worker, all from one seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from typing import Any

from bridge.errors import NotAllowed
from bridge.timeformat import format_time
from tests.contract.store.bureau import Bureau, admin

Json = Any

CATEGORIES = (
    "connection/ddos", "connection/port_scan", "messaging/spam", "content/phishing", "content/malware",
    "copyright/copyright", "infrastructure/botnet", "vulnerability/open_resolver", "other/unclassified", "usage/mining",
    "content/csam", "reputation/blocklist",
)  # fmt: skip
REPORTERS = ("blocklist", "operator", "rights_holder", "law_enforcement", "cert", "customer", "automated", "individual")
FINDINGS = ("remediated", "not_remediated", "culpable", "not_culpable", "authorized", "unfounded", "lawful")
OUTCOMES = ("done", "done", "done", "done", "failed", "waiting", "unclear", "manual")


class Life:
    """Lets things happen to a bureau, step by step; `name` keeps the ids of two lives apart."""

    def __init__(self, seed: int, *, clients: int = 3, name: str = "") -> None:
        self._random = Random(f"{seed} {name}")
        self._services = [str(number) for number in range(2 * clients)]
        self._name = name
        self._number = 0

    def begin(self, bureau: Bureau) -> None:
        """Every client has two services with an address and a domain each."""
        for service in self._services:
            facts = {"product_kind": "vps", "status": "active", "domains": [f"vps{service}.host.example"]}
            bureau.accept(self.event(bureau, self._observed(service) | facts))

    def step(self, bureau: Bureau) -> None:
        """One thing happens."""
        bureau.wait(seconds=self._random.choice((0, 1, 60, 1800, 7200, 30000)))
        happens: tuple[Callable[[Bureau], object], ...] = (self.send, self.send, self._work, self._work, self._answer)
        self._random.choice((*happens, Bureau.fire_due))(bureau)

    def event(self, bureau: Bureau, fields: Mapping[str, Json]) -> dict[str, Json]:
        """With an id of its own, now or a little late."""
        self._number += 1
        late = self._random.choice((0, 0, 0, 30, 90000))
        at = format_time(bureau.clock.now() - timedelta(seconds=late))
        return {"id": f"e{self._name}{self._number}", "at": at, **fields}

    # ---- what happens ----

    def send(self, bureau: Bureau) -> None:
        """An event of some type is accepted."""
        bureau.accept(self.made(bureau))

    def made(self, bureau: Bureau) -> dict[str, Json]:
        """An event of some type, about what there is."""
        makers = (self._complaint, self._complaint, self._about_a_case, self._money, self._question, self._moved)
        return self.event(bureau, self._random.choice(makers)(bureau))

    def _work(self, bureau: Bureau) -> None:
        work = bureau.claim()
        if work is None:
            return
        now, state = bureau.clock.wall(), self._random.choice(OUTCOMES)
        if self._random.random() < 0.5:
            bureau.queue.intend(work, 0, "first", "ModuleSuspend", now)
            if state in ("done", "failed"):
                bureau.queue.step_done(work, 0, {"ticket": f"t{work.id}"}, now)
        if self._random.random() < 0.1:
            return  # the worker dies, and the lease runs out
        invoice = f"i-{work.id}" if work.action.startswith("charge_") and state == "done" else None
        retry = now if state in ("waiting", "unclear") else None
        bureau.finish(work, state, retry_at=retry, error="no" if state == "failed" else "", invoice=invoice)

    def _answer(self, bureau: Bureau) -> None:
        waiting = [action for state in ("proposed", "failed", "manual") for action in bureau.actions(state=state)]
        if not waiting:
            return
        action = self._random.choice(waiting)
        by = admin(self._random.choice(("anna", "bert", "carl")), verified=self._random.random() < 0.5)
        try:
            if action["state"] == "failed":
                bureau.desk.retry(action["id"], by)
            elif action["state"] == "manual":
                bureau.desk.confirm(action["id"], by)
            elif self._random.random() < 0.7:
                bureau.desk.approve(action["id"], "because", by)
            elif self._random.random() < 0.5:
                bureau.desk.reject(action["id"], None, by)
            else:
                bureau.desk.lapse(action["id"])
        except NotAllowed:
            return

    # ---- events ----

    def _client(self, service: str) -> str:
        return f"c{int(service) // 2}"

    def _observed(self, service: str) -> dict[str, Json]:
        ips = [f"10.0.0.{service}"] + ["10.0.1.0/28"] * (service == "0")
        return {"type": "service.observed", "service": service, "client": self._client(service), "ips": ips}

    def _complaint(self, _: Bureau) -> dict[str, Json]:
        pick = self._random
        ips = pick.sample([f"10.0.0.{service}" for service in (*self._services, "99")], pick.choice((1, 1, 1, 2, 3)))
        return {
            "type": "complaint.received",
            "ips": ips,
            "category": pick.choice(CATEGORIES),
            "reporter": {"name": pick.choice("abc"), "kind": pick.choice(REPORTERS)},
            "targets": pick.choice(([], [f"http://{pick.randrange(9)}/"])),
            "complete": pick.random() < 0.9,
            "severity": pick.choice(("normal", "normal", "severe")),
            **pick.choice(({}, {"report_id": str(pick.randrange(5))}, {"deliberate": True})),
        }

    def _about_a_case(self, bureau: Bureau) -> dict[str, Json]:
        pick = self._random
        known = [case["id"] for case in bureau.cases()]
        named = (
            {"case": pick.choice(known)} if known and pick.random() < 0.7 else {"service": pick.choice(self._services)}
        )
        return pick.choice(
            (
                {"type": "finding.recorded", "finding": pick.choice(FINDINGS), "by": "anna", "note": "seen", **named},
                {"type": "customer.replied", "claims": pick.choice(("remediated", "evidence", "other")), **named},
                {"type": "evidence.provided", "kind": "authorization", **named},
                {"type": "hold.lifted", "by": "anna", "reason": "agreed", **named},
            )
        )

    def _money(self, bureau: Bureau) -> dict[str, Json]:
        pick = self._random
        service = pick.choice(self._services)
        invoices = [charge["invoice"] for charge in bureau.enquiries.service(service)["charges"]]
        kind = pick.choice(("invoice.paid", "invoice.paid", "invoice.cancelled", "invoice.refunded"))
        if invoices and pick.random() < 0.6:
            return {"type": kind, "invoice": pick.choice(invoices)}
        return {"type": kind, "service": service, "charge": pick.choice(("fine", "fee", "deposit"))}

    def _question(self, _: Bureau) -> dict[str, Json]:
        pick = self._random
        service = pick.choice((*self._services, "99"))
        return pick.choice(
            (
                {"type": "unsuspend.requested", "service": service, "by": pick.choice(("admin", "automation"))},
                {"type": "refund.requested", "service": service, "amount": "5.00"},
                {"type": "ip_replacement.requested", "service": service, "ip": "10.0.0.1", "cause": "customer"},
                {"type": "order.placed", "order": "1", "client": "c1", "product_kind": "vps"},
                {"type": "listing.cleared", "ip": f"10.0.0.{service}", "list": "a list"},
            )
        )

    def _moved(self, _: Bureau) -> dict[str, Json]:
        """What a panel shows changes: status, addresses, who the client is."""
        pick = self._random
        service = pick.choice(self._services)
        seen = self._observed(service)
        more = pick.sample([f"10.0.0.{other}" for other in self._services], 1)
        return pick.choice(
            (
                seen | {"status": pick.choice(("active", "suspended", "active"))},
                seen | {"client": pick.choice(("c0", "c1", "c2"))},
                seen | {"ips": [*seen["ips"], *more], "region": pick.choice(("eu", "us"))},
                {"type": "client.observed", "client": seen["client"], "kind": pick.choice(("customer", "reseller"))},
            )
        )
