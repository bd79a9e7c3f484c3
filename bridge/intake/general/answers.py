"""Answers: acknowledgements by other desks, what customers say they did, reporters who say it is over, questions.

They quote complaints, subject and all; what makes them answers are the writer's own words.
"""

from __future__ import annotations

import re

from bridge.intake.text.words import Phrases

REPLY_SUBJECT = re.compile(
    r"^\s{0,20}(?:\[[^\]]{1,60}\]\s{0,5})?(?:re|aw|antw|sv|rv|odp|ответ|ynt|vs|回复|答复|返信|res)(?:\[\d{1,2}\])?"
    r"\s{0,20}[:：]",
    re.IGNORECASE,
)
TICKET_SUBJECT = re.compile(
    r"\[[^\]\n]{0,40}(?:#|\b(?:id|ticket|case)\b)[^\]\n]{0,40}\d[^\]\n]{0,12}\]"
    r"|^\s{0,5}(?:\[[^\]\n]{1,40}\]\s{0,3})?(?:(?:support )?ticket\b|[A-Z]{2,10}-\d{2,8}\b)",
    re.IGNORECASE,
)
"""The subject of a ticket, which repeats what it was opened with."""
TICKET_DETAILS = re.compile(
    r"^[ \t*>|-]{0,8}(?:ticket(?: (?:id|url|number|no))?|subject|department|priority|status|topic|type|betreff"
    r"|priorit[äa]t)\s?[:#][^\n]*$|^[^\n]{0,60}\babove this line\b[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""What a desk puts below or above an answer."""
ANSWERED = Phrases(
    r"(?:we|i)(?:'ve| have)? (?:already )?(?:removed|deleted|fixed|cleaned|resolved|suspended"
    r"|blocked|terminated|reinstalled|patched|secured|disabled|stopped|shut down|taken (?:down|care|action))"
    r"|(?:problem|issue|content|site|account|server|vps|vm|machine|user|customer|ip|ip address|service|url"
    r"|domain|link) (?:has been|is"
    r"|was) (?:now )?(?:removed"
    r"|fixed|solved|resolved|cleaned|deleted|suspended|disabled|reinstalled|terminated|secured)"
    r"|could you (?:please )?(?:provide|send)|unsuspend|unblock (?:my|our|the)|please (?:reactivate|unsuspend"
    r"|restore)"
    r"|thank you for (?:letting|informing)|(?:can|may) (?:now )?close (?:this|the) (?:ticket|case|issue|report)"
    r"|(?:ticket|case|issue|report) (?:can|may) (?:now )?be closed|lift (?:the|my|our) (?:block|ban|suspension"
    r"|restrict)"
    r"|(?:found|deleted|killed) (?:a|the) (?:\w+ )?(?:malware|virus|trojan|script|process|backdoor|shell|miner)"
    r"|changed (?:all |the |my |our )+(?:\w+ )?passwords?|back online(?: please|,? please)"
    r"|no longer (?:see|seeing|receive|receiving|observe)|thanks? (?:you )?(?:for )?(?:the|your) (?:quick|fast"
    r"|swift|prompt)"
    r" (?:action|reaction|reply|response|answer|help)|we will (?:look into|investigate) (?:this|it) and"
    r"|(?:wir haben|ich habe|wurden?) [^.\n]{0,80}(?:entfernt|gel[oö]scht|behoben|gesperrt|bereinigt|ge[aä]ndert"
    r"|abgeschaltet"
    r"|deaktiviert|neu (?:installiert|aufgesetzt))|bitte (?:schalten|geben) sie [^.\n]{0,40}frei"
    r"|(?:wieder )?freischalt\w*"
    r"|entsperr\w*|nous avons (?:bien )?(?:supprim|corrig|r[eé]solu|bloqu|r[eé]install|d[eé]sactiv)\w*"
    r"|probl[eè]me (?:a [eé]t[eé]|est) (?:r[eé]solu|corrig[eé])|merci de (?:r[eé]activer|d[eé]bloquer)"
    r"|hemos (?:eliminado|solucionado|corregido|bloqueado|reinstalado|procedido)"
    r"|(?:problema|incidencia|incidente) (?:ha sido|est[aá]|fue|foi) (?:resuelt|solucionad|corregid|resolvid"
    r"|corrigid)\w*"
    r"|(?:removemos|corrigimos|bloqueamos|reinstalamos) |conte[uú]do foi removido"
    r"|мы (?:удалили|устранили|заблокировали|переустановили|исправили)|(?:проблем\w*|уязвимость|вирус\w*)"
    r"[^.\n]{0,20}(?:решен|устранен|исправлен|удал[её]н)\w*|прошу (?:разблокировать|включить|восстановить)"
    r"|разблокируйте"
    r"|(?:wij|we) hebben [^.\n]{0,60}(?:verwijderd|opgelost|geblokkeerd)|abbiamo (?:rimosso|risolto|bloccato)"
    r"|usun[eę]li[sś]my|problem zosta[lł] (?:rozwi[aą]zany|usuni[eę]ty)|sorun (?:giderildi|[cç][oö]z[uü]ld[uü])"
    r"|已(?:经)?(?:处理|删除|解决|重装|清理|修复)|请(?:解封|恢复|解除)|(?:削除|対応|修正)(?:しました|いたしました"
    r"|済み)"
)
DEMANDS = Phrases(
    r"\b(?:see|find|read) (?:\w+ ){0,3}(?:below|attach\w*|enclosed|quoted|original)\b|\bbelow\b|attached|forward\w*"
    r"|\bfyi\b"
    r"|following|siehe|unten|anbei|weiterleit\w*|ci-(?:dessous|joint)|transf[eé]r\w*|abajo|adjunt\w*|reenv\w*|abaixo"
    r"|em anexo"
    r"|encaminh\w*|di seguito|allegat\w*|inoltr\w*|ниже|вложен\w*|пересыла\w*|poni[zż]ej|w za[lł][aą]czniku|hieronder"
    r"|bijgevoegd|下記|添付|如下|附件|아래|첨부"
    r"|(?:please|kindly|must|need to|should|have to|asked? you to) (?:\w+ ){0,2}(?:stop|remove|resolve|handle|act"
    r"|fix|investigate"
    r"|check|suspend|block|take|clean|confirm|address|respond within)\b"
    r"|bitte (?:\w+ ){0,6}(?:entfern|l[oö]sch|sperr|pr[uü]f|stopp|abstell|unterbind|k[uü]mmer)\w*"
    r"|abuse|attack|complain\w*|beschwer\w*|plainte|queja|reclama\w*|denuncia|жалоб\w*|skarg\w*"
)
"""Words with which a reply demands something itself or hands a complaint on."""
GOES_ON = Phrases(
    r"\b(?:again|still|continu\w+|reappear\w*|re-?occur\w*|recurr?\w*|reopen(?:ed|ing)|not (?:been )?(?:fixed|resolved"
    r"|solved"
    r"|removed|stopped|gone)|nothing (?:has )?(?:changed|happened)|any (?:update|news|progress)|no (?:answer|reply"
    r"|response)"
    r"|remind\w*|escalat\w*|deadline|within \d|asap|null-?rout\w*|otherwise|failure to)\b"
    r"|erneut|wieder\b|immer noch|noch immer|weiterhin|encore|toujours|de nouveau|otra vez|de nuevo|sigue|todav[ií]a"
    r"|novamente|de novo|ainda|ancora|di nuovo|снова|опять|продолжа\w*|вс[её] ещ[её]|ponownie|nadal|znowu|opnieuw"
    r"|nog steeds"
    r"|再び|まだ|仍然|再次|依然|여전히"
)
"""Words with which a reply tells that it is not over."""
HANDS_ON = Phrases(
    r"^[>|* \t]{0,8}received: (?:from|by) |forwarded message|weitergeleitete nachricht|message transf[ée]r"
    r"|mensaje reenviado"
    r"|mensagem encaminhada|messaggio inoltrato|пересылаемое|переслан|doorgestuurd|original message headers"
)
"""A mail that is handed on, with its headers or under a line that says so, is no quotation of our own words."""
ENQUIRES = Phrases(
    r"do you (?:allow|offer|support|accept|provide|have) |what (?:is|are) (?:the|your) (?:price|cost|fee|rate)\w*"
    r"|how much (?:is|does|do|for)|would like to (?:order|buy|purchase|rent|upgrade|cancel)|can i (?:use|host|run"
    r"|order)"
    r"|pre-?sales|new sign-?in|new login (?:to|from|on)|was this you"
    r"|device (?:was )?added to your (?:e-?mail )?account|unknown (?:browser|device) log-?in"
    r"|if this was (?:not )?you|verification code"
    r"|two-factor"
    r"|your one-time (?:code|password)|trial (?:ends|expires|has expired)|renew your|domain (?:name )?expir"
)
ASKS_FOR_SUPPORT = Phrases(
    r"(?:please|could you|can you|kindly) (?:set|open|unblock|move|enable|assign|upgrade|reinstall|reboot|change"
    r"|migrate|give me)\b[^.\n]{0,40}(?:reverse dns|ptr\b|rdns|port \d|\bmy\b|vps|another ip|node|plan)"
    r"|(?:vps|server|ip)(?: \S{1,45})? (?:that )?you gave me|give me (?:back|another|a new)"
    r"|my (?:new )?(?:vps|server|ip|mails?|e-?mails?) (?:is|are|was|get|gets) (?:blocked|black-?listed|listed"
    r"|rejected"
    r"|slow|down)"
    r"|i(?:'ve| have)? never (?:attacked|sent|scanned|spammed)|i will not send (?:any )?spam"
    r"|(?:can ?not|can't|unable to) (?:reach|connect to|access|log ?in to) (?:my|the (?:vps|server|panel)|\d)"
    r"|can i (?:have|get) (?:a|an|another) (?:\w+ ){0,2}(?:ip|one|address)\b|with my new (?:vps|server)"
    r"|my (?:own )?(?:ip )?address(?: \S{2,45})? (?:is|was|got) (?:now )?(?:blocked|banned)|i (?:am|got) locked out"
    r"|i mistyped"
    r"|\b(?:for|on|to) my (?:vps|vserver|vm)\b|is (?:that|this|it) normal\b|should i (?:install|worry|be worried)"
    r"|fail2ban (?:has )?(?:banned|blocked) (?:me"
    r"|my|our)|(?:remove|lift) (?:the|my|this) ban|banned (?:my"
    r"|our) (?:own )?"
    r"(?:\w+ )?(?:ip|address)|(?:need|require) (?:outgoing |outbound )?port \d|(?:get|log) ?(?:in"
    r"|into) my (?:own )?(?:vps|server)"
    r"|turn (?:it|my (?:vps|server))(?: [\d.]+)? (?:back )?on\b|is my (?:server|vps|site|website|account"
    r"|machine) (?:safe|hacked|compromised|infected|under)|what (?:should"
    r"|can) i do\b"
    r"|(?:set|change) the (?:reverse dns|rdns|ptr)|(?:unblock|open) (?:\w+ )?port|(?:block|filter) (?:that|this|it"
    r"|them|these) "
    r"(?:in|on|at|with) your (?:firewall|router|edge|network)"
)
"""What customers ask of their host, or tell him of their own server."""
CAME_IN = Phrases(
    r"thank(?:s| you) for (?:bringing (?:this|that|it) to our attention|reaching out|your (?:patience|reply))"
    r"|(?:ticket|case|request|issue|incident|support request) (?:#?\S{1,30} )?(?:has been|was|is now|is) (?:closed"
    r"|resolved|solved|created|received|opened for you|updated and closed|marked as)"
    r"|ticket (?:has been|was) (?:opened|created) (?:for|from|with) your"
)
"""Said by desks, but in tickets that tell of a complaint as well."""
SETTLED = Phrases(
    r"(?:takedown|issue|incident|case|attack|site|content|phish\w*|listing|problem|malware"
    r"|url)(?:[^.\n]|\.(?=\S)){0,120}(?:has been|was|is now|is|have been"
    r"|appears to be) (?:successfully )?(?:resolved|closed|removed|taken (?:down|offline)"
    r"|offline|completed|delisted|confirmed (?:as )?(?:removed|offline)|no longer (?:active|reachable|available"
    r"|listed|accessible|online))"
    r"|no (?:further )?action (?:is )?(?:required|needed|necessary)|(?:has"
    r"|have) been (?:delisted|removed from (?:the|our) (?:[\w/-]{1,20}\s){0,3}(?:block|black|dns)?\s?list)"
    r"|(?:was|is|were|be) (?:indeed )?a false positive|is (?:now )?no longer (?:black)?listed\b"
    r"|please (?:ignore|disregard) (?:this|our|the) (?:previous|earlier"
    r"|report|message|notice|complaint)|we (?:have |hereby )?(?:retract|withdraw)\w*"
)
CLOSING = Phrases(
    r"(?:takedown|removal|delist\w*|unblock\w*) (?:request|inquiry)(?: (?:for|of|regarding)\b[^\n]{0,80})? (?:was"
    r"|has been"
    r"|is) (?:approved|accepted|denied|granted|rejected|processed|completed)"
    r"|(?:not qualify|qualify|qualified) for (?:conditional )?mitigation|\bsbl ?\d+ has (?:now )?been removed"
    r"|(?:entry|listing) (?:of|for) \S{1,60} has (?:been (?:deleted|removed)|expired)"
    r"|found in the \w+ and has been delisted|the entry has been removed|rescind (?:our|the|this)|ha cerrado el ticket"
    r"|wurde geschlossen|ticket (?:est|a [ée]t[ée]) (?:clos|ferm[ée]"
    r"|r[ée]solu)"
    r"|ticket (?:foi|est[aá]) (?:fechado|encerrado|cerrado|resuelto|resolvido)|(?:заявка|обращение|тикет) закрыт"
    r"|ticket (?:[eè] stato )?chiuso|is gesloten\b|zosta[lł]o zamkni[eę]te|クローズ|已关闭|"
    r"we (?:now )?consider (?:this|the|your|case|ticket|incident)?[^.\n]{0,40} (?:as )?(?:closed|done|resolved"
    r"|settled|solved)|"
    r"listing (?:of|for) [^\n]{1,60} (?:has )?(?:expired|run out|ended|lapsed)|(?:expired|dropped) from (?:the"
    r"|our) (?:block )?list|"
    r"changing the status of your ticket|status: ?closed|ticket (?:has been|was|is) (?:automatically )?closed"
    r"|reports have been removed from our database|^as requested,? we have "
    r"|^this (?:ip(?: address)?|server|service|account) has been terminated"
)
