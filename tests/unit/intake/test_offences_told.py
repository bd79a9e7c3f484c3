"""What writers say, a sentence each, and the offence it tells of."""

from __future__ import annotations

import pytest

from bridge.intake.general.category import heaviest
from bridge.intake.text.offences import weigh

SENTENCES = (
    ("messaging/spam", "Vi får uønsket reklame fra serveren."),
    ("messaging/spam", "Der Rechner verschickt Werbemails, die unverlangt kommen."),
    ("messaging/spam", "I never signed up for these letters."),
    ("messaging/spam", "Recibo publicidad no pedida cada mañana."),
    ("messaging/spam", "Ваш сервер шлёт нежелательную почту."),
    ("messaging/bulk_messaging", "The machine does mass mailings to a list it bought."),
    ("messaging/spamvertised", "The shop is being promoted through junk mail."),
    ("messaging/open_relay", "It relays mail for anyone; close the relay."),
    ("messaging/public_mail_service", "They run a disposable mailbox service."),
    ("vulnerability/open_service", "Auf dem System ist eine Datenbank ohne Passwort erreichbar."),
    ("vulnerability/open_service", "It answers requests from the whole internet on UDP."),
    ("vulnerability/open_resolver", "The host does recursion for any client."),
    ("vulnerability/cve", "The mail server lacks the security updates of November."),
    ("connection/login_attack", "Die Adresse wurde nach fünf Fehlversuchen gesperrt."),
    ("connection/login_attack", "Кто-то перебирает пароли на нашем сервере."),
    ("connection/login_attack", "It made fraudulent registrations on our PBX."),
    ("connection/port_scan", "It tries one port after the other."),
    ("connection/port_scan", "It is looking for open ports in our range."),
    ("connection/port_scan", "Le serveur sonde notre réseau."),
    ("connection/ddos", "Votre machine inonde notre lien."),
    ("connection/ddos", "Der Rechner hat unsere Leitung überflutet."),
    ("connection/ddos", "It fires thousands of requests per second at us."),
    ("connection/ddos", "Attack traffic of 38 Gbit/s came from you."),
    ("connection/reconnaissance", "We saw information gathering and banner grabbing."),
    ("connection/scraping", "A bot is downloading our entire product catalogue and ignores robots."),
    ("connection/sql_injection", "The parameter was q=1%27%20OR%201=1 each time."),
    ("connection/vulnerability_scan", "It searches our server for holes."),
    ("connection/infected_host", "A bot is running on the system; it is part of a botnet."),
    ("connection/intrusion", "Somebody gained access to our files; we call it a break-in."),
    ("connection/arp_spoofing", "The port answers ARP for the gateway."),
    ("connection/sniffing", "The card runs in promiscuous mode."),
    ("infrastructure/botnet", "Este é o servidor de comando da rede."),
    ("infrastructure/compromised_server", "Your server seems to have been taken over."),
    ("content/phishing", "Die Seite ist eine nachgebaute Anmeldeseite."),
    ("content/phishing", "El sitio imita nuestra banca en línea."),
    ("content/phishing_redirect", "The page forwards visitors to a phishing site."),
    ("content/malware", "The link delivers the Lumma password stealer."),
    ("content/malware", "There is a dangerous download on your network."),
    ("content/malware", "Pod adresem jest plik z wirusem."),
    ("content/csam", "Someone posts naked pictures of underage girls there."),
    ("content/csam", "На сервере детское порно."),
    ("content/csam", "Le serveur diffuse des images pédocriminelles."),
    ("content/csam", "服务器上有儿童性虐待内容。"),
    ("content/csem", "Adults groom children in that chat."),
    ("content/fraud", "The shop takes the money and ships nothing."),
    ("content/fraud", "The site promises guaranteed returns and refuses to pay out."),
    ("content/fraud", "Das ist Abzocke."),
    ("content/brand_infringement", "They sell imitation handbags under our name."),
    ("content/brand_infringement", "Es werden Plagiate angeboten."),
    ("content/brand_infringement", "Сайт продаёт контрафакт."),
    ("content/exposed_data", "A backup file containing names and addresses is readable by anyone."),
    ("content/remote_compromise", "The website has been broken into."),
    ("content/suspicious_registration", "The domain differs from ours in one letter."),
    ("content/illegal", "The market has narcotics on offer."),
    ("content/prohibited", "These are prohibited goods."),
    ("copyright/copyright", "I am the author of these photographs."),
    ("copyright/cyberlocker", "A one-click hoster keeps our albums; this is copyright infringement."),
    ("copyright/link_site", "The index lists links to pirated copies of our books."),
    ("copyright/ugc_platform", "Episodes uploaded by users infringe our copyright."),
    ("copyright/usenet", "Our copyrighted films are posted to newsgroups."),
    ("usage/mining", "The process xmrig uses the whole CPU."),
    ("usage/irc", "An IRC daemon runs on the VPS."),
    ("usage/file_sharing", "The VPS runs a file sharing client over P2P."),
    ("usage/media_streaming", "A media streaming server runs on the plan."),
    ("usage/nested_virtualization", "Nested virtualization is in use."),
    ("usage/traffic_accelerator", "A TCP accelerator runs on it."),
    ("usage/traffic_exchange", "It takes part in a traffic exchange."),
    ("usage/cluster_computing", "It is a node of distributed computing."),
    ("conduct/system_abuse", "The guest causes excessive disk load."),
    ("conduct/payment_fraud", "It is used for card testing in our checkout."),
    ("conduct/export_control", "The customer is on a sanctions list."),
    ("connection/login_attack", "The host repeatedly failed to authenticate."),
    ("connection/login_attack", "It sends REGISTER messages for extensions that are not there."),
    ("connection/login_attack", "Están probando claves contra nuestras cuentas."),
    ("connection/port_scan", "Skanowane są nasze hosty."),
    ("connection/port_scan", "We saw SNMP probing of our routers."),
    ("connection/port_scan", "This is a sweep for remote desktop machines."),
    ("connection/ddos", "我们收到大量流量攻击。"),
    ("connection/sql_injection", "Somebody tried to inject SQL code."),
    ("infrastructure/compromised_server", "We learned of a compromise of systems under your care."),
    ("messaging/spam", "広告メールが毎日届きます。"),
    ("messaging/spam", "I keep getting these ads by mail."),
    ("messaging/open_relay", "It is misconfigured: an open relay."),
    ("vulnerability/open_resolver", "Der Dienst beantwortet rekursive Anfragen."),
    ("vulnerability/open_service", "Der Server ist ohne Anmeldung nutzbar."),
    ("vulnerability/cve", "Os servidores são vulneráveis."),
    ("content/phishing", "The form mimics a webmail."),
    ("content/phishing", "Sul server si trova una copia del nostro portale."),
    ("content/phishing", "偽サイトです。"),
    ("content/malware", "Le fichier installe un rançongiciel."),
    ("content/malware", "A script steals what visitors type."),
    ("content/fraud", "网络欺诈"),
    ("content/fraud", "The firm offers regulated activities."),
    ("content/brand_infringement", "Vendono profumi contraffatti."),
    ("content/gambling", "Er worden kansspelen aangeboden."),
    ("content/gambling", "Le site propose des jeux d'argent."),
    ("content/exposed_data", "Il y a eu une fuite de données."),
    ("content/exposed_data", "Произошла утечка персональных данных."),
    ("content/abusive", "Chodzi o zniesławienie."),
    ("content/csam", "Det gjelder barneporno."),
    ("copyright/copyright", "저작권을 침해합니다."),
    ("usage/proxy", "На сервере открытый прокси."),
    ("connection/ddos", "Recibimos una avalancha de paquetes."),
    ("connection/ddos", "It is carpet bombing of our prefixes."),
    ("infrastructure/botnet", "There is the controller of the Remcos trojan."),
    ("infrastructure/compromised_server", "We think it was hacked."),
    ("content/phishing", "It shows a forged copy of our sign-on."),
    ("content/phishing", "Działa tam fałszywa strona."),
    ("content/malware", "The app is banking malware."),
    ("copyright/copyright", "It republishes our articles."),
    ("connection/spoofing", "It emits packets with forged source addresses."),
    ("messaging/spam", "It floods my inbox with offers."),
    ("connection/intrusion", "It accesses hosts of others without authorization."),
    ("connection/vulnerability_scan", "They try to probe our systems for a\nvulnerability every night."),
    (
        "vulnerability/open_service",
        "It is abused for DDoS attacks; we list each openly accessible\nportmapper service.",
    ),
    ("reputation/blocklist", "Your server has a black list entry with us."),
    ("content/illegal", "The page has been recognized as prohibited on the territory of our country."),
    ("content/illegal", "Please remove this illegal link."),
    ("messaging/spam", "Från er server skickas oönskad reklam."),
    ("messaging/spam", "Λαμβάνουμε ανεπιθύμητη αλληλογραφία."),
    ("messaging/spam", "Three times I asked them to take me off their list."),
    ("content/phishing", "Sunucunuzda bankamızın sahte giriş sayfası bulunuyor."),
    ("content/phishing", "Palvelimellanne on väärennetty kirjautumissivu."),
    ("content/phishing", "당 은행을 사칭한 사이트입니다."),
    ("content/malware", "Fra adressen spredes skadelig software."),
    ("content/malware", "De aici se distribuie programe malițioase."),
    ("content/fraud", "Site dolandırıcılık yapıyor."),
    ("content/fraud", "Der Shop liefert nichts."),
    ("content/csam", "Le site diffuse des images d'abus sexuels sur mineurs."),
    ("content/csam", "На сайті розміщено дитячу порнографію."),
    ("content/csam", "Siden indeholder børneporno."),
    ("content/csam", "Az oldalon gyermekpornográfia található."),
    ("content/csam", "Pe site se află pornografie infantilă."),
    ("content/csam", "Η σελίδα περιέχει παιδική πορνογραφία."),
    ("content/remote_compromise", "El sitio web de su cliente ha sido hackeado."),
    ("content/brand_infringement", "Es werden gefälschte Uhren verkauft."),
    ("connection/ddos", "貴社のIPからDDoS攻撃を受けています。"),
    ("connection/ddos", "С вашего адреса идёт флуд."),
    ("connection/port_scan", "Ваш сервер сканує порти нашої мережі."),
    ("connection/port_scan", "Sunucunuz portları tarıyor."),
    ("connection/login_attack", "Er server försöker gissa lösenord."),
    ("connection/login_attack", "Serverul încearcă să ghicească parole."),
    ("connection/login_attack", "З вашої адреси намагаються підібрати пароль."),
    ("connection/intrusion", "Vanaf uw adres wordt onze server aangevallen."),
    ("infrastructure/compromised_server", "Su servidor ha sido comprometido."),
    ("infrastructure/botnet", "该服务器是僵尸网络的控制端。"),
    ("vulnerability/open_service", "O serviço NTP está aberto na Internet."),
    ("reputation/blocklist", "Ihre Adresse steht auf unserer Sperrliste."),
    ("copyright/copyright", "Unser Film wird ohne Lizenz angeboten."),
    ("copyright/copyright", "Mijn foto's worden zonder mijn toestemming gebruikt."),
    ("messaging/spam", "Přestaňte mi posílat reklamu."),
    ("messaging/spam", "Я на эти письма не подписывался."),
    ("content/phishing", "La página se hace pasar por nuestro banco."),
    ("content/phishing", "Strona udaje nasz bank i kradnie hasła."),
    ("content/phishing", "当行を装ったサイトです。"),
    ("content/malware", "El enlace descarga un troyano."),
    ("content/fraud", "Ho pagato e non ho mai ricevuto la merce."),
    ("connection/ddos", "Seu IP nos envia milhares de requisições."),
    ("connection/port_scan", "Votre machine teste tous nos ports."),
    ("connection/login_attack", "Někdo z vaší sítě se snaží přihlásit."),
    ("content/csam", "Hay fotos sexuales de niños en ese sitio."),
    ("content/csam", "Há imagens de crianças nuas nesse site."),
    ("content/csam", "Там выложены фото голых детей."),
    ("content/csam", "En el foro se comparte pornografía de menores."),
    ("messaging/spam", "We received suspicious mails from your machine."),
    ("messaging/spam", "This report was made from our FBL."),
    ("messaging/spamvertised", "The shop is named in SMS spam that came to my phone."),
    ("connection/scraping", "It sent an unusually high number of requests for one customer's page."),
    ("connection/infected_host", "Traffic of the Mozi botnet was seen."),
    ("connection/vulnerability_scan", "It was scanning hosts all over the world for security vulnerabilities."),
    ("connection/port_scan", "192.0.2.7 → 198.51.100.9 TCP 60 40112 → 22 [SYN] Seq=0 Win=64240"),
    ("content/brand_infringement", "Violazione della proprietà intellettuale, logo compreso."),
    ("content/suspicious_registration", "The suspicious domain shows no content, yet could serve phishing."),
    ("content/fraud", "It is a scam; the fake page takes the money of buyers."),
)


