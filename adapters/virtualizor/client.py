"""Calls to the admin API of a Virtualizor master: request in, judged answer out, every trouble as a PanelError.

Reads are retried here; a write is sent once and never again. Source: README.md beside this file.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import requests
import tenacity
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

from adapters.virtualizor.access import Access
from adapters.virtualizor.answers import Answer, Kind, Trouble, judge
from adapters.virtualizor.transport import Sessions
from bridge.errors import PanelError, PanelRefused, PanelUnclear, PanelUnreachable

Fields = Mapping[str, str]

READ_ATTEMPTS = 3
READ_PATIENCE = 15.0  # seconds after which a read is not tried again
LARGEST_ANSWER = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_RETRIED = frozenset({Kind.NOT_SENT, Kind.LOST, Kind.TURNED_AWAY})

_READ_ERRORS: dict[Kind, type[PanelError]] = {
    Kind.NOT_SENT: PanelUnreachable,
    Kind.LOST: PanelUnreachable,
    Kind.TURNED_AWAY: PanelUnreachable,
    Kind.REFUSED: PanelRefused,
}
# A panel that is being mended shows its log-in page, too, so no read gives up for good because of it.
# The effect of a write that was turned away is not certain: the log-in page also answers a session that ran out midway.
_WRITE_ERRORS: dict[Kind, type[PanelError]] = {
    Kind.NOT_SENT: PanelUnreachable,
    Kind.LOST: PanelUnclear,
    Kind.TURNED_AWAY: PanelUnclear,
    Kind.REFUSED: PanelRefused,
}


@dataclass(frozen=True)
class _Call:
    """One request without its credentials; `form` makes it a POST."""

    query: Fields
    form: Fields | None
    expects: str


class VirtualizorClient:
    """Safe to share between threads. `name` is what errors call the panel."""

    def __init__(
        self,
        access: Access,
        *,
        name: str = "virtualizor",
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.access = access
        self.name = name
        self._sessions = Sessions(access)
        self._sleep = sleep
        self._monotonic = monotonic

    def __repr__(self) -> str:
        return f"VirtualizorClient({self.name!r}, {self.access.host!r})"

    def read(self, act: str, query: Fields | None = None, *, expects: str) -> Answer:
        """Ask for page `act`; `expects` is the field that a good answer carries.

        Raises PanelUnreachable where no usable answer came after retries or the panel let us not in, PanelRefused
        where it named an error or did not know the call.
        """
        call = _Call({"act": act, "api": "json", **(query or {})}, None, expects)
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_result(_is_worth_another_try),
            stop=tenacity.stop_after_attempt(READ_ATTEMPTS) | tenacity.stop_after_delay(READ_PATIENCE),
            wait=tenacity.wait_random_exponential(multiplier=0.2, max=2),
            sleep=self._sleep,
            retry_error_callback=_last_result,
        )
        return self._unwrap(retrying(self._exchange, call), _READ_ERRORS)

    def operate(self, query: Fields) -> Answer:
        """A short operation of `act=vs` (`suspend_net=ID` …): sent once.

        Raises PanelUnreachable (not sent), PanelUnclear (sent, effect unknown), PanelRefused (the panel's own words).
        """
        return self._unwrap(self._exchange(_Call({"act": "vs", "api": "json", **query}, None, "done")), _WRITE_ERRORS)

    def edit(self, act: str, query: Fields, form: Fields, *, expects: str = "done") -> Answer:
        """Submit a form of the panel, its submit flag included: sent once. Raises as `operate`."""
        return self._unwrap(self._exchange(_Call({"act": act, "api": "json", **query}, form, expects)), _WRITE_ERRORS)

    def _unwrap(self, result: Answer | Trouble, errors: Mapping[Kind, type[PanelError]]) -> Answer:
        if isinstance(result, Trouble):
            raise errors[result.kind](self.name, self.access.mask(result.words))
        return result

    def _exchange(self, call: _Call) -> Answer | Trouble:
        # Troubles are values, so that no error of ours is chained to one of the library's, which may tell too much.
        deadline = self._monotonic() + self.access.total_timeout
        try:
            with self._sessions.current().request(
                "GET" if call.form is None else "POST",
                self.access.endpoint,
                params=call.query,
                data=call.form,
                timeout=(self.access.connect_timeout, self.access.answer_timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = self._bounded_body(response, deadline)
                if isinstance(body, Trouble):
                    return body
                return judge(response.status_code, body, expects=call.expects)
        except (OSError, HTTPError) as problem:  # of requests, of a ca_file that is not there; of reading the body
            return _trouble_of(problem)

    def _bounded_body(self, response: requests.Response, deadline: float) -> bytes | Trouble:
        pieces: list[bytes] = []
        size = 0
        # read1 gives what has arrived; iter_content would wait for a full piece, however slowly it drips in.
        while piece := response.raw.read1(_CHUNK, decode_content=True):
            size += len(piece)
            if size > LARGEST_ANSWER:
                return Trouble(Kind.LOST, f"answered with more than {LARGEST_ANSWER} bytes")
            if self._monotonic() > deadline:
                return Trouble(Kind.LOST, f"took longer than {self.access.total_timeout:g} seconds to answer")
            pieces.append(piece)
        return b"".join(pieces)


def _is_worth_another_try(result: Answer | Trouble) -> bool:
    return isinstance(result, Trouble) and result.kind in _RETRIED


def _last_result(state: tenacity.RetryCallState) -> Answer | Trouble:
    assert state.outcome is not None  # tenacity calls back only after an attempt
    result: Answer | Trouble = state.outcome.result()
    return result


def _trouble_of(problem: OSError | HTTPError) -> Trouble:
    """Told by what lies at the bottom of the chain: only a connection that never stood proves that nothing was sent."""
    if not isinstance(problem, (requests.RequestException, HTTPError)):
        return Trouble(Kind.NOT_SENT, "ca_file cannot be read or holds no certificate")
    causes = _causes(problem)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Trouble(Kind.NOT_SENT, "its certificate is not one we trust (ca_file)")
    if any(isinstance(cause, (NewConnectionError, ConnectTimeoutError)) for cause in causes):
        return Trouble(Kind.NOT_SENT, "no connection")
    if isinstance(problem, (requests.Timeout, ReadTimeoutError)):
        return Trouble(Kind.LOST, "did not answer in time")
    return Trouble(Kind.LOST, "the connection broke before the answer was complete")


def _causes(problem: BaseException) -> list[BaseException]:
    """The exception and everything it wraps: arguments, reasons, causes."""
    found: list[BaseException] = []
    waiting: list[object] = [problem]
    while waiting:
        current = waiting.pop()
        if not isinstance(current, BaseException) or current in found:
            continue
        found.append(current)
        waiting += [*current.args, getattr(current, "reason", None), current.__cause__, current.__context__]
    return found
