<?php
/**
 * For a crontab of its own, where WHMCS's cron runs less often than every minute:
 *
 *   * * * * * php -q <whmcs>/modules/addons/tipstaff/cron.php
 *
 * Fetches holds and empties the outbox; two at once do no harm.
 */

declare(strict_types=1);

if (PHP_SAPI !== 'cli') {
    die('This file is for the command line');
}

$init = dirname(__DIR__, 3) . '/init.php';
if (!is_file($init)) {
    die("WHMCS is not installed above this folder\n");
}
require_once $init;
require_once __DIR__ . '/lib/autoload.php';

\Tipstaff\Hooks::tick('AfterCronJob', []);
