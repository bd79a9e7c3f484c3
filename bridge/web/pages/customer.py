"""The customer's pages: their own cases, and nobody else's."""

from __future__ import annotations

from bridge.customers import LONGEST_REPLY, Customers
from bridge.errors import Conflict, InvalidInput, NotFound
from bridge.office import Office
from bridge.reading import Reading
from bridge.reading.own import OwnCase
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit, clean

CLAIMS = ("remediated", "disputes", "other")
MOST_REPLIES = 50
_DID = ("reply", "appeal", "sign", "refund")


class CustomerPages:
    """The pages `/` and `/cases/ID` of `/client`."""

    def __init__(self, office: Office, reading: Reading) -> None:
        self._office = office
        self._own = reading.own
        self._customers = Customers(office.desk)

    def cases(self, visit: Visit) -> PageAnswer:
        client = visit.request.viewer.id
        return visit.page(
            "client_cases.html",
            visit.text("nav.own_cases"),
            cases=self._own.of(client),
            charges=self._own.charges(client),
            services=self._own.services(client),
            refunds=self._own.refunds(client),
            done=_done(visit),
        )

    def ask(self, visit: Visit) -> PageAnswer:
        """A refund is asked for; the verdict is on the page that follows."""
        client, service = visit.request.viewer.id, visit.filled("service")
        if visit.filled("do") != "refund":
            raise InvalidInput("do", visit.text("cases.choose"))
        if service not in self._own.services(client):
            raise NotFound(f"no service {service!r}")
        self._customers.ask_refund(client, service)
        return visit.go("/", did="refund")

    def case(self, visit: Visit) -> PageAnswer:
        """Raises NotFound for another client's too."""
        case = self._own.case(visit.request.viewer.id, visit.subject)
        version = self._office.desk.rules.pack.version(case.version)
        says = {number: clause.says for number, clause in version.clauses.items()}
        return visit.page(
            "client_case.html",
            f"{visit.text('word.Case')} {visit.subject[:60]}",
            case=case,
            says=says,
            claims=CLAIMS,
            longest=LONGEST_REPLY // 2,
            done=_done(visit),
        )

    def act(self, visit: Visit) -> PageAnswer:
        """A reply, an appeal, or the undertaking."""
        client, do = visit.request.viewer.id, visit.filled("do")
        case = self._own.case(client, visit.subject)
        if len(case.replies) >= MOST_REPLIES:
            raise Conflict(visit.text("own.enough"))
        if do == "reply":
            claims = visit.filled("claims")
            self._customers.reply(client, case.row.id, _reply(visit, claims), claims)
        elif do == "appeal":
            self._appeal(visit, case)
        elif do == "sign":
            self._sign(visit, case)
        else:
            raise InvalidInput("do", visit.text("cases.choose"))
        return visit.go(f"/cases/{case.row.id}", did=do)

    def _appeal(self, visit: Visit, case: OwnCase) -> None:
        if case.appealed:
            raise Conflict(visit.text("own.appealed"))
        self._customers.appeal(visit.request.viewer.id, case.row.id, _words(visit, "text"))

    def _sign(self, visit: Visit, case: OwnCase) -> None:
        if not case.must_sign:
            raise Conflict(visit.text("own.nothing_to_sign"))
        if visit.filled("agree") != "yes":
            raise InvalidInput("agree", visit.text("own.agree_first"))
        self._customers.sign(visit.request.viewer.id, case.row.service, visit.filled("name")[:200])


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
