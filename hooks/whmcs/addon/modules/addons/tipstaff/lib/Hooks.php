<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * What hooks.php calls. Nothing here throws, prints or takes longer than the page can bear.
 */
final class Hooks
{
    private const CRON_CALL_MS = 10000;
    private const CRON_SECONDS = 45;
    /** Before WHMCS's own work, which waits meanwhile. */
    private const BEFORE_CRON_SECONDS = 10;

    /** @param array<array-key, mixed> $vars */
    public static function tell(string $hook, array $vars): void
    {
        try {
            $now = time();
            $lane = Message::lane($vars);
            $delivery = Delivery::of(Message::body($hook, $vars, new \DateTimeImmutable()));
            $isKept = self::keep($hook, $lane, $delivery, $now);
            $settings = Settings::read();
            if (!$settings->areComplete()) {
                return;
            }
            if ($isKept) {
                (new Outbox($settings, new Sender($settings)))->sendLane($lane, $now);
            } else {
                $left = Budget::left(Budget::TELL, $settings->timeoutMs);
                Budget::use(Budget::TELL, (new Sender($settings))->post(Outbox::PATH, $delivery, $left));
            }
        } catch (\Throwable $trouble) {
            self::report($hook, $trouble);
        }
    }

    /**
     * @param array<array-key, mixed> $vars
     * @return array<string, bool>|string|null what makes WHMCS stop; null: it may go on
     */
    public static function ask(string $hook, array $vars)
    {
        try {
            $settings = Settings::read();
            $verdict = Verdict::on($hook, $vars, $settings, new Sender($settings));
        } catch (\Throwable $trouble) {
            self::report($hook, $trouble);
            $verdict = Verdict::unasked($hook, $vars, Settings::ALLOW);
        }
        if ($verdict->isAllowed) {
            return null;
        }
        try {
            self::noteRefusal($hook, $vars, $verdict);
        } catch (\Throwable $trouble) {
            self::report($hook, $trouble);
        }
        if ($hook !== 'ShoppingCartValidateCheckout') {
            return ['abortcmd' => true];
        }
        return Text::escape($verdict->reason === '' ? Text::say('refused') : $verdict->reason);
    }

    /** @param array<array-key, mixed> $vars */
    public static function tick(string $hook, array $vars): void
    {
        try {
            $settings = Settings::read();
            if (!$settings->areComplete()) {
                return;
            }
            $sender = new Sender($settings);
            $holds = new Holds($settings, $sender);
            $now = time();
            $seconds = $hook === 'AfterCronJob' ? self::CRON_SECONDS : self::BEFORE_CRON_SECONDS;
            $answer = $hook === 'DailyCronJob'
                ? $holds->fetchAnew($now, self::CRON_CALL_MS)
                : $holds->fetch($now, self::CRON_CALL_MS);
            State::note($answer->status !== 0, $now);
            if ($answer->status !== 0) {
                (new Outbox($settings, $sender))->sendAll($now, microtime(true) + $seconds, self::CRON_CALL_MS);
            }
        } catch (\Throwable $trouble) {
            self::report($hook, $trouble);
        }
    }

    /**
     * @param array<array-key, mixed> $vars
     * @return array<string, string>|string a piece of HTML, or fields of a tab; nothing where the bridge has nothing
     */
    public static function show(string $hook, array $vars)
    {
        $isTab = $hook === 'AdminClientServicesTabFields';
        try {
            $html = Admin\Pieces::of($hook, $vars);
        } catch (\Throwable $trouble) {
            self::report($hook, $trouble);
            $html = '';
        }
        if (!$isTab) {
            return $html;
        }
        return $html === '' ? [] : ['Tipstaff' => $html];
    }

    /** @param array<array-key, mixed> $vars */
    public static function note(string $hook, array $vars): void
    {
        Admin\Pieces::note($hook, $vars);
    }

    /** False where the message could not be written down: then it is sent once, or lost and reported. */
    private static function keep(string $hook, string $lane, Delivery $delivery, int $now): bool
    {
        try {
            Outbox::keep($hook, $lane, $delivery, $now);
        } catch (\Throwable $trouble) {
            self::report($hook, $trouble);
            return false;
        }
        return true;
    }

    /** @param array<array-key, mixed> $vars */
    private static function noteRefusal(string $hook, array $vars, Verdict $verdict): void
    {
        $service = Message::service($vars);
        $about = $service === '' ? '' : " of service $service";
        $clause = $verdict->clause === '' ? '' : " (clause {$verdict->clause})";
        Log::activity("$hook$about refused: {$verdict->reason}$clause", Message::client($vars));
    }

    /** The kind of trouble and the place, not its words: a database's may hold what was to be written. */
    private static function report(string $hook, \Throwable $trouble): void
    {
        $where = basename($trouble->getFile()) . ':' . $trouble->getLine();
        try {
            Log::activity("$hook: " . get_class($trouble) . " at $where");
        } catch (\Throwable $again) {
            error_log("tipstaff: $hook: " . get_class($trouble) . " at $where");
        }
    }
}
