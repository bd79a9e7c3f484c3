<?php

declare(strict_types=1);

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

$_ADDONLANG['overview'] = 'Overview';
$_ADDONLANG['approvals'] = 'Approvals';
$_ADDONLANG['cases'] = 'Cases';
$_ADDONLANG['reviews'] = 'Reviews';
$_ADDONLANG['policy'] = 'Policy';
$_ADDONLANG['audit'] = 'Audit';
$_ADDONLANG['connection'] = 'Connection';
$_ADDONLANG['abuse_cases'] = 'Abuse cases';
$_ADDONLANG['later'] = 'This cannot be checked right now. Please try again in a few minutes.';
$_ADDONLANG['refused'] = 'This order cannot be accepted. Please contact support.';
$_ADDONLANG['no_admin'] = 'Please log in as an admin.';
$_ADDONLANG['forged'] = 'This form has expired. Nothing was done; open the page again and repeat it.';
$_ADDONLANG['not_set_up'] = 'The bridge address or the secret is not set, or is not usable.';
$_ADDONLANG['unreachable'] = 'Tipstaff does not answer. Please try again in a moment.';
$_ADDONLANG['unclear'] = 'Tipstaff did not answer; whether it took this is not known. Look at the page before you send it again.';
$_ADDONLANG['trouble'] = 'This page cannot be shown.';
$_ADDONLANG['upload_too_large'] = 'A file could not be taken. All files together may have %s MiB.';
$_ADDONLANG['bridge'] = 'Bridge';
$_ADDONLANG['secret'] = 'Secret';
$_ADDONLANG['is_set'] = 'set';
$_ADDONLANG['not_set'] = 'not set';
$_ADDONLANG['timeout'] = 'Longest wait';
$_ADDONLANG['when_unreachable'] = 'Provisioning while the bridge is unreachable';
$_ADDONLANG['allow'] = 'allowed';
$_ADDONLANG['refuse'] = 'refused';
$_ADDONLANG['waiting'] = 'Messages that wait for the bridge';
$_ADDONLANG['since'] = 'since %s';
$_ADDONLANG['holds'] = 'Holds and bars kept here';
$_ADDONLANG['read_at'] = 'read:';
$_ADDONLANG['never'] = 'never';
$_ADDONLANG['stale'] = 'The holds kept here were not read for %s minutes: does the cron of WHMCS run?';
$_ADDONLANG['never_read'] = 'The holds were never read: does the cron of WHMCS run?';
$_ADDONLANG['do_test'] = 'Test the connection';
$_ADDONLANG['do_send'] = 'Send what waits';
$_ADDONLANG['do_holds'] = 'Read all holds again';
$_ADDONLANG['do_again'] = 'Send again';
$_ADDONLANG['do_drop'] = 'Let go';
$_ADDONLANG['refused_messages'] = 'Messages that the bridge does not take';
$_ADDONLANG['refused_meaning'] = 'They are kept and hold nothing else up. Send them again once the cause is mended, or let them go.';
$_ADDONLANG['hook'] = 'Hook';
$_ADDONLANG['about'] = 'About';
$_ADDONLANG['when'] = 'When';
$_ADDONLANG['why'] = 'Why';
$_ADDONLANG['sent'] = '%s message(s) sent.';
$_ADDONLANG['holds_read'] = 'All holds were read.';
$_ADDONLANG['will_be_sent'] = 'It waits to be sent again.';
$_ADDONLANG['dropped'] = 'It was let go.';
$_ADDONLANG['gone'] = 'It is no longer there.';
$_ADDONLANG['test_good'] = 'The bridge answers and knows this secret (%s ms).';
$_ADDONLANG['test_plain'] = 'The address is http: messages travel unencrypted. Use https.';
$_ADDONLANG['test_secret'] = 'The bridge answers, but the secret is another one than its hook_secret.';
$_ADDONLANG['test_clock'] = 'The bridge answers, but the clocks are %s seconds apart; 300 are allowed.';
$_ADDONLANG['test_none'] = 'The bridge does not answer: %s';
$_ADDONLANG['test_other'] = 'Something answers at this address, but not as the bridge does: %s';
