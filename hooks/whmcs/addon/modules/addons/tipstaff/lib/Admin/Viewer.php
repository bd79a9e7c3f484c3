<?php

declare(strict_types=1);

namespace Tipstaff\Admin;

use Tipstaff\Settings;
use Tipstaff\Text;
use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * The admin who looks at a page.
 */
final class Viewer
{
    /** @return array<string, string>|null id, name, role, locale; null where no admin is logged in */
    public static function here(): ?array
    {
        $id = $_SESSION['adminid'] ?? null;
        if (!is_numeric($id) || (int) $id < 1) {
            return null;
        }
        return ['id' => (string) (int) $id, 'name' => self::name((int) $id), 'role' => 'admin', 'locale' => Text::locale()];
    }

    /**
     * Whether the admin's role may open the module. WHMCS asks this for the module's page; what is shown on other pages
     * is ours to guard.
     */
    public static function mayOpen(int $id): bool
    {
        try {
            $role = Capsule::table('tbladmins')->where('id', $id)->value('roleid');
            return is_scalar($role) && in_array((string) $role, Settings::read()->roles, true);
        } catch (\Throwable $trouble) {
            return false;
        }
    }

    private static function name(int $id): string
    {
        try {
            $row = Capsule::table('tbladmins')->where('id', $id)->first(['firstname', 'lastname', 'username']);
        } catch (\Throwable $trouble) {
            $row = null;
        }
        $name = $row === null ? '' : trim("{$row->firstname} {$row->lastname}");
        return substr($name !== '' ? $name : (string) ($row->username ?? "admin $id"), 0, 120);
    }
}
