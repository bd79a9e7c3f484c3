"""One page being asked for: who, what, in which language, and the ways to answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from http import HTTPStatus
from typing import Any

from bridge.errors import InvalidInput
from bridge.web.pages.page import Attached, PageAnswer, PageRequest
from bridge.web.pages.press import press
from bridge.web.pages.text import Text

Json = Any

LONGEST_WORDS = 2000
"""Characters of a reason or note that a form takes."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request with all that answering it needs.

    name_of  an admin's name by id; empty where it is not known
    zone     in which times are shown
    kept     what every link and form carries on: the zone that was chosen
    subject  what the path names behind its page: the id of a case, a service …; empty where it names nothing
    trouble  why what was sent could not be done: the page is shown again with it, under `status`
    """

    request: PageRequest
    text: Text
    now: datetime
    name_of: Callable[[str], str]
    zone: tzinfo = UTC
    kept: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    trouble: str = ""
    status: HTTPStatus = HTTPStatus.OK

    def page(self, template: str, title: str, **shown: Json) -> PageAnswer:
        """A page out of its template."""
        html = self._press(template, title=title, **shown)
        return PageAnswer(status=int(self.status), title=title, html=html)

    def said(self, status: HTTPStatus, message: str) -> PageAnswer:
        """A page that only says why there is nothing else."""
        title = self.text.word("status", int(status))
        html = self._press("said.html", title=title, message=message)
        return PageAnswer(status=int(status), title=title, html=html)

    def _press(self, template: str, **shown: Json) -> str:
        return press(template, self.text, self.now, self.zone, visit=self, request=self.request, **shown)

    def go(self, path: str, **query: Json) -> PageAnswer:
        """On to another page, once something was done."""
        location = self.link(path, **query)
        return PageAnswer(status=HTTPStatus.SEE_OTHER, title=self.text("nav.title"), html="", location=location)

    def hand_out(self, name: str, type_: str, content: bytes) -> PageAnswer:
        """A file instead of a page."""
        file = Attached(name=name, type=type_, content=content)
        return PageAnswer(status=HTTPStatus.OK, title=name, html="", download=file)

    def link(self, path: str, **query: Json) -> str:
        """The address of another page; what is None or empty is left out."""
        told = {name: str(value) for name, value in (query | dict(self.kept)).items() if value not in (None, "")}
        return self.request.address(path, **told)

    def asked(self, name: str) -> str:
        return clean(self.request.asked(name))[:LONGEST_WORDS].strip()

    def filled(self, name: str) -> str:
        return clean(self.request.filled(name))[:LONGEST_WORDS].strip()

    def chosen(self, name: str, most: int = 500) -> list[str]:
        """The values of boxes that were ticked, each once."""
        return list(dict.fromkeys(clean(value) for value in self.request.form.get(name, ())))[:most]

    def one_of(self, name: str, known: Collection[str]) -> str:
        """A value of the query out of those there are, or empty; raises InvalidInput for any other."""
        said = self.asked(name)
        if said and said not in known:
            raise InvalidInput(name, self.text("said.no_such_choice", said=said[:60]))
        return said

    def number(self, name: str) -> int:
        """A whole number of the query; 1 where there is none."""
        said = self.request.asked(name)
        return int(said) if said.isascii() and said.isdecimal() and len(said) <= 6 else 1


def clean(said: str) -> str:
    """Text that every database takes as it is."""
    return said.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
