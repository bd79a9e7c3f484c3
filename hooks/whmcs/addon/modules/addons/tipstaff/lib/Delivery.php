<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * One message to the bridge: an id that stays the same however often it is sent, a body, and the headers that prove
 * who sent it, by the Standard Webhooks scheme (v1: HMAC-SHA-256 of "id.timestamp.body").
 */
final class Delivery
{
    public string $id;
    public string $body;

    public function __construct(string $id, string $body)
    {
        $this->id = $id;
        $this->body = $body;
    }

    public static function of(string $body): self
    {
        return new self('msg_' . bin2hex(random_bytes(12)), $body);
    }

    /**
     * @param int $now Unix seconds
     * @return string[] header lines; throws \RuntimeException, which never holds the secret, where it cannot be used
     */
    public function headers(string $secret, int $now): array
    {
        $key = self::key($secret);
        if ($key === null) {
            throw new \RuntimeException('the secret is not whsec_ followed by base64');
        }
        $signature = base64_encode(hash_hmac('sha256', "{$this->id}.$now.{$this->body}", $key, true));
        return ["webhook-id: {$this->id}", "webhook-timestamp: $now", "webhook-signature: v1,$signature"];
    }

    /** The key bytes that a secret carries, or null where it is none; prefix and padding may be absent. */
    public static function key(string $secret): ?string
    {
        $encoded = strpos($secret, 'whsec_') === 0 ? substr($secret, 6) : $secret;
        $key = base64_decode(rtrim($encoded, '='), true);
        return $key === false || $key === '' ? null : $key;
    }
}
