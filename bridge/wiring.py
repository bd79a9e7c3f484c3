"""The composition root: panels, store, desk and its rooms out of a configuration. Nothing connects before its use."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask import Blueprint, Flask
from sqlalchemy import select

from adapters.dns.lookup import DnsLookup
from adapters.imap.mailbox import Access, ImapMailbox
from adapters.virtualizor.access import Access as VirtualizorAccess
from adapters.virtualizor.client import VirtualizorClient
from adapters.virtualizor.panel import CAPABILITIES as VIRTUALIZOR_CAPABILITIES
from adapters.virtualizor.panel import VirtualizorPanel
from adapters.whmcs.client import Credentials, WhmcsClient, new_session
from adapters.whmcs.panel import CAPABILITIES as WHMCS_CAPABILITIES
from adapters.whmcs.panel import WhmcsPanel
from bridge.actions import Allotments, BlockPlans, Panels
from bridge.casework import Casework
from bridge.clock import SystemClock
from bridge.config import Config, VirtualizorConfig, WhmcsConfig
from bridge.config.rules import rules_of
from bridge.config.sources import BlocklistConfig, ImapConfig, split_server
from bridge.confined import ConfinedReader
from bridge.desk import Desk
from bridge.doctor.means import Means, means_of
from bridge.doorway import Doorway
from bridge.enquiries import Enquiries
from bridge.errors import InvalidInput
from bridge.letters import Letters, load_letters
from bridge.mailer import SmtpMailer
from bridge.office import Office
from bridge.policy.load import find_pack, shipped_packs
from bridge.policy.pack import Pack
from bridge.ports import BillingPanel, Clock, Mailer, Refuge, ServerPanel, Watch
from bridge.reading import Reading
from bridge.reception import Reception
from bridge.reviews import Reviews
from bridge.rules import OBSERVE, Rules
from bridge.sources.alarms import Alarms, Tell
from bridge.sources.expected import expectations
from bridge.sources.feeds import Feeds, FolderWatch
from bridge.sources.listings import BlocklistWatch
from bridge.sources.lists import ListFile, Zone
from bridge.sources.mailboxes import MailboxWatch
from bridge.sources.tickets import Tickets
from bridge.store.engine import is_current
from bridge.store.queue import SqlQueue
from bridge.store.store import Store, Unit
from bridge.store.tables import cases, meta
from bridge.sync import Synchroniser
from bridge.timekeeper import Timekeeper
from bridge.web.access_log import Logger
from bridge.web.app import make_app
from bridge.web.pages.desk import desk_site
from bridge.worker import Worker, WorkerSettings
from hooks.delivery import verifier
from hooks.virtualizor import receiver as virtualizor_receiver
from hooks.whmcs import receiver as whmcs_receiver

Servers = Callable[[str], ServerPanel | None]


@dataclass(frozen=True, kw_only=True)
class Wired:
    """A whole installation, ready to be served or used from the command line."""

    config: Config
    clock: Clock
    rules: Rules
    store: Store
    desk: Desk
    office: Office
    reads: ConfinedReader
    reading: Reading
    billing: BillingPanel | None
    servers: Servers
    server_ids: tuple[str, ...]
    mailer: Mailer | None
    letters: Letters
    queue: SqlQueue
    worker: Worker | None
    synchroniser: Synchroniser | None
    timekeeper: Timekeeper
    watches: tuple[Watch, ...]

    def close(self) -> None:
        self.reads.close()
        self.store.close()


def open_store(config: Config) -> Store:
    """The database of a configuration, which must be this program's; raises InvalidInput."""
    store = Store.open(config.database_url)
    if not is_current(store.engine):
        problem = "the database cannot be reached, is not there or not migrated: run tipstaff init"
        raise InvalidInput(f"{config.file}: database_url", problem)
    return store


def installation_secret(store: Store) -> bytes:
    """The secret that marks derive from; made once, kept in the database."""
    with store.read() as connection:
        known = connection.execute(select(meta.c.value).where(meta.c.key == "installation_secret")).scalar()
    if known is None:
        store.write(_make_secret)
        return installation_secret(store)
    return bytes.fromhex(known)


