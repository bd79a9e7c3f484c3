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
from tests.contract.store.bureau import EVERYONE, open_bureau
from tests.unit.decide.scenario import a_complaint, a_service
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
    ("/cases/k5000", {}),
    ("/services/s5000", {}),
    ("/clients/c5000", {}),
    ("/audit", {}),
    ("/audit", {"client": "c5000"}),
    ("/policy", {}),
    ("/reviews", {}),
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
    bureau.wait(hours=3)
    yield house_of(bureau)
    bureau.close()


@pytest.mark.bench
@pytest.mark.parametrize(("path", "query"), PATHS)
def test_a_page_with_ten_thousand_open_cases(house: House, path: str, query: dict[str, str]) -> None:
    page = house.get(path, **query)
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        page = house.get(path, **query)
        taken.append((time.perf_counter() - started) * 1000)
        assert page.status == 200
    print(f"\n{path} {query}: {median(taken):.0f} ms (longest {max(taken):.0f}), {len(page.html) / 1024:.0f} KiB")
