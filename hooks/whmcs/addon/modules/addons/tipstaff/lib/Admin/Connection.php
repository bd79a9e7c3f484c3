<?php

declare(strict_types=1);

namespace Tipstaff\Admin;

use Tipstaff\Answer;
use Tipstaff\Csrf;
use Tipstaff\Holds;
use Tipstaff\Outbox;
use Tipstaff\Page;
use Tipstaff\Request;
use Tipstaff\Sender;
use Tipstaff\Settings;
use Tipstaff\Text;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * The page about the connection: whether the bridge can be reached and knows us, what waits for it, what it refused,
 * and the holds kept here.
 */
final class Connection
{
    public const PATH = '/connection';
    private const MOST_REFUSED = 50;
    private const TOLERANCE_SECONDS = 300;
    private const SEND_SECONDS = 5;
    private const STALE_SECONDS = 900;

    /** @param string $who for the token */
    public static function page(Request $request, string $who, string $base): string
    {
        if ($request->isForged($who)) {
            return Page::problem(403, Text::say('forged'))->deliver();
        }
        $settings = Settings::read();
        $notice = $request->method === 'POST' ? self::act($request, $settings) : '';
        $holds = Holds::state();
        $page = [
            'settings' => $settings,
            'notice' => $notice,
            'outbox' => Outbox::state(),
            'refused' => Outbox::refused(self::MOST_REFUSED),
            'holds' => $holds,
            'stale' => self::stale($holds['at'], $settings),
            'action' => Desk::link($base, self::PATH),
            'token' => Csrf::field($who),
            'back' => Desk::link($base, '/'),
        ];
        return self::render($page);
    }

    /** Where holds grow old, a bridge that is down is answered for by what was true then. */
    private static function stale(int $readAt, Settings $settings): string
    {
        if (!$settings->areComplete() || time() - $readAt <= self::STALE_SECONDS) {
            return '';
        }
        return $readAt === 0 ? Text::say('never_read') : Text::say('stale', (string) intdiv(time() - $readAt, 60));
    }

    /** What a button does; a sentence about how it went. */
    private static function act(Request $request, Settings $settings): string
    {
        $sender = new Sender($settings);
        $row = (int) $request->filled('row');
        $limit = $settings->timeoutMs;
        switch ($request->filled('do')) {
            case 'test':
                return self::tested($sender->get('/hooks/holds?since=', $limit), $settings);
            case 'send':
                $until = microtime(true) + min(self::SEND_SECONDS, $limit / 1000);
                return Text::say('sent', (string) (new Outbox($settings, $sender))->sendAll(time(), $until, $limit));
            case 'holds':
                $answer = (new Holds($settings, $sender))->fetchAnew(time(), $limit);
                return $answer->status === 200 ? Text::say('holds_read') : self::tested($answer, $settings);
            case 'again':
                return Text::say(Outbox::sendAgain($row) ? 'will_be_sent' : 'gone');
            case 'drop':
                return Text::say(Outbox::letGo($row) ? 'dropped' : 'gone');
            default:
                return '';
        }
    }

    private static function tested(Answer $answer, Settings $settings): string
    {
        if (!$settings->areComplete()) {
            return Text::say('not_set_up');
        }
        if ($answer->status === 200 && $answer->json() !== null) {
            $words = Text::say('test_good', (string) (int) round($answer->took));
            $isOpen = preg_match('~^http://(?!(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?:[:/]|$))~i', $settings->bridgeUrl) === 1;
            return $isOpen ? "$words " . Text::say('test_plain') : $words;
        }
        if ($answer->status === 401) {
            $apart = $answer->date === 0 ? 0 : abs($answer->date - time());
            return $apart > self::TOLERANCE_SECONDS ? Text::say('test_clock', (string) $apart) : Text::say('test_secret');
        }
        return $answer->status === 0 ? Text::say('test_none', $answer->words()) : Text::say('test_other', $answer->words());
    }

    /** @param array<string, mixed> $page what the template shows */
    private static function render(array $page): string
    {
        ob_start();
        try {
            include dirname(__DIR__, 2) . '/templates/connection.php';
        } finally {
            $html = (string) ob_get_clean();
        }
        return $html;
    }
}
