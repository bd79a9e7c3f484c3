<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * A hook as the bridge reads it: `{"hook", "vars", "at", "by", "admin"?}`. Objects stay here, and so does whatever
 * looks like a password, a card or a key.
 *
 * The JSON is plain ASCII, so that it fits a database of any charset unchanged.
 */
final class Message
{
    /** Of a module's parameters only these: the rest holds server passwords, keys and the client's whole record. */
    private const MODULE_PARAMS = [
        'serviceid', 'accountid', 'addonid', 'userid', 'pid', 'packageid', 'orderid', 'serverid', 'domain', 'status',
        'type', 'producttype', 'moduletype', 'regdate', 'action',
    ];
    /** Free fields whose meaning only the host knows. */
    private const NEVER = ['customfield', 'customfields', 'clientsdetails', 'olddata', 'model', 'template'];
    private const SECRET = '/pass|pwd|secret|token|credential|accesshash|apikey|accesskey|privatekey|securityq|cvv|cvc'
        . '|cardnum|authdata|^cc|^card|^bank|^iban|^pin$|^key$|^hash$/';
    private const DEEPEST = 5;
    private const LONGEST_TEXT = 262144;
    private const SHORT_TEXT = 1024;
    private const MOST_ENTRIES = 1000;
    private const LONGEST_BODY = 4194304;

    /** @param array<array-key, mixed> $vars as WHMCS hands them to a hook */
    public static function body(string $hook, array $vars, \DateTimeImmutable $at): string
    {
        $body = self::encoded($hook, self::cleaned($vars, 1, self::LONGEST_TEXT), $at);
        if (strlen($body) > self::LONGEST_BODY) {
            $body = self::encoded($hook, self::cleaned($vars, 1, self::SHORT_TEXT), $at);
        }
        return strlen($body) > self::LONGEST_BODY ? self::encoded($hook, self::scalars($vars), $at) : $body;
    }

    /** @param array<array-key, mixed> $vars */
    private static function encoded(string $hook, array $vars, \DateTimeImmutable $at): string
    {
        $message = [
            'hook' => $hook,
            'vars' => (object) $vars,
            'at' => $at->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s.u\Z'),
        ] + Actor::here();
        $flags = JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR;
        return (string) json_encode($message, $flags);
    }

    /**
     * What has to arrive in its order: all that is told about one service, else client, invoice, ticket or order.
     *
     * @param array<array-key, mixed> $vars
     */
    public static function lane(array $vars): string
    {
        $service = self::service($vars);
        if ($service !== '') {
            return "service $service";
        }
        $names = [
            'ticketid' => 'ticket', 'invoiceid' => 'invoice', 'OrderID' => 'order', 'orderid' => 'order',
            'client_id' => 'client', 'userid' => 'client', 'clientId' => 'client',
        ];
        foreach ($names as $name => $kind) {
            $id = self::id($vars[$name] ?? null);
            if ($id !== '') {
                return "$kind $id";
            }
        }
        return 'other';
    }

    /**
     * The service that a hook is about; empty where it names none.
     *
     * @param array<array-key, mixed> $vars
     */
    public static function service(array $vars): string
    {
        $params = isset($vars['params']) && is_array($vars['params']) ? $vars['params'] : [];
        foreach ([$params['serviceid'] ?? null, $params['accountid'] ?? null, $vars['serviceid'] ?? null] as $given) {
            $id = self::id($given);
            if ($id !== '') {
                return $id;
            }
        }
        return '';
    }

    /**
     * The client that a hook is about; 0 where it names none.
     *
     * @param array<array-key, mixed> $vars
     */
    public static function client(array $vars): int
    {
        $params = isset($vars['params']) && is_array($vars['params']) ? $vars['params'] : [];
        $given = $params['userid'] ?? $vars['userid'] ?? $vars['clientId'] ?? 0;
        return is_numeric($given) ? (int) $given : 0;
    }

    /** @param mixed $given */
    private static function id($given): string
    {
        $id = is_int($given) || is_string($given) ? trim((string) $given) : '';
        return preg_match('/^[A-Za-z0-9_.-]{1,40}$/', $id) === 1 && $id !== '0' ? $id : '';
    }

    /**
     * @param array<array-key, mixed> $values
     * @return array<array-key, mixed>
     */
    private static function cleaned(array $values, int $depth, int $longest): array
    {
        $kept = [];
        foreach (array_slice($values, 0, self::MOST_ENTRIES, true) as $name => $value) {
            if (is_string($name) && self::isKeptBack($name)) {
                continue;
            }
            if ($name === 'params' && $depth === 1 && is_array($value)) {
                $value = array_intersect_key(array_change_key_case($value), array_flip(self::MODULE_PARAMS));
            }
            if (is_array($value)) {
                if ($depth < self::DEEPEST) {
                    $kept[$name] = self::cleaned($value, $depth + 1, $longest);
                }
            } elseif (is_string($value)) {
                $kept[$name] = substr($value, 0, $longest);
            } elseif ($value === null || is_scalar($value)) {
                $kept[$name] = $value;
            }
        }
        return $kept;
    }

    /**
     * What is left of a message nobody could take: its ids and short texts.
     *
     * @param array<array-key, mixed> $vars
     * @return array<array-key, mixed>
     */
    private static function scalars(array $vars): array
    {
        $kept = array_filter(self::cleaned($vars, 1, self::SHORT_TEXT), 'is_scalar');
        $service = self::service($vars);
        return $service === '' ? $kept : ['params' => ['serviceid' => $service]] + $kept;
    }

    private static function isKeptBack(string $name): bool
    {
        $plain = (string) preg_replace('/[^a-z0-9]/', '', strtolower($name));
        return in_array($plain, self::NEVER, true) || preg_match(self::SECRET, $plain) === 1;
    }
}
