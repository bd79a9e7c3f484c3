"""The words of the pack language in plain English. What has no phrase yet is told by its own name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bridge.policy.pack import Condition, Trigger, Verb
from bridge.policy.spelling import listed
from bridge.timeformat import format_duration, parse_duration

Written = Any
Phrase = Callable[[Mapping[str, Written], str], str]
"""From the parameters of an action and the currency."""


def plain_words(name: str) -> str:
    """`mail_port_open` as `mail port open`."""
    return name.replace("_", " ")


def length(duration: timedelta) -> str:
    """`6 hours`, `30 days`; one day is 24 hours."""
    short = format_duration(duration)
    number, unit = short[:-1], _UNITS[short[-1]]
    return f"{number} {unit}" + ("" if number == "1" else "s")


_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day"}
_ORDINALS = ("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal(number: int) -> str:
    return _ORDINALS[number] if number < len(_ORDINALS) else f"{number}th"


# ---- what complaints are about ----

_CLASSES: Mapping[str, str] = {
    "*": "everything else",
    "messaging/*": "abuse of mail of every kind",
    "connection/*": "attacks and other abuse of the network of every kind",
    "content/*": "forbidden content of every kind",
    "copyright/*": "infringement of copyright of every kind",
    "infrastructure/*": "machines in the hands of others",
    "reputation/*": "listings and warnings of every kind",
    "vulnerability/*": "vulnerabilities of every kind",
    "usage/*": "forbidden use of every kind",
    "conduct/*": "misconduct of every kind",
    "other/*": "other trouble",
}
_TYPES: Mapping[str, str] = {
    "messaging/spamvertised": "content advertised by spam",
    "connection/ddos": "denial-of-service attack",
    "connection/sql_injection": "SQL injection",
    "connection/arp_spoofing": "ARP spoofing",
    "connection/login_attack": "guessing of passwords",
    "connection/scraping": "automated copying of content",
    "content/csam": "child abuse material",
    "content/csem": "material that sexualises children",
    "content/brand_infringement": "use of another's brand",
    "content/exposed_data": "data exposed to the public",
    "content/remote_compromise": "compromised website",
    "content/illegal": "illegal content",
    "content/adult": "adult content",
    "content/prohibited": "prohibited content",
    "content/abusive": "abusive content",
    "copyright/copyright": "infringement of copyright",
    "copyright/p2p": "infringement by file sharing",
    "copyright/link_site": "links to infringing copies",
    "copyright/cyberlocker": "infringement on a file host",
    "copyright/ugc_platform": "infringement on a platform for users' content",
    "copyright/usenet": "infringement on Usenet",
    "infrastructure/botnet": "part of a botnet",
    "reputation/blocklist": "listing on a blocklist",
    "vulnerability/cve": "known vulnerability",
    "vulnerability/misconfiguration": "unsafe configuration",
    "vulnerability/open_resolver": "open DNS resolver",
    "usage/mining": "mining of crypto currency",
    "usage/irc": "IRC",
    "conduct/system_abuse": "abuse of the host's systems",
    "other/unclassified": "other trouble",
}


def category(pattern: str) -> str:
    """A category, or a glob of them, in words; what is not among them is plain already."""
    known = _CLASSES.get(pattern) or _TYPES.get(pattern)
    return known if known is not None else plain_words(pattern.partition("/")[2] or pattern)


def quoted(words: str) -> str:
    """Names of groups, as a pack writes a condition on them."""
    return listed((f"\u201c{plain_words(word)}\u201d" for word in words.split(" or ")), "or")


# ---- what happens ----

_HAPPENS: Mapping[str, str] = {
    "complaint": "a complaint is received",
    "any_complaint": "a complaint is received, also one about an incident that is known",
    "incident_declared": "an incident is declared",
    "order_cleared": "what an order was held for is there",
    "verification_refused": "the customer refuses to be verified",
    "strike": "a complaint counts against a service",
    "released": "staff releases the notification",
    "terms_declined": "the customer does not accept the terms",
    "expired": "the contract term of the service ends",
    "payment_disputed": "a payment is disputed with the bank",
}
_FOUND: Mapping[str, str] = {
    "remediated": "staff finds the trouble remedied",
    "not_remediated": "staff finds that the trouble goes on",
    "culpable": "staff finds the customer responsible",
    "not_culpable": "staff finds that the customer is not to blame",
    "authorized": "staff finds that it was authorized",
    "unfounded": "staff finds the complaint unfounded",
    "lawful": "staff finds it lawful",
    "verified_opt_in": "staff finds that the recipients had agreed to the mail",
}
_ASKED: Mapping[str, str] = {
    "ip_replacement": "another IP address is asked for",
    "refund": "a refund is asked for",
    "provision": "a service is ordered",
    "sla_credit": "a service credit is asked for",
}
_CARRIED_OUT: Mapping[str, str] = {"terminate_service": "the termination of the service"}
_SILENT: Mapping[str, str] = {
    "no_reply": "no reply comes within",
    "no_remedy": "the trouble is not remedied within",
    "no_evidence": "no evidence comes within",
}


def happens(trigger: Trigger) -> str:
    """A trigger as the beginning of a sentence after "when"."""
    argument = trigger.argument
    if isinstance(argument, int):
        silent = _SILENT.get(trigger.name, f"{plain_words(trigger.name)} within")
        return f"{silent} {length(timedelta(seconds=argument))}"
    if argument is None:
        return _HAPPENS.get(trigger.name, plain_words(trigger.name))
    if trigger.name == "finding":
        return _FOUND[argument]
    if trigger.name == "question":
        return _ASKED[argument]
    if trigger.name == "over_limit":
        return f"the use of {plain_words(argument)} passes its limit"
    if trigger.name == "carried_out":
        return f"{_CARRIED_OUT.get(argument, plain_words(argument))} was carried out"
    if trigger.name in ("paid", "unpaid"):
        return f"a {argument} is {'paid' if trigger.name == 'paid' else 'not paid in time'}"
    return f"{plain_words(trigger.name)}: {plain_words(argument)}"


# ---- under which conditions ----

_TRUE_FALSE: Mapping[str, tuple[str, str]] = {
    "deliberate": ("the complaint says it was deliberate", "the complaint says it was not deliberate"),
    "new_target": (
        "it names a work, link or site that none named before",
        "it names nothing that was not named before",
    ),
    "counts": ("it counts", "it does not count"),
    "fined": ("the incident was fined already", "the incident was not fined yet"),
    "mail_port_open": ("the mail port was opened on request", "the mail port is closed"),
    "exclusive_bandwidth": ("the service has a line of its own", "the service shares its line"),
    "held": ("the service is held suspended", "the service is not held suspended"),
    "complete": ("the complaint is complete", "the complaint is not complete"),
    "refund_refused": ("no refund is given for the service any more", "refunds are given for the service"),
    "contacted_support": ("the client spoke with support before", "the client did not speak with support before"),
    "client_refused": ("the client is not served any more", "the client is still served"),
    "deposit_held": ("a deposit is held", "no deposit is held"),
    "staff_abused": ("the client abused staff", "the client did not abuse staff"),
    "terminated_by_policy": ("the service was terminated under this policy", "the service was not terminated"),
    "address_blocked": ("an address of the service is blocked for abuse", "no address of the service is blocked"),
    "already_refunded": ("the paid time was refunded already", "the paid time was not refunded yet"),
    "identity_region": ("the region asks for a verified identity", "the region asks for no verified identity"),
    "caused_incident": ("the service caused the incident", "the service did not cause the incident"),
    "suspended_by_incident": ("the incident suspended the service", "the incident did not suspend the service"),
    "migration_asked": ("moving it elsewhere is asked for", "moving it elsewhere is not asked for"),
    "payment_known": ("it is known what was paid", "it is not known what was paid"),
    "suspended": ("the service is suspended", "the service is not suspended"),
}
_COUNTED: Mapping[str, str] = {
    "strike": "about the service",
    "strike_of_group": "of this kind about the service",
    "strike_of_category": "of exactly this category about the service",
}
_IS: Mapping[str, str] = {
    "severity": "its severity is",
    "product_kind": "the service is",
    "client_kind": "the client is a",
    "cause": "the cause is",
    "charged_for": "it was charged for",
    "sla_kind": "it is about",
    "fraud": "the fraud check",
    "refund_reason": "the reason is",
    "order_kind": "the order is a",
    "outage_longer_than": "the outage was longer than",
    "paid_longer_ago_than": "it was paid longer ago than",
}


_REPORTERS: Mapping[str, str] = {
    "blocklist": "a blocklist", "operator": "the operator of a network", "rights_holder": "the holder of rights",
    "court": "a court", "law_enforcement": "the police", "authority": "an authority", "cert": "a response team (CERT)",
    "provider": "the host's own staff", "customer": "a customer", "automated": "an automated system",
    "individual": "a person",
}  # fmt: skip
_REMAINING: Mapping[str, str] = {
    "some": "there is paid time left",
    "none": "no paid time is left",
    "unknown": "it is not known what was paid and when",
}


def condition(of: Condition) -> str:
    """A condition as part of a sentence after "where", or "but not where"."""
    fact, wanted = of.fact, of.wanted
    if fact == "group":
        return f"it is about {quoted(wanted)}"
    if fact == "category":
        return f"it is about {listed(map(category, wanted.split(' or ')), 'or')}"
    if fact in ("reporter", "reported_by"):
        return f"it comes from {listed((_REPORTERS.get(kind, kind) for kind in wanted.split(' or ')), 'or')}"
    if fact == "remaining_time":
        return listed((_REMAINING[word] for word in wanted.split(" or ")), "or")
    if fact == "asn_traffic":
        share = percent(Decimal(wanted.removeprefix("over ")))
        return f"its network took more than {share} of the committed rate this month"
    if fact in _TRUE_FALSE and wanted in ("true", "false"):
        return _TRUE_FALSE[fact][wanted == "false"]
    if fact in _COUNTED:
        return _strikes(wanted, _COUNTED[fact])
    if fact == "verified":
        return f"the client has verified {listed(wanted.split(' or '))}"
    if fact == "refunds_granted":
        return f"the client was granted {wanted.removesuffix('+')} refunds or more"
    if fact == "over_limit_since":
        return (
            "it is the first reading"
            if wanted == "first"
            else f"the first such reading is {_time(wanted)} old or older"
        )
    if fact in _LONGER:
        return f"{_IS[fact]} {_time(wanted)}"
    return f"{_IS.get(fact, f'{plain_words(fact)} is')} {plain_words(wanted)}"


_LONGER = frozenset({"outage_longer_than", "paid_longer_ago_than"})


def _time(written: str) -> str:
    """`24h` as `24 hours`."""
    return length(parse_duration(written, "time"))


_COUNT = re.compile(r"(?:count )?(\d+)(\+?)(?:, within (\w+))?")


def _strikes(wanted: str, what: str) -> str:
    match = _COUNT.fullmatch(wanted)
    if match is None:
        return f"it is number {wanted} {what}"
    number, later, within = match.groups()
    told = f"it is the {ordinal(int(number))}{' or a later' if later else ''} complaint {what}"
    return f"{told} within {_time(within)}" if within else told


# ---- what is done ----

_ENDS: Mapping[str, str] = {
    "remediated": "the trouble is remedied",
    "not_culpable": "the customer is found not to blame",
    "paid": "what was charged is paid",
    "fine_paid": "the fine is paid",
    "fee_paid": "the fee is paid",
    "deposit_paid": "the deposit is paid",
    "undertaking_signed": "the undertaking is signed",
    "listing_cleared": "the address is off the blocklist",
    "released": "staff releases it",
}


def ends(until: Iterable[Iterable[str]]) -> str:
    """What ends a hold, as part of a sentence after "until"."""
    groups = [listed(_ENDS.get(word, plain_words(word)) for word in group) for group in until]
    return listed(groups, "or") if groups else "an admin ends it"


_REMEDIED = (("remediated",),)
_TEMPLATES: Mapping[str, str] = {
    "complaint": "the customer is told of the complaint",
    "reminder": "the customer is reminded",
    "advice": "the customer is given advice",
    "refund_refused": "the customer is told that there is no refund",
}
_SCOPES: Mapping[str, str] = {
    "all": "the network of the service is cut",
    "outbound": "outgoing traffic of the service is blocked",
    "ip": "the complained address is blocked",
    "ports": "ports of the service are blocked",
}


def does(verb: Verb, currency: str) -> str:
    """What a line of `then` does, as a sentence without its full stop."""
    phrase = _DOES.get(verb.name)
    if phrase is not None:
        return phrase(verb.params, currency)
    told = ", ".join(f"{plain_words(name)} {_written(value)}" for name, value in verb.params.items())
    return plain_words(verb.name) + (f" ({told})" if told else "")


def _written(value: Written) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, timedelta):
        return length(value)
    if isinstance(value, tuple | frozenset | list):
        return listed(_written(item) for item in value) if value else "none"
    return plain_words(str(value))


def _notice(params: Mapping[str, Written], _: str) -> str:
    told = _TEMPLATES.get(params["template"], f"the customer is told ({plain_words(params['template'])})")
    for name, what in (("reply_within", "reply"), ("remedy_within", "remedy the trouble")):
        if stages := params.get(name):
            told += f" and has to {what} within {length(stages[0])}"
            if len(stages) > 1:
                told += f" (asked again until {listed(length(stage) for stage in stages[1:])})"
    for name, what in (("remedies", "asked to"), ("advice", "advised"), ("conditions", "told the conditions")):
        if params.get(name):
            told += f"; {what}: {listed(map(plain_words, params[name]))}"
    return told


def _suspension(params: Mapping[str, Written], _: str) -> str:
    whole = (
        "every service of the client is suspended" if params.get("reach") == "client" else "the service is suspended"
    )
    if params.get("irrevocable") and "until" not in params:
        return f"{whole} for good, unless an admin ends it"
    return f"{whole} until {ends(params.get('until', _REMEDIED))}"


def _bar(params: Mapping[str, Written], _: str) -> str:
    what = "the complained address" if params.get("scope") == "ip" else "the service"
    return f"{what} is barred: nobody unseals it until {ends(params.get('until', ()))}"


def _block(params: Mapping[str, Written], _: str) -> str:
    ports = f" ({listed(map(str, params['ports']))})" if params.get("ports") else ""
    return f"{_SCOPES[params['scope']]}{ports} until {ends(params.get('until', _REMEDIED))}"


def _charge(kind: str, verb: str = "is charged") -> Phrase:
    def told(params: Mapping[str, Written], currency: str) -> str:
        per = " for each complained IP address" if params.get("per") == "ip" else ""
        return f"a {kind} of {money(params['amount'], currency)}{per} {verb}, due within {length(params['due'])}"

    return told


def money(amount: Decimal, currency: str) -> str:
    return f"{amount.quantize(Decimal('0.01'))} {currency}"


def _termination(params: Mapping[str, Written], _: str) -> str:
    kept = "its contents are erased" if params.get("erase") else "its contents are handed over first"
    when = ", when the paid time ends" if params.get("at") == "period_end" else ""
    return f"the service is terminated and {kept}{when}"


def _evidence(params: Mapping[str, Written], _: str) -> str:
    return f"the customer is asked for evidence ({plain_words(params['kind'])}) within {length(params['within'])}"


def _said(sentence: str) -> Phrase:
    return lambda params, currency: sentence


def _no_refund(params: Mapping[str, Written], _: str) -> str:
    whole = "any service of the client" if params.get("reach") == "client" else "the service"
    return f"no refund is given for {whole} any more"


def percent(part: Decimal | float) -> str:
    """`90 %`."""
    return f"{(Decimal(str(part)) * 100).normalize():f} %"


def _credit(params: Mapping[str, Written], _: str) -> str:
    least = f", at least for {length(params['at_least'])}" if "at_least" in params else ""
    return f"what was paid for the time of the incident is credited{least}"


_DOES: Mapping[str, Phrase] = {
    "notify_customer": _notice,
    "notify_reporter": _said("whoever complained is told"),
    "notify_staff": _said("staff is told"),
    "request_evidence": _evidence,
    "suspend_service": _suspension,
    "bar_unsuspension": _bar,
    "block_network": _block,
    "terminate_service": _termination,
    "terminate_client": _said("every service of the client is terminated and the account closed"),
    "charge_fine": _charge("fine"),
    "charge_fee": _charge("fee"),
    "hold_deposit": _charge("deposit", "is asked for"),
    "forfeit_deposit": _said("the deposit is kept"),
    "return_deposit": _said("the deposit is given back"),
    "waive_charge": lambda params, _: f"an open {params['charge']} is no longer asked for",
    "refuse_refund": _no_refund,
    "refuse_ip_replacement": _said("the customer is told that the address is not replaced"),
    "replace_ip": _said("the service gets another address"),
    "refuse_sla_credit": _said("the customer is told that there is no service credit"),
    "refer_to_authority": _said("the case is referred to the authorities"),
    "preserve_evidence": _said("all evidence is kept"),
    "record_note": _said("a note is made"),
    "hold_order": _said("the order is held"),
    "release_order": _said("the order goes on"),
    "refuse_order": _said("the order is cancelled"),
    "grant_refund": _said("what was paid for the time that is left goes to the account's balance"),
    "review_refund": _said("staff looks at the refund"),
    "unsuspend_service": _said("the service is connected again"),
    "credit_client": _credit,
    "limit_resource": lambda params, _: f"the service is limited to {percent(params['cap'])} of its allotment",
    "no_sanction": _said("nothing: it is allowed here"),
    "migrate_service": _said("the service is moved elsewhere"),
    "dismiss": _said("the complaint is dismissed and everything it did is undone"),
}

VERDICTS: Mapping[str, str] = {
    "allow": "it is granted",
    "refuse": "it is refused",
    "hold": "it is held until more is known",
    "review": "a person decides",
}
