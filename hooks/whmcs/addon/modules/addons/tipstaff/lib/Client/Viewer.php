<?php

declare(strict_types=1);

namespace Tipstaff\Client;

use Tipstaff\Text;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * The client whose account is open in the client area. A person may have access to several; WHMCS knows which one.
 */
final class Viewer
{
    /** @return array<string, string>|null id, name, role, locale, timezone; null where no client is logged in */
    public static function here(): ?array
    {
        $client = self::client();
        $id = is_object($client) ? ($client->id ?? 0) : 0;
        if (!is_numeric($id) || (int) $id < 1) {
            return null;
        }
        $name = trim(self::text($client->firstname ?? '') . ' ' . self::text($client->lastname ?? ''));
        return [
            'id' => (string) (int) $id,
            'name' => substr($name === '' ? "client $id" : $name, 0, 120),
            'role' => 'client',
            'locale' => Text::locale(),
            // WHMCS keeps no zone of a client's: its own is the nearest; on the page they may choose another.
            'timezone' => date_default_timezone_get(),
        ];
    }

    /** @return object|null with id, firstname, lastname; before WHMCS 8 only the session knows, and only the id */
    private static function client()
    {
        if (!class_exists('WHMCS\Authentication\CurrentUser')) {
            return (object) ['id' => $_SESSION['uid'] ?? 0];
        }
        try {
            return (new \WHMCS\Authentication\CurrentUser())->client();
        } catch (\Throwable $trouble) {
            return null;
        }
    }

    /** @param mixed $value WHMCS keeps names escaped */
    private static function text($value): string
    {
        return is_scalar($value) ? html_entity_decode((string) $value, ENT_QUOTES, 'UTF-8') : '';
    }
}
