"""HTTP to the WHMCS external API: one POST per call, and what went wrong told by what the caller does next.

    not sent (refused connection, unknown host, connect timeout)          PanelUnreachable
    sent, no usable answer (timeout, cut, 3xx, 5xx, 429, HTML, bad JSON)  PanelUnclear
    the panel's own no (`result: error`; 400, 401, 403 with a message)    PanelRefused, in its words
    a server module that is not there                                     NotSupported

Writes are sent once. Reads are tried a few times. Credentials go in the body and stay out of every text of ours.
"""

from __future__ import annotations

import html
import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NoReturn

import requests
import urllib3
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_exponential
from urllib3.exceptions import MaxRetryError, NewConnectionError

from adapters.whmcs.contract import actions
from adapters.whmcs.form import Value, body, fields
from bridge.errors import NotSupported, PanelRefused, PanelUnclear, PanelUnreachable

PANEL: Final = "whmcs"

Answer = Mapping[str, Any]

_BIGGEST_ANSWER = 32 * 1024 * 1024
_CHUNK = 16 * 1024
_LONGEST_WORDS = 500
_READ_ATTEMPTS = 3
_RETRIED_FOR = 10.0  # seconds after which a read is not tried again: a slow panel must not outlast the worker's lease
_TEMPORARY = frozenset({408, 425, 429})
_REFUSALS = frozenset({400, 401, 403})
_NO_MODULE = "service not assigned to a module"
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
_BEFORE_SENDING = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An API credential pair; `access_key` is only needed where the panel does not know our address."""

    identifier: str = field(repr=False)
    secret: str = field(repr=False)
    access_key: str | None = field(default=None, repr=False)

    def fields(self) -> dict[str, str]:
        pair = {"identifier": self.identifier, "secret": self.secret}
        return pair if self.access_key is None else {**pair, "accesskey": self.access_key}

    def strike_out(self, text: str) -> str:
        """`text` without any of the credentials it may repeat."""
        for word in filter(None, (self.secret, self.identifier, self.access_key)):
            text = text.replace(word, "***")
        return text


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Seconds: to connect, between two bytes of the answer, for the whole answer (shorter than the worker's lease)."""

    connect: float = 5.0
    read: float = 60.0
    whole: float = 90.0


def new_session(ca_file: str | None = None) -> requests.Session:
    """A session that takes nothing from the environment (proxies, .netrc); no cookies are kept either way."""
    session = requests.Session()
    session.trust_env = False
    session.verify = True if ca_file is None else ca_file
    return session


