<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * The module as WHMCS manages it: its settings, and what is made and removed with it.
 */
final class Module
{
    public const VERSION = '0.1.0';
    private const LAST_CHANCE_SECONDS = 5;

    /** @return array<string, mixed> */
    public static function config(): array
    {
        return [
            'name' => 'Tipstaff',
            'description' => 'Carries out your own published abuse policy: cases, approvals, holds.',
            'version' => self::VERSION,
            'author' => 'Tipstaff',
            'language' => 'english',
            'fields' => [
                'bridge_url' => [
                    'FriendlyName' => 'Bridge',
                    'Type' => 'text',
                    'Size' => '60',
                    'Default' => '',
                    'Description' => 'Where Tipstaff answers, such as https://tipstaff.example',
                ],
                'secret' => [
                    'FriendlyName' => 'Secret',
                    'Type' => 'password',
                    'Size' => '60',
                    'Default' => '',
                    'Description' => 'hook_secret of tipstaff.toml (whsec_...)',
                ],
                'timeout_ms' => [
                    'FriendlyName' => 'Longest wait',
                    'Type' => 'text',
                    'Size' => '6',
                    'Default' => (string) Settings::DEFAULT_TIMEOUT_MS,
                    'Description' => 'Milliseconds that a page waits for the bridge, 100 to 10000',
                ],
                'when_unreachable' => [
                    'FriendlyName' => 'Bridge unreachable',
                    'Type' => 'dropdown',
                    'Options' => Settings::ALLOW . ',' . Settings::REFUSE,
                    'Default' => Settings::ALLOW,
                    'Description' => 'What happens to new orders and provisioning while the bridge cannot be asked',
                ],
            ],
        ];
    }

    /** @return array{status: string, description: string} */
    public static function activate(): array
    {
        try {
            Tables::make();
        } catch (\Throwable $trouble) {
            return ['status' => 'error', 'description' => 'The tables could not be made: ' . get_class($trouble)];
        }
        return ['status' => 'success', 'description' => 'Now set the bridge and the secret, and choose who may open the module.'];
    }

    /** @return array{status: string, description: string} */
    public static function deactivate(): array
    {
        try {
            $lost = self::sendWhatWaits();
            Tables::drop();
        } catch (\Throwable $trouble) {
            return ['status' => 'error', 'description' => 'The tables could not be removed: ' . get_class($trouble)];
        }
        $description = 'All tables of the module are gone.';
        if ($lost > 0) {
            $description .= " $lost message(s) that the bridge had not taken went with them.";
        }
        return ['status' => 'success', 'description' => $description];
    }

    /** A version that keeps more makes what is missing; called by WHMCS after the version's text changed. */
    public static function upgrade(): void
    {
        try {
            Tables::make();
        } catch (\Throwable $trouble) {
            Log::activity('the tables could not be brought up to date: ' . get_class($trouble));
        }
    }

    /** A last try; how many are left. */
    private static function sendWhatWaits(): int
    {
        if (!\WHMCS\Database\Capsule::schema()->hasTable(Tables::OUTBOX)) {
            return 0;
        }
        $settings = Settings::read();
        if ($settings->areComplete()) {
            $until = microtime(true) + self::LAST_CHANCE_SECONDS;
            (new Outbox($settings, new Sender($settings)))->sendAll(time(), $until, $settings->timeoutMs);
        }
        return Outbox::state()['count'];
    }
}
