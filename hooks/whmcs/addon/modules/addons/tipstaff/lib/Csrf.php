<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * Our own token against forged requests: bound to the session and to who is logged in, part of every form that posts,
 * never sent to the bridge.
 */
final class Csrf
{
    public const FIELD = 'tipstaff_token';
    private const IN_SESSION = 'tipstaff_csrf';
    /** An opening form tag whose attributes may hold anything in quotes. */
    private const FORM = '~<form\b(?:[^>"\']++|"[^"]*+"|\'[^\']*+\')*+>~i';
    private const POSTS = '~\smethod\s*=\s*["\']?\s*post\b~i';

    /** @param string $viewer who is logged in, such as "admin 3" */
    public static function token(string $viewer): string
    {
        $seed = $_SESSION[self::IN_SESSION] ?? null;
        if (!is_string($seed) || strlen($seed) !== 64) {
            $seed = bin2hex(random_bytes(32));
            $_SESSION[self::IN_SESSION] = $seed;
        }
        return hash_hmac('sha256', $viewer, $seed);
    }

    public static function isRight(string $token, string $viewer): bool
    {
        return isset($_SESSION[self::IN_SESSION]) && hash_equals(self::token($viewer), $token);
    }

    /** The page with the token in each of its forms that post. */
    public static function into(string $html, string $viewer): string
    {
        $hidden = self::field($viewer);
        $done = preg_replace_callback(self::FORM, static function (array $found) use ($hidden): string {
            return preg_match(self::POSTS, $found[0]) === 1 ? $found[0] . $hidden : $found[0];
        }, $html);
        return is_string($done) ? $done : $html;
    }

    public static function field(string $viewer): string
    {
        return '<input type="hidden" name="' . self::FIELD . '" value="' . self::token($viewer) . '">' . self::ofWhmcs();
    }

    /** WHMCS's own token as well, where this version makes one: pages that check it then let our forms through. */
    private static function ofWhmcs(): string
    {
        $made = function_exists('generate_token') ? \generate_token('form') : '';
        return is_string($made) && stripos($made, '<input') === 0 ? $made : '';
    }
}
