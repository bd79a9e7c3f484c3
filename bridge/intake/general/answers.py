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

ACKNOWLEDGED = Phrases(
    r"(?:sua|seu) (?:notifica\w*|mensagem|solicita\w*|den[uú]ncia|e-?mail|chamado|contato)[^.\n]{0,30}"
    r"(?:recebid|registrad|encaminhad)\w*|agradecemos (?:o|seu|pelo) contato"
    r"|su (?:reporte|mensaje|solicitud|denuncia|caso|correo|consulta|notificaci[oó]n)[^.\n]{0,30}(?:recibid"
    r"|registrad)\w*"
    r"|(?:la sua|vostra) (?:segnalazione|richiesta|email)[^.\n]{0,30}(?:ricevuta|presa in carico)"
    r"|(?:wij|we) hebben uw (?:melding|bericht|e-?mail|klacht)[^.\n]{0,20}ontvangen|uw melding is (?:ontvangen"
    r"|geregistreerd)"
    r"|zg[lł]oszenie zosta[lł]o (?:przyj[eę]te|zarejestrowane)"
    r"|va[sš]e? (?:hl[aá][sš]en[ií]|zpr[aá]va|po[zž]adavek)[^.\n]{0,20}(?:p[rř]ijat|zaevidov)\w*"
    r"|(?:talebiniz|bildiriminiz|mesaj[ıi]n[ıi]z)[^.\n]{0,30}(?:al[ıi]nm[ıi][sş]t[ıi]r|ula[sş]m[ıi][sş]t[ıi]r"
    r"|kayded)\w*"
    r"|お問い合わせ(?:いただき|ありがとう|を受け付け)|受け付けました|您的(?:邮件|投诉|举报|工单"
    r"|来信)[^。\n]{0,10}(?:已|收到)"
    r"|我们已(?:经)?收到|已收到您|접수되었습니다|접수(?:가 )?완료"
    r"|to have your message delivered|verify that you are (?:a )?(?:real|human)|(?:sender"
    r"|message) verification required"
    r"|according to our records,? your request has been|we've identified a customer|case has been (?:opened"
    r"|created) for your (?:report|complaint)"
)
ANSWERED = Phrases(
    r"(?:we|i)(?:'ve| have)? (?:already )?(?:removed|deleted|fixed|cleaned|resolved|suspended"
    r"|blocked|terminated|reinstalled|patched|secured|disabled|stopped|shut down|taken (?:down|care|action))"
    r"|(?:problem|issue|content|site|account|server|vps|vm|machine|user|customer|ip|ip address|service|url"
    r"|domain|link) (?:has been|is"
    r"|was) (?:now )?(?:removed"
    r"|fixed|solved|resolved|cleaned|deleted|suspended|disabled|reinstalled|terminated|secured)"
    r"|could you (?:please )?(?:provide|send)|unsuspend|unblock (?:my|our|the)|please (?:reactivate|unsuspend"
    r"|restore)"
    r"|thank you for (?:letting|informing)|(?:can|may) close (?:this|the) (?:ticket|case|issue|report)"
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
    r"|my (?:new )?(?:vps|server|ip|mails?|e-?mails?) (?:is|are|was|get|gets) (?:blocked|black-?listed|listed|rejected"
    r"|slow|down)"
    r"|i(?:'ve| have)? never (?:attacked|sent|scanned|spammed)|i will not send (?:any )?spam"
)
"""What customers ask of their host, or tell him of their own server."""
