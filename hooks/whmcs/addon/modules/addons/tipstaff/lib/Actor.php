<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * Who is behind what happens in WHMCS right now: an admin at the panel, or automation (cron, gateways, the API, what a
 * customer's own page sets off).
 */
final class Actor
{
    private const SCRIPTS_OF_NOBODY = ['cron.php', 'api.php', 'pop.php', 'pipe.php'];

    /** @return array<string, string> `by`, and `admin` where it is one, as the bridge reads them */
    public static function here(): array
    {
        $admin = self::admin();
        return $admin === null ? ['by' => 'automation'] : ['by' => 'admin', 'admin' => (string) $admin];
    }

    /** The id of the admin whose doing this is; null for automation. */
    public static function admin(): ?int
    {
        if (self::isCron() || defined('CLIENTAREA') || self::isScriptOfNobody()) {
            return null;
        }
        $id = isset($_SESSION) && is_array($_SESSION) ? ($_SESSION['adminid'] ?? null) : null;
        return is_numeric($id) && (int) $id > 0 ? (int) $id : null;
    }

    /** Whether nobody waits for a page: WHMCS's cron, or ours. */
    public static function isCron(): bool
    {
        return defined('IN_CRON') || basename(self::script()) === 'cron.php';
    }

    /** An admin's browser may carry an admin session to pages that are not an admin's doing. */
    private static function isScriptOfNobody(): bool
    {
        $script = self::script();
        return in_array(basename($script), self::SCRIPTS_OF_NOBODY, true) || strpos($script, '/callback/') !== false;
    }

    private static function script(): string
    {
        $name = $_SERVER['SCRIPT_NAME'] ?? '';
        return is_string($name) ? str_replace('\\', '/', $name) : '';
    }
}
