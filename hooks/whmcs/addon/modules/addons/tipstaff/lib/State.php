<?php

declare(strict_types=1);

namespace Tipstaff;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * What the module remembers between pages: where it stands in the holds, and how the bridge last answered. Throws what
 * the database throws.
 */
final class State
{
    private const FIRST_PAUSE = 5;
    private const LONGEST_PAUSE = 60;

    public static function get(string $name): string
    {
        $value = Capsule::table(Tables::STATE)->where('name', $name)->value('value');
        return is_scalar($value) ? (string) $value : '';
    }

    public static function set(string $name, string $value): void
    {
        $row = Capsule::table(Tables::STATE)->where('name', $name);
        if ($row->exists()) {
            $row->update(['value' => $value]);
        } else {
            Capsule::table(Tables::STATE)->insert(['name' => $name, 'value' => $value]);
        }
    }

    /** Whether pages leave the bridge alone for now, because it did not answer; cron tries all the same. */
    public static function isPausing(int $now): bool
    {
        return (int) self::get('paused_until') > $now;
    }

    /** Note how a call went: after each one in vain the pause doubles, up to a minute. */
    public static function note(bool $gotThrough, int $now): void
    {
        if ($gotThrough) {
            if (self::get('failures') !== '0') {
                self::set('failures', '0');
                self::set('paused_until', '0');
            }
            return;
        }
        $failures = min((int) self::get('failures') + 1, 1000);
        $pause = min(self::LONGEST_PAUSE, self::FIRST_PAUSE * 2 ** min($failures - 1, 10));
        self::set('failures', (string) $failures);
        self::set('paused_until', (string) ($now + $pause));
    }
}