@pytest.mark.parametrize(("category", "sentence"), SENTENCES, ids=[sentence for _, sentence in SENTENCES])
def test_a_sentence_tells_the_offence(category: str, sentence: str) -> None:
    assert heaviest(weigh("Abuse", sentence)) == category


def test_words_that_two_phrases_of_a_category_share_count_once() -> None:
    assert weigh("", "a brute force dictionary attack") == weigh("", "a brute force, dictionary attack")
    assert weigh("", "a network port scan") == weigh("", "a port scan")


@pytest.mark.parametrize(
    "sentence",
    [
        "It may have been compromised.",
        "Either your machine is infected and sends spam, or somebody misuses it.",
        "Please look for signs of an intrusion.",
        "A computer is probably infected and part of a botnet.",
        "This mail does not contain any virus.",
    ],
)
def test_what_a_writer_only_supposes_weighs_nothing(sentence: str) -> None:
    assert weigh("", sentence) == {}


@pytest.mark.parametrize("label", ["Type", "Category", "Kategorie", "Issue"])
def test_a_label_of_one_word_says_the_offence_too(label: str) -> None:
    assert (
        heaviest(weigh("", f"{label}: phishing\nSee also: botnet and another botnet controller")) == "content/phishing"
    )


def test_what_filters_write_into_a_subject_weighs_nothing() -> None:
    assert weigh("*****SPAM***** Hello", "") == {}


