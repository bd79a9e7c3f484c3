<?php
/**
 * Tells Tipstaff what happened to a virtual server, signed, and never gets in the panel's way: it waits no longer than
 * the configured time, prints nothing, throws nothing. What is missed here, Tipstaff finds when it next reads the panel.
 *
 * PHP 7.4 to 8.3, no libraries. Configuration: tipstaff-config.php beside this file. Signature: Standard Webhooks, v1.
 */

declare(strict_types=1);

/** What Tipstaff is told of a machine; a row also holds passwords, which stay here. */
const TIPSTAFF_FIELDS = ['vpsid', 'uuid', 'vps_name', 'serid', 'hostname', 'ips', 'suspended', 'suspend_reason'];
const TIPSTAFF_PATH = '/hooks/virtualizor';
const TIPSTAFF_LONGEST_WAIT_MS = 5000;

/**
 * Tell of one event. True where Tipstaff took it; false is logged and is no trouble of the panel's.
 *
 * @param mixed $vps the machine's row as the panel hands it to a hook
 */
function tipstaff_tell(string $hook, $vps): bool
{
    ob_start();
    set_error_handler(static function (): bool {
        return true;
    });
    try {
        $config = tipstaff_config(__DIR__ . '/tipstaff-config.php');
        $body = tipstaff_body($hook, is_array($vps) ? $vps : [], $config, time());
        $id = 'vz_' . bin2hex(random_bytes(16));
        $status = tipstaff_post($config, $body, tipstaff_headers($config['secret'], $id, time(), $body));
        if ($status >= 200 && $status < 300) {
            return true;
        }
        error_log("tipstaff: $hook was not taken (" . ($status === 0 ? 'no answer' : "HTTP $status") . ')');
    } catch (\Throwable $problem) {
        error_log("tipstaff: $hook was not sent: " . $problem->getMessage());
    } finally {
        restore_error_handler();
        ob_end_clean();
    }
    return false;
}

/**
 * The settings, checked. Throws RuntimeException that says what to mend, and never the secret.
 *
 * @return array{bridge_url: string, secret: string, timeout_ms: int, server: string, ca_file: string}
 */
function tipstaff_config(string $file): array
{
    if (!is_file($file)) {
        throw new \RuntimeException("$file is missing");
    }
    $given = include $file;
    $given = is_array($given) ? $given : [];
    $config = [
        'bridge_url' => rtrim((string) ($given['bridge_url'] ?? ''), '/'),
        'secret' => (string) ($given['secret'] ?? ''),
        'timeout_ms' => max(1, min((int) ($given['timeout_ms'] ?? 1000), TIPSTAFF_LONGEST_WAIT_MS)),
        'server' => (string) ($given['server'] ?? ''),
        'ca_file' => (string) ($given['ca_file'] ?? ''),
    ];
    if (preg_match('~^https?://~', $config['bridge_url']) !== 1) {
        throw new \RuntimeException('bridge_url is no http(s) address');
    }
    return $config;
}

/**
 * The message: which hook, what of the machine, when; and the WHMCS server this panel is, where that is configured.
 *
 * @param array<string, mixed> $vps
 * @param array{bridge_url: string, secret: string, timeout_ms: int, server: string, ca_file: string} $config
 */
function tipstaff_body(string $hook, array $vps, array $config, int $now): string
{
    $message = [
        'hook' => $hook,
        'vars' => (object) array_intersect_key($vps, array_flip(TIPSTAFF_FIELDS)),
        'at' => gmdate('Y-m-d\TH:i:s\Z', $now),
    ];
    if ($config['server'] !== '') {
        $message['server'] = $config['server'];
    }
    $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR;
    return (string) json_encode($message, $flags);
}

/**
 * The headers that prove who sent a body, and when. Throws RuntimeException where the secret cannot be used.
 *
 * @return string[]
 */
function tipstaff_headers(string $secret, string $id, int $now, string $body): array
{
    $encoded = strpos($secret, 'whsec_') === 0 ? substr($secret, 6) : $secret;
    $key = base64_decode($encoded, true);
    if ($key === false || $key === '') {
        throw new \RuntimeException('secret is not whsec_ followed by base64');
    }
    $signature = base64_encode(hash_hmac('sha256', "$id.$now.$body", $key, true));
    return [
        'Content-Type: application/json',
        "webhook-id: $id",
        "webhook-timestamp: $now",
        "webhook-signature: v1,$signature",
    ];
}

/**
 * Post and wait at most `timeout_ms`; the HTTP status, 0 where there was no answer. Redirects are not followed.
 *
 * @param array{bridge_url: string, secret: string, timeout_ms: int, server: string, ca_file: string} $config
 * @param string[] $headers
 */
function tipstaff_post(array $config, string $body, array $headers): int
{
    $url = $config['bridge_url'] . TIPSTAFF_PATH;
    return function_exists('curl_init')
        ? tipstaff_post_by_curl($url, $config, $body, $headers)
        : tipstaff_post_by_stream($url, $config, $body, $headers);
}

/**
 * @param array{bridge_url: string, secret: string, timeout_ms: int, server: string, ca_file: string} $config
 * @param string[] $headers
 */
function tipstaff_post_by_curl(string $url, array $config, string $body, array $headers): int
{
    $call = curl_init($url);
    if ($call === false) {
        return 0;
    }
    $options = [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_FOLLOWLOCATION => false,
        CURLOPT_CONNECTTIMEOUT_MS => $config['timeout_ms'],
        CURLOPT_TIMEOUT_MS => $config['timeout_ms'],
        CURLOPT_NOSIGNAL => true,
    ];
    if ($config['ca_file'] !== '') {
        $options[CURLOPT_CAINFO] = $config['ca_file'];
    }
    curl_setopt_array($call, $options);
    curl_exec($call);
    return (int) curl_getinfo($call, CURLINFO_RESPONSE_CODE);
}

/**
 * For panels whose PHP has no curl. The status line is all that is read: the limit is per read.
 *
 * @param array{bridge_url: string, secret: string, timeout_ms: int, server: string, ca_file: string} $config
 * @param string[] $headers
 */
function tipstaff_post_by_stream(string $url, array $config, string $body, array $headers): int
{
    $tls = $config['ca_file'] === '' ? [] : ['cafile' => $config['ca_file']];
    $context = stream_context_create([
        'http' => [
            'method' => 'POST',
            'header' => implode("\r\n", array_merge($headers, ['Connection: close'])),
            'content' => $body,
            'timeout' => $config['timeout_ms'] / 1000,
            'follow_location' => 0,
            'ignore_errors' => true,
        ],
        'ssl' => $tls,
    ]);
    $answer = fopen($url, 'rb', false, $context);
    if ($answer === false) {
        return 0;
    }
    $lines = stream_get_meta_data($answer)['wrapper_data'] ?? [];
    fclose($answer);
    $first = is_array($lines) && isset($lines[0]) ? (string) $lines[0] : '';
    return preg_match('~^HTTP/\S+ (\d{3})~', $first, $found) === 1 ? (int) $found[1] : 0;
}
