"""A desk with its pages over a real database, asked as a panel asks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bridge.casework import Casework
from bridge.letters import load_letters
from bridge.office import Office
from bridge.reading import Reading
from bridge.reception import Reception
from bridge.reviews import Reviews
from bridge.sources.feeds import Feeds
from bridge.web.pages.desk import desk_site
from bridge.web.pages.page import ADMIN, CLIENT, Attached, PageAnswer, PageRequest, Viewer
from bridge.web.pages.site import Site
from tests.contract.store.bureau import SECRET, Bureau

BASE = "addonmodules.php?module=tipstaff"
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;{{7*7}}"


@dataclass(frozen=True)
class House:
    """The bureau and the pages over it."""

    bureau: Bureau
    site: Site

    def get(self, path: str, *, by: str = "5", role: str = ADMIN, locale: str = "en", **query: str) -> PageAnswer:
        return self.ask("GET", path, by, role, locale, query=query)

    def post(self, path: str, *, by: str = "5", role: str = ADMIN, **form: str | Sequence[str]) -> PageAnswer:
        return self.ask("POST", path, by, role, "en", form=form)

    def upload(self, path: str, file: Attached, **form: str) -> PageAnswer:
        """A form with one file, in the field `file`."""
        return self.ask("POST", path, "5", ADMIN, "en", form=form, files={"file": [file]})

    def give(self, path: str, client: str, files: Sequence[tuple[str, bytes]], form: Mapping[str, str]) -> PageAnswer:
        """A client's form with files, by name and content."""
        attached = [Attached(name=name, type="text/html", content=content) for name, content in files]
        return self.ask("POST", path, client, CLIENT, "en", form=form, files={"files": attached})

    def client(self, path: str, client: str = "c1", **query: str) -> PageAnswer:
        return self.get(path, by=client, role=CLIENT, **query)

    def ask(
        self,
        method: str,
        path: str,
        by: str,
        role: str,
        locale: str,
        query: Mapping[str, str | Sequence[str]] | None = None,
        form: Mapping[str, str | Sequence[str]] | None = None,
        files: Mapping[str, Sequence[Attached]] | None = None,
        timezone: str = "",
    ) -> PageAnswer:
        viewer = Viewer(id=by, name=f"Admin {by}", role=role, locale=locale, timezone=timezone)
        return self.site.render(
            PageRequest(
                viewer=viewer,
                method=method,
                path=path,
                query=_lists(query or {}),
                form=_lists(form or {}),
                base=BASE,
                hidden={"token": "t0k"},
                files=files or {},
            )
        )

    def follow(self, answer: PageAnswer) -> PageAnswer:
        """The page that an answer leads to."""
        assert answer.location is not None, text_of(answer)
        query = parse_qs(urlsplit(answer.location).query)
        path = query.pop("path")[0]
        return self.ask("GET", path, "5", ADMIN, "en", query=query)


def _lists(values: Mapping[str, str | Sequence[str]]) -> dict[str, Sequence[str]]:
    return {name: [said] if isinstance(said, str) else list(said) for name, said in values.items()}


def office_of(bureau: Bureau) -> Office:
    """All that may be asked of a bureau, as `bridge.wiring` puts it together."""
    desk = bureau.desk
    reception = Reception(desk, (), {})
    feeds = Feeds(reception, (), {}, desk.clock)
    return Office(desk, reception, bureau.doorway, bureau.enquiries, Reviews(desk), Casework(desk), feeds)


def house_of(bureau: Bureau) -> House:
    """The pages of a bureau."""
    desk, office = bureau.desk, office_of(bureau)
    reading = Reading(desk.store, desk.clock, desk.rules, load_letters(), secret=SECRET)
    return House(bureau, desk_site(office, reading, desk.clock, begin=lambda work: work()))


class _Reader(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.text.append(data)


def read(answer: PageAnswer) -> _Reader:
    reader = _Reader()
    reader.feed(answer.html)
    reader.close()
    return reader


def text_of(answer: PageAnswer) -> str:
    """What a person reads, on one line."""
    return re.sub(r"\s+", " ", " ".join(read(answer).text))


def tags_of(answer: PageAnswer, tag: str) -> list[dict[str, Any]]:
    return [attributes for name, attributes in read(answer).tags if name == tag]


def expect_harmless(answer: PageAnswer) -> None:
    """Nothing in the page runs: no script, no handler, no address but of the panel's page."""
    for tag, attributes in read(answer).tags:
        assert tag not in ("script", "iframe", "object", "embed", "img", "link", "base"), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
        for name in ("href", "src", "action", "formaction"):
            address = attributes.get(name)
            assert address is None or address.startswith((BASE, "#")), (tag, attributes)
