"""The panel wants its secrets in the address of each request; nobody else gets to see them."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import pytest

from adapters.virtualizor.access import Access, Style
from adapters.virtualizor.sandbox import FaultKind
from bridge.errors import PanelError
from tests.contract.virtualizor.conftest import API_KEY, API_PASSWORD, Lab, OpenLab


@pytest.mark.parametrize("kind", list(FaultKind))
@pytest.mark.parametrize("style", list(Style))
def test_no_exception_and_no_log_line_holds_a_secret(
    open_lab: OpenLab, caplog: pytest.LogCaptureFixture, style: Style, kind: FaultKind
) -> None:
    lab = open_lab(style=style)
    caplog.set_level(logging.DEBUG)
    told = _everything_told(lab, kind)
    for secret in (API_KEY, API_PASSWORD, "apikey=", "adminapipass="):
        assert secret not in told + caplog.text


def _everything_told(lab: Lab, kind: FaultKind) -> str:
    lab.fail("*", kind, times=0)
    told: list[str] = [repr(lab.client), repr(lab.client.access), repr(lab.panel)]
    attempts: tuple[Callable[[], object], ...] = (
        lambda: lab.panel.machine("12"),
        lambda: lab.panel.cut_network("12", "uuid-12"),
    )
    for attempt in attempts:
        try:
            attempt()
        except PanelError as problem:
            told += [repr(problem), *traceback.format_exception(problem), repr(problem.__context__)]
    return "\n".join(told)


def test_a_failed_connection_tells_no_secret_through_any_chained_error(open_lab: OpenLab) -> None:
    lab = open_lab()
    access = Access(url="http://127.0.0.1:9/", api_key=API_KEY, api_password=API_PASSWORD)
    object.__setattr__(lab.client, "access", access)
    object.__setattr__(lab.client, "_sessions", type(lab.client._sessions)(access))
    with pytest.raises(PanelError) as caught:
        lab.panel.machine("12")
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_the_journal_of_the_sandbox_keeps_no_credentials(lab: Lab) -> None:
    lab.panel.machine("12")
    assert API_PASSWORD not in str(lab.sandbox.journal.entries())
    assert API_KEY not in str(lab.sandbox.journal.entries())
    assert API_PASSWORD not in repr(lab.sandbox.credentials)