class WhmcsClient:
    """Calls by action name; safe to share between threads, each has its own session.

    url        of the installation, with or without the slash at its end
    biggest_answer   bytes after which an answer is given up
    sessions   makes a session for a thread that has none yet
    sleep, monotonic   for the pauses between reads and for Timeouts.whole
    """

    def __init__(
        self,
        *,
        url: str,
        credentials: Credentials,
        timeouts: Timeouts | None = None,
        biggest_answer: int = _BIGGEST_ANSWER,
        sessions: Callable[[], requests.Session] = new_session,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = f"{url.rstrip('/')}/includes/api.php"
        self._credentials = credentials
        self._timeouts = timeouts or Timeouts()
        self._biggest = biggest_answer
        self._sessions = sessions
        self._sleep = sleep
        self._monotonic = monotonic
        self._local = threading.local()

    def __repr__(self) -> str:
        return "WhmcsClient()"

    def read(self, action: str, **parameters: Value) -> Answer:
        """Call an action that changes nothing; a failed attempt is repeated after a short pause."""
        return self.read_with(action, parameters)

    def read_with(self, action: str, parameters: Mapping[str, Value]) -> Answer:
        """`read`, with the parameters as a mapping."""
        attempts = Retrying(
            stop=stop_after_attempt(_READ_ATTEMPTS) | stop_after_delay(_RETRIED_FOR),
            wait=wait_exponential(multiplier=0.2, max=2),
            retry=retry_if_exception_type((PanelUnreachable, PanelUnclear)),
            sleep=self._sleep,
            reraise=True,
        )
        return attempts(self._call, action, parameters)

    def write(self, action: str, **parameters: Value) -> Answer:
        """Call an action that changes something, once."""
        return self._call(action, parameters)

    def write_with(self, action: str, parameters: Mapping[str, Value]) -> Answer:
        """`write`, for names that are no Python words or are numbered."""
        return self._call(action, parameters)

    def _call(self, action: str, parameters: Mapping[str, Value]) -> Answer:
        pairs = fields(parameters)
        _insist_on_documented(action, [name for name, _ in pairs])
        private = self._credentials.fields() | {"action": action, "responsetype": "json"}
        status, content = self._post(action, body([*private.items(), *pairs]))
        return self._judge(action, status, content)

    def _post(self, action: str, form: bytes) -> tuple[int, bytes]:
        """Status and body of the answer.

        The adapter is called below Session.send, which would read a redirect's target even where it is not followed.
        """
        started = self._monotonic()
        try:
            with self._send(form) as response:
                return response.status_code, self._bounded(action, response, started)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            failure = _transport_error(action, error)
        raise failure  # outside the handler: the caught error holds the request, and that our secret

    def _send(self, form: bytes) -> requests.Response:
        session = self._session()
        request = session.prepare_request(requests.Request("POST", self._endpoint, headers=_HEADERS, data=form))
        return session.get_adapter(self._endpoint).send(
            request,
            stream=True,
            timeout=(self._timeouts.connect, self._timeouts.read),
            verify=True if session.verify is None else session.verify,
            cert=session.cert,
            proxies=session.proxies,
        )

    def _bounded(self, action: str, response: requests.Response, started: float) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > self._biggest:
                raise PanelUnclear(PANEL, f"{action}: the answer is longer than {self._biggest} bytes")
            if self._monotonic() - started > self._timeouts.whole:
                raise PanelUnclear(PANEL, f"{action}: the answer took longer than {self._timeouts.whole:g} s")
        return bytes(content)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = self._sessions()
        return session

    def _judge(self, action: str, status: int, content: bytes) -> Answer:
        if status >= 500 or 300 <= status < 400 or status in _TEMPORARY:
            raise PanelUnclear(PANEL, f"{action}: HTTP {status}")
        answer = _object(action, status, content)
        if str(answer.get("result", "")).casefold() == "error" or status in _REFUSALS:
            self._refuse(action, status, answer)
        if status != requests.codes.ok:
            raise PanelUnclear(PANEL, f"{action}: HTTP {status}")
        if not _is_success(action, answer):
            raise PanelUnclear(PANEL, f"{action}: an answer that says neither success nor error")
        return answer

    def _refuse(self, action: str, status: int, answer: Answer) -> NoReturn:
        said = answer.get("message")
        if not isinstance(said, str) or not said.strip():
            if status in _REFUSALS:
                raise PanelUnclear(PANEL, f"{action}: HTTP {status} without a message")
            said = "error without a message"
        words = _CONTROLS.sub(" ", html.unescape(said)).strip()
        words = self._credentials.strike_out(words)[:_LONGEST_WORDS]
        if words.casefold() == _NO_MODULE:
            raise NotSupported(PANEL, words)
        raise PanelRefused(PANEL, words)


def _insist_on_documented(action: str, names: list[str]) -> None:
    contract = actions().get(action)
    if contract is None:
        raise NotSupported(PANEL, f"{action} is not among the documented actions in use")
    if wrong := contract.undocumented(names):
        raise NotSupported(PANEL, f"{action} has no parameter {', '.join(wrong)}")
    if missing := contract.missing(names):
        raise NotSupported(PANEL, f"{action} needs {', '.join(missing)}")


def _transport_error(action: str, error: Exception) -> PanelUnreachable | PanelUnclear:
    kind = type(error).__name__
    if _was_never_sent(error):
        return PanelUnreachable(PANEL, f"{action}: no connection ({kind})")
    return PanelUnclear(PANEL, f"{action}: no complete answer ({kind})")


def _was_never_sent(error: Exception) -> bool:
    if isinstance(error, _BEFORE_SENDING):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    if isinstance(reason, urllib3.exceptions.SSLError):
        return bool(reason.args) and isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, NewConnectionError)


def _object(action: str, status: int, content: bytes) -> Answer:
    answer = _parsed(content)
    if not isinstance(answer, dict):
        raise PanelUnclear(PANEL, f"{action}: HTTP {status} with a body that is no JSON object")
    return answer


def _parsed(content: bytes) -> object:
    """The JSON value; None where it is none. The parser's own error goes no further: it holds the whole answer."""
    try:
        return json.loads(content.decode("utf-8-sig", errors="replace"), parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _is_success(action: str, answer: Answer) -> bool:
    """`result: success`; where the documented sample has no `result`, `status: success` or neither of the two."""
    if "result" in answer:
        return bool(answer["result"] == "success")
    sample = actions()[action].answer
    if answer.get("status") == "success":
        return True
    return "result" not in sample and "status" not in answer