def test_an_infected_machine_that_takes_part_in_a_flood_is_reported_for_the_flood() -> None:
    assert heaviest(weigh("DDoS", "a denial of service by infected computers")) == "connection/ddos"


def test_who_sends_many_scams_by_mail_is_reported_for_spam() -> None:
    assert heaviest(weigh("Scam from your host", "It is sending a lot of spam and scam mail.")) == "messaging/spam"


def test_attacks_tell_more_than_the_weaknesses_that_they_try() -> None:
    rules = "WAF rule 930: WordPress vulnerability (CVE-2017-0000)"
    assert heaviest(weigh("Abuse report", f"One of your addresses is attacking our network.\n{rules}")) == (
        "connection/intrusion"
    )


def test_many_flows_to_many_machines_show_a_scan() -> None:
    flows = "2024-11-14 TCP 192.0.2.47 13000 =>  10.43.130.23 34500"
    assert heaviest(weigh("Abuse", f"Please see:\n{flows}\n{flows}")) == "connection/port_scan"


def test_what_comes_from_a_network_was_not_done_to_it() -> None:
    assert weigh("", "The scanner comes from your network.") == weigh("", "A scanner.")


def test_child_abuse_in_a_subject_outweighs_everything_else_that_a_mail_complains_of() -> None:
    assert heaviest(weigh("Child pornography, spam", "Spam again! Blacklisted by three lists.")) == "content/csam"


