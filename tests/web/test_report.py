"""The public report form: no token, no scripts, nothing a sender writes breaks it, and XARF out."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.clock import ManualClock
from bridge.config.sources import NO_REPORT
from bridge.web.pages.text import LOCALES, text_of
from bridge.web.rate import RateLimit
from bridge.web.report import report_blueprint
from bridge.web.report_form import TROUBLES, check, xarf
from tests.web.conftest import Web
from tests.web.fake_desk import NOW, FakeDesk

GIVEN = {
    "category": "connection/login_attack",
    "ip": "192.0.2.7",
    "occurred_at": "2026-03-01 11:30",
    "details": "Mar  1 11:30:01 mail sshd[1]: Failed password for root from 192.0.2.7",
    "name": "Anna Example",
    "email": "anna@example.net",
}


def send(web: Web, *, accept: str = "text/html", **more: str) -> Any:
    return web.post("/report", token=None, data={**GIVEN, **more}, headers={"Accept": accept})


def test_the_form_is_open_and_holds_no_script(web: Web) -> None:
    page = web.get("/report", token=None)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.get_data(as_text=True)


def test_a_report_is_taken_as_xarf_and_answered_with_a_reference(web: Web) -> None:
    said = send(web, accept="application/json")
    ((kept, how),) = web.desk.complaints
    assert (said.status_code, how, json.loads(kept)) == (202, "report", said.get_json()["report"])
    again = web.get(f"/report/{said.get_json()['reference']}.json", token=None)
    assert (again.status_code, again.get_data()) == (200, kept)
    assert "attachment" in again.headers["Content-Disposition"]
    assert web.desk.said_by[-1].kind == "form"


def test_the_page_that_thanks_links_to_the_report(web: Web) -> None:
    page = send(web)
    assert page.status_code == 202
    assert 'href="/report/' in page.get_data(as_text=True)


@pytest.mark.parametrize("reference", ["0" * 24, "..", "%", "x.json"])
def test_a_report_nobody_made_is_not_found(web: Web, reference: str) -> None:
    assert web.get(f"/report/{reference}.json", token=None).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", ""),
        ("category", "content/csam"),
        ("ip", "192.0.2"),
        ("port", "65536"),
        ("url", "javascript:alert(1)"),
        ("occurred_at", "yesterday"),
        ("occurred_at", "2027-01-01 00:00"),
        ("details", ""),
        ("details", "x" * 20_001),
        ("email", "nobody"),
        ("email", "a@b\r\nBcc: c@example.net"),
        ("name", "x" * 201),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_taken(web: Web, field: str, value: str) -> None:
    page = send(web, **{field: value})
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.get_data(as_text=True)
    assert send(web, accept="application/json", **{field: value}).get_json()["field"] == field
    assert web.desk.complaints == []


def test_what_was_typed_comes_back_escaped(web: Web) -> None:
    hostile = '"><script>alert(1)</script></textarea>'
    text = send(web, name=hostile, details=hostile, ip=hostile).get_data(as_text=True)
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 3


def test_a_link_is_needed_where_the_trouble_is_a_page(web: Web) -> None:
    assert send(web, category="content/phishing").status_code == 422
    assert send(web, category="content/phishing", url="https://shop.example/login", ip="").status_code == 202


def test_a_program_that_fills_in_everything_learns_nothing_and_leaves_nothing(web: Web) -> None:
    assert send(web, homepage="https://spam.example/").status_code == 202
    assert web.desk.complaints == []


def test_other_bodies_are_refused(web: Web) -> None:
    assert web.post("/report", token=None, json=GIVEN).status_code == 415


def test_too_many_from_one_address_are_put_off(web: Web) -> None:
    answers = [send(web).status_code for _ in range(11)]
    assert answers == [202] * 10 + [429]
    assert int(send(web).headers["Retry-After"]) > 3000


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("203.0.113.1", "203.0.113.2", 202),
        ("203.0.113.1", "198.51.100.9, 203.0.113.1", 429),
        ("203.0.113.1:4711", "203.0.113.1:4712", 429),
        ("[2001:db8::1]:4711", "[2001:db8:1::1]:4711", 202),
        ("2001:db8::1", "2001:db8::2", 429),
        ("203.0.113.1, 127.0.0.2", "203.0.113.2, 127.0.0.2", 202),
    ],
)
def test_behind_a_proxy_of_ours_each_sender_has_a_limit_of_his_own(first: str, second: str, status: int) -> None:
    config = replace(NO_REPORT, per_hour=1, in_all=100, proxies=(ip_network("127.0.0.0/8"),))
    app = Flask("form")
    app.register_blueprint(report_blueprint(FakeDesk(), config, (), ManualClock(NOW)))
    client = app.test_client()
    answers = [
        client.post("/report", data=GIVEN, headers={"X-Forwarded-For": sender}).status_code
        for sender in (first, second)
    ]
    assert answers == [202, status]


@pytest.mark.parametrize(
    ("asked", "accepts", "language", "word"),
    [
        ("", "de-AT, en;q=0.5", "de", "Missbrauch melden"),
        ("zh", "de", "zh", "举报滥用"),
        ("", "", "en", "Report abuse"),
        ("../x", "ru", "ru", "Сообщить о злоупотреблении"),
    ],
)
def test_the_form_speaks_the_language_that_was_asked_for(
    web: Web, asked: str, accepts: str, language: str, word: str
) -> None:
    page = web.get(f"/report?lang={asked}", token=None, headers={"Accept-Language": accepts})
    text = page.get_data(as_text=True)
    assert f'<html lang="{language}">' in text
    assert word in text
    assert page.headers["Vary"] == "Accept-Language"


def test_what_is_wrong_is_said_in_the_language_of_the_form(web: Web) -> None:
    assert "Das ist keine IP-Adresse." in send(web, lang="de", ip="x").get_data(as_text=True)
    assert "Vielen Dank" in send(web, lang="de").get_data(as_text=True)
    answer = send(web, accept="application/json", ip="x", details="x" * 20_001).get_json()
    assert answer["detail"] == "ip: This is not an IP address."
    assert answer["problems"]["details"] == "At most 20000 characters."


@pytest.mark.parametrize("locale", LOCALES)
def test_every_choice_of_the_form_has_a_name_in_every_language(locale: str) -> None:
    keys = [f"trouble.{category.partition('/')[2]}" for category in TROUBLES]
    assert [key for key in keys if text_of(locale)(key) == key] == []


def test_the_form_is_described(web: Web) -> None:
    paths = web.get("/openapi.json", token=None).get_json()["paths"]
    assert set(paths["/report"]) == {"get", "post"}
    form = paths["/report"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert set(form["required"]) == {"category", "email", "details"}
    assert "/report/{reference}.json" in paths


def test_a_limit_counts_an_hour_an_ipv6_network_as_one_and_everybody_together() -> None:
    clock = ManualClock(NOW)
    limit = RateLimit(1, 3, clock)
    assert limit.admit("2001:db8::1") == 0
    assert limit.admit("2001:db8::2") > 0
    assert limit.admit("192.0.2.1") == limit.admit(None) == 0
    assert limit.admit("192.0.2.2") == 3601
    clock.move(timedelta(hours=1))
    assert limit.admit("2001:db8::2") == 0


@pytest.mark.parametrize("category", sorted(TROUBLES))
def test_every_choice_makes_a_report_that_xarf_itself_finds_well_formed(category: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import xarf as reference
    values = {**GIVEN, "port": "4711", "category": category, "url": "https://shop.example/login"}
    report = xarf(values, "11111111-2222-4333-8444-555555555555", NOW)
    assert [error.message for error in reference.parse(json.dumps(report)).errors] == []


@settings(max_examples=60)
@given(st.fixed_dictionaries({name: st.text(max_size=60) for name in (*GIVEN, "port", "url")}))
def test_no_text_breaks_the_check(form: dict[str, str]) -> None:
    filled = check(form, (), NOW)
    assert filled.problems or xarf(filled.values, "11111111-2222-4333-8444-555555555555", NOW)
