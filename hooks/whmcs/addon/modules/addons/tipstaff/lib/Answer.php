<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * What came back from the bridge. Status 0: nothing did, and `trouble` says why.
 */
final class Answer
{
    private const TAKEN = [200, 201, 202, 204];
    /** The bridge will never want this message: sending it again changes nothing. */
    private const REFUSED_FOR_GOOD = [400, 413, 415, 422];
    /** Not about this message but about the bridge, the way there or the settings: everything else would fare alike. */
    private const NOBODY_GETS_THROUGH = [0, 401, 403, 404, 405, 407, 408, 429, 502, 503, 504];

    public int $status;
    public string $body;
    public string $trouble;
    /** How long it took, in milliseconds. */
    public float $took;
    /** The bridge's own clock, Unix seconds; 0 where it did not say. */
    public int $date;

    public function __construct(int $status, string $body, string $trouble = '', float $took = 0.0, int $date = 0)
    {
        $this->status = $status;
        $this->body = $body;
        $this->trouble = $trouble;
        $this->took = $took;
        $this->date = $date;
    }

    public function isTaken(): bool
    {
        return in_array($this->status, self::TAKEN, true);
    }

    public function isRefusedForGood(): bool
    {
        return in_array($this->status, self::REFUSED_FOR_GOOD, true);
    }

    public function isTroubleOfAll(): bool
    {
        return in_array($this->status, self::NOBODY_GETS_THROUGH, true)
            || ($this->status >= 300 && $this->status < 400);
    }

    /** @return array<array-key, mixed>|null the JSON object or list of a 200, else null */
    public function json(): ?array
    {
        $read = $this->status === 200 ? json_decode($this->body, true, 64) : null;
        return is_array($read) ? $read : null;
    }

    /** In a few words, for logs and the admin's page; ASCII, no secret. */
    public function words(): string
    {
        if ($this->status === 0) {
            return Text::ascii($this->trouble === '' ? 'no answer' : "no answer: {$this->trouble}", 200);
        }
        return "HTTP {$this->status}";
    }

    /** The reason the bridge gave in problem+json, ASCII and short; empty where it gave none. */
    public function detail(): string
    {
        $problem = json_decode($this->body, true, 16);
        $detail = is_array($problem) ? ($problem['detail'] ?? $problem['title'] ?? '') : '';
        return Text::ascii(is_string($detail) ? $detail : '', 200);
    }
}
