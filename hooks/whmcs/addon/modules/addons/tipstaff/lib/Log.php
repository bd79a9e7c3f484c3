<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * WHMCS's own logs. Neither holds a secret, nor the text of a ticket.
 */
final class Log
{
    /** A line in the activity log, beside the client where there is one. */
    public static function activity(string $text, int $client = 0): void
    {
        if (function_exists('logActivity')) {
            \logActivity('Tipstaff: ' . Text::ascii($text, 500), $client);
        }
    }

    /** A call to the bridge in the module log, which WHMCS writes only while an admin has it switched on. */
    public static function call(string $what, Delivery $delivery, Answer $answer, Settings $settings): void
    {
        if (!function_exists('logModuleCall')) {
            return;
        }
        $request = "$what {$delivery->id}, " . strlen($delivery->body) . ' bytes';
        $response = $answer->words() . ' ' . Text::ascii($answer->isTaken() ? '' : $answer->detail(), 200);
        try {
            \logModuleCall(Settings::MODULE, $what, $request, trim($response), '', self::secrets($settings));
        } catch (\Throwable $trouble) {
            error_log('tipstaff: the module log cannot be written: ' . get_class($trouble));
        }
    }

    /** @return string[] what WHMCS is to replace by asterisks */
    private static function secrets(Settings $settings): array
    {
        $encoded = (string) preg_replace('/^whsec_/', '', $settings->secret);
        return array_values(array_filter([$settings->secret, $encoded, rtrim($encoded, '=')], 'strlen'));
    }
}