def _make_secret(unit: Unit) -> None:
    if unit.setting("installation_secret") is None:
        unit.set("installation_secret", secrets.token_hex(32))


def _with_earlier(rules: Rules, store: Store) -> Rules:
    """With the packs that cases rest on from the time before the policy was changed (G8)."""
    with store.read() as connection:
        kept = connection.execute(select(cases.c.policy).distinct()).scalars().all()
    now = {pack.name for pack in rules.packs}
    return replace(
        rules, earlier=tuple(find_pack(name) for name in shipped_packs() if name in kept and name not in now)
    )


def wire(config: Config, clock: Clock | None = None) -> Wired:
    """Everything out of a configuration; raises InvalidInput where it cannot be."""
    clock = clock or SystemClock()
    store = open_store(config)
    rules = _with_earlier(rules_of(config), store)
    billing = _billing(config.whmcs) if config.whmcs else None
    panels = _server_panels(config)
    desk = Desk(store, rules, clock, config.limits)
    secret, reads = installation_secret(store), ConfinedReader()
    queue = SqlQueue(store, desk.finished, secret=secret, says=rules.wording)
    letters = load_letters()
    mailer = SmtpMailer(config.mail.smtp, config.mail.sender) if config.mail else None
    office = _office(config, desk, reads, worker_needed=billing is not None and config.mode != OBSERVE)
    worker = synchroniser = None
    if billing is not None:
        known = _known_panels(config, billing, panels.get)
        worker = Worker(queue, known, letters, mailer, clock, _worker_settings(config, secret))
        tickets = Tickets(billing, desk, office.reception).read
        synchroniser = Synchroniser(billing, panels.get, tuple(panels), desk, config.mapping, clock, tickets=tickets)
    return Wired(
        config=config,
        clock=clock,
        rules=rules,
        store=store,
        desk=desk,
        office=office,
        reads=reads,
        reading=Reading(store, clock, rules, letters, secret=secret),
        billing=billing,
        servers=panels.get,
        server_ids=tuple(panels),
        mailer=mailer,
        letters=letters,
        queue=queue,
        worker=worker,
        synchroniser=synchroniser,
        timekeeper=Timekeeper(desk, billing, clock),
        watches=_watches(config, office, _staff(config, mailer, billing)),
    )


def _server_panels(config: Config) -> dict[str, ServerPanel]:
    """By WHMCS server id; one panel may stand for several."""
    made = [(settings.servers, _server_panel(settings)) for settings in config.virtualizor]
    return {server: panel for servers, panel in made for server in servers}


def _known_panels(config: Config, billing: BillingPanel, servers: Servers) -> Panels:
    behind = {server: panel for panel in config.virtualizor for server in panel.servers}
    return Panels(
        billing=billing,
        servers=servers,
        plans=lambda server: _plans(behind.get(server)),
        allotments=lambda server: _allotments(behind.get(server)),
        refuges=lambda server: _refuge(behind.get(server)),
        exempt=frozenset(config.exempt),
    )


def _worker_settings(config: Config, secret: bytes) -> WorkerSettings:
    return WorkerSettings(secret=secret, concurrency=config.worker.concurrency, lease=config.worker.lease)


def _office(config: Config, desk: Desk, reads: ConfinedReader, *, worker_needed: bool) -> Office:
    reception = Reception(desk, config.own_networks, config.reporters, reads)
    department = config.whmcs.abuse_department if config.whmcs else None
    return Office(
        desk,
        reception,
        Doorway(desk, reception, department=department),
        Enquiries(desk.store, desk, desk.clock, needs_worker=lambda: worker_needed, sources=expectations(config)),
        Reviews(desk),
        Casework(desk),
        Feeds(reception, config.own_networks, config.reporters, desk.clock),
    )


def _watches(config: Config, office: Office, tell: Sequence[Tell]) -> tuple[Watch, ...]:
    """What reads mailboxes and the like, and what looks after them."""
    store, clock = office.desk.store, office.desk.clock
    mailboxes = [
        MailboxWatch(each.name, mailbox_of(each), office.reception, store, clock, every=each.every)
        for each in config.sources.imap
    ]
    lists = [
        BlocklistWatch(each, list_of(each), office.desk, config.own_networks) for each in config.sources.blocklists
    ]
    folders = [FolderWatch(each, office.feeds, office.reception, store, clock) for each in config.sources.feeds]
    return (*mailboxes, *lists, *folders, Alarms(store, expectations(config), clock, tell))


