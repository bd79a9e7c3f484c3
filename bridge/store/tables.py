"""The tables. Times are whole microseconds since 1970 in UTC, JSON is text, ids are text.

`events` and `decisions` are the log and the only truth; `steps`, `attempts`, `approvals`, `deliveries`, `complaints`,
`exhibits`, `case_exhibits`, `reviews` and `rereads` are what carrying out needs besides; `drifts` is what the panels
said when they were last read; `sources`, `listings`, `complaint_tickets` and `correspondence` are how complaints
arrive, beside `complaints` itself; everything else is folded from the log and can be rebuilt from it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData()

WAITS_FOR_A_PERSON = text("state = 'proposed' OR state = 'failed' OR state = 'manual'")
"""Only these rows are in the index of what waits: a query must name its state in the statement itself to use it."""

SEQ = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite keeps a row under a key of type INTEGER itself: one page less to write for each event."""

events = Table(
    "events",
    metadata,
    Column("seq", SEQ, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False),
    Column("internal", Boolean, nullable=False),
    Column("type", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("source", String, nullable=False),
    Column("by", String),
    Column("verified", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", String, nullable=False),
    # Whoever sends events chooses their ids, and must not be able to take one that the program will give to its own.
    UniqueConstraint("id", "internal"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("client", String),
    Column("part", Text, nullable=False),
    Column("records", Text, nullable=False),
    Index("decisions_of_client", "client", "seq"),
)

clients = Table(
    "clients",
    metadata,
    Column("id", String, primary_key=True),
    Column("facts", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

services = Table(
    "services",
    metadata,
    Column("id", String, primary_key=True),
    Column("client", String, nullable=False, index=True),
    Column("vps", String, index=True),
    Column("facts", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

domains = Table(
    "domains",
    metadata,
    Column("name", String, primary_key=True),
    Column("service", String, primary_key=True, index=True),
)

holdings = Table(
    "holdings",
    metadata,
    Column("id", String, primary_key=True),
    Column("service", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("network", String, nullable=False),
    Column("prefix", String, nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("end", BigInteger),
    Index("holdings_of_network", "version", "length", "network"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("seq", BigInteger, nullable=False, index=True),
    Column("client", String, nullable=False, index=True),
    Column("service", String, nullable=False, index=True),
    Column("category", String, nullable=False),
    Column("status", String, nullable=False, index=True),
    Column("strike", Integer, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("policy", String, nullable=False),
    Column("version", String, nullable=False),
    Index("cases_by_day", "opened_at"),
)

case_complaints = Table(
    "case_complaints",
    metadata,
    Column("event", String, primary_key=True),
    Column("case", String, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Index("complaints_of_case", "case", "seq"),
)

findings = Table(
    "findings",
    metadata,
    Column("event", String, primary_key=True),
    Column("case", String, nullable=False, index=True),
    Column("finding", String, nullable=False),
    Column("by", String, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("note", Text),
    Column("at", BigInteger, nullable=False),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", String, primary_key=True),
    Column("client", String, nullable=False),
    Column("service", String),
    Column("case", String, index=True),
    Column("charge", String),
    Column("for", String, nullable=False),
    Column("set_at", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("clause", String, nullable=False),
    Index("deadlines_open", "state", "due"),
)

holds = Table(
    "holds",
    metadata,
    Column("id", String, primary_key=True),
    Column("seq", BigInteger, nullable=False, index=True),
    Column("client", String, nullable=False),
    Column("service", String, nullable=False, index=True),
    Column("case", String),
    Column("clause", String, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("irrevocable", Boolean, nullable=False),
    Column("scope", String, nullable=False),
    Column("ip", String, index=True),
    Column("status", String, nullable=False),
    Column("simulated", Boolean, nullable=False),
)

charges = Table(
    "charges",
    metadata,
    Column("id", String, primary_key=True),
    Column("client", String, nullable=False, index=True),
    Column("service", String, index=True),
    Column("case", String),
    Column("charge", String, nullable=False),
    Column("amount", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("invoice", String, nullable=False, index=True),
    Column("due", BigInteger, nullable=False),
    Column("status", String, nullable=False),
    Column("simulated", Boolean, nullable=False),
)

actions = Table(
    "actions",
    metadata,
    Column("id", String, primary_key=True),
    Column("seq", BigInteger, nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("client", String),
    Column("service", String),
    Column("case", String, index=True),
    Column("action", String, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("approval", String, nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("record", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("approved", BigInteger),
    Column("ended", BigInteger),
    Column("retry_at", BigInteger, nullable=False),
    Column("lapses", BigInteger),
    Column("reminded", BigInteger),
    Column("lease", BigInteger),
    Column("worker", String),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("instructions", Text),
    Column("note", Text),
    Column("unconfirmed", Boolean, nullable=False),
    # The entry of the log in which an admin rejected it, or confirmed it as done by hand.
    Column("answered", BigInteger),
    Index("actions_by_state", "state", "retry_at"),
    Index("actions_of_service", "service", "state"),
    Index("actions_approved", "action", "approved"),
    Index(
        "actions_waiting",
        "state",
        "urgency",
        "action",
        "created",
        "id",
        sqlite_where=WAITS_FOR_A_PERSON,
        postgresql_where=WAITS_FOR_A_PERSON,
    ),
)

approvals = Table(
    "approvals",
    metadata,
    Column("action", String, primary_key=True),
    Column("by", String, primary_key=True),
    Column("verified", Boolean, nullable=False),
    Column("reason", Text),
    Column("at", BigInteger, nullable=False),
)

steps = Table(
    "steps",
    metadata,
    Column("action", String, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("state", String, nullable=False),
    Column("intent_at", BigInteger, nullable=False),
    Column("tried_at", BigInteger, nullable=False),
    Column("mark", String, nullable=False, index=True),
    Column("result", Text, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("action", String, nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("service", String),
    Column("command", String, nullable=False),
    Column("started", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("outcome", String, nullable=False),
    Column("words", Text),
    Index("attempts_of_service", "service", "command", "started"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("ticket", String, primary_key=True),
    Column("case", String, nullable=False, index=True),
    Column("action", String, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)

complaints = Table(
    "complaints",
    metadata,
    Column("digest", String, primary_key=True),
    Column("received", BigInteger, nullable=False),
    Column("content_type", String, nullable=False),
    Column("reading", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("withheld", Boolean, nullable=False, server_default=false()),
    Column("preserved", Boolean, nullable=False, server_default=false()),
)

complaint_events = Table(
    "complaint_events",
    metadata,
    Column("event", String, primary_key=True),
    Column("digest", String, nullable=False, index=True),
)

exhibits = Table(
    "exhibits",
    metadata,
    Column("digest", String, primary_key=True),
    Column("received", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("preserved", Boolean, nullable=False, server_default=false()),
)

case_exhibits = Table(
    "case_exhibits",
    metadata,
    Column("event", String, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("case", String, nullable=False, index=True),
    Column("digest", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("size", BigInteger, nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", String, primary_key=True),
    Column("seq", BigInteger, nullable=False, index=True),
    Column("digest", String, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("source", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("resolved", BigInteger),
    Column("by", String),
    Column("verified", Boolean),
    Column("note", Text),
    Column("events", Text, nullable=False),
)

rereads = Table(
    "rereads",
    metadata,
    Column("kind", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("asked", BigInteger, nullable=False),
    Column("retry_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

drifts = Table(
    "drifts",
    metadata,
    Column("service", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("says", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("name", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("tried", BigInteger),
    Column("succeeded", BigInteger),
    Column("brought", BigInteger),
    Column("failing", BigInteger),
    Column("error", Text),
    Column("messages", BigInteger, nullable=False),
    Column("told", String),
    Column("position", Text),
)

listings = Table(
    "listings",
    metadata,
    Column("list", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("says", Text, nullable=False),
    Column("ips", Text, nullable=False),
    Column("removal", String, nullable=False),
    Column("event", String, nullable=False),
    Column("cleared", BigInteger, index=True),
)

complaint_tickets = Table(
    "complaint_tickets",
    metadata,
    Column("ticket", String, primary_key=True),
    Column("digest", String, nullable=False, index=True),
)

correspondence = Table(
    "correspondence",
    metadata,
    Column("id", String, primary_key=True),
    Column("ticket", String, nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

FOLDED = (clients, services, domains, holdings, cases, case_complaints, findings, deadlines, holds, charges)
"""What can be made anew from the log."""
