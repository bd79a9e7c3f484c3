<?php
/**
 * Prints what PHP 7.4 does not know in the files it is given: tokens, functions, classes and forms that later versions
 * brought. Run by any PHP from 8.1 on, which first has to parse the file itself.
 *
 * It reads tokens, so it finds what can be told by name or by form. What it cannot find is code that both versions
 * know and take differently, such as a number compared with a text, or a warning that became an exception.
 */

declare(strict_types=1);

const FUNCTIONS = [
    // 8.0
    'str_contains', 'str_starts_with', 'str_ends_with', 'get_debug_type', 'get_resource_id', 'fdiv', 'preg_last_error_msg',
    'imagegetinterpolation', 'ldap_count_references', 'openssl_cms_encrypt', 'openssl_cms_decrypt', 'openssl_cms_read',
    'openssl_cms_sign', 'openssl_cms_verify',
    // 8.1
    'array_is_list', 'enum_exists', 'fsync', 'fdatasync', 'imagecreatefromavif', 'imageavif', 'mysqli_fetch_column',
    // 8.2
    'curl_upkeep', 'ini_parse_quantity', 'memory_reset_peak_usage', 'mysqli_execute_query', 'openssl_cipher_key_length',
    'libxml_get_external_entity_loader',
    // 8.3
    'json_validate', 'mb_str_pad', 'str_increment', 'str_decrement', 'stream_context_set_options', 'posix_eaccess',
    'posix_fpathconf', 'posix_pathconf', 'posix_sysconf', 'socket_atmark',
    // 8.4
    'array_find', 'array_find_key', 'array_any', 'array_all', 'mb_trim', 'mb_ltrim', 'mb_rtrim', 'mb_ucfirst', 'mb_lcfirst',
    'bcdivmod', 'bcceil', 'bcfloor', 'bcround', 'fpow', 'grapheme_str_split', 'http_get_last_response_headers',
    'http_clear_last_response_headers', 'request_parse_body',
];
const CLASSES = [
    'WeakMap', 'Stringable', 'ValueError', 'UnhandledMatchError', 'PhpToken', 'Attribute', 'Fiber', 'FiberError',
    'ReflectionEnum', 'UnitEnum', 'BackedEnum', 'ReturnTypeWillChange', 'AllowDynamicProperties', 'SensitiveParameter',
    'Override', 'DateError', 'DateException',
];
/** In the text of all tokens, a blank between each two. */
const FORMS = [
    'a comma after the last parameter' => '~function (?:& )?(?:\w+ )?\( [^{;]*?, \) (?:use|:|\{|;)~',
    'a property in a constructor' => '~__construct \( [^{;]*?(?:public|private|protected) ~',
    'a union type' => '~(?:[(,:]|public|private|protected|static) (?:\? )?[\\\\\w]+ \| [\\\\\w]+ ?(?:\| [\\\\\w]+ ?)*(?:& |\.\.\. )?(?:\$\w+|\{|;|=>)~',
    'an intersection type' => '~[(,] [\\\\\w]+ & [\\\\A-Z]\w* \$\w+~',
    'a return type of later' => '~function (?:& )?(?:\w+ )?\( [^{;]*?\) : (?:\? )?(?:static|mixed|never|null|false|true) [{;]~',
    'mixed' => '~[(,] mixed (?:& )?\$~',
    'a catch without a variable' => '~catch \( [^$)]*\)~',
    'throw as an expression' => '~(?:\?\?|\?|:|=>|&&|\|\||=|\() throw ~',
    'the class of an object' => '~\$\w+ :: class\b~',
    'a callable out of dots' => '~\( \.\.\. \)~',
    'a final constant' => '~final (?:public |protected )?const ~',
    'a constant with a type' => '~const (?:\? )?\w+ [A-Za-z_]\w* =~',
    'new in a default' => '~function (?:\w+ )?\( [^{;]*?= new ~',
    'a constant of a trait, or out of braces' => '~:: \{ ~',
    'an octal number' => '~ 0o[0-7]~i',
];

$newer = array_filter([
    defined('T_MATCH') ? T_MATCH : 0, defined('T_ENUM') ? T_ENUM : 0, defined('T_READONLY') ? T_READONLY : 0,
    defined('T_NULLSAFE_OBJECT_OPERATOR') ? T_NULLSAFE_OBJECT_OPERATOR : 0, defined('T_ATTRIBUTE') ? T_ATTRIBUTE : 0,
]);
foreach (array_slice($argv, 1) as $file) {
    $source = file_get_contents($file);
    try {
        $all = token_get_all($source, TOKEN_PARSE);
    } catch (\ParseError $problem) {
        echo basename($file), ':', $problem->getLine(), ' ', $problem->getMessage(), "\n";
        continue;
    }
    $tokens = array_values(array_filter($all, static function ($token) {
        return !is_array($token) || !in_array($token[0], [T_WHITESPACE, T_COMMENT, T_DOC_COMMENT], true);
    }));
    $text = static function ($token) { return is_array($token) ? $token[1] : $token; };
    foreach ($tokens as $place => $token) {
        if (!is_array($token)) {
            continue;
        }
        $before = $place > 0 ? $text($tokens[$place - 1]) : '';
        $after = $text($tokens[$place + 1] ?? '');
        $name = ltrim($token[1], '\\');
        $isMember = in_array($before, ['->', '::', 'function', 'const'], true);
        $isNewer = in_array($token[0], $newer, true)
            || (in_array(strtolower($name), FUNCTIONS, true) && $after === '(' && !$isMember)
            || (in_array($name, CLASSES, true) && !$isMember && $token[0] !== T_CONSTANT_ENCAPSED_STRING)
            || ($token[0] === T_STRING && $after === ':' && in_array($before, ['(', ','], true) && $tokens[$place + 2] !== ':');
        if ($isNewer) {
            echo basename($file), ':', $token[2], ' ', $token[1], "\n";
        }
    }
    $code = array_filter($tokens, static function ($token) {
        return !is_array($token) || !in_array($token[0], [T_CONSTANT_ENCAPSED_STRING, T_ENCAPSED_AND_WHITESPACE, T_INLINE_HTML], true);
    });
    $plain = implode(' ', array_map($text, $code));
    foreach (FORMS as $what => $form) {
        if (preg_match($form, $plain, $found) === 1) {
            echo basename($file), " $what: ", substr($found[0], -60), "\n";
        }
    }
}
