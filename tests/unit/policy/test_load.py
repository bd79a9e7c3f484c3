"""A pack is checked while it is loaded: every mistake is told with file, line and, where it helps, the right word."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import InvalidPack, NotFound
from bridge.policy.examples import run_examples
from bridge.policy.load import SHIPPED, find_pack, load_pack, read_pack, shipped_packs
from bridge.policy.pack import Pack

TINY = """\
pack: tiny
title: A tiny policy
currency: EUR
consolidate: 12h
versions:
  - version: "1"
    effective: 2020-01-01
    groups:
      spam: {categories: [messaging/*], remedies: [stop_sending]}
      other: {categories: ["*"]}
    clauses:
      "1":
        says: Spam suspends.
        rules:
          - on: strike
            when: {group: spam}
            then:
              - suspend_service
            because: "Spam from {service}."
        examples:
          - name: Spam suspends
            events:
              - {type: complaint.received, category: messaging/spam}
            expect: [suspend_service]
"""


def loaded(folder: Path, text: str | bytes) -> Pack:
    file = folder / f"{len(list(folder.iterdir()))}.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_pack(file)


def test_the_tiny_policy_is_well_formed_and_its_example_holds(tmp_path: Path) -> None:
    pack = loaded(tmp_path, TINY)
    assert (pack.name, pack.newest.currency, pack.newest.consolidate.total_seconds()) == ("tiny", "EUR", 12 * 3600)
    assert [failure for _, _, failure in run_examples(pack)] == [None]


MISTAKES = [
    # the top
    ("pack: tiny", "pak: tiny", 1, "did you mean 'pack'"),
    ("pack: tiny\n", "", 1, "needs 'pack'"),
    ("pack: tiny", "pack: true", 1, "must be text"),
    ("title: A tiny policy", "title:", 2, "must be text"),
    ("title: A tiny policy", "title: {a: b}", 2, "must be text"),
    ("title: A tiny policy", "titel: A tiny policy", 2, "did you mean 'title'"),
    ("currency: EUR", "currency: eur", 3, "currency code"),
    ("currency: EUR", "currency: [EUR]", 3, "currency code"),
    ("consolidate: 12h", "consolidate: 1 day", 4, "not a duration"),
    ("consolidate: 12h", "consolidate: 24", 4, "not a duration"),
    ("consolidate: 12h", "consolidate: 32d", 4, "may be 31d at most"),
    ("effective: 2020-01-01", "effective: soon", 7, "not a date"),
    ("effective: 2020-01-01", "effective: 2020-13-01", 7, "not a date"),
    ("effective: 2020-01-01", "efective: 2020-01-01", 7, "did you mean 'effective'"),
    # groups
    ("messaging/*", "mesaging/*", 9, "did you mean 'messaging/*'"),
    ("messaging/*", "messaging/span", 9, "did you mean 'messaging/spam'"),
    ("categories: [messaging/*]", "categories: []", 9, "names no category"),
    ("stop_sending", "stop_sendin", 9, "did you mean 'stop_sending'"),
    ("remedies", "remedy", 9, "did you mean 'remedies'"),
    ("remedies: [stop_sending]", "counts: true", 9, "is either left out or false"),
    ("when: {group: spam}", "when: {asn_traffic: 0.1}", 16, "is not a share such as {over: 0.10}"),
    ("when: {group: spam}", "when: {asn_traffic: {over: 2}}", 16, "between 0 and 1"),
    ("when: {group: spam}", "when: {sla_kind: los}", 16, "did you mean 'loss'"),
    ("- suspend_service", "- preserve_evidence: {kind: [a]}", 18, "must be text"),
    ('other: {categories: ["*"]}', "other: {categories: [messaging/*]}", 10, "stands in group 'spam'"),
    # rules
    ("says: Spam suspends.", "says:", 13, "must be text"),
    ("says: Spam suspends.", "say: Spam suspends.", 13, "did you mean 'says'"),
    ("        rules:", "        ruls:", 14, "did you mean 'rules'"),
    ("on: strike", "on: strik", 15, "did you mean 'strike'"),
    ("messaging/*", "spam", 9, "did you mean 'messaging/spam'"),
    ("on: strike", "on: {carried_out: terminate}", 15, "did you mean 'terminate_service'"),
    ("says: Spam suspends.", "says: Spam: suspends.", 13, "text with a colon is put in quotes"),
    ("says: Spam suspends.", "says: *Spam", 13, ""),
    ("on: strike", "on: {no_reply: soon}", 15, "not a duration"),
    ("on: strike", "on: {no_repl: 6h}", 15, "did you mean 'no_reply'"),
    ("on: strike", "on: terms_decline", 15, "did you mean 'terms_declined'"),
    ("on: strike", "on: {carried_out: terminate_servic}", 15, "did you mean 'terminate_service'"),
    ("on: strike", "on: {finding: remediatd}", 15, "did you mean 'remediated'"),
    ("on: strike", "on: {}", 15, "names nothing"),
    ("on: strike", "on: []", 15, "names nothing"),
    ("on: strike", "on:", 15, "must be a mapping"),
    ("on: strike", "on: {question: refund}", 15, "needs a verdict"),
    ("{group: spam}", "{group: spm}", 16, "did you mean 'spam'"),
    ("{group: spam}", "{gruop: spam}", 16, "did you mean 'group'"),
    ("{group: spam}", "{strike: many}", 16, "not a number of strikes"),
    ("{group: spam}", "{strike: {count: 3, withn: 2d}}", 16, "did you mean 'within'"),
    ("{group: spam}", "{reporter: blocklst}", 16, "did you mean 'blocklist'"),
    ("{group: spam}", "{deliberate: 1}", 16, "not true or false"),
    ("{group: spam}", "spam", 16, "must be a mapping"),
    # actions
    ("- suspend_service", "- suspend_servce", 18, "did you mean 'suspend_service'"),
    ("- suspend_service", "- suspend_service: {untl: paid}", 18, "did you mean 'until'"),
    ("- suspend_service", "- suspend_service: {until: payed}", 18, "did you mean 'paid'"),
    ("- suspend_service", "- suspend_service: {until: remediated and payed}", 18, "did you mean 'paid'"),
    ("- suspend_service", "- suspend_service: {irrevocable: maybe}", 18, "not true or false"),
    ("- suspend_service", "- notify_customer: {template: complant}", 18, "did you mean 'complaint'"),
    ("- suspend_service", "- notify_customer: {template: complaint, reply_within: [6h, 2h]}", 18, "times that rise"),
    ("- suspend_service", "- notify_customer: {template: complaint, advice: [dkm]}", 18, "did you mean 'dkim'"),
    ("- suspend_service", "- notify_customer", 18, "needs 'template'"),
    ("- suspend_service", "- charge_fine: {due: 24h}", 18, "needs 'amount'"),
    ("- suspend_service", "- charge_fine: {amount: -1, due: 24h}", 18, "is not a sum such as 20.00"),
    ("- suspend_service", "- charge_fine: {amount: 0, due: 24h}", 18, "more than nothing"),
    ("- suspend_service", "- charge_fine: {amount: 1.234, due: 24h}", 18, "two decimals"),
    ("- suspend_service", "- charge_fine: {amount: lots, due: 24h}", 18, "is not a sum such as 20.00"),
    ("- suspend_service", "- charge_fine: {amount: 1e400, due: 24h}", 18, "is not a sum such as 20.00"),
    ("- suspend_service", "- charge_fine: {amount: .nan, due: 24h}", 18, "is not a sum such as 20.00"),
    ("- suspend_service", "- charge_fine: {amount: 1, due: 24}", 18, "not a duration"),
    ("- suspend_service", "- charge_fine: {amount: 1, due: 24h, per: server}", 18, "unknown"),
    ("- suspend_service", "- terminate_service: {erase: true, approval: auto}", 18, "never done without a person"),
    ("- suspend_service", "- terminate_service: {erase: true, approval: 3}", 18, "not auto, 1 or 2"),
    ("- suspend_service", "- terminate_service: {erase: true, approval: [1]}", 18, "not auto, 1 or 2"),
    ("- suspend_service", "- block_network: {scope: ports, ports: [70000]}", 18, "port numbers"),
    ("- suspend_service", "- block_network: {scope: port}", 18, "did you mean 'ports'"),
    ("- suspend_service", "- {suspend_service: , refuse_refund: }", 18, "one action"),
    ("- suspend_service", "- 5", 18, "must be a mapping"),
    ("              - suspend_service\n", "", 17, "must be a mapping"),
    ("            then:\n              - suspend_service\n", "", 15, "needs 'then' or 'verdict'"),
    ("            then:\n              - suspend_service\n", "            verdict: allow\n", 15, "needs a verdict"),
    # sentences
    ("{service}", "{servce}", 19, "did you mean 'service'"),
    ("{service}", "{service", 19, "not closed"),
    ("{service}", "{}", 19, "unknown"),
    ("{service}", "{service.__class__}", 19, "did you mean 'service'"),
    ("{service}", "{service!r}", 19, "takes no format"),
    ("{service}", "{service:>1000000000}", 19, "takes no format"),
    ('            because: "Spam from {service}."\n', "", 15, "needs 'because'"),
    # examples
    ("        examples:", "        exmples:", 20, "did you mean 'examples'"),
    ("- name: Spam suspends\n            events", "- events", 21, "needs 'name'"),
    ("{type: complaint.received", "{type: complaint.receved", 23, "did you mean 'complaint.received'"),
    ("{type: complaint.received", "{type: action.done", 23, "unknown"),
    ("{type: complaint.received", "{tpe: complaint.received", 23, "needs 'type'"),
    ("category: messaging/spam}", "category: messaging/span}", 23, "not a category"),
    ("category: messaging/spam}", "category: messaging/spam, at: soon}", 23, "since the example began"),
    ("category: messaging/spam}", "categry: messaging/spam}", 23, "did you mean 'category'"),
    ("expect: [suspend_service]", "expect: [suspend_servic]", 24, "did you mean 'suspend_service'"),
    ("expect: [suspend_service]", "expect: [{action: suspend_servic}]", 24, "did you mean 'suspend_service'"),
    ("expect: [suspend_service]", "expect: [{acton: suspend_service}]", 24, "did you mean 'action'"),
    ("expect: [suspend_service]", "expect: [{record: hol}]", 24, "did you mean 'hold'"),
    ("expect: [suspend_service]", "never: [{at: soon, record: hold}]", 24, "since the example began"),
    ("expect: [suspend_service]", "expect: []", 21, "proves nothing"),
    ("            expect: [suspend_service]\n", "", 21, "proves nothing"),
    # YAML itself
    ("title: A tiny policy", "title: &a A tiny policy", 2, "anchors"),
    ("title: A tiny policy", "title: *a", 2, "anchors"),
    ('  - version: "1"', '  - version: "1"\n    <<: {a: 1}', 7, "merges"),
    ("title: A tiny policy", "title: A\ntitle: B", 3, "duplicate key"),
    ("title: A tiny policy", "\ttitle: x", 2, "by spaces, not by tabs"),
    ("    effective", "   effective", 7, "expected"),
    ("pack: tiny", "pack: tiny\n---\nx: 1", 2, "another document"),
]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "told"),
    MISTAKES,
    ids=[f"{line}: {wrong.strip()[:50]}" for _, wrong, line, _ in MISTAKES],
)
def test_a_mistake_is_told_with_file_line_and_what_would_be_right(
    tmp_path: Path, right: str, wrong: str, line: int, told: str
) -> None:
    assert right in TINY
    with pytest.raises(InvalidPack) as refusal:
        loaded(tmp_path, TINY.replace(right, wrong, 1))
    assert told in refusal.value.problem
    assert refusal.value.line == line
    assert str(refusal.value).startswith(f"{tmp_path / '0.yaml'}:{line}: ")
    assert "\n" not in str(refusal.value)


def test_a_version_is_numbered_once(tmp_path: Path) -> None:
    second = TINY[TINY.index('  - version: "1"') :].replace("2020-01-01", "2021-01-01")
    with pytest.raises(InvalidPack, match="two versions of the same number"):
        loaded(tmp_path, TINY + second)


def test_versions_take_effect_in_the_order_of_their_dates(tmp_path: Path) -> None:
    earlier = TINY[TINY.index('  - version: "1"') :].replace('"1"\n    eff', '"0"\n    eff').replace("2020", "2010")
    pack = loaded(tmp_path, TINY + earlier)
    assert [version.number for version in pack.versions] == ["0", "1"]


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"5", b"null", b"\xff\xfe", b"\x00", b"a: b: c", b'pack: "\\ud800"', b"{" * 5000, b"- " * 5000]
)
def test_what_is_no_pack_at_all_is_refused(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(InvalidPack):
        loaded(tmp_path, raw)


def test_a_file_that_cannot_be_read_or_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidPack, match="cannot be read"):
        load_pack(tmp_path)
    with pytest.raises(InvalidPack, match="larger than"):
        loaded(tmp_path, b"#" * 1_000_001)


@pytest.mark.parametrize("pack", shipped_packs())
def test_a_pack_that_is_read_twice_is_the_same(pack: str) -> None:
    said = (SHIPPED / f"{pack}.yaml").read_bytes()
    assert read_pack(said, "a") == read_pack(said, "a")


def test_a_pack_that_asks_for_something_else_is_another() -> None:
    said = (SHIPPED / "klt-net.yaml").read_bytes()
    assert read_pack(said.replace(b"strike: 2", b"strike: 4", 1), "a") != read_pack(said, "a")


def test_a_pack_is_found_by_name_or_by_file(tmp_path: Path) -> None:
    assert "klt-net" in shipped_packs()
    assert find_pack("klt-net") is load_pack(SHIPPED / "klt-net.yaml")
    (tmp_path / "own.yaml").write_text(TINY)
    assert find_pack("own.yaml", base=tmp_path).name == "tiny"
    with pytest.raises(NotFound, match="did you mean 'klt-net'"):
        find_pack("klt-nett")
    with pytest.raises(NotFound, match=r"there is no file 'rules/own\.yaml'"):
        find_pack("rules/own.yaml")


# ---- fuzz ----

SHIPPED_TEXT = (SHIPPED / "klt-net.yaml").read_text()
PIECES = [
    *"{}[]:|>?~#\t\n\x07é",
    *("- ", "  ", "&a ", "*a", "!!x ", "<<: ", '"', "'", "null", "1e9", "on", "0x1", "2020-01-01", "{service}"),
    *("---\n", "...\n", "%YAML 9\n"),
]


@settings(max_examples=60, deadline=None)
@given(
    edits=st.lists(st.tuples(st.integers(0, len(TINY)), st.integers(0, 30), st.sampled_from(PIECES)), max_size=4),
)
def test_however_a_pack_is_broken_it_loads_or_is_refused_with_a_line(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, str]]
) -> None:
    text = TINY
    for place, length, piece in edits:
        text = text[:place] + piece + text[place + length :]
    try:
        pack = loaded(tmp_path_factory.mktemp("pack"), text)
    except InvalidPack as refusal:
        lines = text.count("\n") + 2
        told = refusal.line
    else:
        lines, told = 1, 1
        list(pack.newest.by_trigger)
    assert 1 <= told <= lines


def test_a_line_taken_out_of_the_shipped_pack_is_no_crash(tmp_path: Path) -> None:
    """Take any one line out: the rest loads, or is refused with a line of the file."""
    lines = SHIPPED_TEXT.splitlines(keepends=True)
    refused = []
    for number in range(0, len(lines), 29):
        try:
            loaded(tmp_path, "".join(lines[:number] + lines[number + 1 :]))
        except InvalidPack as refusal:
            refused.append(refusal.line)
    assert refused
    assert all(1 <= line <= len(lines) for line in refused)


def test_a_clause_may_be_told_in_other_languages_and_the_pack_say_its_own(tmp_path: Path) -> None:
    told = TINY.replace("currency:", "language: ru\ncurrency:", 1)
    said = "says: Spam suspends."
    (tmp_path / "a.yaml").write_text(told.replace(said, f"{said}\n        says_in: {{de: Spam sperrt., zh-TW: 垃圾}}"))
    version = load_pack(tmp_path / "a.yaml").newest
    wording = version.wording("1")
    assert wording.to("de-AT") == ("Spam sperrt.", "de")
    assert wording.to("zh-TW") == ("垃圾", "zh-TW")
    assert wording.to("fr") == wording.to(None) == ("Spam suspends.", "ru")
    assert version.wording("G3").to("de") == ("", "ru")
    (tmp_path / "b.yaml").write_text(told.replace(said, f"{said}\n        says_in: {{German: x}}"))
    with pytest.raises(InvalidPack, match="German"):
        load_pack(tmp_path / "b.yaml")
