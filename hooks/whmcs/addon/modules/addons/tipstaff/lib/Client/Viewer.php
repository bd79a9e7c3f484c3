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
    /** @return array<string, string>|null id, name, role, locale; null where no client is logged in */
    public static function here(): ?array
    {
        try {
            $client = class_exists('WHMCS\Authentication\CurrentUser') ? (new \WHMCS\Authentication\CurrentUser())->client() : null;
        } catch (\Throwable $trouble) {
            $client = null;
        }
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
        ];
    }

    /** @param mixed $value WHMCS keeps names escaped */
    private static function text($value): string
    {
        return is_scalar($value) ? html_entity_decode((string) $value, ENT_QUOTES, 'UTF-8') : '';
    }
}
