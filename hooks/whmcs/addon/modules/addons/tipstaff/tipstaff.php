<?php
/**
 * Tipstaff's addon module for WHMCS: the entry points, a line each. What they do is in lib/.
 *
 * PHP 7.4 to 8.3. No rule of any policy is here: hooks are told, questions are asked, pages are shown.
 */

declare(strict_types=1);

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

require_once __DIR__ . '/lib/autoload.php';

/** @return array<string, mixed> */
function tipstaff_config()
{
    return \Tipstaff\Module::config();
}

/** @return array{status: string, description: string} */
function tipstaff_activate()
{
    return \Tipstaff\Module::activate();
}

/** @return array{status: string, description: string} */
function tipstaff_deactivate()
{
    return \Tipstaff\Module::deactivate();
}

/** @param array<string, mixed> $vars */
function tipstaff_upgrade($vars)
{
    \Tipstaff\Module::upgrade();
}

/** @param array<string, mixed> $vars */
function tipstaff_output($vars)
{
    echo \Tipstaff\Admin\Desk::page((array) $vars);
}

/** @param array<string, mixed> $vars */
function tipstaff_sidebar($vars)
{
    return \Tipstaff\Admin\Desk::sidebar((array) $vars);
}

/**
 * @param array<string, mixed> $vars
 * @return array<string, mixed>
 */
function tipstaff_clientarea($vars)
{
    return \Tipstaff\Client\Cases::page((array) $vars);
}
