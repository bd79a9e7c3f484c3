"""A policy as a page that a customer can read: clauses, times, sums, what lifts what; nothing in it becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from bridge.policy.load import find_pack, load_pack, shipped_packs
from bridge.policy.pack import Condition, Trigger, Verb
from bridge.policy.telling.html import to_html
from bridge.policy.telling.markdown import escaped, to_markdown
from bridge.policy.telling.page import page_of
from bridge.policy.telling.phrases import condition, does, happens
from tests.unit.policy.tiny import NOTICE, a_pack


class Tags(HTMLParser):
    """The tags of a document, each closed in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", shipped_packs())
def test_every_clause_of_a_shipped_pack_is_told(name: str) -> None:
    pack = find_pack(name)
    markdown, html = to_markdown(page_of(pack)), to_html(page_of(pack))
    for each in pack.newest.clauses.values():
        assert f"### {escaped(each.number)}\n\n{escaped(each.says)}\n" in markdown
        assert f"<h3>{each.number}</h3>" in html


def test_conditions_sums_times_and_ends_are_in_plain_words() -> None:
    markdown = to_markdown(page_of(find_pack("klt-net")))
    assert (
        "A complaint counts against a service, where it is about \u201csecurity\u201d and it is the first complaint "
        "of this kind about the service, but not where the complaint says it was not deliberate:\n"
        "\n- the service is suspended until the trouble is remedied or the customer is found not to blame\n"
    ) in markdown
    assert "- a fine of 20.00 USD for each complained IP address is charged, due within 24 hours" in markdown
    assert "| 8 | to reply | 6 hours, 12 hours and 24 hours |" in markdown
    assert "| 7 | fee | 5.00 USD | once |" in markdown
    assert "| 9 | suspension | what was charged is paid |" in markdown
    assert "| 3 | bar | the address is off the blocklist or the trouble is remedied and the fine is paid |" in markdown


def test_categories_reporters_limits_and_regions_are_in_words_too() -> None:
    markdown = to_markdown(page_of(find_pack("ipcats")))
    assert "| content | infringement of copyright of every kind, forbidden content of every kind |" in markdown
    assert "where it comes from the police or a court and it counts" in markdown
    assert "- the service is limited to 80 % of its allotment" in markdown
    assert "| disk io | 90 % of the allotment | 6 hours |" in markdown
    assert "| mainland-china |" in markdown
    assert "the outage was longer than 24 hours and there is paid time left" in markdown
    assert "| shared hosting | proxy, public mail service; counts only where the service is shared |" in markdown
    assert "mining of crypto currency, cluster computing; does not count where the service is dedicated |" in markdown
    assert "its contents are erased, when the paid time ends" in markdown
    assert "content/" not in markdown
    assert "its network took more than 10 % of the committed rate" in to_markdown(page_of(find_pack("dptgroup")))


def test_the_html_page_is_well_formed_and_needs_nothing_from_elsewhere() -> None:
    html = to_html(page_of(find_pack("klt-net")))
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    assert not {"script", "link", "img"} & set(tags.seen)
    assert "http" not in html


def test_what_a_pack_says_cannot_become_markup(tmp_path: Path) -> None:
    nasty = '"1":\n  says: <script>alert(1)</script> [x](http://e.example) | a *b* `c`\n'
    file = Path(a_pack(tmp_path, NOTICE, nasty).file)
    page = page_of(load_pack(file))
    assert "<script>alert" not in to_html(page)
    markdown = to_markdown(page)
    assert "\\<script\\>alert(1)\\</script\\> \\[x\\](http://e.example) \\| a \\*b\\* \\`c\\`" in markdown


@pytest.mark.parametrize(("text", "kept"), [("1. one", "1\\. one"), ("- a", "\\- a"), ("5000.00 CNY", "5000.00 CNY")])
def test_a_text_does_not_begin_a_list(text: str, kept: str) -> None:
    assert escaped(text) == kept


def test_what_has_no_phrase_is_told_by_its_own_name() -> None:
    assert condition(Condition("phase_of_moon", "full", lambda facts: True)) == "phase of moon is full"
    assert happens(Trigger("moon_rose")) == "moon rose"
    assert does(Verb("howl_at_moon", {"times": 3}, None, 1), "EUR") == "howl at moon (times 3)"


def test_the_only_group_is_about_everything_and_one_hour_is_one(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, NOTICE)
    text = Path(pack.file).read_text()
    begins, ends = text.index("    groups:"), text.index("    clauses:")
    alone = '    settings: {usage_limits: {cpu: {share: 1, hours: 1}}}\n    groups: {all: {categories: ["*"]}}\n'
    file = tmp_path / "alone.yaml"
    file.write_text(text[:begins] + alone + text[ends:])
    markdown = to_markdown(page_of(load_pack(file)))
    assert "| all | everything |  |" in markdown
    assert "| cpu | 100 % of the allotment | 1 hour |" in markdown