@pytest.mark.parametrize(
    "words", ["theme-font: minor-latin", "only minor changes", "minors may not register", "für Kinder und Jugendliche"]
)
def test_child_abuse_is_named_by_words_that_speak_of_it_alone(words: str) -> None:
    assert weigh(words, words) == {}


@pytest.mark.parametrize(
    "words",
    ["(port scan, brute force or DDoS)", "such as spam, phishing or malware", "(e.g. spam, DDoS, botnets, etc.)"],
)
def test_examples_of_what_abuse_may_be_name_nothing(words: str) -> None:
    assert weigh("", words) == {}


def test_a_log_in_page_among_many_paths_shows_a_search_for_holes() -> None:
    probes = "\n".join(
        f'192.0.2.9 - - "POST {path} HTTP/1.1" 404 9'
        for path in ("/a", "/b/", "/old/xmlrpc.php", "/wp-login.php", "/c")
    )
    trials = '192.0.2.9 - - "POST /wp-login.php HTTP/1.1" 200 9\n' * 5
    assert heaviest(weigh("Abuse", f"Please see our log:\n{probes}")) == "connection/vulnerability_scan"
    assert heaviest(weigh("Abuse", f"Please see our log:\n{trials}")) == "connection/login_attack"


def test_a_listing_is_the_consequence_of_what_the_log_below_it_shows() -> None:
    log = "sshd[7]: Invalid user admin from 192.0.2.9\nsshd[7]: Failed password for root\n"
    letter = f"We noticed network abuse.\n{log}In consequence the address was blacklisted."
    assert heaviest(weigh("Address blacklisted", letter)) == "connection/login_attack"


def test_what_a_hacked_site_shows_is_reported_and_not_that_it_was_hacked() -> None:
    assert heaviest(weigh("Your server has been hacked", "It shows a phishing page, a fraudulent login.")) == (
        "content/phishing"
    )


def test_a_list_of_all_that_might_be_meant_names_nothing() -> None:
    """What a data centre writes above every report that it hands on."""
    letter = """We were told of something about your server. It involves either:
(a) an infringement of copyright,
(b) hosting of illegal content,
(c) malicious activities (DDoS attacks, spamming),
(d) or any other illegal act.
Please answer within a day.
"""
    assert weigh("Report", letter) == {}
