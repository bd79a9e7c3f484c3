"""The description holds: whatever it says may be sent is answered as it says, and never with 500."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bridge.clock import ManualClock
from bridge.config import Config
from bridge.web.app import make_app
from hooks.delivery import verifier
from hooks.virtualizor.receiver import receiver as virtualizor_receiver
from hooks.whmcs.receiver import receiver as whmcs_receiver
from tests.web.conftest import SECRET, config
from tests.web.fake_desk import NOW, BarePages, FakeDesk, a_case, an_action

__all__ = ["config"]


class Silent:
    """A logger that says nothing."""

    def info(self, event: str, **said: Any) -> None: ...
    def error(self, event: str, **said: Any) -> None: ...


@pytest.fixture
def description(config: Config) -> Any:
    desk = FakeDesk(
        known_cases={"0": a_case("0")},
        known_actions={"0": an_action("0"), "1": an_action("1", state="failed"), "2": an_action("2", state="manual")},
    )
    clock = ManualClock(NOW)
    receivers = [whmcs_receiver(desk, SECRET, clock), virtualizor_receiver(desk, SECRET, clock, ["1"])]
    app = make_app(
        desk, config, clock, pages=BarePages(), verify=verifier(SECRET), receivers=receivers, logger=Silent()
    )
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
SIZED = settings(
    max_examples=30,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def call(case: Any) -> None:
    case.headers = {**(case.headers or {}), "Authorization": "Bearer admin-token"}
    answer = case.call()
    assert answer.status_code < 500, answer.text
    case.validate_response(answer, checks=CHECKS)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_sent_is_answered_as_described(description: Any, mode: GenerationMode) -> None:
    tried = 0
    for found in description.get_all_operations():
        operation = found.ok()
        with suppress(Unsatisfiable):  # a call that takes nothing cannot be called wrongly
            checked: Any = given(operation.as_strategy(generation_mode=mode))
            SIZED(checked(call))()
            tried += 1
    assert tried >= 15
