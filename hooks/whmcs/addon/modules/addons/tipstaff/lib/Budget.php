<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * How long the bridge may still keep this page waiting. All that is told, shown or asked in vain on one page together
 * takes no longer than `timeout_ms`; an answer that did come uses nothing up for the next question.
 *
 * Under cron nobody waits: each call has its time, but a bridge that let one wait in vain is left alone for a minute.
 */
final class Budget
{
    public const ASK = 'ask';
    public const TELL = 'tell';
    public const SHOW = 'show';
    private const SILENCE_SECONDS = 60.0;
    private const NOTICEABLE_MS = 100.0;

    private static float $spent = 0.0;
    private static float $answered = 0.0;
    private static float $silentUntil = 0.0;

    /** Milliseconds that a call may take now; 0: do not call. */
    public static function left(string $kind, int $timeoutMs): int
    {
        if (Actor::isCron()) {
            return microtime(true) < self::$silentUntil ? 0 : $timeoutMs;
        }
        $used = self::$spent + ($kind === self::ASK ? 0.0 : self::$answered);
        return max(0, $timeoutMs - (int) ceil($used));
    }

    public static function use(string $kind, Answer $answer): void
    {
        if ($answer->status === 0 && $answer->took >= self::NOTICEABLE_MS) {
            self::$silentUntil = microtime(true) + self::SILENCE_SECONDS;
        }
        if ($kind === self::ASK && $answer->status !== 0) {
            self::$answered += $answer->took;
        } else {
            self::$spent += $answer->took;
        }
    }
}
