"""`POST /hooks/virtualizor`: whatever happened to a machine, its service is read again."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.hooks.hook_meaning import as_written
from tests.web.conftest import AT, Web, expect_problem

ROW = {"vpsid": "1001", "uuid": "abcd", "hostname": "vps7.example", "ips": ["192.0.2.7"]}


def told(web: Web, hook: str, row: dict[str, Any], **more: Any) -> TestResponse:
    return web.signed("/hooks/virtualizor", {"hook": hook, "vars": row, "at": AT, **more})


@pytest.mark.parametrize("hook", ["after_createvps", "after_startvps", "after_deletevps", "deletevs", "after_editips"])
def test_the_service_of_a_machine_is_read_again(web: Web, hook: str) -> None:
    web.desk.lookup.vps = {"1/1001": "7"}
    assert told(web, hook, ROW).status_code == 202
    assert [as_written(meant) for meant in web.desk.meanings] == [{"reread": [["service", "7"]]}]


def test_a_panel_that_names_its_server_is_looked_up_under_it_alone(web: Web) -> None:
    web.desk.lookup.vps = {"1/1001": "7", "2/1001": "8"}
    assert told(web, "deletevs", {"vpsid": 1001}, server="2").status_code == 202
    assert [as_written(meant) for meant in web.desk.meanings] == [{"reread": [["service", "8"]]}]


def test_a_machine_no_service_has_is_ignored(web: Web) -> None:
    answer = told(web, "after_createvps", ROW)
    assert answer.status_code == 202
    assert answer.get_json()["ignored"] is True


@pytest.mark.parametrize("hook", ["before_startvps", "before_deletevps", "unheard"])
def test_what_has_not_happened_yet_is_ignored(web: Web, hook: str) -> None:
    web.desk.lookup.vps = {"1/1001": "7"}
    assert told(web, hook, ROW).get_json()["ignored"] is True


@pytest.mark.parametrize(
    ("row", "more", "field"),
    [({}, {}, "vars.vpsid"), ({"vpsid": []}, {}, "vars.vpsid"), (ROW, {"server": {}}, "server")],
)
def test_a_bad_field_is_422_and_named(web: Web, row: dict[str, Any], more: dict[str, Any], field: str) -> None:
    assert expect_problem(told(web, "deletevs", row, **more), 422)["field"] == field
