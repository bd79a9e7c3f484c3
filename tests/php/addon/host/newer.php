<?php
/**
 * Prints what PHP 7.4 does not know in the files it is given: tokens, functions, and forms of signatures that later
 * versions brought. Run by any PHP from 8.1 on.
 */

declare(strict_types=1);

$newer = array_filter([
    defined('T_MATCH') ? T_MATCH : 0, defined('T_ENUM') ? T_ENUM : 0, defined('T_READONLY') ? T_READONLY : 0,
    defined('T_NULLSAFE_OBJECT_OPERATOR') ? T_NULLSAFE_OBJECT_OPERATOR : 0, defined('T_ATTRIBUTE') ? T_ATTRIBUTE : 0,
]);
$functions = ['str_contains', 'str_starts_with', 'str_ends_with', 'get_debug_type', 'array_is_list', 'fdiv', 'json_validate'];
foreach (array_slice($argv, 1) as $file) {
    $source = file_get_contents($file);
    $tokens = array_values(array_filter(token_get_all($source, TOKEN_PARSE), static function ($token) {
        return !is_array($token) || !in_array($token[0], [T_WHITESPACE, T_COMMENT, T_DOC_COMMENT], true);
    }));
    $text = static function ($token) { return is_array($token) ? $token[1] : $token; };
    foreach ($tokens as $place => $token) {
        $before = $place > 0 ? $text($tokens[$place - 1]) : '';
        $after = $text($tokens[$place + 1] ?? '');
        $isNewer = is_array($token) && (in_array($token[0], $newer, true)
            || ($token[0] === T_STRING && in_array($token[1], $functions, true) && $after === '(')
            || ($token[0] === T_STRING && $after === ':' && in_array($before, ['(', ','], true) && $tokens[$place + 2] !== ':'));
        if ($isNewer) {
            echo basename($file), ':', $token[2], ' ', $token[1], "\n";
        }
    }
    $plain = implode(' ', array_map($text, $tokens));
    preg_match_all('~function (?:\w+ )?\( [^{;]*?(?:, \)|(?:public|private|protected) |\w+ \| \w+ (?:& )?\$)'
        . '|\) : (?:static|mixed|never|\?? ?\w+ \|)|: mixed \{|catch \( [^$)]*\)|\?\? throw|\$\w+ :: class\b~', $plain, $found);
    foreach ($found[0] as $one) {
        echo basename($file), ' ', $one, "\n";
    }
}

