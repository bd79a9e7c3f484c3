"""One host in memory with a worker, and builders of what it is given to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from bridge.actions import Allotments, BlockPlans, Panels, main_mark
from bridge.letters import Letters, load_letters
from bridge.ports import Refuge
from bridge.queue import CaseFacts, Outcome, ServiceFacts, Work
from bridge.wording import Wording
from bridge.worker import Worker, WorkerSettings
from tests.unit.actions.faults import Crash, Faults
from tests.unit.actions.panels import START, ManualClock, MemoryBillingPanel, MemoryMailer, MemoryServerPanel
from tests.unit.actions.queue import MemoryQueue

Json = Any

SECRET = b"of this installation"
LEASE = timedelta(seconds=120)


@cache
def letters() -> Letters:
    return load_letters()


def a_case(**changes: Any) -> CaseFacts:
    facts: dict[str, Any] = {
        "id": "c1",
        "category": "messaging/spam",
        "opened_at": START - timedelta(minutes=5),
        "ips": ("192.0.2.10",),
        "targets": (),
        "reporter": "a list",
        "reporter_kind": "blocklist",
        "reporter_address": "abuse@list.example",
        "occurred_at": START - timedelta(hours=1),
        "complaint": b"From: abuse@list.example\n\nSpam from 192.0.2.10",
        "complaint_type": "message/rfc822",
        "ticket": None,
    }
    return CaseFacts(**{**facts, **changes})


def a_work(action: str, own: Mapping[str, Json] | None = None, **changes: Any) -> Work:
    facts: dict[str, Any] = {
        "id": f"act_{action}",
        "action": action,
        "client": "3",
        "service": ServiceFacts(
            id="12",
            server="1",
            vpsid="101",
            vps_uuid="uuid-101",
            ips=("192.0.2.10", "192.0.2.11"),
            product_kind="vps",
        ),
        "case": a_case(),
        "own": own or {},
        "plan": {},
        "policy": "klt-net",
        "version": "2022-06-07",
        "clause": "3",
        "because": "Spam complaint about service 12.",
        "steps": (),
        "attempts": 0,
        "withdrawn": False,
        "since": START,
        "locale": None,
        "is_reseller": False,
        "says": Wording("A spam complaint suspends the server at once."),
    }
    return Work(**{**facts, **changes})


class Scene:
    """A billing panel, a server panel behind server 1, a mailer, a queue, and workers that may die."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.clock = ManualClock(self.faults)
        self.servers = MemoryServerPanel(self.faults)
        self.billing = MemoryBillingPanel(self.faults, self.clock, self.servers)
        self.mailer: MemoryMailer | None = MemoryMailer(self.faults)
        self.queue = MemoryQueue()
        self.plans = BlockPlans(ports="7", outbound="8")
        self.allotments = Allotments()
        self.refuge: Refuge | None = Refuge(node="2", storages=("5",))
        self.exempt: frozenset[str] = frozenset()

    def worker(self) -> Worker:
        panels = Panels(
            billing=self.billing,
            servers=lambda server: self.servers if server == "1" else None,
            plans=lambda server: self.plans,
            allotments=lambda server: self.allotments,
            refuges=lambda server: self.refuge,
            exempt=self.exempt,
        )
        settings = WorkerSettings(secret=SECRET, lease=LEASE)
        return Worker(self.queue, panels, letters(), self.mailer, self.clock, settings)

    def once(self) -> None:
        """One claim, by a worker that may be killed while carrying it."""
        try:
            self.worker().run_once()
        except Crash:
            return

    def carry(self, work: Work) -> Outcome | None:
        """Add it and let a worker take it once; None where the worker was killed."""
        self.queue.add(work)
        self.once()
        return self.queue.outcomes[work.id][-1] if self.queue.outcomes[work.id] else None

    def settle(self, work_id: str, rounds: int = 12) -> Outcome:
        """Let workers go on, and time pass between, until the action has ended."""
        for _ in range(rounds):
            if self.queue.state(work_id) in ("done", "failed", "manual", "cancelled"):
                break
            self.clock.passes(LEASE)
            self.once()
        return self.queue.last(work_id)

    def mark(self, work: Work) -> str:
        token = main_mark(SECRET, work.action, work.id)
        assert token is not None
        return token

    def shape(self) -> dict[str, Json]:
        """Everything the panels hold, without what differs between runs (times)."""
        return {
            "services": dict(self.billing.rows),
            "machines": dict(self.servers.rows),
            "tickets": [
                (ticket.subject, [message.text for message in ticket.messages]) for ticket in self.billing.opened
            ],
            "invoices": [
                (invoice.client, invoice.status, invoice.notes, invoice.total, self.billing.lines.get(invoice.id))
                for invoice in self.billing.made
            ],
            "credits": [(credit.client, credit.amount, credit.description) for credit in self.billing.booked],
            "notes": list(self.billing.notes),
            "mails": [*self.billing.mails, *(self.mailer.sent if self.mailer else [])],
            "orders": dict(self.billing.orders),
            "clients": dict(self.billing.people),
            "caps": dict(self.servers.capped),
        }
