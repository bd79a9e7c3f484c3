<?php

declare(strict_types=1);

namespace Tipstaff;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * What the admin set for this module. Hooks are not given it, so it is read from WHMCS's own table, once per page.
 */
final class Settings
{
    public const MODULE = 'tipstaff';
    public const ALLOW = 'allow';
    public const REFUSE = 'refuse';
    public const DEFAULT_TIMEOUT_MS = 2000;
    private const SHORTEST_MS = 100;
    private const LONGEST_MS = 10000;

    /** Where the bridge answers, without a slash at the end; empty where it is not set or is no http(s) address. */
    public string $bridgeUrl;
    /** `whsec_…`; never logged, never shown. */
    public string $secret;
    public int $timeoutMs;
    public string $whenUnreachable;
    /** @var string[] ids of the admin roles that may open the module */
    public array $roles;

    private static ?self $read = null;

    /** @param array<string, mixed> $values setting => value, as WHMCS keeps them */
    public function __construct(array $values)
    {
        $url = rtrim(self::text($values, 'bridge_url'), '/');
        $this->bridgeUrl = preg_match('~^https?://[^\s/@?#]+[^\s?#]*$~i', $url) === 1 ? $url : '';
        $this->secret = self::secret(self::text($values, 'secret'));
        $timeout = self::text($values, 'timeout_ms');
        $milliseconds = is_numeric($timeout) && $timeout > 0 ? (int) $timeout : self::DEFAULT_TIMEOUT_MS;
        $this->timeoutMs = max(self::SHORTEST_MS, min($milliseconds, self::LONGEST_MS));
        $unreachable = strtolower(self::text($values, 'when_unreachable'));
        $this->whenUnreachable = $unreachable === self::REFUSE ? self::REFUSE : self::ALLOW;
        $this->roles = array_values(array_filter(array_map('trim', explode(',', self::text($values, 'access')))));
    }

    /** The settings of this installation. Throws what the database throws. */
    public static function read(): self
    {
        if (self::$read === null) {
            $values = [];
            $rows = Capsule::table('tbladdonmodules')->where('module', self::MODULE)->get(['setting', 'value']);
            foreach ($rows as $row) {
                $values[(string) $row->setting] = $row->value;
            }
            self::$read = new self($values);
        }
        return self::$read;
    }

    /** Read anew the next time: they may have been changed. */
    public static function forget(): void
    {
        self::$read = null;
    }

    public function areComplete(): bool
    {
        return $this->bridgeUrl !== '' && Delivery::key($this->secret) !== null;
    }

    /** @param array<string, mixed> $values */
    private static function text(array $values, string $name): string
    {
        return isset($values[$name]) && is_scalar($values[$name]) ? trim((string) $values[$name]) : '';
    }

    /** Versions of WHMCS that keep password fields encrypted bring `decrypt` along. */
    private static function secret(string $kept): string
    {
        if ($kept === '' || strpos($kept, 'whsec_') === 0 || !function_exists('decrypt')) {
            return $kept;
        }
        $opened = \decrypt($kept);
        return is_string($opened) && strpos($opened, 'whsec_') === 0 ? $opened : $kept;
    }
}
