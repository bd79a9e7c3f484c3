"""One writer at a time, in any process: work is queued, committed in groups, and answered after the commit is durable.

SQLite commits one by one at the speed of the disk; a group shares one commit. Each piece of work has a savepoint of its
own, so one bad request cannot spoil its neighbours. If the group itself cannot be committed, each is run again alone.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text

from bridge.store.engine import ADVISORY_LOCK, lock_file
from bridge.store.log import Log

T = TypeVar("T")
Work = Callable[[Connection], Any]

GROUP = 64


class StoreClosed(RuntimeError):
    """Work was handed in after the store had been closed: a mistake of the program."""


class Writer:
    """Runs work in write transactions, in a thread of its own that starts with the first work.

    log  is told where transactions and pieces of work begin, and which of them were rolled back
    """

    def __init__(self, engine: Engine, log: Log) -> None:
        self._engine = engine.execution_options(writes=True)
        self._lock = _LockFile(lock_file(engine))
        self._log = log
        self._queue: SimpleQueue[tuple[Work, Future[Any]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._handing_in = threading.Lock()

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run work in a write transaction; returns after the commit. Raises what the work raised."""
        future: Future[T] = Future()
        with self._handing_in:
            if self._closed:
                raise StoreClosed("the store is closed")
            if self._thread is threading.current_thread():
                raise RuntimeError("work of a transaction must not ask for another one")
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)
                self._thread.start()
            self._queue.put((work, future))
        return future.result()

    def close(self) -> None:
        """Finish what is queued and end the thread; nothing is taken afterwards."""
        with self._handing_in:
            self._closed = True
            self._queue.put(None)
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        self._lock.close()

    def _loop(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            try:
                while len(group) < GROUP:
                    following = self._queue.get_nowait()
                    if following is None:
                        self._queue.put(None)
                        break
                    group.append(following)
            except Empty:
                pass
            self._commit(group)

    def _commit(self, group: list[tuple[Work, Future[Any]]]) -> None:
        try:
            with self._transaction() as connection:
                settled = [self._attempt(connection, work) for work, _ in group]
        except Exception as trouble:  # noqa: BLE001 - handed on to whoever waits for the result
            self._log.forget()
            if len(group) == 1:
                group[0][1].set_exception(trouble)
                return
            for item in group:
                self._commit([item])
            return
        for (_, future), (result, refusal) in zip(group, settled, strict=True):
            if refusal is None:
                future.set_result(result)
            else:
                future.set_exception(refusal)

    def _attempt(self, connection: Connection, work: Work) -> tuple[Any, Exception | None]:
        """What the work gives, or the error that it ended with; nothing of the latter is kept."""
        mark = self._log.mark()
        cursor = connection.connection.cursor()
        cursor.execute("SAVEPOINT work")
        try:
            result = work(connection)
        except Exception as refusal:  # noqa: BLE001 - handed on to whoever waits for the result
            cursor.execute("ROLLBACK TO SAVEPOINT work")
            self._log.back_to(mark)
            return None, refusal
        cursor.execute("RELEASE SAVEPOINT work")
        return result, None

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._lock.held(), self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            self._log.refresh(connection)
            yield connection


class _LockFile:
    """Whoever holds it may write. Kept open from the first time on, by the one thread that writes."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BufferedWriter | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        if self._path is None:
            yield
            return
        if self._file is None:
            self._file = self._path.open("ab")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
