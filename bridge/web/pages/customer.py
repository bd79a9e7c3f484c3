"""The customer's pages: their own cases, and nobody else's."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from bridge.customers import LONGEST_REPLY, Customers
from bridge.errors import Conflict, InvalidInput, NotAllowed, NotFound
from bridge.exhibits import exhibit
from bridge.office import Office
from bridge.reading import Reading
from bridge.reading.own import OwnCase
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit, clean
from bridge.web.pages.zones import name_of, offered

CLAIMS = ("remediated", "disputes", "other")
EVIDENCE = ("not_culpable", "authorization", "double_opt_in", "other")
"""Kinds of evidence, in the order in which they are offered."""

MOST_REPLIES = 50
_ACCEPTS = ".pdf,.png,.jpg,.jpeg,.txt,.log,.csv"
"""What a browser offers to choose; what is taken is told by the content."""

_DID = ("reply", "appeal", "evidence", "sign", "refund", "refund_again")


class CustomerPages:
    """The pages `/`, `/cases/ID` and `/invoices/ID` of `/client`."""

    def __init__(self, office: Office, reading: Reading) -> None:
        self._office = office
        self._own = reading.own
        self._customers = Customers(office.desk)

    def cases(self, visit: Visit) -> PageAnswer:
        client = visit.request.viewer.id
        refunds = self._own.refunds(client)
        return self._page(
            visit,
            "client_cases.html",
            visit.text("nav.own_cases"),
            cases=self._own.of(client),
            charges=self._own.charges(client),
            services=self._own.services(client),
            refunds=[(asked, self._clause(visit, asked.policy, asked.version, asked.clause)) for asked in refunds],
        )

    def invoice(self, visit: Visit) -> PageAnswer:
        """On to the panel's own page of an invoice, where it is paid. Raises NotFound for another client's too."""
        invoice = visit.subject
        if not is_invoice(invoice) or not self._own.owes(visit.request.viewer.id, invoice):
            raise NotFound(f"no invoice {invoice[:40]!r}")
        there = f"viewinvoice.php?id={invoice}"
        return PageAnswer(status=HTTPStatus.SEE_OTHER, title=visit.text("given.invoice"), html="", location=there)

    def ask(self, visit: Visit) -> PageAnswer:
        """A refund is asked for; the verdict is on the page that follows."""
        client, service = visit.request.viewer.id, visit.filled("service")
        if visit.filled("do") != "refund":
            raise InvalidInput("do", visit.text("cases.choose"))
        if service not in self._own.services(client):
            raise NotFound(f"no service {service!r}")
        receipt = self._customers.ask_refund(client, service)
        return visit.go("/", did="refund_again" if receipt.duplicate else "refund")

    def case(self, visit: Visit) -> PageAnswer:
        """Raises NotFound for another client's too."""
        case = self._own.case(visit.request.viewer.id, visit.subject)
        clauses = dict.fromkeys(one.clause for one in case.decided)
        return self._page(
            visit,
            "client_case.html",
            f"{visit.text.word('category', case.row.category)} · {visit.text('word.service')} {case.row.service[:40]}",
            case=case,
            says={number: self._clause(visit, case.policy, case.version, number) for number in clauses},
            spoken=self._office.desk.rules.wording(case.policy, case.version, "").language,
            claims=CLAIMS,
            kinds=(*case.wanted, *(kind for kind in EVIDENCE if kind not in case.wanted)),
            accepts=_ACCEPTS,
            longest=LONGEST_REPLY // 2,
        )

    def _page(self, visit: Visit, template: str, title: str, **shown: Any) -> PageAnswer:
        times = {"read_in": name_of(visit.zone), "zones": offered(visit.zone, visit.now)}
        return visit.page(template, title, done=_done(visit), is_invoice=is_invoice, **times, **shown)

    def _clause(self, visit: Visit, policy: str, version: str, number: str) -> tuple[str, str, str]:
        """What it says, in which language, and the policy's own; the common rules say nothing here."""
        wording = self._office.desk.rules.wording(policy, version, number)
        return (*wording.to(visit.text.locale), wording.language)

    def act(self, visit: Visit) -> PageAnswer:
        """A reply, evidence, an appeal, or the undertaking."""
        client, do = visit.request.viewer.id, visit.filled("do")
        case = self._own.case(client, visit.subject)
        if len(case.replies) + len(case.handed) >= MOST_REPLIES:
            raise Conflict(visit.text("own.enough"))
        if do == "reply":
            claims = visit.filled("claims")
            self._customers.reply(client, case.row.id, _reply(visit, claims), claims)
        elif do == "evidence":
            self._evidence(visit, case)
        elif do == "appeal":
            self._appeal(visit, case)
        elif do == "sign":
            self._sign(visit, case)
        else:
            raise InvalidInput("do", visit.text("cases.choose"))
        return visit.go(f"/cases/{case.row.id}", did=do)

    def _evidence(self, visit: Visit, case: OwnCase) -> None:
        kind = visit.filled("kind")
        if kind not in EVIDENCE:
            raise InvalidInput("kind", visit.text("own.choose_kind"))
        if not case.takes_files:
            raise NotAllowed(visit.text("own.no_files"))
        given = [one for files in visit.request.files.values() for one in files]
        files = [exhibit(clean(one.name), one.content) for one in given]
        if not files:
            raise InvalidInput("files", visit.text("own.choose_file"))
        self._customers.give_evidence(visit.request.viewer.id, case.row.id, kind, _words(visit, "text"), files)

    def _appeal(self, visit: Visit, case: OwnCase) -> None:
        if not case.may_appeal:
            raise Conflict(visit.text("own.appealed" if case.appealed else "own.nothing_to_appeal"))
        self._customers.appeal(visit.request.viewer.id, case.row.id, _words(visit, "text"))

    def _sign(self, visit: Visit, case: OwnCase) -> None:
        if not case.must_sign:
            raise Conflict(visit.text("own.nothing_to_sign"))
        if visit.filled("agree") != "yes":
            raise InvalidInput("agree", visit.text("own.agree_first"))
        self._customers.sign(visit.request.viewer.id, case.row.service, visit.filled("name")[:200])


def is_invoice(id_: str) -> bool:
    """Whether the panel has a page for it: its ids are numbers."""
    return id_.isascii() and id_.isdecimal() and len(id_) <= 12


def _reply(visit: Visit, claims: str) -> str:
    """What was done and what prevents it again, both of them where the customer says that it is over."""
    if claims not in CLAIMS:
        raise InvalidInput("claims", visit.text("own.choose_claim"))
    text, prevents = _words(visit, "text"), _words(visit, "prevents")
    if claims == "remediated" and not (text and prevents):
        raise InvalidInput("prevents" if text else "text", visit.text("own.say_both"))
    return f"{text}\n\n{visit.text('own.prevents')}\n{prevents}" if prevents else text


def _words(visit: Visit, name: str) -> str:
    """Unlike a reason, too long a text is refused and not cut: it is the customer's answer."""
    words = clean(visit.request.filled(name))
    if len(words) > LONGEST_REPLY:
        raise InvalidInput(name, visit.text("own.too_long", n=LONGEST_REPLY))
    return words


def _done(visit: Visit) -> str:
    did = visit.asked("did")
    return visit.text(f"did_own.{did}") if did in _DID else ""
