<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * One signed call to the bridge, never longer than it is given. Certificates are verified, redirects not followed.
 */
final class Sender
{
    private const LONGEST_ANSWER = 16777216;

    private Settings $settings;
    /** @var \CurlHandle|resource|null kept open between calls */
    private $connection = null;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    public function post(string $path, Delivery $delivery, int $milliseconds): Answer
    {
        $options = [CURLOPT_CUSTOMREQUEST => 'POST', CURLOPT_POSTFIELDS => $delivery->body];
        return $this->send($path, $delivery, ['Content-Type: application/json'], $options, $milliseconds);
    }

    /** Signed over an empty body. */
    public function get(string $path, int $milliseconds): Answer
    {
        return $this->send($path, Delivery::of(''), [], [CURLOPT_HTTPGET => true], $milliseconds);
    }

    /**
     * @param string[] $headers
     * @param array<int, mixed> $options
     */
    private function send(string $path, Delivery $delivery, array $headers, array $options, int $milliseconds): Answer
    {
        if ($this->settings->bridgeUrl === '') {
            return new Answer(0, '', 'bridge_url is not set');
        }
        if ($milliseconds < 1) {
            return new Answer(0, '', 'not tried: this page has waited long enough');
        }
        try {
            $signed = $delivery->headers($this->settings->secret, time());
        } catch (\RuntimeException $problem) {
            return new Answer(0, '', $problem->getMessage());
        }
        return $this->call($path, array_merge($headers, $signed, ['Accept: application/json', 'Expect:']), $options, $milliseconds);
    }

    /**
     * @param string[] $headers
     * @param array<int, mixed> $options
     */
    private function call(string $path, array $headers, array $options, int $milliseconds): Answer
    {
        $call = $this->connection ?? curl_init();
        if ($call === false) {
            return new Answer(0, '', 'curl cannot be used');
        }
        $this->connection = $call;
        $body = '';
        $date = 0;
        curl_reset($call);
        curl_setopt_array($call, $options + [
            CURLOPT_URL => $this->settings->bridgeUrl . $path,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_CONNECTTIMEOUT_MS => $milliseconds,
            CURLOPT_TIMEOUT_MS => $milliseconds,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_HEADERFUNCTION => static function ($call, string $line) use (&$date): int {
                if (stripos($line, 'date:') === 0) {
                    $date = (int) strtotime(trim(substr($line, 5)));
                }
                return strlen($line);
            },
            CURLOPT_WRITEFUNCTION => static function ($call, string $part) use (&$body): int {
                $body .= $part;
                return strlen($body) > self::LONGEST_ANSWER ? 0 : strlen($part);
            },
        ]);
        $started = microtime(true);
        $done = curl_exec($call);
        $took = (microtime(true) - $started) * 1000.0;
        if ($done === false) {
            return new Answer(0, '', curl_error($call), $took);
        }
        return new Answer((int) curl_getinfo($call, CURLINFO_RESPONSE_CODE), $body, '', $took, $date);
    }
}
