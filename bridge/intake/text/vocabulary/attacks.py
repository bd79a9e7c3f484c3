"""Words of attacks over the network, and of machines that are taken over."""

from __future__ import annotations

from bridge.intake.text.vocabulary import Words

_A_FEW_WORDS = r" (?:(?!from\b|von\b|aus\b|desde\b|depuis\b|van\b|из\b)[^ .\n]+ ){0,6}"
"""On the way to what it was done to, not to where it came from."""
_TRIES = (
    r"(?:tr(?:y|ies|ied|ying)|attempt\w*|fail\w*|repeatedly|versuch\w*|tent[aeé]\w*|essa[iy]\w*|intent\w+|proba\w+"
    r"|prob[oó]|prueb\w*|snaž\w*|prova\w*|попыт\w*|пыта\w*|намага\w*|спроб\w*|pr[oó]b\w+|poku[sš]\w*|pokou[sš]\w*|poging\w*|geprobeerd|f[öo]rs[öo]k\w*"
    r"|fors[øo][kg]\w*|yrit\w*|[îi]ncea?rc\w*|deneme\w*)"
)
_TO_LOG_IN = (
    r"(?:log[- ]?(?:in|on)|authenticat\w*|anmeld\w*|contrase[ñn]a\w*|claves?|парол\w*|has[łe][łl]?\w*|hes[el]l?\w*"
    r"|wachtwoord\w*|in ?log\w*|te loggen|inicio de sesi[oó]n|l[öo]senord\w*|adgangskod\w*|kodeord\w*|passord\w*"
    r"|salasan\w*|parole\b|p[rř]ihl[aá]s\w*|şifre\w*)\b"
)
_SCANS = (
    r"(?:scan\w*|skan\w*|sken(?:ov|uj)\w*|balay\w*|escane\w*|varre\w*|sweep\w*|tara\w*|скан(?:ир|ув|ує)\w*"
    r"|abtast\w*)"
)
_A_NETWORK = (
    r"(?:port\w*|poort\w*|puertos|hosts?|host[yó]\w*|networks?|netz\w*|r[ée]seau\w*|redes?|systems?|systemy|serwer\w*"
    r"|servidor\w*|порт\w*|сет\w+|узл\w*|хост\w*)\b"
)
WORDS = {
    "connection/login_attack": Words(
        plain=(
            r"inbraakpoging\w*", r"in te loggen", r"kaba kuvvet", r"hrubou silou", r"pokus\w* o p[rř]ihl[aá][sš]en\w*",
            r"bejelentkez[eé]si k[ií]s[eé]rlet\w*", r"підб[іо]р\w* (?:облікових|логін)\w*",
            r"inloggningsf[oö]rs[oö]k\w*", r"kirjautumisyrity\w*", r"p[aå]loggingsfors[oø]k\w*",
            r"спроб\w+ (?:входу|авторизац\w+|підбор\w+)", r"brute[- ]?forc\w+", r"log ?in (?:to|on|into) (?:our|my)",
            r"attempt\w* to log", r"attempts? (?:at|of) unauthori[sz]ed (?:ssh )?access",
            r"attempts? to connect to the (?:ssh|ftp|imap|pop3?|telnet|rdp|sip)",
            r"(?:ssh|ftp|sip|rdp|telnet) (?:access )?attempts?",
            r"(?:unauthori[sz]ed|illegal|failed) (?:ssh|ftp|sip|imap|pop3?|rdp|telnet|smtp|login|log-?in|logon)",
            r"account take-?over\w*", r"fail(?:ed|ure)?[- ](?:login|password|auth\w*|ssh|logon)\w*",
            r"\bevent id:? 4625\b", r"login[- ]?(?:attack|attempt|fail)\w*", r"authentication fail\w+",
            r"auth(?:entication)? attacks?", r"invalid user", r"illegal user", r"password[- ](?:guess|spray)\w*",
            r"credential stuffing", r"dictionary attack", r"ssh[- ]?(?:attack|brute|probe|login|abuse)\w*",
            r"(?<!get /)wp-login", r"xmlrpc\.php", r"unauthori[sz]ed (?:login|ssh|access) attempt",
            r"(?:fehlgeschlagene|unberechtigte)\w* (?:login|anmelde)\w*", r"anmeldeversuche?", r"einbruchsversuch",
            r"tentativas? de (?:acesso|login|invas|for[cç]a)", r"fuerza bruta", r"for[cç]a bruta", r"force brute",
            r"intentos? de (?:acceso|inicio|login|conexi)", r"tentatives? de connexion", r"подбор\w* парол",
            r"під(?:іб|б[иіо])р\w* (?:[^ .\n]+ )?парол\w*", r"подб[иор]\w+ (?:[^ .\n]+ )?парол\w*",
            r"jelsz[óoa]\w* (?:[^ .\n]+ )?(?:pr[oó]b|kital)\w*", r"κωδικ\w+ πρόσβασης", r"로그인 시도",
            r"무차별 로그인", r"попыт\w+ (?:подбор|вход|авториз|взлом)", r"pr[oó]by? (?:logowania|w[lł]amania)",
            r"tentativi di (?:accesso|login)", r"inlogpogingen", r"forza bruta", r"перебор\w* парол",
            r"sip (?:attack|brute|registration)", r"ブルートフォース", r"総当たり", r"不正(?:な)?ログイン",
            r"register requests?\b", r"(?:voip|sip|toll)[- ]fraud", r"暴力破解", r"爆破", r"密码(?:猜测|爆破)",
            r"banned by fail2ban", r"\[fail2ban\]", r"request '?register'? from[^\n]{0,80}failed",
            r"no matching endpoint found", r"wrong password",
            r"(?:our|my|the|a|against|on) sip (?:server|account|service|prox)\w*", r"무차별 대입", r"무작위 대입",
            r"비인가 접근", r"登录(?:失败|尝试)", r"(?:尝试|試圖|试图)登[录入陆錄]",
            r"(?:imap|pop3?|smtp|ftp|rdp|telnet|sasl|sip|asterisk|joomla|wordpress)[- ](?:login|auth|brute|attack)\w*",
            r"guess\w* (?:[\w'’]+ ){0,5}passwords?",
            r"(?:tr(?:y|ied|ies|ying)|test(?:s|ed|ing)?) (?:[\w,']+ ){0,5}(?:passwords|user ?names|logins)\b",
            r"(?:log|sign)[- ]?(?:in|on)[- ]attempts?", r"attempts? to (?:log|sign)[- ]?(?:in|on)", r"fehlversuch\w*",
            r"passw[öo]rt\w* (?:[^ .\n]+ ){0,4}durch\b", r"перебира\w+ (?:[^ \n]+ ){0,3}(?:парол|логин)\w*",
            r"(?:essaie|essay|tente)\w* (?:[^ .\n]+ ){0,6}mots? de passe",
            r"(?:prova\w*|tenta\w*) (?:[^ .\n]+ ){0,6}(?:password|senhas?)",
            r"passw[oö]rt\w* (?:zu )?(?:errat|durchprobier|erraten)\w*",
            r"(?:odgadn|łama|zgadyw)\w+ (?:[^ .\n]+ )?has[eł]\w*", r"wachtwoorden (?:te )?raden",
            r"(?:fraudul[ae]nt|unauthori[sz]ed|rogue) registrations?\b[^.\n]{0,40}(?:sip|server|pbx|voip)\w*",
            r"register (?:messages?|attempts?)", r"辞書攻撃", r"(?:parola|şifre) dene\w*",
            _TRIES + _A_FEW_WORDS + _TO_LOG_IN,
        ),
        hints=(
            r"\bsshd?\b", r"fail2ban", r"denyhosts", r"\bsasl\b", r"\brhost=", r"lfd", r"csf",
            r"failures", r"\brdp\b", r"log ?in", r"password", r"авториз",
        ),
        traces=(
            r"\bsshd\[\d", r"failed password", r"maximum authentication attempts", r"pam_unix", r"login incorrect",
            r"auth\w* failed", r"too many auth\w* failures", r"password check failed", r"\[preauth\]",
            r"abuse report (?:about|for|on) (?:the )?ip address", r"fail2ban",
            r"auth-worker", r"password mismatch", r"unknown user",
        ),
    ),
    "connection/port_scan": Words(
        plain=(
            r"port(?:lar|lari|larimizi|u)? tar[ai]\w*", r"portszken\w*", r"σάρωση (?:θυρ|πορτ)\w*", r"poortscan\w*",
            r"barrido de puertos", r"balayage de ports?", r"сканування\w*", r"porttiskannaus\w*", r"portskanning\w*",
            r"et scan", r"(?:ssh|rdp|smb|telnet|http|mysql) ?-?scans?\b", r"port[- ]?(?:scan|sweep|prob)\w*",
            r"netzwerk-?scans?\w*", r"(?:tcp|udp|syn) probes?\b", r"net(?:work)?[- ]?scan\w*", r"host[- ]?scan\w*",
            (
                r"scan(?:ning|ned|s)? (?:an? |of |our |my |the |for |other |multiple |random |ports?|hosts?"
                r"|networks?|ips?\b|activit)"
            ),
            r"\bscans? (?:from|detected|report)", r"syn[- ]scan", r"сканирован\w+", r"varredura",
            r"escaneo de (?:puertos|red)", r"mass ?scan", r"scansione",
            r"unwanted (?:network )?(?:activity|traffic|connections?)", r"ポートスキャン", r"扫描(?:攻击|行为|端口)?",
            r"掃描", r"포트 ?스캔",
            r"(?:unauthori[sz]ed|malicious|hostile|illegal) (?:port )?(?:scans?|probes?|probing|connection attempts)",
            r"one (?:port|host|address) after (?:the )?(?:other|another)",
            r"(?:looking|search\w*|checking|probing) for (?:open|listening|exposed) (?:ports?|services?|hosts?)",
            r"(?:open|offene[nr]?|closed) ports (?:\w+ )?(?:gesucht|abgesucht|sought)",
            r"recherche de (?:ports|services) ouverts",
            r"(?:puertos|portas|porte|servicios|servi[cç]os) (?:abiert|abert|apert)\w*",
            r"(?:many|multiple|several|various|different|random|sequential|numerous|closed) (?:\w+ )?ports\b",
            r"sond\w+ (?:de )?(?:nos|notre|les|nuestr\w+) (?:ports|r[ée]seau|red|serv)\w*",
            r"sweep\w* (?:of |through |across )?(?:our|the|my) (?:\w+ )?(?:network|range|address|subnet|block)\w*",
            r"otwart\w+ port\w*", r"открыт\w+ порт\w*", r"abgescannt\w*", r"scannt\b",
            r"\bsweep(?:s|ing)? (?:for|across)", r"(?:snmp|ntp|dns|smb|ldap|telnet|ssh|rdp|ftp|sip) prob(?:es?|ing)\b",
            r"scansioni", _SCANS + _A_FEW_WORDS + _A_NETWORK,
        ),
        hints=(
            (
                r"(?:alle|tous (?:nos|les)|todos (?:nuestros|los|os nossos)|nossas|tutte le(?: nostre)?) (?:ports"
                r"|puertos|portas|porte)\b"
            ),
            r"\bprob(?:e|es|ed|ing)\b", r"firewall", r"\bdpt=", r"dropped", r"\bscan(?:ner|ning|s|ned)?\b",
            r"destination ports?", r"honeypot", r"dshield", r"darknet", r"connection attempts?\b",
        ),
        traces=(
            r"\bdpt=\d", r"\bproto(?:col)?[ =:]{1,3}(?:tcp|udp|icmp|6|17)\b",
            r"(?:target|dest\w*|dst)[ _-]?port[ =:]{1,3}\d", r"\d[: ]\d{2,5} {0,4}-?[=-]> {0,20}\d{1,3}\.\d",
            r"\btcp syn\b", r"\[syn\] seq=0",
        ),
    ),
    "connection/ddos": Words(
        plain=(
            r"hizmet (?:engelleme|aksatma)\w*", r"odmow\w+ us[lł]ugi", r"negazione (?:del|di) servizio",
            r"odep[rř]en\w+ slu[zž]by", r"відмов\w+ в обслуговуванн\w+", r"palvelunestohy[oö]kk[aä]y\w*",
            r"[oö]verbelastnings(?:angr|att)\w+", r"plat ?(?:gelegd|te leggen)", r"túlterhel\w+", r"\bфлуд\w*",
            r"άρνησης (?:εξ)?υπηρεσ\w*", r"\bd?dos(?:[- ]?(?:attack|angriff|traffic|activity|participat)\w*)",
            r"\bddos\w*", r"denial[- ]of[- ]service",
            r"(?:syn|udp|icmp|http|ack|tcp|dns|packet|ntp|query)[- ]?flood\w*", r"amplification (?:attack|ddos)",
            r"reflect(?:ion|ed|ive|or) (?:attack|ddos|amplif)", r"отказ\w* в обслуживании",
            r"nega[cç][aã]o de servi[cç]o", r"denegaci[oó]n de servicio", r"d[ée]ni de service", r"layer ?7 attack",
            r"(?:large-scale|reflected|amplified) (?:\w+ )?attacks?",
            r"(?:used|participated|involved|taking part) (?:for|in) an? (?:\w+[- ])?attack (?:against|on|targeting)",
            r"spoofed (?:requests|queries)", r"used for an attack", r"拒绝服务", r"洪水攻击", r"サービス(?:妨害|拒否)",
            r"\d ?[mk]pps\b", r"디도스", r"서비스 거부",
            (
                r"(?:milhares|miles|milliers|migliaia|tausende\w*|tisíc\w*|тысяч\w*) (?:de |di |d['’])?(?:requ|petic"
                r"|anfrag|richiest|požadav|запрос)\w*"
            ),
            r"requêtes massives", r"volumetric", r"booter", r"inond\w+", r"inund\w+",
            r"saturat(?:es?|ed|ing) (?:our|the)", r"satur\w+ (?:notre|la|nuestr\w+|nossa|nosso)\b", r"überflut\w*",
            r"lahm ?(?:gelegt|zu ?legen)", r"legt\w* [^.\n]{0,40} lahm",
            r"(?:knock|took|taken|bring|brought)\w* (?:\w+ ){0,3}(?:offline|down) (?:by|with|through)",
            (
                r"(?:requ[eê]tes|peticiones|anfragen|requests|pakete|packets|requisi[cç][oõ]es|запрос\w+) (?:per|par"
                r"|por|pro|each|a|every|в) (?:second|seconde|segundo|sekunde|секунд\w*)"
            ),
            r"overload(?:s|ed|ing) (?:our|the|my)", r"流量攻击", r"大量の(?:パケット|アクセス|通信)",
            r"carpet[- ]bomb\w*",
            (
                r"(?:avalanch\w*|avalancha|tormenta|flut|lavina) (?:de|von|of|di) (?:paquet|packet|paket|pacote"
                r"|anfrage|request|requ[eê]te)\w*"
            ),
            r"fuera de servicio", r"hors service", r"fora do ar", r"außer betrieb",
        ),
        hints=(
            r"\bflood\w*", r"\b[mkg]pps\b", r"\b[gm]bps\b", r"attack size", r"amplif\w+", r"null-?rout\w+",
            r"mitigat\w+",
        ),
        traces=(
            r"\d ?[gm]bit/s", r"\d ?[gm]bps", r"\d ?[mk]?pps\b", r"\budp,? (?:length|len) \d",
        ),
    ),
    "connection/intrusion": Words(
        plain=(
            r"intrusions?", r"hack(?:ing)?[- ]?(?:attempt|attack|versuch)\w*", r"exploit(?:ation)? attempts?",
            r"(?:remote code execution|command injection) (?:attempt|attack|exploit)\w*", r"shell ?shock",
            r"attack(?:ing|ed) (?:our|my|us|one of our)\b",
            r"access\w* (?:[^ .\n]+ ){0,6}without authori[sz]ation",
            r"attempted (?:hack|exploit|intrusion)", r"попытк\w+ взлома", r"einbruch",
            r"(?:illegal|unauthori[sz]ed|illegitimate) (?:resource|system|server|network) access",
            r"(?<!against )\bhacking\b(?! ?(?:attempt|attack))", r"(?:shell )?command execution",
            r"attempts? to (?:hack|break in)", r"session hijack\w*", r"(?:protected|restricted) file access",
            r"\w*servlet access", r"intento de intrusi", r"tentativas? de intrus", r"network attack", r"cyber ?attack",
            r"不正アクセス", r"кибератак",
            r"(?:system|netzwerk|netz|server) eingebrochen", r"p[ée]n[ée]tr\w+ (?:dans )?(?:notre|nos)\b",
            r"atac(?:ando|ad[oa]s?)\b", r"aangevallen", r"angegriffen", r"attaquée?s?\b", r"break-?in\b",
            r"gain(?:ed|ing)? (?:unauthori[sz]ed )?(?:access|entry) to our",
            (
                r"(?:got|broke|broken|hacked|eingedrungen|penetrat\w+) (?:\w+ )?into (?:our|my"
                r"|the) (?:\w+ )?(?:server|system|network|account)s?"
            ),
        ),
        hints=(
            r"\battack(?:s|er|ers|ing|ed)?\b", r"\bhack\w*", r"angriff\w*", r"attaque\w*", r"ataques?\b", r"attacc\w+",
            r"\bатак\w*", r"攻[击擊撃]", r"공격", r"入侵", r"침해", r"malicious (?:activity|traffic|requests?)",
            r"unauthori[sz]ed access", r"exploit\w*", r"hostile", r"remote code execution", r"command injection",
            r"abusive (?:\w+ )?(?:activity|traffic|behaviou?r|requests?)", r"\bbanned\b", r"abusing (?:our|my)\b",
            r"aanval\w*", r"\batak\w*", r"útok\w*", r"angre[pb]\w*", r"hy[öo]kk[äa]y\w*", r"támadás\w*",
            r"saldiri\w*",
        ),
    ),
    "connection/vulnerability_scan": Words(
        plain=(
            r"vulnerabilit(?:y|ies) scan\w*",
            r"web ?(?:app(?:lication)?|site|server)?[- ]?(?:attack|scan|exploit|prob)\w*",
            r"scanning for (?:vulnerab|exploit|open)\w*", r"vulnerability prob\w+",
            r"prob(?:e|es|ed|ing) (?:for|of) (?:\w+ ){0,2}vulnerab\w*",
            r"exploitable (?:applications?|scripts?|urls?)", r"nikto", r"sqlmap", r"nuclei", r"wpscan", r"masscan",
            r"zgrab", r"path[ ._-]traversal", r"directory[ ._-]traversal",
            r"(?:probing|searching|looking) for (?:vulnerab|exploit|phpmyadmin|web)\w*", r"bad[- ]?web[- ]?bot",
            r"web ?spider abuse", r"mod_?security", r"/\.env\b", r"phpmyadmin",
            r"apache-(?:noscript|overflows|badbots)", r"/etc/passwd", r"wp-config",
            r"(?:search|look|check|test)\w* for (?:\w+ ){0,3}vulnerab\w*",
            r"(?:requests? (?:for|to)|looking for|search\w* for) (?:\w+ ){0,2}non-?exist\w* (?:pages|files|urls)",
            r"(?:hack|scan|prob)\w*[^.\n]{0,40} (?:a|our|my|the|of) (?:[\w']+ )?web ?-?(?:server|site|application)s?",
            r"eval-stdin", r"/\.git/", r"jndi:", r"log4(?:shell|j) (?:scan|exploit|attack|attempt)\w*",
            r"scanning for (?:a )?vuln\w*", r"cgi-bin/",
            (
                r"(?:look|search|prob|hunt|scan)\w* (?:[\w']+ ){0,6}for (?:[\w']+ ){0,3}(?:holes|weakness\w*"
                r"|weak spots?|flaws|vulnerab\w*|exploit\w*|bugs)\b"
            ),
        ),
        hints=(
            r"\bwaf\b", r"404 not found", r"\bget /", r"\bpost /", r"nginx", r"apache", r"modsec\w*",
        ),
        traces=(
            r"\"(?:get|post|head|options|put|propfind) [^ ]{1,400} http/\d",
            r"/(?:vendor/phpunit|wp-content/plugins|wp-includes|administrator/|xmlrpc|boaform|actuator|solr/)",
        ),
    ),
    "connection/sql_injection": Words(
        plain=(
            r"sql[- ]?injection\w*", r"inyecci[oó]n (?:de )?sql", r"inje[cç][aã]o (?:de )?sql", r"\bsqli\b",
            r"union(?:\s|%20|\+)+(?:all(?:\s|%20|\+)+)?select",
            r"(?:%27|%22|')(?:%20|\+| )?(?:or|and|union)(?:%20|\+|/\*|%27| '?\d)",
            r"\b(?:sleep|benchmark|pg_sleep|extractvalue|updatexml)\((?:\d|0x|null)", r"information_schema",
            r"waitfor(?:%20|\+| )delay", r"manipulat\w* (?:\w+ )?(?:database|sql) quer\w*",
            r"inject\w* (?:\w+ )?sql\b", r"\bsql (?:code|commands?|statements?)\b",
        ),
    ),
    "connection/scraping": Words(
        plain=(
            r"\bscrap(?:ing|er|ers|ed)\b", r"crawl(?:ing|er|ers) (?:abuse|our|my|without|exce)",
            r"excessive (?:crawl|request)\w*", r"aggressive (?:bot|crawl)\w*",
            (
                r"(?:download|copie|copying|crawl|harvest|fetch|steal)\w* (?:our|the|my) (?:entire|whole"
                r"|complete) (?:\w+ ){0,2}\w+"
            ),
            r"copying our (?:\w+ )?(?:database|catalog\w*|content)", r"(?:ignor|disregard)\w* (?:our |the )?robots",
            r"mass[- ]download\w*", r"content theft", r"(?:e-?mail|address|data|content)[- ]harvest\w*",
            r"harvest\w* (?:of )?(?:e-?mail |mail )?addresses",
        ),
        hints=(
            (
                r"(?:large|high|huge|excessive|massive|abnormal|enormous) (?:number|amount|volume|quantity)s? of"
                r" (?:\w+ )?(?:requests|queries|hits|page views)"
            ),
            r"\bcrawl\w*", r"robots\.txt", r"\bbad ?bots?\b", r"python-requests", r"scrapy", r"headless",
        ),
    ),
    "connection/infected_host": Words(
        plain=(
            r"malware (?:in|on) your (?:network|constituency|systems?|servers?)", r"besmet\w*", r"ge[iï]nfecteerd\w*",
            r"(?:machine|poste|ordinateur|serveur|h[oô]te)s? infect[ée]\w*", r"nakažen\w+", r"infikovan\w+",
            r"enfekte", r"botnet üye\w*", r"saastunut\w*", r"infekterad\w*", r"fert[oő]z[oö]tt\w*", r"інфікован\w+",
            r"botnet (?:infection|drone|member|node)\w*",
            r"(?<!control )infected (?:with|by|host|computer|machine|system|device|client|pc|server|ip)\w*",
            r"infiziert\w*", r"inifziert\w*", r"suspicious communications? (?:towards|to|with)", r"beaconing to",
            r"(?:host|computer|machine|system|server|device|is|are) (?:is |are )?infected", r"sinkhole[sd]?",
            r"infec[tcç]\w+ (?:por|par|com|con)\b",
            r"(?:computador|equipo|m[áa]quina|ordenador|computer)\w* (?:[^ .\n]+ ){0,5}infe[ct]t?ad\w+",
            r"zainfekowan\w+", r"заражен\w*", r"заражён\w*", r"spambot", r"conficker", r"感染",
            r"僵尸(?:主机|网络)(?!的?控制)", r"감염", r"malware infection", r"infection report", r"\bdrones?\b",
            r"bot-infected", r"\bbots? (?:is|are) (?:running|active)",
            r"(?:part|member) of (?:a|the) (?:[\w-]+ )?botnet", r"teil eines (?:\w+-?)?botnet\w*",
            r"(?:parte|partie|membro) (?:de |d')?(?:una?|uma|un)? ?botnet",
            (
                r"\b(?:mirai|mozi|gafgyt|bashlite|hajime|emotet|trickbot|qakbot|qbot|dridex|necurs|andromeda|avalanche"
                r"|socks5systemz|badbox)[- ](?:botnet|bot|infection|infected)s?\b(?! (?:c2|c&c|command|control))"
            ),
            r"infection (?:of|on|with) (?:a|an|the|one|your)", r"(?:possible|suspected|bot|virus|trojan) infections?",
        ),
        hints=(
            r"\bbots?\b", r"trojan", r"zombie",
        ),
    ),
    "infrastructure/botnet": Words(
        plain=(
            r"(?:stealer|malware|bot(?:net)?|c2) (?:admin )?panels?\b",
            r"(?:admin|control) panel of (?:the |a )?(?:\w+ )?(?:stealer|malware|bot|trojan)\w*",
            r"control(?:s|ling)? (?:of )?(?:the )?infected", r"\bc&c\b", r"\bc&amp;c\b", r"\b(?<!:)c2\b(?!:)",
            r"command[- ](?:and|&)[- ]control", r"\bcnc\b", r"cobalt ?strike", r"control(?:ler)? servers?",
            r"botnet (?:controller|server|host|infrastructure|command)\w*", r"(?:僵尸网络的?)?控制(?:端|服务器|伺服器)",
            r"(?:指令|c&c)サーバ", r"управляющ\w+ (?:сервер|центр)\w*", r"командн\w+ (?:сервер|центр)\w*",
            r"serveur de (?:commande|contr[oô]le)", r"comando y control", r"comando e contr?ol\w*",
            r"servidor\w* de (?:comando|control)", r"befehlsserver", r"steuer(?:ungs)?server",
            r"controller of (?:a|the) (?:\w+ )?(?:botnet|trojan|malware)",
            r"(?:command|control|malware|rat|loader)[- ](?:control |command )?server",
        ),
        hints=(
            r"\bbots?\b", r"botnet\w*", r"ботнет\w*", r"mirai", r"emotet", r"trickbot", r"qakbot", r"dridex", r"mozi",
        ),
    ),
    "infrastructure/compromised_server": Words(
        plain=(
            (
                r"(?:compromised|hacked|kompromittiert\w*|gehackt\w*|взломан\w*|comprometid\w+|compromis"
                r"|piraté) (?:server|host|machine|system|vps|account|device|computer|сервер)\w*"
            ),
            (
                r"(?:server|host|machine|system|vps|account|rechner) (?:\w+ ){0,4}(?:compromised|hacked"
                r"|kompromittiert|gehackt|взломан)"
            ),
            r"(?:host|server|sistema|macchina|equipo|m[aá]quina|servidor) (?:compromess|comprometid|hackerat)\w+",
            r"risulta compromess\w+", r"(?:est[aá]|sido|foi|fue) comprometid\w+", r"a été compromis\w*",
            r"(?:wurde|wurden|ist|sind) (?:gekapert|gehackt)",
            r"serwer\w* (?:[^ .\n]+ )?(?:zhakowan|przej[eę]t)\w*", r"сервер\w* (?:[^ .\n]+ )?(?:взломан|зламан)\w*",
            r"kompromittiert\w* [\w-]{1,20}-?(?:server|system|rechner|website)\w*",
            r"(?:server|machine|host|system|vps|box) (?:[\w']+ ){0,5}(?:taken over|broken into|hijacked|rooted)",
            r"(?:intruder|attacker|hacker)s? (?:has|have|had|gained) (?:full )?control",
            r"compromise of (?:\w+ ){0,2}(?:systems?|servers?|hosts?|machines?)",
            r"(?:has been|was|is|been) (?:hacked|rooted)\b",
        ),
        hints=(
            r"compromised", r"hacked\b",
        ),
    ),
    "connection/spoofing": Words(
        plain=(
            r"ip[- ]spoof\w*", r"spoofed (?:packets?|source|traffic|ip)\w*", r"(?:forged|fake|falsified) source",
            r"source (?:ip )?address(?:es)? spoof\w*", r"spoof\w* of source",
        ),
    ),
    "connection/arp_spoofing": Words(
        plain=(
            r"arp[- ]?(?:spoof|poison)\w*", r"\barp (?:requests?|repl\w+|packets?|cache|flood\w*|announcements?)",
            r"answers? arp", r"gratuitous arp",
        ),
    ),
    "connection/sniffing": Words(
        plain=(
            r"(?:packet|network|traffic) sniff\w*", r"promiscuous mode",
            r"(?:captur|intercept|eavesdrop)\w* (?:on )?(?:the )?(?:network )?traffic of",
        ),
    ),
    "connection/reconnaissance": Words(
        plain=(
            r"reconnaissance", r"recon (?:scan|activity)", r"enumeration",
            r"(?:information|intelligence) gathering",
            r"banner[- ]grab\w*",
            r"zone transfers?",
            r"footprinting",
        ),
    ),
}  # fmt: skip
