"""A report about child abuse, end to end: what leads to the material stays in the message, and nowhere else."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
import requests

from tests.flows.installation import Installation, installation
from tests.flows.two_panels import PACKS

HOST, PLACE, WORDS = "hidden-gallery.example", "series-4711", "unmistakably-quoted-words"
PURGES = ("DELETE FROM complaints", "UPDATE complaints SET body = ''", "UPDATE complaints SET preserved = 0")
SECRETS = (HOST, PLACE, WORDS, "preview-0815")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("place"), policy=str(PACKS / "blocks.yaml")) as made:
        made.start()
        yield made


def report() -> bytes:
    mail = EmailMessage()
    mail["From"] = "Hotline <report@hotline.example>"
    mail["To"] = "abuse@host.example"
    mail["Subject"] = f"Report of child sexual abuse material {PLACE}"
    mail.set_content(
        f"We inform you that child sexual abuse material is available on your network at\n"
        f"http://{HOST}/gallery/{PLACE} on IP address 192.0.2.11. {WORDS}. Please remove it at once.\n"
    )
    mail.add_attachment(b"GIF89a" + WORDS.encode(), maintype="image", subtype="gif", filename="preview-0815.gif")
    return mail.as_bytes()


def by_mail(place: Installation) -> str:
    headers = {"Content-Type": "message/rfc822"}
    answer = place.call("POST", "/complaints", data=report(), headers=headers)
    assert answer.status_code == 202, answer.text
    (taken,) = answer.json()["complaints"]
    assert taken["status"] == "accepted", taken
    return str(taken["case"])


def everything_shown(place: Installation, cases: list[str]) -> dict[str, str]:
    """Whatever a person, a panel or another program can see of it, by where."""
    shown = {path: json.dumps(place.get(path)) for path in ("/cases", "/actions", "/services/1", "/reviews")}
    for case in cases:
        shown[f"case {case}"] = json.dumps(place.get(f"/cases/{case}"))
        shown[f"export {case}"] = place.run("audit", "export", case)
        shown[f"page {case}"] = page(place, f"/cases/{case}")
    for name in ("/cases", "/actions", "/audit", "/services/1", "/clients/1", "/"):
        shown[f"page {name}"] = page(place, name)
    for url in (place.panels.whmcs.url, place.panels.virtualizor.url):
        for window in ("/sandbox/state", "/sandbox/journal", "/sandbox/hooks", "/"):
            shown[f"panel {url}{window}"] = requests.get(f"{url}{window}", timeout=10).text
    shown["log"] = (place.folder / "serve.log").read_text(encoding="utf-8", errors="replace")
    shown["metrics"] = place.call("GET", "/metrics").text
    return shown


def page(place: Installation, path: str) -> str:
    viewer = {"id": "1", "name": "Anna", "role": "admin"}
    return place.signed("/panel", {"viewer": viewer, "method": "GET", "path": path, "query": {}, "base": "x?"}).text


def everything_stored(place: Installation) -> dict[str, str]:
    """The database, table by table, without the messages as they arrived."""
    with sqlite3.connect(f"file:{place.folder / 'tipstaff.db'}?mode=ro", uri=True) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = {}
        for name in names:
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')]
            wanted = [f'"{column}"' for column in columns if (name, column) != ("complaints", "body")]
            kept[f"table {name}"] = repr(database.execute(f'SELECT {", ".join(wanted)} FROM "{name}"').fetchall())
        return kept


def leaks(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(where, secret) for where, text in texts.items() for secret in SECRETS if secret in text]


def test_nothing_that_leads_to_the_material_leaves_the_message(place: Installation) -> None:
    mailed = by_mail(place)
    told = place.complain(
        "192.0.2.12",
        "content/csem",
        targets=[f"http://{HOST}/gallery/{PLACE}"],
        report_id=f"https://{HOST}/{PLACE}",
        excerpt=WORDS,
        reporter={"name": f"hotline http://{HOST}/", "kind": "law_enforcement"},
    )
    for case in (mailed, told):
        place.action(case, "suspend_service", "done")
        place.action(case, "notify_customer", "done")
        place.action(case, "notify_staff", "done")
        place.action(case, "record_note", "done")
        place.action(case, "preserve_evidence", "done")
        place.post(f"/cases/{case}/findings", {"finding": "culpable", "by": "anna", "note": f"saw http://{HOST}/x"})
    place.approve(mailed, "refer_to_authority")
    task = place.action(mailed, "refer_to_authority", "manual")
    assert mailed in task["instructions"]
    assert leaks(everything_shown(place, [mailed, told])) == []
    assert leaks(everything_stored(place)) == []
    assert place.run("audit", "verify").startswith("the chain is whole")


def test_the_evidence_file_names_the_message_by_its_digest_and_the_database_keeps_it(place: Installation) -> None:
    case = by_mail(place) if not place.get("/cases?category=content/csam")["items"] else None
    case = case or place.get("/cases?category=content/csam")["items"][0]["id"]
    place.action(case, "preserve_evidence", "done")
    (message,) = json.loads(place.run("audit", "export", case))["complaints"]
    assert (message["withheld"], message["preserved"]) == (True, True)
    assert (len(message["sha256"]), message["size"]) == (64, len(report()))
    with sqlite3.connect(place.folder / "tipstaff.db", timeout=20) as database:
        for purge in PURGES:
            with pytest.raises(sqlite3.IntegrityError, match="preserved"):
                database.execute(purge)


def test_a_referral_may_only_be_deferred(place: Installation) -> None:
    case = place.complain("192.0.2.13", "content/csam")
    proposed = place.action(case, "refer_to_authority", "proposed")
    refused: Any = place.call("POST", f"/actions/{proposed['id']}/reject", json={"by": "anna", "reason": "no"})
    assert refused.status_code == 403
    assert proposed["lapses"] is None
    at = place.get(f"/cases/{case}")["opened_at"]
    reason = f"waits for http://{HOST}/{PLACE}"
    deferred = {"id": "d1", "type": "action.deferred", "at": at, "case": case, "by": "anna"}
    place.post("/events", {**deferred, "action": proposed["id"], "reason": reason})
    assert place.action(case, "refer_to_authority", "proposed")["id"] == proposed["id"]
    place.action(case, "record_note", "done")
    assert leaks(everything_shown(place, [case])) == []
    assert leaks(everything_stored(place)) == []