def list_of(config: BlocklistConfig) -> Zone | ListFile:
    if config.file is not None:
        return ListFile(config.file)
    return Zone(config.zone or "", DnsLookup([split_server(each) for each in config.resolver]), config.codes)


def mailbox_of(config: ImapConfig) -> ImapMailbox:
    return ImapMailbox(
        Access(
            host=config.host,
            port=config.port,
            security=config.security,
            user=config.user,
            password=config.password,
            folder=config.folder,
            done=config.done,
            quarantine=config.quarantine,
            ca_file=config.ca_file,
        )
    )


def _staff(config: Config, mailer: Mailer | None, billing: BillingPanel | None) -> list[Tell]:
    """How staff is told of the program's own troubles. In mode observe nothing is asked of a panel, this neither."""
    ways: list[Tell] = []
    if mailer is not None and config.mail is not None and config.mail.staff:
        ways.append(partial(_mail_all, mailer, config.mail.staff))
    if billing is not None and config.mode != OBSERVE:
        ways.append(billing.mail_staff)
    return ways


def _mail_all(mailer: Mailer, staff: Sequence[str], subject: str, text: str) -> None:
    for address in staff:
        mailer.send(to=address, subject=subject, text=text, reference=f"alarm-{secrets.token_hex(8)}")


def _billing(config: WhmcsConfig) -> WhmcsPanel:
    if config.timezone is None:
        raise InvalidInput("whmcs.timezone", "is needed: WHMCS times carry none")
    client = WhmcsClient(
        url=config.url,
        credentials=Credentials(identifier=config.identifier, secret=config.secret, access_key=config.access_key),
        sessions=lambda: new_session(config.ca_file),
    )
    return WhmcsPanel(
        client,
        abuse_department=config.abuse_department,
        payment_method=config.payment_method or "",
        admin_username=config.admin_username or "",
        timezone=config.timezone,
    )


def _server_panel(config: VirtualizorConfig) -> VirtualizorPanel:
    access = VirtualizorAccess(
        url=config.url, api_key=config.api_key, api_password=config.api_password, ca_file=config.ca_file
    )
    return VirtualizorPanel(VirtualizorClient(access))


def means_for(config: Config, pack: Pack) -> tuple[Means, ...]:
    """What the panels and the mailer of a configuration can do under a policy; nothing is connected to."""
    return means_of(config, pack, billing=WHMCS_CAPABILITIES, servers=VIRTUALIZOR_CAPABILITIES)


def _plans(panel: VirtualizorConfig | None) -> BlockPlans:
    return BlockPlans(ports=panel.port_block_plan, outbound=panel.outbound_block_plan) if panel else BlockPlans()


def _allotments(panel: VirtualizorConfig | None) -> Allotments:
    return Allotments(disk_io=panel.disk_io_allotment, bandwidth=panel.bandwidth_allotment) if panel else Allotments()


def _refuge(panel: VirtualizorConfig | None) -> Refuge | None:
    if panel is None or panel.migrate_to is None:
        return None
    return Refuge(node=panel.migrate_to, storages=panel.migrate_storage)


def web_app(
    wired: Wired, *, open_pages: bool = False, more: Sequence[Blueprint] = (), logger: Logger | None = None
) -> Flask:
    """The HTTP service of an installation; raises InvalidInput where the hook secret cannot be used."""
    secret, office, clock = wired.config.server.hook_secret, wired.office, wired.clock
    receivers = (
        whmcs_receiver.receiver(office, secret, clock),
        virtualizor_receiver.receiver(office, secret, clock, wired.server_ids),
    )
    return make_app(
        office,
        wired.config,
        clock,
        verify=verifier(secret),
        pages=desk_site(office, wired.reading, clock),
        receivers=(*receivers, *more),
        open_pages=open_pages,
        logger=logger,
    )
