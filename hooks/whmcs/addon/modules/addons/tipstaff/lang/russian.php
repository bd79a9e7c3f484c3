<?php

declare(strict_types=1);

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

$_ADDONLANG['overview'] = 'Обзор';
$_ADDONLANG['approvals'] = 'Согласования';
$_ADDONLANG['cases'] = 'Дела';
$_ADDONLANG['reviews'] = 'Проверки';
$_ADDONLANG['policy'] = 'Правила';
$_ADDONLANG['audit'] = 'Журнал';
$_ADDONLANG['connection'] = 'Соединение';
$_ADDONLANG['abuse_cases'] = 'Жалобы на нарушения';
$_ADDONLANG['later'] = 'Сейчас это невозможно проверить. Повторите попытку через несколько минут.';
$_ADDONLANG['refused'] = 'Этот заказ не может быть принят. Обратитесь в службу поддержки.';
$_ADDONLANG['no_admin'] = 'Войдите как администратор.';
$_ADDONLANG['forged'] = 'Срок действия формы истёк. Ничего не сделано; откройте страницу заново и повторите.';
$_ADDONLANG['not_set_up'] = 'Адрес моста или секрет не задан или непригоден.';
$_ADDONLANG['unreachable'] = 'Tipstaff не отвечает. Повторите попытку чуть позже.';
$_ADDONLANG['unclear'] = 'Tipstaff не ответил; неизвестно, принят ли запрос. Проверьте страницу, прежде чем отправлять снова.';
$_ADDONLANG['trouble'] = 'Эту страницу невозможно показать.';
$_ADDONLANG['upload_too_large'] = 'Файл не принят. Общий размер файлов — не более %s МиБ.';
$_ADDONLANG['bridge'] = 'Мост';
$_ADDONLANG['secret'] = 'Секрет';
$_ADDONLANG['is_set'] = 'задан';
$_ADDONLANG['not_set'] = 'не задан';
$_ADDONLANG['timeout'] = 'Максимальное ожидание';
$_ADDONLANG['when_unreachable'] = 'Предоставление услуг при недоступном мосте';
$_ADDONLANG['allow'] = 'разрешено';
$_ADDONLANG['refuse'] = 'запрещено';
$_ADDONLANG['waiting'] = 'Сообщения, ожидающие моста';
$_ADDONLANG['since'] = 'с %s';
$_ADDONLANG['holds'] = 'Известные блокировки';
$_ADDONLANG['read_at'] = 'прочитано:';
$_ADDONLANG['never'] = 'никогда';
$_ADDONLANG['stale'] = 'Хранимые здесь удержания не читались %s мин.: работает ли cron WHMCS?';
$_ADDONLANG['never_read'] = 'Удержания ещё ни разу не читались: работает ли cron WHMCS?';
$_ADDONLANG['do_test'] = 'Проверить соединение';
$_ADDONLANG['do_send'] = 'Отправить ожидающее';
$_ADDONLANG['do_holds'] = 'Прочитать все блокировки заново';
$_ADDONLANG['do_again'] = 'Отправить снова';
$_ADDONLANG['do_drop'] = 'Отбросить';
$_ADDONLANG['refused_messages'] = 'Сообщения, которые мост не принимает';
$_ADDONLANG['refused_meaning'] = 'Они сохраняются и ничему не мешают. Отправьте их снова, когда причина устранена, или отбросьте.';
$_ADDONLANG['hook'] = 'Хук';
$_ADDONLANG['about'] = 'О чём';
$_ADDONLANG['when'] = 'Когда';
$_ADDONLANG['why'] = 'Почему';
$_ADDONLANG['sent'] = 'Отправлено сообщений: %s.';
$_ADDONLANG['holds_read'] = 'Все блокировки прочитаны.';
$_ADDONLANG['will_be_sent'] = 'Сообщение ожидает повторной отправки.';
$_ADDONLANG['dropped'] = 'Сообщение отброшено.';
$_ADDONLANG['gone'] = 'Его больше нет.';
$_ADDONLANG['test_good'] = 'Мост отвечает, и секрет ему известен (%s мс).';
$_ADDONLANG['test_plain'] = 'Адрес использует http: сообщения передаются без шифрования. Используйте https.';
$_ADDONLANG['test_secret'] = 'Мост отвечает, но секрет не совпадает с его hook_secret.';
$_ADDONLANG['test_clock'] = 'Мост отвечает, но часы расходятся на %s с; допустимо 300.';
$_ADDONLANG['test_none'] = 'Мост не отвечает: %s';
$_ADDONLANG['test_other'] = 'По этому адресу отвечают, но не так, как мост: %s';
