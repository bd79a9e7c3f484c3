"""The whole desk: every page of `/panel` and `/client`, by path."""

from __future__ import annotations

from bridge.office import Office
from bridge.ports import Clock
from bridge.reading import Reading
from bridge.rehearsal.background import Begin, Rehearsals, in_thread
from bridge.staff import Staff
from bridge.web.pages.approvals import Approvals
from bridge.web.pages.audit import AuditPages
from bridge.web.pages.cases import CasePages
from bridge.web.pages.customer import CustomerPages
from bridge.web.pages.embedded import Embedded
from bridge.web.pages.exhibits import exhibit_file
from bridge.web.pages.overview import Overview
from bridge.web.pages.page import ADMIN, CLIENT
from bridge.web.pages.policies import PolicyPages
from bridge.web.pages.reviews import ReviewPages
from bridge.web.pages.site import Route, Site
from bridge.web.pages.standings import StandingPages


def desk_site(desk: Office, reading: Reading, clock: Clock, begin: Begin = in_thread) -> Site:
    """The pages of interface 6 and those that came to it; `begin` runs what takes longer than a page may."""
    approvals = Approvals(desk, reading.waiting)
    overview = Overview(desk, reading)
    cases = CasePages(desk, reading)
    standings = StandingPages(desk, reading)
    reviews = ReviewPages(desk)
    customer = CustomerPages(desk, reading)
    embedded = Embedded(desk, reading)
    policies = PolicyPages(desk, Rehearsals(desk.rehearse, clock, begin))
    return Site(
        (
            Route(role=ADMIN, path="/", show=overview.show),
            Route(role=ADMIN, path="/actions", show=approvals.show, act=approvals.act),
            Route(role=ADMIN, path="/cases", show=cases.list),
            Route(role=ADMIN, path="/cases/", show=cases.show, act=cases.act),
            Route(role=ADMIN, path="/services/", show=standings.service, act=standings.act),
            Route(role=ADMIN, path="/clients/", show=standings.client),
            Route(role=ADMIN, path="/reviews", show=reviews.list),
            Route(role=ADMIN, path="/reviews/", show=reviews.show, act=reviews.act),
            Route(role=ADMIN, path="/policy", show=policies.show, act=policies.act),
            Route(role=ADMIN, path="/exhibits/", show=exhibit_file(desk)),
            Route(role=ADMIN, path="/audit", show=AuditPages(reading).show),
            Route(role=ADMIN, path="/embed/home", show=embedded.home),
            Route(role=ADMIN, path="/embed/clients/", show=embedded.client),
            Route(role=ADMIN, path="/embed/services/", show=embedded.service),
            Route(role=ADMIN, path="/embed/tickets/", show=embedded.ticket),
            Route(role=ADMIN, path="/embed/invoices/", show=embedded.invoice),
            Route(role=ADMIN, path="/embed/orders/", show=embedded.order),
            Route(role=CLIENT, path="/", show=customer.cases, act=customer.ask),
            Route(role=CLIENT, path="/cases/", show=customer.case, act=customer.act),
            Route(role=CLIENT, path="/invoices/", show=customer.invoice),
        ),
        clock,
        Staff(desk.desk.store),
    )
