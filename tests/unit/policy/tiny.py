"""A small pack to plant things in: clauses are added by a test, everything else is there."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

from bridge.policy.load import load_pack
from bridge.policy.pack import Pack

HEAD = """\
pack: tiny
title: A tiny policy
currency: EUR
versions:
  - version: "1"
    effective: 2020-01-01
    groups:
      spam: {categories: [messaging/*], remedies: [stop_sending]}
      attacks: {categories: [connection/*], remedies: [clean]}
      other: {categories: ["*"]}
    clauses:
"""
NOTICE = """\
"0":
  says: Whoever is complained of is told, and suspended where he says nothing for a day.
  rules:
    - on: strike
      then: [{notify_customer: {template: complaint, reply_within: 24h}}]
      because: "A complaint about service {service}."
    - on: {no_reply: 24h}
      then: [suspend_service]
      because: "No reply for a day."
"""


def clause(number: str, *rules: str, more: str = "") -> str:
    """A clause of rules written in YAML, each without its `because`."""
    listed = "".join(indent(f"- {rule}\n  because: Clause {number} says so.\n", "    ") for rule in rules)
    return f'"{number}":\n  says: Clause {number}.\n{indent(more, "  ")}  rules:\n{listed}'


def a_pack(folder: Path, *clauses: str) -> Pack:
    """The tiny pack with these clauses."""
    file = folder / f"{len(list(folder.iterdir()))}.yaml"
    file.write_text(HEAD + indent("".join(clauses), "      "))
    return load_pack(file)


def line_of(pack: Pack, text: str) -> int:
    """The last line of the pack's file where a text stands, from 1."""
    lines = Path(pack.file).read_text().splitlines()
    return max(number for number, line in enumerate(lines, 1) if text in line)
