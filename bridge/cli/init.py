"""tipstaff init: a commented configuration, a hook secret, a database."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path

import click

from bridge.config import FILE, load_config
from bridge.errors import InvalidInput
from bridge.policy.load import shipped_packs
from bridge.store.engine import migrate, open_engine
from bridge.store.store import Store
from bridge.wiring import installation_secret

_TEMPLATE = """\
# Tipstaff. Times are like "90s", "15m", "6h", "30d". Relative paths start from this file's folder.
policy = "{policy}"               # {packs}; or a file of your own
mode = "observe"                  # observe: decide and show only; approve: as [approvals]; enforce: all that may be
database_url = "sqlite:///tipstaff.db"   # or postgresql+psycopg://user:password@host/database

[server]
listen = "127.0.0.1:8765"
hook_secret = "{hook_secret}"     # the addon's setting `secret`; or TIPSTAFF_HOOK_SECRET
# metrics_from = ["127.0.0.1/32"] # who may read /metrics without a token

# Who may call the API. Scopes: intake (complaints), read, decide (approve, reject, findings), admin (all).
[[token]]
name = "mail-gateway"
token = "{intake_token}"
scopes = ["intake"]

[[token]]
name = "desk"
token = "{desk_token}"
scopes = ["read", "decide"]
# admin = "anna"                  # in whose name this token speaks

# [whmcs]
# url = "https://billing.example/"
# identifier = "…"
# secret = "…"                    # or TIPSTAFF_WHMCS_SECRET
# abuse_department = 2
# payment_method = "banktransfer"
# admin_username = "tipstaff"     # in whose name replies are written
# timezone = "Europe/Berlin"      # WHMCS times carry none

# [virtualizor]                   # several panels: [[virtualizor]]
# url = "https://vps.example:4085/"
# servers = [1]                   # the WHMCS servers behind this panel
# api_key = "…"
# api_password = "…"              # or TIPSTAFF_VIRTUALIZOR_PASSWORD
# ca_file = "panel.pem"           # for a self-signed panel; verification is never off
# port_block_plan = 7             # admin-made firewall plans; without them those blocks are done by hand
# outbound_block_plan = 8
# disk_io_allotment = 200         # MB/s and KB/s that a machine may use which nothing caps; without them a cap
# bandwidth_allotment = 12500     # of those machines is set by hand
# migrate_to = 2                  # the node that machines are migrated to, and its storages that take their disks;
# migrate_storage = [5]           # without them a migration is done by hand

[worker]
concurrency = 4                   # calls in flight
lease = "120s"                    # longer than a panel's slowest answer
sync_every = "6h"

# [mail]                          # answers to reporters; without it they are written by hand
# smtp = "smtp://127.0.0.1:25"
# from = "abuse@host.example"

[networks]
own = []                          # ["192.0.2.0/24", "2001:db8::/32"]: an address outside is never the offender

[approvals]                       # overrides the policy: "auto", 1 or 2 per action
# terminate_service = 2
expire_after = "72h"              # a proposal nobody answered lapses: nothing is done, staff is told

[limits]                          # too many at once is a mistake or an attack: the rest waits for a person
suspensions_per_hour = 100
terminations_per_hour = 10

# [mapping]                       # what the panels know under other names
# reseller_groups = [3]
# product_kind = {{ "12" = "dedicated", "14" = "shared" }}
# mail_port_open = {{ custom_field = "Mail ports open" }}
# details_verified = {{ custom_field = "5" }}      # a client's field goes by its id; and identity_verified likewise

# [[imap]]                        # a mailbox that complaints arrive in; several: once more
# name = "abuse mailbox"
# host = "imap.host.example"      # port = 993
# security = "tls"                # or starttls; none for this machine alone
# user = "abuse@host.example"
# password = "…"                  # or TIPSTAFF_IMAP_PASSWORD
# folder = "INBOX"
# done = "Tipstaff/Taken"         # where a message goes once it is committed; without it, it is marked as seen
# quarantine = "Tipstaff/Look"    # where one goes that could not be read; without it, it is flagged
# every = "2m"                    # how often to look beside being called (IDLE), or instead where the server cannot
# silent_after = "24h"            # nothing for that long: staff is told

# [[feed]]                        # a folder for feed files (CSV, zipped or not), mails and XARF; taken ones go to done/
# name = "drop box"
# folder = "incoming"
# every = "1m"
# silent_after = "48h"

# [[blocklist]]                   # our own addresses on a list open a case; asked of name servers, or read from a file
# name = "zen"
# zone = "zen.spamhaus.org"       # or file = "drop.txt": an address or network at the start of each line
# every = "6h"
# queries_per_second = 10         # never faster, however large our networks are
# removal = "customer"            # who may ask to be taken off; provider: a task for an admin
# codes = {{ "127.0.0.2" = "SBL" }} # only these answers count; without it every one
# resolver = ["127.0.0.1:53"]     # public resolvers are refused by most lists

[report]                          # the public form at /report
enabled = true
per_hour = 10                     # from one address
review = false                    # true: a person looks at every report before anything is decided
# proxies = ["127.0.0.1/32"]      # whose X-Forwarded-For is believed

# [sources]                       # the same for what is sent to us: tokens, intake (the mail pipe), hooks (tickets)
# silent_after = {{ "mail-gateway" = "24h", "hooks" = "30d" }}

# [[route]]                       # another policy for some: the first that fits; all that it names must be met
# policy = "lanmang"              # product_kind, product (id), region, client_group (id): one, or a list of them
# product_kind = ["dedicated", "colocation"]

# [[reporter]]                    # who counts as what: an address, or the end of one
# match = "@spamhaus.org"
# kind = "blocklist"

# [[exempt]]                      # decided and shown, never carried out
# service = "1"
# reason = "our own name server"
"""


def new_secret() -> str:
    """A hook secret in the form of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


@click.command()
@click.option("--config", metavar="FILE", default=FILE, show_default=True, help="Where to write it.")
@click.option("--policy", "policy_name", default=None, metavar="PACK", help="The policy to begin with.")
def init(config: str, policy_name: str | None) -> None:
    """Write a commented configuration, make the hook secret, create the database.

    An existing file is kept, and its database created or migrated. Without a terminal nothing is asked.
    """
    path = Path(config)
    if path.exists():
        click.echo(f"{path} is kept")
    else:
        _write(path, policy_name or _asked())
        click.echo(f"{path} is written; only you can read it")
    settings = load_config(path)
    os.umask(0o077)
    engine = open_engine(settings.database_url)
    migrate(engine)
    store = Store(engine)
    try:
        installation_secret(store)
    finally:
        store.close()
    click.echo("the database is ready")
    click.echo("next: fill in [whmcs] and [virtualizor], then: tipstaff doctor, tipstaff sync, tipstaff serve")


def _asked() -> str:
    packs = shipped_packs()
    if not sys.stdin.isatty():
        return packs[0] if "klt-net" not in packs else "klt-net"
    return str(click.prompt("Policy to begin with", type=click.Choice(packs), default=packs[0]))


def _write(path: Path, policy: str) -> None:
    if policy not in shipped_packs() and not Path(policy).exists():
        raise InvalidInput("--policy", f"{policy!r} is neither a shipped pack nor a file")
    text = _TEMPLATE.format(
        policy=policy,
        packs=", ".join(shipped_packs()),
        hook_secret=new_secret(),
        intake_token=secrets.token_urlsafe(32),
        desk_token=secrets.token_urlsafe(32),
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as trouble:
        raise InvalidInput(str(path), f"cannot be written: {trouble.strerror}") from trouble
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
