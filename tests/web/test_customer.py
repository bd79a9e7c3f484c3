"""What a customer may see of their own cases."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.web.pages.customer import is_told
from tests.web.fake_desk import a_case, an_action

TOLD = an_action("a1", action="notify_customer", state="done")


@pytest.mark.parametrize("category", ["content/csam", "content/csem"])
@pytest.mark.parametrize(
    "actions",
    [
        [],
        [an_action("a1", action="suspend_service", state="done")],
        [{**TOLD, "state": "proposed"}],
        [{**TOLD, "simulated": True}],
    ],
)
def test_a_case_about_child_abuse_is_not_shown_before_its_notice_went_out(
    category: str, actions: list[dict[str, Any]]
) -> None:
    assert not is_told(a_case("k1", category=category, actions=actions))
    assert is_told(a_case("k1", category=category, actions=[*actions, TOLD]))


def test_any_other_case_is_shown_at_once() -> None:
    assert is_told(a_case("k1"))
