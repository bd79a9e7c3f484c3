"""Words of unlawful content."""

from __future__ import annotations

from bridge.intake.text.vocabulary import Words

WORDS = {
    "content/phishing": Words(
        plain=(
            r"smishing", r"vishing", r"valse (?:web)?site", r"wy[lł]udz\w+ danych",
            r"podvodn\w+ (?:web\w*|str[aá]n\w+)", r"oltalama", r"sahte (?:web )?site\w*", r"faux site", r"usurpation",
            r"(?:sitio|p[aá]gina|web|site) fals[ao]\w*", r"n[aä]tfiske", r"tietojenkalastel\w*", r"adathal[aá]sz\w*",
            r"frauduleuze (?:web)?site", r"phish\w*", r"credential harvest\w*",
            r"fake (?:login|bank|web ?mail|(?:web ?)?page)\w*", r"hame[cç]onnage",
            r"(?:false|cloned?|deceptive) (?:web ?)?(?:site|page)s?\b", r"p[aá]ginas? fals\w+",
            r"(?:obtain|collect|harvest|gather)\w* (?:[^ ]+ ){0,3}(?:credentials|log-?in|personal (?:data|info))",
            r"фишинг\w*", r"фішинг\w*", r"suplantaci[oó]n", r"identity theft", r"フィッシング", r"钓鱼", r"釣魚",
            r"피싱", r"仿冒(?:网站|网页)?", r"brand spoof\w*", r"social engineering",
            r"spoofed (?:web)?(?:site|page|login)", r"fraudulent (?:login|bank|web ?page)",
            r"steal\w* (?:[\w']+ ){0,2}(?:credentials|passwords|login|account|personal|card)", r"phishtank",
        ),
        hints=(
            r"(?:card|bank|account) (?:details|numbers|data)",
            r"credentials", r"impersonat\w*", r"fake (?:web)?site", r"bank(?:ing)?\b", r"gef[äa]lscht\w*",
        ),
    ),
    "content/phishing_redirect": Words(
        plain=(
            r"(?:phish\w*|malicious|fraud\w*) redirect\w*", r"redirect\w* (?:\w+ )?to (?:a |the )?(?:phish\w*|fraud)",
            r"open redirect\w*",
        ),
    ),
    "content/malware": Words(
        plain=(
            r"logiciels? malveillants?", r"software maliciosos?", r"zararl[ıi] yaz[ıi]l[ıi]m\w*",
            r"[sš]kodliv\w+ (?:k[oó]d|software|program)\w*", r"kwaadaardige (?:software|code)",
            r"skadlig (?:kod|programvara)", r"haittaohjelm\w*", r"шкідлив\w+ програм\w*",
            r"k[aá]rt[eé]kony\w* (?:program|szoftver|k[oó]d)\w*",
            (
                r"malware[- ]?(?:url|distribut|hosting|site|download|file|sample|payload|content|on your|attack"
                r"|server)\w*"
            ),
            r"malicious (?:file|payload|software|binar|script|code|document)\w*",
            r"(?:hosting|distribut\w+|serving|spread\w+) (?:of )?(?:malware|virus|trojan|ransomware|malicious)\w*",
            r"урл.{0,10}вредонос", r"вредоносн\w+", r"schad(?:software|programm|code)\w*", r"maliciel\w*",
            r"malware (?:incident|detected|found|report|takedown|domain|activit|campaign|attack|family|panel)\w*",
            r"type:? malware", r"trojani[sz]ed", r"info-?stealers?\b", r"urlhaus", r"ransomware",
            r"c[oó]digo malicioso", r"マルウェア", r"trojan download",
            r"z[łl]o[śs]liw\w+ (?:oprogramowani|kod|plik)\w*", r"恶意(?:软件|代码|程序|文件)", r"木马", r"악성 ?코드",
        ),
        hints=(
            r"\bmalware\b", r"\bvirus\w*", r"\btrojan\w*", r"payload", r"\bexe\b",
            r"malicious (?:content|url|link|web ?site|domain|download)\w*", r"infected (?:file|web)",
        ),
    ),
    "content/fraud": Words(
        plain=(
            r"podvod\w*", r"csal[aá]s\w*", r"svindel\w*", r"bedr[aä]ger\w*", r"frode\b", r"huijau\w*",
            r"\bfraud\w*", r"\bscams?\b", r"scammers?\b", r"fake[- ]?(?:shop|store|invest\w*|trad\w+|webshop)\w*",
            r"advance[- ]fee", r"мошен\w+", r"шахрай\w*", r"betrug\w*", r"betrüg\w*",
            r"\b419\b", r"deceiv\w* (?:users|customers|consumers|people|visitors|the public|innocent)",
            r"designed to deceive", r"unregulated (?:financial|firm|service)\w*",
            r"estafa", r"truffa", r"诈骗", r"詐欺", r"사기", r"oplicht\w*", r"nep(?:winkel|shop|site)\w*",
            r"arnaque\w*", r"escroquer\w*", r"dolandırıc\w*", r"oszustw\w+", r"golpe",
        ),
        hints=(
            r"impersonat\w*", r"fake\b", r"bitcoin", r"crypto\w*", r"victims?\b",
        ),
    ),
    "content/brand_infringement": Words(
        plain=(
            r"trade-?marks?", r"brand (?:abuse|infring|impersonat|misuse|protection|violation)\w*",
            r"counterfeit\w*", r"marken(?:recht|verletz)\w*", r"marca registrada", r"товарн\w+ знак\w*",
            r"infring\w+ (?:of )?(?:our |the )?(?:client'?s? )?(?:trade-?marks?|brand)", r"contrefa[cç]on\w*",
            r"trade ?marked", r"registered marks?\b", r"marque d[ée]pos", r"商标", r"商標",
            r"replica (?:watch|good|product)\w*", r"unauthori[sz]ed use of (?:our |the )?(?:brand|logo|name|mark)",
        ),
        hints=(
            r"\blogos?\b", r"\bbrands?\b", r"intellectual property", r"the marks?\b",
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
            r"pornograficzn\w+ z udzia[lł]em ma[lł]oletni\w*", r"indecent images? of children",
        ),
        hints=(
            r"\bminors?\b", r"несовершеннолетн\w*",
        ),
    ),
    "content/csem": Words(
        plain=(
            r"\bcsem\b", r"child grooming", r"sextortion of (?:minors|children)",
        ),
    ),
    "content/illegal": Words(
        plain=(
            r"disinformation", r"(?:russian|war|state|nazi|terror\w*) propaganda",
            r"illegal content", r"(?:illegal|irregular|unauthori[sz]ed) (?:advertis|commerciali|offer|sale)\w*",
            r"anvisa\b", r"违法", r"違法", r"sem registro", r"propaganda irregular", r"medicin\w+ without",
            r"counterfeit medicin\w*", r"unlawful content", r"запрещ[её]нн\w+", r"противоправн\w+", r"extremis\w*",
            r"экстремис\w*", r"terroris\w*", r"террорис\w*", r"149-?фз", r"нарко\w+",
            r"(?:illegal|unlawful) (?:drug|pharmac|sale|material|information)\w*", r"drug sales?", r"иллегальн\w+",
            r"conte[uú]do il[ií]cito", r"contenido il[ií]cito", r"rechtswidrig\w*",
        ),
        hints=(
            r"роскомнадзор\w*", r"единый реестр", r"ограничени\w+ доступа", r"удалить", r"unlawful", r"illegal",
            r"суд\w*", r"decision", r"provider must",
        ),
    ),
    "content/gambling": Words(
        plain=(
            r"gambling", r"casinos?\b", r"азартн\w+", r"игорн\w+", r"赌博", r"博彩", r"賭博", r"도박",
            r"online betting", r"jogos de azar", r"apostas",
            r"gl[üu]cksspiel\w*", r"казино", r"букмекер\w*", r"hazard(?:owe|owych|u)\b", r"ставк\w+ на спорт",
        ),
        hints=(
            r"\bbet(?:s|ting)?\b",
        ),
    ),
    "content/adult": Words(
        plain=(
            r"sexual abuse victims?", r"intimate (?:images?|videos?|pictures?|photos?)",
            r"image-based (?:sexual )?abuse", r"\bncii\b", r"adult content", r"pornograph\w*", r"porn site",
            r"obscene", r"explicit (?:content|material)", r"revenge porn", r"non-?consensual",
        ),
        hints=(
            r"\bporn\b",
        ),
    ),
    "content/abusive": Words(
        plain=(
            r"harass\w*", r"hate speech", r"defam\w+", r"doxx?ing", r"cyber-?bull\w*", r"stalk(?:ing|er)",
            r"libel\w*", r"threats? of violence", r"death threats?", r"verleumd\w*", r"beleidig\w*", r"diffamation",
            r"difama\w*", r"клевет\w*",
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
        ),
        hints=(
            r"\bleak\w*", r"personal data",
        ),
    ),
    "content/remote_compromise": Words(
        plain=(
            r"взлом\w+ сайт\w*", r"сайт\w* (?:[^ \n]+ ){0,4}взлом\w*", r"веб-?шелл\w*",
            r"sit[eo]s? (?:web )?(?:pirat[eé]|hacke[aá]do|compromis)\w*", r"web ?shells?", r"deface(?:d|ment)",
            r"compromised (?:web)?(?:site|page|cms|wordpress|joomla)s?", r"hacked (?:web)?(?:site|page)s?",
            r"backdoor\w*", r"phishing kit", r"gehackte\w* (?:web)?seite\w*", r"injected (?:code|script)",
            r"site (?:was |has been )?hacked",
        ),
        hints=(
            r"cms\b",
        ),
    ),
    "content/suspicious_registration": Words(
        plain=(
            r"suspicious(?:ly)? (?:domain )?regist\w+", r"newly registered (?:suspicious )?domain",
            r"look-?alike domain", r"typo-?squat\w*", r"cybersquat\w*",
        ),
    ),
}  # fmt: skip
