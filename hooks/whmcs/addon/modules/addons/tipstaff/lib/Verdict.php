<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * Whether the panel may go on: the bridge's word, and while it cannot be asked, the holds it last told of.
 */
final class Verdict
{
    private const UNSUSPEND = 'PreModuleUnsuspend';

    public bool $isAllowed;
    /** Why not, in the bridge's words or ours; a plain text of strangers, to be escaped. */
    public string $reason;
    public string $clause;

    private function __construct(bool $isAllowed, string $reason = '', string $clause = '')
    {
        $this->isAllowed = $isAllowed;
        $this->reason = $reason;
        $this->clause = $clause;
    }

    /** @param array<array-key, mixed> $vars */
    public static function on(string $hook, array $vars, Settings $settings, Sender $sender): self
    {
        $delivery = Delivery::of(Message::body($hook, $vars, new \DateTimeImmutable()));
        $answer = $sender->post(Outbox::PATH, $delivery, Budget::left(Budget::ASK, $settings->timeoutMs));
        Budget::use(Budget::ASK, $answer);
        Log::call($hook, $delivery, $answer, $settings);
        $said = $answer->json();
        $outcome = $said['outcome'] ?? null;
        if ($outcome === 'allow') {
            return new self(true);
        }
        if ($outcome === 'refuse' || $outcome === 'hold') {
            return new self(false, self::text($said['reason'] ?? ''), self::text($said['clause'] ?? ''));
        }
        return self::unasked($hook, $vars, $settings->whenUnreachable);
    }

    /**
     * What stands while the bridge gives no answer: automation does not release a service with a hold, nobody one with a
     * bar; provisioning goes as the setting says.
     *
     * @param array<array-key, mixed> $vars
     */
    public static function unasked(string $hook, array $vars, string $whenUnreachable): self
    {
        if ($hook !== self::UNSUSPEND) {
            return new self($whenUnreachable !== Settings::REFUSE, Text::say('later'));
        }
        $isAdmin = Actor::admin() !== null;
        try {
            $holds = Holds::of(Message::service($vars));
        } catch (\Throwable $trouble) {
            return new self($isAdmin, 'neither the bridge nor the holds kept here can be read');
        }
        if ($holds['barred']) {
            return new self(false, 'a bar stands, and the bridge cannot be asked', $holds['clause']);
        }
        if ($holds['held'] && !$isAdmin) {
            return new self(false, 'a hold stands, and the bridge cannot be asked', $holds['clause']);
        }
        return new self(true);
    }

    /** @param mixed $value */
    private static function text($value): string
    {
        return is_string($value) ? trim(substr($value, 0, 2000)) : '';
    }
}
