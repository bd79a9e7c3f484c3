<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * Texts for people: escaped for pages, and in the language of whoever looks.
 */
final class Text
{
    private const LANGUAGES = ['english' => 'en', 'german' => 'de', 'russian' => 'ru', 'chinese' => 'zh'];

    /** @var array<string, array<string, string>> language => key => text */
    private static array $loaded = [];

    /** @param mixed $text */
    public static function escape($text): string
    {
        $flags = ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML5;
        return htmlspecialchars(is_scalar($text) ? (string) $text : '', $flags, 'UTF-8');
    }

    /** On one line of printable ASCII, cut: for columns of any charset, and for logs. */
    public static function ascii(string $text, int $longest): string
    {
        return substr((string) preg_replace('/[^\x20-\x7e]+/', ' ', $text), 0, $longest);
    }

    /** A text of lang/, in English where the language lacks it. Not escaped. */
    public static function say(string $key, string ...$values): string
    {
        $text = self::of(self::language())[$key] ?? self::of('english')[$key] ?? $key;
        return $values === [] ? $text : vsprintf($text, $values);
    }

    /** The code of the viewer's language ("de"), for the bridge; empty where it is one we do not know. */
    public static function locale(): string
    {
        return self::LANGUAGES[self::language()] ?? '';
    }

    private static function language(): string
    {
        $session = isset($_SESSION) && is_array($_SESSION) ? $_SESSION : [];
        $named = defined('ADMINAREA') ? ($session['adminlang'] ?? '') : ($session['Language'] ?? $session['adminlang'] ?? '');
        return is_string($named) && $named !== '' ? strtolower($named) : 'english';
    }

    /** @return array<string, string> */
    private static function of(string $language): array
    {
        if (!isset(self::LANGUAGES[$language])) {
            return [];
        }
        if (!isset(self::$loaded[$language])) {
            $_ADDONLANG = [];
            include dirname(__DIR__) . "/lang/$language.php";
            self::$loaded[$language] = $_ADDONLANG;
        }
        return self::$loaded[$language];
    }
}
