<?php

declare(strict_types=1);

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

$_ADDONLANG['overview'] = 'Übersicht';
$_ADDONLANG['approvals'] = 'Freigaben';
$_ADDONLANG['cases'] = 'Fälle';
$_ADDONLANG['reviews'] = 'Prüfungen';
$_ADDONLANG['policy'] = 'Regelwerk';
$_ADDONLANG['audit'] = 'Protokoll';
$_ADDONLANG['connection'] = 'Verbindung';
$_ADDONLANG['abuse_cases'] = 'Missbrauchsfälle';
$_ADDONLANG['later'] = 'Das lässt sich gerade nicht prüfen. Bitte versuchen Sie es in einigen Minuten noch einmal.';
$_ADDONLANG['refused'] = 'Diese Bestellung kann nicht angenommen werden. Bitte wenden Sie sich an den Support.';
$_ADDONLANG['no_admin'] = 'Bitte melden Sie sich als Administrator an.';
$_ADDONLANG['forged'] = 'Dieses Formular ist abgelaufen. Es ist nichts geschehen; öffnen Sie die Seite neu und wiederholen Sie es.';
$_ADDONLANG['not_set_up'] = 'Die Adresse der Bridge oder das Geheimnis fehlt oder ist unbrauchbar.';
$_ADDONLANG['unreachable'] = 'Tipstaff antwortet nicht. Bitte versuchen Sie es gleich noch einmal.';
$_ADDONLANG['unclear'] = 'Tipstaff hat nicht geantwortet; ob dies angekommen ist, ist nicht bekannt. Sehen Sie auf der Seite nach, bevor Sie es erneut senden.';
$_ADDONLANG['trouble'] = 'Diese Seite kann nicht gezeigt werden.';
$_ADDONLANG['upload_too_large'] = 'Eine Datei konnte nicht angenommen werden. Alle Dateien zusammen dürfen %s MiB haben.';
$_ADDONLANG['bridge'] = 'Bridge';
$_ADDONLANG['secret'] = 'Geheimnis';
$_ADDONLANG['is_set'] = 'gesetzt';
$_ADDONLANG['not_set'] = 'nicht gesetzt';
$_ADDONLANG['timeout'] = 'Längste Wartezeit';
$_ADDONLANG['when_unreachable'] = 'Bereitstellung, solange die Bridge nicht erreichbar ist';
$_ADDONLANG['allow'] = 'erlaubt';
$_ADDONLANG['refuse'] = 'abgelehnt';
$_ADDONLANG['waiting'] = 'Nachrichten, die auf die Bridge warten';
$_ADDONLANG['since'] = 'seit %s';
$_ADDONLANG['holds'] = 'Hier vermerkte Sperren';
$_ADDONLANG['read_at'] = 'gelesen:';
$_ADDONLANG['never'] = 'nie';
$_ADDONLANG['stale'] = 'Die hier gehaltenen Sperren wurden seit %s Minuten nicht gelesen: Läuft der Cron von WHMCS?';
$_ADDONLANG['never_read'] = 'Die Sperren wurden noch nie gelesen: Läuft der Cron von WHMCS?';
$_ADDONLANG['do_test'] = 'Verbindung prüfen';
$_ADDONLANG['do_send'] = 'Wartendes senden';
$_ADDONLANG['do_holds'] = 'Alle Sperren neu lesen';
$_ADDONLANG['do_again'] = 'Erneut senden';
$_ADDONLANG['do_drop'] = 'Verwerfen';
$_ADDONLANG['refused_messages'] = 'Nachrichten, die die Bridge nicht annimmt';
$_ADDONLANG['refused_meaning'] = 'Sie bleiben aufbewahrt und halten nichts auf. Senden Sie sie erneut, wenn die Ursache behoben ist, oder verwerfen Sie sie.';
$_ADDONLANG['hook'] = 'Hook';
$_ADDONLANG['about'] = 'Betrifft';
$_ADDONLANG['when'] = 'Wann';
$_ADDONLANG['why'] = 'Warum';
$_ADDONLANG['sent'] = '%s Nachricht(en) gesendet.';
$_ADDONLANG['holds_read'] = 'Alle Sperren wurden gelesen.';
$_ADDONLANG['will_be_sent'] = 'Sie wartet darauf, erneut gesendet zu werden.';
$_ADDONLANG['dropped'] = 'Sie wurde verworfen.';
$_ADDONLANG['gone'] = 'Sie ist nicht mehr da.';
$_ADDONLANG['test_good'] = 'Die Bridge antwortet und kennt dieses Geheimnis (%s ms).';
$_ADDONLANG['test_plain'] = 'Die Adresse ist http: Nachrichten reisen unverschlüsselt. Nehmen Sie https.';
$_ADDONLANG['test_secret'] = 'Die Bridge antwortet, aber das Geheimnis ist ein anderes als ihr hook_secret.';
$_ADDONLANG['test_clock'] = 'Die Bridge antwortet, aber die Uhren gehen %s Sekunden auseinander; erlaubt sind 300.';
$_ADDONLANG['test_none'] = 'Die Bridge antwortet nicht: %s';
$_ADDONLANG['test_other'] = 'Unter dieser Adresse antwortet etwas, aber nicht wie die Bridge: %s';
