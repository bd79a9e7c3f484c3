"""Mail that sells or informs: newsletters, pitches, talk on mailing lists. They name offenders as news or bait."""

from __future__ import annotations

import re

from bridge.intake.mail.document import Mail
from bridge.intake.text.words import Phrases

NEWSLETTER = Phrases(
    r"view (?:this (?:e-?mail )?)?(?:in|online)(?: your)? browser|webinar|register now"
    r"|save the date|early bird|special offer|\d{1,2} ?% off|limited time|free trial"
    r"|case study|white ?paper|newsletter|product update|what'?s new|our services"
    r"|seo (?:service|agency|expert|ranking)|guest post|backlinks?|price list|quotation"
    r"|we are a (?:leading|professional)|increase (?:your )?(?:traffic|sales|revenue)"
    r"|this (?:week|month) in|top stories|weekly (?:round-?up|digest)|\bunsubscribe\b"
    r"|partnership opportunit|lead generation|web ?design|buy now|shop now|call for papers"
    r"|conference|job (?:offer|opening)|subscribe to|update your preferences"
    r"|in this (?:issue|edition)|you (?:are )?receiv(?:e|ing) this (?:e-?mail|newsletter)?\s?(?:because|as) you"
    r"|(?:weekly|monthly|daily|quarterly) (?:bulletin|briefing)|bulletin (?:no\b|\d)"
    r"|goes (?:out )?to all (?:our )?(?:members"
    r"|customers|subscribers|readers)|for (?:your )?information only"
    r"|new (?:blog )?post\b|on (?:the|our) blog|(?:continue|keep) reading|manage (?:your )?(?:subscription"
    r"|preferences)"
    r"|bulletin d'actualit[ée]|ne plus recevoir|hebdomadaire|nyhetsbrev|biuletyn|\bbülten"
    r"|rundbrief|\babmelden:|abbestellen|newsletter abmelden|unsere neuen|neue tarife|liebe (?:kund|leser"
    r"|abonnent)\w*"
    r"|se d[ée]sabonner|d[ée]sinscri\w*|lettre d'information|darse de baja|cancelar (?:la )?suscripci[óo]n"
    r"|bolet[íi]n|descadastr\w*|disiscriv\w*|uitschrijven|nieuwsbrief|wypisa[ćc] si[eę]|отписаться|рассылк\w+|退订"
    r"|配信停止|수신거부|indicators? of compromise|\bthis advisory\b|opt out of (?:these|our|this|future)|new article"
    r"|hello subscriber|\bsubscribers\b"
    r"|\bissue #?\d|in this (?:week|month)'s|read the full|because you (?:signed|opted)|published (?:daily|weekly"
    r"|monthly)"
    r"|(?:change|manage|cancel) your subscription|of the day\b|update to (?:version )?\d|reserve your seat|join (?:us"
    r"|our live)"
)
PITCH = Phrases(
    r"(?:quick|short|brief) (?:call|chat|demo)|\d\d[- ]minutes?(?: call| chat| demo)|(?:book|schedule) (?:a|your) "
    r"(?:call|demo|meeting)|would you be (?:interested|open)|are you interested in|let me know if you(?:'re| are) "
    r"interested|we help [^.\n]{0,60}(?:compan|business|provider|host|isp|customer)\w*|from \S{1,6} ?(?:eur|usd|gbp"
    r"|€|\$)"
    r"|(?:a|per|/) ?month\b|\binterested\?|(?:my|our) (?:fee|price|rate)s?\b|\d ?(?:usd|eur|gbp|€|\$) per "
    r"|costs less|our (?:pricing|prices|packages|plans)|bug bounty|(?:bounty|reward) (?:program\w*|for)"
    r"|\bwe (?:buy|pay)\b|want to sell|what you pay|for a (?:reward|fee)\b|\bsales (?:team|manager|representative)\b"
    r"|account (?:executive|manager)"
    r"|special price|discount|free (?:audit|consultation|assessment|quote)|grow your|boost your|(?:audit"
    r"|offer) and prices"
    r"|(?:set up|start|book) a (?:free )?trial|our [\w-]{1,20} (?:service|solution|platform) (?:keeps?|protects?"
    r"|helps?|stops?)"
    r"|(?:we have|our) (?:buyers|clients) who|\bleas(?:e|ing) (?:your|clean|unused)|unverbindlich\w* angebot"
    r"|kurze[sn]? (?:telefonat|gespräch)|devis gratuit|sin compromiso"
)
_DESK = re.compile(
    r"(?:^|[<:/\s])(?:nic_)?(?:abuse|noc|security|csirt|cert|soc|postmaster|hostmaster|support|copyright"
    r"|dmca)[\w-]{0,20}[.@]"
    r"|/group/(?:abuse|noc|security|support)",
    re.IGNORECASE,
)
"""The name of a group that is an abuse desk's mailbox."""
_LIST_FOOTER = re.compile(
    r"^_{10,}\s{0,3}\n[^\n]{1,80} mailing list\b|^https?://\S{1,80}/(?:mailman3?/)?(?:listinfo"
    r"|lists)/\S{1,60}\s{0,3}$",
    re.MULTILINE,
)
_STATUS_PAGE = re.compile(
    r"https?://(?:status\.[\w.-]{3,80}|[\w.-]{3,60}status(?:page)?\.\w{2,10})(?:[/\s]|$)", re.IGNORECASE
)
_STATE = re.compile(
    r"^\W{0,3}(?:resolved|investigating|identified|monitoring|update\w*|scheduled|completed|in progress|new incident"
    r"|degraded"
    r"|outage|maintenance)\b",
    re.IGNORECASE,
)


def came_over_list(mail: Mail) -> bool:
    """A mailing list or a sender of bulk mail handed it out; a desk that reads its mail as a group is no such list."""
    fields = [mail.headers.first(name) for name in ("list-id", "list-unsubscribe", "list-post")]
    return any(fields) and not any(map(_DESK.search, fields))


def is_list_talk(body: str) -> bool:
    """A mailing list has put its footer below."""
    return _LIST_FOOTER.search(body[-1500:]) is not None


def tells_of_service(subject: str, own: str) -> bool:
    """The subject begins with a state, and a link leads to the page that shows it."""
    return _STATE.search(subject) is not None and _STATUS_PAGE.search(own[:4000]) is not None
