"""Words of unlawful content."""

from __future__ import annotations

from bridge.intake.text.vocabulary import Words

_NAKED = (
    r"(?:nackt\w*|nude|nue?s?|desnud\w*|nud[ei]|nuas?|naakt\w*|nagi\w*|nah[éáý]\w*|гол\w+|sexu[ae]l\w*|sessual\w*"
    r"|seksu\w*|сексуальн\w*)"
)
_CHILDREN = (
    r"(?:children|kindern?|enfants?|ni[ñn][oa]s|crian[çc]as?|bambin[aeio]|kinderen|dzieci|d[ěe]t[ií]|детей|дітей|copii"
    r"|børn|barn)"
)
WORDS = {
    "content/phishing": Words(
        plain=(
            r"smishing", r"vishing", r"valse (?:web)?site", r"podvodn\w+ (?:web\w*|str[aá]n\w+)", r"oltalama",
            r"sahte (?:[^ .\n]+ )?(?:site|sayfa)\w*", r"faux site", r"fausses? pages?", r"usurpation",
            r"(?:sitio|p[aá]gin[aă]|web|site) fals[ăao]s?\b", r"n[aä]tfiske", r"tietojenkalastel\w*",
            r"adathal[aá]sz\w*", r"frauduleuze (?:web)?site", r"phish\w*", r"gibt sich als (?:[^ .\n]+ ){1,4}aus\b",
            r"se fait passer pour", r"se hace(?:n)? pasar por", r"se passa(?:m)? por", r"finge di essere",
            r"si spaccia per", r"doet zich voor als", r"udaj\w+ (?:[^ .\n]+ )?(?:bank|stron)\w*", r"vyd[aá]v\w+ se za",
            r"выда[её]т себя за", r"видає себе за", r"を装", r"冒充", r"(?:骗取|盗取)",
            (
                r"(?:krad\w+|крад\w+|steelt|rouba\w*) (?:[^ .\n]+ ){0,3}(?:has[lł]\w*|hesl\w*|парол\w*|wachtwoord\w*"
                r"|senhas?|dados)"
            ),
            r"credential harvest\w*", r"fake (?:login|bank|web ?(?:mail|page))\w*", r"hame[cç]onnage",
            (
                r"(?:false|cloned?|deceptive|forged|rogue|bogus|look-?alike) (?:log-?in "
                r"|sign-?in )?(?:web ?)?(?:site|page|portal|copy|form)s?\b"
            ),
            r"p[aá]ginas? fals\w+",
            r"(?:obtain|collect|harvest|gather)\w* (?:[^ ]+ ){0,3}(?:credentials|log-?in|personal (?:data|info))",
            r"фишинг\w*", r"фішинг\w*", r"suplantaci[oó]n", r"identity theft", r"フィッシング", r"钓鱼", r"釣魚",
            r"피싱", r"仿冒(?:网站|网页)?", r"brand spoof\w*", r"social engineering",
            r"spoofed (?:web)?(?:site|page|login)", r"fraudulent (?:login|bank|web ?page)",
            r"steal\w* (?:[\w']+ ){0,2}(?:credentials|passwords|login|account|personal|card)",
            (
                r"(?:imitat|impersonat|pretend\w* to be|pos(?:es|ing) as)\w* (?:[\w'’-]+ ){0,5}(?:log[- ]?[io]n"
                r"|sign[- ]?in|bank\w*|portal|web ?site|home ?page|web ?mail|customer area|page)\b"
            ),
            (
                r"(?:nachgebaut|nachgemacht|nachgeahmt|gef[äa]lscht|täuschend echt)\w* (?:[\w-]+ ){0,2}(?:anmelde"
                r"|login|bank|web|internet|portal|seite|site)\w*"
            ),
            (
                r"(?:imita|suplanta|clona|falsifica|simula)\w* (?:[^ .\n]+ ){0,5}(?:banca|banco|p[aá]gina|sitio"
                r"|portal|web|site|acceso|login)\b"
            ),
            r"(?:imite|usurpe|contrefait|copie) (?:[^ .\n]+ ){0,5}(?:banque|portail|connexion|page|site)\b",
            r"podszywa\w* (?:si[eę] )?(?:[^ .\n]+ ){0,3}(?:bank|stron|serwis|portal|logowani)\w*",
            r"(?:имитир|копир|поддел)\w+ (?:[^ .\n]+ ){0,4}(?:сайт|страниц|банк|портал|вход)\w*",
            (
                r"(?:captur|harvest|collect|gather|intercept|ask"
                r"|phish)\w* (?:for )?(?:[\w'’,-]+ ){0,5}(?:user ?names?|passwords?|pins?|log-?ins?|card numbers?"
                r"|card details|security codes?|one-time codes?)\b(?! (?:file|hash))"
            ),
            (
                r"(?:zugangsdaten|anmeldedaten|kreditkartendaten|kontodaten"
                r"|passw[öo]rter) (?:[\w,-]+ ){0,6}(?:abgegriffen|abzugreifen|abgefragt|gestohlen|erbeute\w*|stehlen"
                r"|eingeben|ab)\b"
            ),
            (
                r"(?:roban?|robar|captura|sustrae|obtener|pide|piden|roubar?|obter|coleta|rubare?|carpire|d[ée]rob"
                r"|vole|r[ée]cup[ée]r|recueill)\w* (?:[^ .\n]+ ){0,5}(?:claves?|contrase[ñn]as?|credencia\w+"
                r"|datos bancarios|senhas?|dados banc[aá]rios|credenziali|identifiants|donn[ée]es bancaires"
                r"|coordonn[ée]es bancaires)\b"
            ),
            r"credential[- ](?:theft|stealing|phishing)", r"theft of (?:\w+ )?credentials", r"wy[łl]udz\w+",
            r"выманива\w+", r"kradzie[żz]y? danych", r"bluff(?:sida|sajt)\w*",
            r"falsk\w* (?:nett?side|hjemmeside|side|login)\w*", r"nagemaakt\w* (?:site|pagina|inlog)\w*",
            r"偽の?(?:サイト|ページ|ログイン)", r"欺诈网站", r"가짜 ?(?:사이트|페이지|로그인)",
            (
                r"(?:copia|copie|c[oó]pia|kopie) (?:del|de|di|da|van|unserer|der) (?:[^ .\n]+ ){0,4}(?:portal\w*"
                r"|banking|banca|login|banque|inlog\w*|accesso)"
            ),
            (
                r"(?:carpit|rubat|sottratt|robad|roubad|vol[ée])\w* (?:[^ .\n]+ ){0,3}(?:credenziali|credenciales"
                r"|credenciais|identifiants)"
            ),
            r"(?:recovery|seed) phrase", r"mimic\w*",
            r"enter(?:ed|ing)? (?:their |the |your )?(?:[\w-]+ ){0,4}(?:password|credentials|card)\w*",
            r"fałszyw\w+ (?:stron|witryn|serwis|panel)\w*",
            r"(?:fale[sš]n|podvr[zž]en)\w+ (?:[^ .\n]+ )?(?:str[aá]n|web|e-?shop)\w*",
            r"hamis (?:[^ .\n]+ )?(?:web)?(?:oldal|hely)\w*", r"підробл\w+ (?:[^ .\n]+ )?(?:сторінк|сайт|форм)\w*",
            r"väärenne\w+ (?:[^ .\n]+ )?\w*sivu\w*", r"ψεύτικ\w+ (?:ιστο)?σελίδ\w*", r"사칭",
        ),
        hints=(
            r"(?:card|bank|account) (?:details|numbers|data)",
            r"credentials", r"impersonat\w*", r"fake (?:(?:web)?site|page)", r"bank(?:ing)?\b", r"gef[äa]lscht\w*",
        ),
    ),
    "content/phishing_redirect": Words(
        plain=(
            r"(?:phish\w*|malicious|fraud\w*) redirect\w*", r"redirect\w* (?:\w+ )?to (?:a |the )?(?:phish\w*|fraud)",
            r"open redirect\w*",
            (
                r"(?:redirect|forward|send|lead|bounce)\w* (?:[\w'’]+ ){0,4}to (?:a |the "
                r"|an )?(?:[\w-]+ )?(?:phish\w*|fraudulent|scam\w*|fake) (?:\w+ )?(?:site|page|url|form|shop|store)s?"
            ),
            r"(?:redirect(?:ing|ion|or)?|landing|intermediate) (?:page|link|url)\w*[^.\n]{0,60}phish\w*",
        ),
    ),
    "content/malware": Words(
        plain=(
            r"logiciels? malveillants?", r"software maliciosos?", r"zararli yazilim\w*",
            r"[sš]kodliv\w+ (?:k[oó]d|software|program)\w*", r"kwaadaardige (?:software|code)",
            r"skade?lig\w* (?:kod|programva|program|software|fil)\w*", r"haittaohjelm\w*", r"шкідлив\w+ програм\w*",
            r"(?:program|software|fi[sș]ier)\w* mali[tț]i\w+", r"κακόβουλ\w+",
            r"k[aá]rt[eé]kony\w* (?:program|szoftver|k[oó]d)\w*",
            (
                r"malware[-. ]?(?:url|distribut|hosting|site|download|file|sample|payload|content|on your|attack"
                r"|server)\w*"
            ),
            r"malicious (?:file|payload|software|binar|script|code|document|app|apk|archive|attachment|macro)\w*",
            r"(?:hosting|distribut\w+|serving|spread\w+) (?:of )?(?:malware|virus|trojan|ransomware|malicious)\w*",
            r"урл.{0,10}вредонос", r"вредоносн\w+", r"schad(?:software|programm|code)\w*", r"maliciel\w*",
            r"malware (?:incident|detected|found|report|takedown|domain|activit|campaign|attack|family|panel)\w*",
            r"type:? malware", r"trojani[sz]ed", r"info-?stealers?\b", r"urlhaus", r"ransomware",
            r"c[oó]digo malicioso", r"マルウェア", r"trojan download",
            r"z[łl]o[śs]liw\w+ (?:oprogramowani|kod|plik)\w*", r"恶意(?:软件|代码|程序|文件)", r"木马", r"악성 ?코드",
            (
                r"(?:delivers?|serv(?:es|ing)|drops?|downloads?|host(?:s|ing)|distribut\w+|spread\w*|install\w*"
                r"|stor(?:es|ing)|contain\w*) (?:[\w'’-]+ ){0,3}(?:malware|virus\w*|trojan\w*|(?:info"
                r"|password)[- ]?stealer\w*|ransomware|loaders?|malicious|key-?loggers?|spyware|rats?)\b"
            ),
            (
                r"(?:suspicious|dangerous|harmful|infected|malevolent) (?:[\w-]+ )?(?:files?|downloads?|executables?"
                r"|attachments?|documents?|archives?|apps?)\b"
            ),
            r"plik\w* z wirusem", r"wirus\w* komputerow\w*", r"zainfekowan\w+ plik\w*",
            r"(?:fichier|archivo|arquivo|file|ficheiro)s? (?:malveillant|malicios|infect|infett|malevol)\w*",
            r"(?:infizierte|verseuchte|sch[äa]dliche|bösartige)\w* (?:datei|download|software|dokument)\w*",
            r"drive-?by", r"exploit kit", r"skimmer", r"magecart", r"malspam payload", r"заражённ\w+ файл\w*",
            r"вирусн\w+ файл\w*", r"ウイルス", r"ウィルス", r"(?:script|code)s? (?:\w+ ){0,3}steal\w*", r"病毒",
            (
                r"(?:descarga|t[ée]l[ée]charge|scarica|baixa|скачива\w+"
                r"|завантажу\w+) (?:[^ .\n]+ ){0,3}(?:tro[jy]an\w*|v[ií]rus|троян\w*|вирус\w*|вірус\w*)"
            ),
            r"troj\w+ (?:wird )?heruntergeladen", r"ran[cç]ongiciel\w*", r"erpressungstrojaner", r"gijzelsoftware",
            r"second[- ]stage", r"(?:virus|infected|trojan) (?:e-?)?mails?",
            r"mails? (?:with|containing) (?:a |an )?(?:virus|trojan|malware)\w*", r"banking (?:malware|trojan)\w*",
        ),
        hints=(
            r"\bmalware\b", r"\bv[ií]rus\w*", r"\btrojan\w*", r"payload", r"\bexe\b",
            r"malicious (?:content|url|link|web ?site|domain|download)\w*", r"infected (?:file|web)",
            r"\bsha-?(?:1|256)\b", r"\bmd5\b", r"wirus\w*", r"вирус\w*",
        ),
    ),
    "content/fraud": Words(
        plain=(
            r"podvod\w*", r"csal[aá]s\w*", r"svindel\w*", r"bedr[aä]ger\w*", r"frode\b", r"huijau\w*", r"\bfraud\w*",
            r"\bscams?\b", r"scammers?\b", r"fake[- ]?(?:shop|store|invest\w*|trad\w+|webshop)\w*", r"advance[- ]fee",
            r"мошен\w+", r"шахрай\w*", r"betrug\w*", r"betrogen", r"betrüg\w*", r"\b419\b",
            r"deceiv\w* (?:users|customers|consumers|people|visitors|the public|innocent)", r"designed to deceive",
            r"unregulated (?:financial|firm|service)\w*", r"estafa", r"诈骗", r"詐欺", r"사기", r"oplicht\w*",
            r"nep(?:winkel|shop|site)\w*", r"arnaque\w*", r"escroquer\w*", r"dolandiric\w*", r"golpe",
            r"(?:never|nothing|not|without) (?:ever )?(?:deliver|ship|arriv)\w*(?: goods| orders?| anything)?",
            r"ships? nothing", r"(?:takes?|taking|took|collects?) (?:the |their |people'?s |our |customers'? )?money",
            r"(?:guaranteed|unrealistic|fixed) (?:daily )?(?:returns?|profits?|yields?)",
            r"(?:unable|cannot|can't|refus\w+) to (?:withdraw|pay out)",
            r"withdraw\w* (?:[\w'’]+ ){0,3}(?:deposits?|funds|money)",
            r"unauthori[sz]ed (?:\w+ ){0,2}(?:firm|broker|investment|financial services?|entity|collective)",
            r"clone firms?", r"boiler room", r"\bponzi\b", r"pyramid scheme", r"inheritance", r"lottery win\w*",
            r"swindl\w*", r"defraud\w*", r"con artists?", r"rip-?offs?", r"ripped off",
            r"cheat(?:s|ed|ing) (?:\w+ ){0,3}(?:people|customers|users|buyers|out of)", r"schwindel\w*", r"abzock\w*",
            r"nicht (?:aus)?geliefert", r"liefert (?:\w+ ){0,2}(?:nicht|nichts|keine)\b", r"[îi]n[sș]el[aă]\w*",
            (
                r"(?:bezahlt|pay[ée]|pagu[ée]i?|pagato|paid|betaald|zap[lł]aci\w+|оплатил\w*"
                r"|заплатил\w*) [^.\n]{0,40}(?:nie|nichts|jamais|nunca|non ho mai|never|nooit|nic|ничего"
                r"|не получ\w*)\b"
            ),
            r"απάτη\w*", r"обман\w*", r"лохотрон\w*", r"vigarice", r"burla\w*", r"raggir\w*", r"oszu\w+",
            r"t[rř]uff\w+", r"schijn\w*winkel", r"欺诈", r"詐騙", r"financial conduct authority",
            r"regulated activit\w*", r"financial services (?:and markets )?act", r"finanzdienst\w* ohne erlaubnis",
        ),
        hints=(
            r"impersonat\w*", r"fake\b", r"bitcoin", r"crypto\w*", r"victims?\b",
        ),
    ),
    "content/brand_infringement": Words(
        plain=(
            r"trade-?marks?", r"brand (?:abuse|infring|impersonat|misuse|protection|violation)\w*", r"counterfeit\w*",
            r"marken(?:recht|verletz)\w*", r"marca registrada", r"товарн\w+ знак\w*",
            r"infring\w+ (?:of )?(?:our |the )?(?:client'?s? )?(?:trade-?marks?|brand)", r"contrefa[cç]on\w*",
            r"trade ?marked", r"registered marks?\b", r"marque d[ée]pos", r"商标", r"商標",
            r"replica (?:watch|good|product)\w*", r"unauthori[sz]ed use of (?:our |the )?(?:brand|logo|name|mark)",
            (
                r"(?:imitation|knock-?off|bogus|fake)s? (?:\w+ )?(?:goods|products?|handbags?|bags|shoes|sneakers"
                r"|watches|clothing|merchandise|jerseys|sunglasses)\b"
            ),
            r"(?:owner|holder|proprietor)s? of the (?:\w+ )?(?:mark|brand)s?\b", r"plagiat\w*", r"f[äa]lschungen",
            r"gef[äa]lschte\w* (?:uhr|ware|produkt|artikel|schuh|tasche|kleid|parf|medikament)\w*",
            r"markeninhaber\w*", r"inhaber\w* der marke",
            r"(?:produ\w+|art[ií]cul\w+|bolsos|ropa) (?:falsific|de imitaci|pirat)\w*",
            r"falsificaci[oó]n(?:es)? de (?:la )?marca", r"podr[oó]b\w+", r"поддельн\w+ (?:товар|продукц)\w*",
            r"контрафакт\w*", r"marchi\w? registrat\w+", r"merkinbreuk", r"merkenrecht\w*", r"假冒", r"模倣品",
            r"偽ブランド", r"contraffa\w+", r"namaak\w*", r"varum[äa]rke\w*", r"varem[æe]r?k\w*",
            r"marka (?:hakk?|ihlal)\w*", r"상표", r"위조",
        ),
        hints=(
            r"\blogos?\b", r"\bbrands?\b", r"intellectual property", r"propr?i\w+ intell?[ei]\w*t[ou]\w*al\w*",
            r"geistige\w* eigentum\w*", r"интеллектуальн\w+ собственност\w*", r"własno[sś]ci? intelektualn\w+",
            r"the marks?\b",
        ),
    ),
    "content/csam": Words(
        plain=(
            r"child[- ](?:sexual )?(?:abuse|porn\w*|exploitation|sex)\w*", r"\bcsam\b", r"\bcp content",
            r"kinderporn\w*", r"p[ée]do-?(?:porn|phil)\w*", r"pornograf[ií]a infantil", r"детск\w+ порнограф\w*",
            r"порнограф\w+[^.\n]{0,40}несовершеннолетн\w*", r"sexual (?:abuse|exploitation) of (?:children|minors)",
            r"минор\w* порно", r"missbrauch(?:sdarstellung\w*)?[^.\n]{0,30}kind\w*",
            r"abuso sexual (?:infantil|de menores)", r"児童ポルノ", r"儿童色情",
            r"(?:depict|show)\w* (?:children|minors)\b", r"(?:children|minors) [^.\n]{0,40}(?:sexual|pornograph)\w*",
            r"sexual\w* (?:\w+ )?(?:images?|photos?|videos?|content|material) of (?:children|minors|a child|a minor)",
            r"(?:mineurs?|enfants?) [^.\n]{0,40}p[ée]do?pornograph\w*", r"mineurs? [^.\n]{0,40}pornograph\w*",
            r"menores? [^.\n]{0,30}pornogr[áa]f\w*", r"minderj[äa]hrig\w* [^.\n]{0,40}pornogra\w*",
            r"pornograficzn\w+ z udzia[lł]em ma[lł]oletni\w*", r"indecent images? of children", r"kindermisbruik",
            r"b(?:a|ø|oe)rne?porno?\w*", r"overgrepsbilde\w*", r"misbrugsbilled\w*", r"övergreppsbild\w*",
            r"abus sexuels? sur (?:des |les )?(?:mineur|enfant)\w*", r"дитяч\w+ порно\w*",
            r"lasten? (?:seksuaali\w*|hyväksikäyt\w*)", r"gyermekpornogr\w*", r"gyermek\w* szexuális",
            r"pornografi\w+ infantil\w*", r"pornogra\w+ (?:de|con|com|di|cu) (?:menor|minor)\w*",
            r"παιδικ\w+ πορνογραφ\w*",
            r"abu[sz](?:o|os|ul|uri)? sexual\w* (?:asupra|de|a) (?:copii|minor|crian[cç]|ni[nñ])\w*", r"lapsiporno\w*",
            r"d[ěe]tsk\w+ pornogra\w*", r"çocuk (?:pornosu|istismar)\w*", r"아동 ?(?:성착취|포르노)",
            r"(?:nude|naked|porn|sex)\w*[^.\n]{0,40}\b(?:under-?aged?|pre-?teens?|1?[0-7][- ]years?[- ]old)\b",
            r"\b(?:under-?aged?|pre-?teens?|1?[0-7][- ]years?[- ]old)\b[^.\n]{0,40}(?:nude|naked|porn|sex)\w*",
            r"(?:under-?aged?|pre-?teen) (?:\w+ ){0,3}abuse\w*",
            _NAKED + r" (?:[^ .\n]+ )?(?:(?:von|de|des|di|van|z) )?" + _CHILDREN + r"\b",
            _CHILDREN + " " + _NAKED + r"\b", r"child rape\w*", r"\bpthc\b", r"nacktbild\w* von (?:kind|minderj)\w*",
            r"p[ée]docriminel\w*", r"pornographie enfantine", r"детск\w+ порно\b",
            r"эксплуатаци\w+ (?:детей|несовершеннолетн\w*)", r"dzieci[ęe]c\w+ pornogra\w*",
            r"pornogra\w+ dzieci[ęe]c\w+", r"未成年人?色情", r"儿童性(?:虐待|侵|剥削)",
        ),
    ),
    "content/csem": Words(
        plain=(
            r"\bcsem\b", r"child grooming", r"(?:sexual )?exploitation of (?:a )?(?:minor|child)\w*",
            r"groom(?:s|ed|ing)? (?:\w+ )?(?:children|minors|kids|girls|boys)",
            r"(?:children|minors)[^.\n]{0,60}groom\w*",
            r"(?:coerc|blackmail|extort)\w* (?:\w+ ){0,3}(?:minors|children)", r"cyber-?grooming",
        ),
    ),
    "content/illegal": Words(
        plain=(
            r"disinformation", r"(?:information|content|material) (?:which is |that is )?prohibited\b",
            r"prohibited (?:on|in|within|throughout) (?:the territory|our country|\w+ territory)",
            r"prohibited (?:for|from) (?:public )?distribution", r"illegal (?:links?|web ?sites?|pages?|posts?)\b",
            (
                r"(?:violates?|breaks?|contrary to|infringes?) (?:[\w’']+ ){0,4}(?:criminal )?(?:laws?|act|ordinance"
                r"|code)\b"
            ),
            r"(?:russian|war|state|nazi|terror|terrorist) propaganda", r"illegal content",
            r"(?:illegal|irregular) (?:advertis|commerciali|offer|sale)\w*", r"anvisa\b", r"违法", r"違法",
            r"sem registro", r"propaganda irregular", r"medicin\w+ without", r"counterfeit medicin\w*",
            r"unlawful content", r"запрещ[её]нн\w+", r"противоправн\w+", r"extremis\w*", r"экстремис\w*",
            r"terroris\w*", r"террорис\w*", r"149-?фз", r"нарко\w+",
            r"(?:illegal|unlawful) (?:drug|pharmac|sale|material|information)\w*", r"drug sales?", r"иллегальн\w+",
            r"conte[uú]do il[ií]cito", r"contenido il[ií]cito", r"rechtswidrig\w*", r"narcotic\w*",
            (
                r"(?:drugs|weapons|firearms|ammunition|explosives|forged documents|counterfeit (?:money"
                r"|banknotes)) (?:\w+ ){0,3}(?:for sale|offered|sold|market\w*)"
            ),
            r"dark ?net market\w*", r"bet[äa]ubungsmittel\w*", r"stup[ée]fiants", r"estupefacient\w+",
            r"n[aä]rkotik\w*",
            r"(?:determina[çc][ãa]o|ordem|decis[ãa]o|orden|resoluci[óo]n|mandato) judicial", r"\bcourt orders?\b",
            r"it is (?:hereby )?ordered that", r"gerichtliche\w* (?:anordnung|beschluss|verf[üu]gung)",
            r"ordonnance du tribunal", r"решени\w+ суда",
        ),
        hints=(
            r"роскомнадзор\w*", r"единый реестр", r"ограничени\w+ доступа", r"удалить", r"unlawful", r"illegal",
            r"суд\w*", r"decision", r"provider must",
        ),
    ),
    "content/gambling": Words(
        plain=(
            r"gambling", r"casinos?\b", r"азартн\w+", r"игорн\w+", r"赌博", r"博彩", r"賭博", r"도박",
            r"online betting", r"jogos de azar", r"apostas", r"gl[üu]cksspiel\w*", r"казино", r"букмекер\w*",
            r"hazard(?:owe|owych|u)\b", r"ставк\w+ на спорт", r"kansspel\w*", r"\bgok(?:ken|site|spel)\w*",
            r"apuestas", r"juegos? de azar", r"jeux? (?:d.argent|de hasard)", r"paris sportifs", r"gioco d.azzardo",
            r"scommesse", r"\bkumar\b", r"\bbahis\b", r"pengespill\w*", r"カジノ",
        ),
        hints=(
            r"\bbet(?:s|ting)?\b",
        ),
    ),
    "content/adult": Words(
        plain=(
            r"sexual abuse victims?", r"intimate (?:images?|videos?|pictures?|photos?)",
            r"image-based (?:sexual )?abuse", r"\bncii\b", r"adult content", r"pornogra(?:ph|f)\w*", r"porn site",
            r"obscene", r"explicit (?:content|material)", r"revenge porn", r"non-?consensual",
        ),
        hints=(
            r"\bporn\b",
        ),
    ),
    "content/abusive": Words(
        plain=(
            r"harass\w*", r"hate speech", r"defam\w+", r"doxx?ing", r"cyber-?bull\w*", r"stalk(?:ing|er)", r"libel\w*",
            r"threats? of violence", r"death threats?", r"verleumd\w*", r"beleidig\w*", r"клевет\w*",
            r"calumni\w*", r"harc[eè]lement", r"diff?am\w*", r"laster\b", r"smaad\b", r"znies[łl]awi\w*",
            r"оскорбл\w+",
        ),
        hints=(
            r"insult\w*", r"privacy",
        ),
    ),
    "content/exposed_data": Words(
        plain=(
            r"right to (?:be forgotten|erasure)", r"diritto all.oblio", r"droit . l.oubli", r"derecho al olvido",
            r"data (?:leak|breach|exposure)\w*", r"\.git (?:director|repo|folder|config)\w*", r"\.git/config",
            r"exposed (?:data|database|credential|file|personal|git)\w*",
            r"leaked (?:[\w.-]+ ){0,2}(?:data|credential|database|document|account)\w*",
            r"(?:stolen|compromised|unlawful) (?:\w+ ){0,2}credential\w*", r"credential (?:distribution|leak|dump)\w*",
            r"database (?:dump|leak|exposed)", r"sensitive (?:data|information) (?:exposed|leak)\w*", r"datenleck",
            (
                r"(?:readable|downloadable|accessible|visible|viewed|downloaded|read|opened) (?:\w+ )?by (?:anyone"
                r"|anybody|everyone|everybody|the public)"
            ),
            (
                r"(?:backup|dump|database|export)\w* (?:file )?(?:containing|with|holding"
                r"|of) (?:[\w,'’]+ ){0,4}(?:names|addresses|passwords|customers?|users?|personal)"
            ),
            r"password hashes", r"customer (?:list|data|records) (?:\w+ ){0,3}(?:online|exposed|public|available)",
            r"öffentlich (?:einsehbar|abrufbar)\w*", r"donn[ée]es (?:[^ .\n]+ ){0,4}publiquement accessibles",
            r"fuites? de donn[ée]es", r"(?:filtraci[oó]n|fuga) de datos", r"fuga di dati", r"vazamento de dados",
            r"datalek\w*", r"wyciek danych", r"утечк\w+ (?:персональн\w+ )?данн\w*", r"(?:数据|信息)泄露", r"情報漏",
            r"datenabfluss",
        ),
        hints=(
            r"\bleak\w*", r"personal data", r"dati personali", r"datos personales", r"donn[ée]es personnelles",
            r"personenbezogen\w*", r"dados pessoais", r"персональн\w+ данн\w*", r"persoonsgegevens",
            r"dan\w+ osobow\w+",
        ),
    ),
    "content/remote_compromise": Words(
        plain=(
            r"взлом\w+ сайт\w*", r"сайт\w* (?:[^ \n]+ ){0,4}взлом\w*", r"веб-?шелл\w*",
            r"sit[eo]s? (?:web )?(?:pirat[eé]|hacke[aá]do|compromis)\w*", r"web ?shells?", r"deface(?:d|ment)",
            r"compromised (?:web)?(?:site|page|cms|wordpress|joomla)s?", r"hacked (?:web)?(?:site|page)s?",
            r"backdoor\w*", r"phishing kit", r"gehackte\w* (?:web)?seite\w*", r"injected (?:code|script)",
            r"site (?:was |has been )?hacked", r"seite\w* (?:[^ .\n]+ ){0,3}wurde gehackt",
            (
                r"(?:sitio|site|p[aá]gina)\b (?:[^ .\n]+ ){0,7}(?:hackead\w+|invadid\w+|piratée?s?\b|hackerat\w+"
                r"|jackead\w+)"
            ),
            r"stron\w* (?:[^ .\n]+ ){0,3}(?:zhakowan|przej[eę]t)\w*",
            (
                r"(?:web ?site|site|page|cms|wordpress|joomla|shop)\b[^.\n]{0,50}(?:was|has been|is|were"
                r"|been) (?:broken into|hacked|defaced|compromised|cracked|taken over)"
            ),
        ),
        hints=(
            r"cms\b",
        ),
    ),
    "content/suspicious_registration": Words(
        plain=(
            r"suspicious(?:ly)? (?:domain )?regist\w+", r"look-?alike domain", r"typo-?squat\w*", r"cybersquat\w*",
            (
                r"domain\w* (?:[\w.'’-]+ ){0,4}(?:was |were |has been |have been )?(?:just |recently |newly "
                r"|freshly )?registered (?:yesterday|today|recently|last|this|a few|\d+)"
            ),
            r"(?:newly|recently|freshly|just)[- ]registered (?:\w+ )?domains?",
            r"new domains? (?:\w+ )?(?:resembl|similar|imitat)\w*",
            r"differs? (?:\w+ ){0,4}(?:in|by) (?:only )?(?:one|a single) (?:letter|character)", r"homoglyph\w*",
            r"confusable domain", r"suspicious domains?\b",
            r"(?:displays?|shows?|hosts?|has|contains?) no (?:\w+ )?content",
        ),
    ),
    "content/prohibited": Words(
        plain=(
            r"(?:prohibited|forbidden|banned|disallowed) (?:content|goods|products|items|material)",
            r"verboten\w* (?:inhalt|ware|produkt)\w*", r"contenido prohibido", r"conte[uú]do proibido",
            r"contenu interdit",
        ),
    ),
}  # fmt: skip
