"""One writer at a time: groups, failures among them, several processes on one database, closing."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

import orjson
import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from bridge.errors import Conflict, InvalidInput
from bridge.store.engine import MIGRATIONS, REVISION, is_current, migrate, open_engine
from bridge.store.store import Store, Unit
from bridge.store.tables import domains, events, metadata, services
from bridge.store.writer import GROUP, StoreClosed
from tests.contract.store.bureau import EVERYONE, Bureau, open_bureau
from tests.contract.store.conftest import Opening
from tests.unit.decide.scenario import (
    IP,
    OTHER_IP,
    a_complaint,
    a_finding,
    a_service,
    at,
    seen,
    spam,
    unsuspend_asked,
)


class Busy:
    """Keeps the writer busy for a while, so that what is handed in meanwhile becomes one group."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._started, self._release = threading.Event(), threading.Event()

    def __enter__(self) -> None:
        self._thread = threading.Thread(target=lambda: self._store.write(self._hold))
        self._thread.start()
        self._started.wait(10)

    def _hold(self, _: Unit) -> None:
        self._started.set()
        self._release.wait(10)

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._release.set()
        self._thread.join()


def taken_and_lost(bureau: Bureau, unit: Unit) -> None:
    """Accept a complaint, then fail."""
    unit.set("left behind", "by a failure")
    lost = spam(name="lost")
    bureau.desk.take(unit, bureau.desk.read(lost), lost, EVERYONE)
    raise Conflict("no")


