"""How soon the desk's pages come with 10,000 open cases. The goal: under 100 ms each, at the median.

Printed, not asserted: a machine's mood is no defect.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

import orjson
import pytest

from bridge.store.engine import migrate, open_engine
from bridge.store.store import Unit
from bridge.store.tables import charges, tickets
from tests.contract.store.bureau import EVERYONE, Bureau, open_bureau
from tests.unit.decide.scenario import a_complaint, a_service, an_event
from tests.unit.pages.house import House, house_of

CASES = 10_000
TIMES = 9
KINDS = ("connection/ddos", "content/phishing", "messaging/spam", "connection/port_scan")
PATHS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/", {}),
    ("/actions", {}),
    ("/actions", {"kind": "charge_fine", "page": "200"}),
    ("/cases", {}),
    ("/cases", {"status": "open", "page": "150"}),
    ("/cases", {"q": "10.0.3.7"}),
    ("/cases", {"q": "k50"}),
    ("/cases", {"q": "c5000"}),
    ("/cases", {"q": "no such thing"}),
    ("/cases", {"category": "content", "status": "awaiting_customer"}),
    ("/cases", {"category": "usage"}),
    ("/cases", {"status": "overdue"}),
    ("/actions", {"kind": "terminate_service"}),
    ("/actions", {"state": "failed"}),
    ("/cases/k5000", {}),
    ("/services/s5000", {}),
    ("/clients/c5000", {}),
    ("/audit", {}),
    ("/audit", {"client": "c5000"}),
    ("/policy", {}),
    ("/audit", {"type": "complaint.received", "q": "k1"}),
    ("/audit", {"q": "nobody"}),
    ("/reviews", {}),
    ("/embed/home", {}),
    ("/embed/clients/c5000", {}),
    ("/embed/services/s5000", {}),
    ("/embed/tickets/t5000", {}),
    ("/embed/invoices/i5000", {}),
    ("/embed/orders/o5000", {"client": "c5000"}),
)


def address(number: int) -> str:
    return f"10.{number // 62500}.{number // 250 % 250}.{number % 250}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """10,000 services with an open case each, a third of the proposals answered."""
    url = f"sqlite:///{tmp_path_factory.mktemp('pages') / 'tipstaff.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    bureau = open_bureau(url)
    standing = (a_service(f"s{n}", "-1d", client=f"c{n}", ips=[address(n)]) for n in range(CASES))
    bureau.desk.accept_lines((orjson.dumps(event) for event in standing), EVERYONE, lambda _: True)
    said = (
        a_complaint(KINDS[n % len(KINDS)], ip=address(n), name=f"k{n}", reporter={"name": "x", "kind": "operator"})
        for n in range(CASES)
    )
    taken = bureau.desk.accept_lines((orjson.dumps(event) for event in said), EVERYONE, lambda _: True)
    assert taken.accepted == CASES
    answered(bureau)
    bureau.wait(hours=7)
    yield house_of(bureau)
    bureau.close()


def answered(bureau: Bureau) -> None:
    """Case k5000 has a ticket, an invoice and a held order; those the pieces beside the panel's pages are about."""
    case, order = {"case": "k5000", "service": "s5000", "client": "c5000"}, {"order": "o5000", "product_kind": "vps"}
    bureau.accept(an_event("client.refused", client="c5000", by="anna"))
    bureau.accept(an_event("order.placed", client="c5000", service="s5000", **order))
    due = {"due": 0, "status": "open", "simulated": False, "charge": "fine", "amount": "20.00", "currency": "USD"}
    with_ticket = {"ticket": "t5000", "case": "k5000", "action": "a"}

    def work(unit: Unit) -> None:
        unit.connection.execute(tickets.insert(), with_ticket)
        unit.connection.execute(charges.insert(), {"id": "f5000", "invoice": "i5000", **case, **due})

    bureau.store.write(work)


@pytest.mark.bench
@pytest.mark.parametrize(("path", "query"), PATHS)
def test_a_page_with_ten_thousand_open_cases(house: House, path: str, query: dict[str, str]) -> None:
    page = house.get(path, **query)
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        page = house.get(path, **query)
        taken.append((time.perf_counter() - started) * 1000)
        assert page.status in (200, 404)
    print(f"\n{path} {query}: {median(taken):.0f} ms (longest {max(taken):.0f}), {len(page.html) / 1024:.0f} KiB")