def test_work_that_fails_in_a_group_spoils_nothing_of_its_neighbours(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    with ThreadPoolExecutor(12) as threads:
        with Busy(bureau.store):
            before = [threads.submit(bureau.accept, spam(name=f"k{n}", targets=[f"http://{n}/"])) for n in range(5)]
            bad = threads.submit(bureau.store.write, lambda unit: taken_and_lost(bureau, unit))
            after = [threads.submit(bureau.accept, unsuspend_asked("0h") | {"id": f"u{n}"}) for n in range(5)]
        assert [future.result().duplicate for future in (*before, *after)] == [False] * 10
        with pytest.raises(Conflict):
            bad.result()
    assert {case["id"] for case in bureau.cases()} == {f"k{n}" for n in range(5)}
    assert sorted(case["strike"] for case in bureau.cases()) == [1, 2, 3, 4, 5]
    assert bureau.store.write(lambda unit: unit.setting("left behind")) is None
    assert bureau.faults() == []


def test_a_state_that_was_changed_and_not_stored_is_not_used_again(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    with pytest.raises(Conflict):
        bureau.store.write(lambda unit: taken_and_lost(bureau, unit))
    assert bureau.accept(spam()).records[0]["strike"] == 1


def test_a_group_larger_than_one_transaction_holds_is_written_in_several(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    number = 2 * GROUP + 1
    with ThreadPoolExecutor(number) as threads:
        with Busy(bureau.store):
            sent = [threads.submit(bureau.accept, unsuspend_asked("0h") | {"id": f"u{n}"}) for n in range(number)]
        assert not any(future.result().duplicate for future in sent)
    assert bureau.counts()["events"] == number + 1


def test_work_that_asks_for_another_transaction_is_refused_and_not_left_waiting(bureau: Bureau) -> None:
    with pytest.raises(RuntimeError, match="another"):
        bureau.store.write(lambda _: bureau.store.write(lambda _: None))


def test_a_closed_store_finishes_what_it_took_and_takes_nothing_more(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    with ThreadPoolExecutor(8) as threads:
        with Busy(bureau.store):
            sent = [threads.submit(bureau.accept, unsuspend_asked("0h") | {"id": f"u{n}"}) for n in range(6)]
            while bureau.store._writer._queue.qsize() < len(sent):
                threading.Event().wait(0.01)
            closing = threads.submit(bureau.close)
        closing.result()
        assert [future.result().duplicate for future in sent] == [False] * 6
    with pytest.raises(StoreClosed):
        bureau.accept(spam())


def test_closing_twice_and_closing_unused_do_no_harm(open_desk: Opening) -> None:
    bureau = open_desk()
    bureau.close()
    bureau.close()
    with pytest.raises(StoreClosed):
        bureau.store.write(lambda _: None)


# ---- several processes ----


def test_what_one_process_writes_the_other_decides_by(open_desk: Opening) -> None:
    one, other = open_desk(), open_desk()
    one.accept(a_service(when="-1d"))
    strikes = []
    for number in range(6):
        process = (one, other)[number % 2]
        complaint = spam(name=f"k{number}", when=f"{number}s", targets=[f"http://{number}/"])
        strikes.append(process.accept(complaint).records[0]["strike"])
    assert strikes == [1, 2, 3, 4, 5, 6]
    assert one.faults() == []


def test_a_process_that_only_knew_other_clients_catches_up_with_each_it_meets(open_desk: Opening) -> None:
    one, other = open_desk(), open_desk()
    one.accept(a_service(when="-1d"), a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
    one.accept(spam(name="k1", ip=IP, targets=["http://1/"]), spam(name="k2", ip=OTHER_IP, targets=["http://2/"]))
    other.accept(spam(name="k3", ip=IP, targets=["http://3/"]))
    one.accept(seen("2", "1s", client="c2", region="eu"))
    other.accept(a_finding("unfounded", "2s", "k2"))
    assert one.accept(spam(name="k4", when="3s", ip=IP, targets=["http://4/"])).records[0]["strike"] == 3
    assert one.accept(spam(name="k5", when="3s", ip=OTHER_IP, targets=["http://5/"])).records[0]["strike"] == 1
    assert other.faults() == []


def test_a_client_that_is_new_to_one_process_and_known_to_another_is_one_client(open_desk: Opening) -> None:
    one, other = open_desk(), open_desk()
    other.accept(unsuspend_asked("0h"))
    one.accept(a_service(when="-1d"), spam())
    assert other.accept(unsuspend_asked("1s", by="admin")).records[0]["outcome"] == "allow"
    assert other.accept(a_finding("unfounded", "2s")).records[0]["status"] == "dismissed"


def test_a_failure_in_one_process_does_not_confuse_what_the_other_wrote(open_desk: Opening) -> None:
    one, other = open_desk(), open_desk()
    one.accept(a_service(when="-1d"), spam(name="k1", targets=["http://1/"]))
    with pytest.raises(Conflict):
        one.store.write(lambda unit: taken_and_lost(one, unit))
    other.accept(spam(name="k2", targets=["http://2/"]))
    assert one.accept(spam(name="k3", targets=["http://3/"])).records[0]["strike"] == 3
    assert one.faults() == []


def test_sequence_numbers_have_no_gaps_whoever_writes(open_desk: Opening) -> None:
    bureaus = [open_desk() for _ in range(3)]
    bureaus[0].accept(a_service(when="-1d"))

    def send(number: int) -> None:
        bureaus[number % 3].accept(unsuspend_asked("0h") | {"id": f"u{number}"})

    with ThreadPoolExecutor(64) as threads:
        list(threads.map(send, range(300)))
    assert [row[0] for row in bureaus[0].rows(select(events.c.seq).order_by(events.c.seq))] == list(range(1, 302))
    assert bureaus[0].faults() == []


# ---- the database itself ----


def test_the_newest_migration_is_the_one_the_program_asks_for(database: str) -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == REVISION
    engine = open_engine(database)
    assert is_current(engine)
    migrate(engine)
    assert is_current(engine)
    engine.dispose()


def test_domains_known_before_they_had_a_table_are_found_in_it(database: str) -> None:
    engine = open_engine(database)
    facts = [
        {"domains": ["Shop.Example.", "vps1.host.example"]},
        {"domains": []},
        {"ips": ["192.0.2.10"]},
    ]
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            Operations(context).drop_table("domains")
            rows = [
                {"id": str(n), "client": "c", "facts": orjson.dumps(one).decode(), "seq": 1}
                for n, one in enumerate(facts)
            ]
            connection.execute(services.insert(), rows)
            script = ScriptDirectory(str(MIGRATIONS)).get_revision("0009")
            assert script is not None
            script.module.upgrade()
        names = connection.execute(select(domains.c.name, domains.c.service).order_by(domains.c.name)).all()
    assert [tuple(row) for row in names] == [("shop.example", "0"), ("vps1.host.example", "0")]
    engine.dispose()


def test_two_processes_may_make_the_database_at_once(postgres_database: str) -> None:
    engines = [open_engine(postgres_database) for _ in range(3)]
    assert not is_current(engines[0])
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(migrate, engines))
    assert is_current(engines[0])
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("url", ["", "tipstaff.db", "mysql://x/y", "sqlite", "postgresql"])
def test_an_address_that_is_no_database_is_refused_by_name(url: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Store.open(url)
    assert refusal.value.field == "database_url"


def test_a_database_that_cannot_be_reached_is_refused_with_its_own_words() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/nothing")
    assert not is_current(engine)
    with pytest.raises(InvalidInput, match="cannot be used"):
        migrate(engine)


def test_times_are_kept_to_the_microsecond(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d") | {"at": "2024-02-28T23:59:59.123456Z"})
    assert bureau.accept(unsuspend_asked("0h") | {"at": "2024-02-28T00:00:00Z"}).records[0]["at"] == (
        "2024-02-28T23:59:59.123456Z"
    )
    assert bureau.enquiries.service("1")["ips"][0]["from"] == "2024-02-28T23:59:59.123456Z"
    assert at("0h") == "2024-03-01T00:00:00Z"


def test_two_reports_of_one_attack_that_arrive_together_open_one_case(open_desk: Opening) -> None:
    bureaus = [open_desk(), open_desk()]
    bureaus[0].accept(a_service(when="-1d"))
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda n: bureaus[n % 2].accept(a_complaint(name=f"k{n}")), range(16)))
    assert len(bureaus[0].cases()) == 1
    assert len(bureaus[1].cases()[0]["complaints"]) == 16


def test_a_failure_costs_no_client_its_state_but_those_it_had_in_hand(bureau: Bureau) -> None:
    """A long history takes seconds to fold: somebody else's mistake must not make everybody wait for that."""
    bureau.accept(a_service(when="-1d"), a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
    bureau.accept(spam(ip=OTHER_IP, name="k2"))
    at_hand = bureau.store.write(lambda unit: unit.log.state(unit.connection, "c2"))
    with pytest.raises(Conflict):
        bureau.store.write(lambda unit: taken_and_lost(bureau, unit))
    assert bureau.store.write(lambda unit: unit.log.state(unit.connection, "c2")) is at_hand
    assert bureau.store.write(lambda unit: unit.log.state(unit.connection, "c1")).cases == {}


def test_long_histories_are_folded_at_the_start(open_desk: Opening) -> None:
    one = open_desk()
    one.accept(a_service(when="-1d"), a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
    one.accept(*(unsuspend_asked("0h") | {"id": f"u{number}"} for number in range(3)))
    fresh = open_desk()
    fresh.desk.warm_up(least=3)
    assert list(fresh.store._log._kept) == ["c1"]
    fresh.accept(spam())
    assert fresh.faults() == []


def cut_off(unit: Unit, times: list[int]) -> int:
    """Lose the connection in the middle of the work, the first time."""
    times.append(1)
    if len(times) == 1:
        unit.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    return len(times)


def test_a_lost_connection_fails_one_piece_of_work_and_the_next_finds_a_new_one(postgres_database: str) -> None:
    engine = open_engine(postgres_database)
    migrate(engine)
    engine.dispose()
    bureau, times = open_bureau(postgres_database), list[int]()
    bureau.accept(a_service(when="-1d"))
    with pytest.raises(Exception, match="connection"):
        bureau.store.write(lambda unit: cut_off(unit, times))
    assert bureau.accept(spam()).records[0]["strike"] == 1
    times.clear()
    with ThreadPoolExecutor(4) as threads:
        with Busy(bureau.store):
            sent: list[Future[Any]] = [
                threads.submit(bureau.accept, spam(name="k2", targets=["http://2/"])),
                threads.submit(bureau.store.write, lambda unit: cut_off(unit, times)),
                threads.submit(bureau.accept, unsuspend_asked("0h")),
            ]
        assert [bool(future.result()) for future in sent] == [True] * 3
    assert bureau.faults() == []
    bureau.close()


def test_the_migrated_tables_are_those_the_program_writes_to(database: str) -> None:
    """Columns, keys and indexes: the migration is written by hand beside the tables."""
    engine = open_engine(database)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
