<?php

declare(strict_types=1);

namespace Tipstaff;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * What the bridge is yet to be told. Every message is written down before it is sent and goes only when the bridge has
 * taken it; within a lane (one service, say) none overtakes another. Sent twice, it has the same id, and the bridge
 * takes it once. Methods throw what the database throws.
 */
final class Outbox
{
    public const PATH = '/hooks/whmcs';
    private const AT_ONCE_AT_MOST = 5;
    private const ROWS_AT_A_TIME = 100;
    private const TROUBLES_TILL_STOP = 3;
    private const ATTEMPTS_WITHOUT_PAUSE = 3;
    private const FIRST_PAUSE = 60;
    private const LONGEST_PAUSE = 3600;

    private Settings $settings;
    private Sender $sender;

    public function __construct(Settings $settings, Sender $sender)
    {
        $this->settings = $settings;
        $this->sender = $sender;
    }

    /** Write a message down; what is sent later is exactly this. */
    public static function keep(string $hook, string $lane, Delivery $delivery, int $now): void
    {
        Capsule::table(Tables::OUTBOX)->insert([
            'delivery' => $delivery->id,
            'lane' => substr($lane, 0, 64),
            'hook' => substr($hook, 0, 100),
            'body' => $delivery->body,
            'made' => $now,
        ]);
    }

    /** Send what waits in a lane, oldest first, as far as this page's time goes; the rest is cron's. */
    public function sendLane(string $lane, int $now): void
    {
        if (State::isPausing($now)) {
            return;
        }
        $rows = self::waiting()->where('lane', $lane)->orderBy('id')->limit(self::AT_ONCE_AT_MOST)->get();
        foreach ($rows as $row) {
            $left = Budget::left(Budget::TELL, $this->settings->timeoutMs);
            if ($left < 1 || (int) $row->next > $now) {
                return;
            }
            $answer = $this->send($row, $left, $now);
            Budget::use(Budget::TELL, $answer);
            if (!$answer->isTaken() && !$answer->isRefusedForGood()) {
                return;
            }
        }
    }

    /**
     * Send all that waits, in the order it happened, until `$until` (Unix seconds). A lane whose message is in trouble
     * of its own is passed over; trouble that is nobody's in particular ends the round. Returns how many were taken.
     */
    public function sendAll(int $now, float $until, int $milliseconds): int
    {
        $taken = 0;
        $troubles = 0;
        $last = 0;
        $stuck = [];
        do {
            $rows = self::waiting()->where('id', '>', $last)->orderBy('id')->limit(self::ROWS_AT_A_TIME)->get();
            foreach ($rows as $row) {
                $last = (int) $row->id;
                if (isset($stuck[$row->lane]) || (int) $row->next > $now) {
                    $stuck[$row->lane] = true;
                    continue;
                }
                $answer = $this->send($row, $milliseconds, $now);
                if ($answer->isTaken() || $answer->isRefusedForGood()) {
                    $taken += $answer->isTaken() ? 1 : 0;
                } else {
                    $stuck[$row->lane] = true;
                    $troubles++;
                }
                if ($answer->isTroubleOfAll() || $troubles >= self::TROUBLES_TILL_STOP || microtime(true) > $until) {
                    return $taken;
                }
            }
        } while (count($rows) === self::ROWS_AT_A_TIME);
        return $taken;
    }

    /** How many wait, and since when (Unix seconds; 0: none). @return array{count: int, since: int} */
    public static function state(): array
    {
        $since = self::waiting()->min('made');
        return ['count' => (int) self::waiting()->count(), 'since' => (int) $since];
    }

    /** What the bridge will not take as it is: kept until an admin sends it again or lets it go. @return object[] */
    public static function refused(int $limit): array
    {
        $columns = ['id', 'hook', 'lane', 'made', 'error'];
        $rows = [];
        foreach (Capsule::table(Tables::OUTBOX)->where('refused', '>', 0)->orderBy('id')->limit($limit)->get($columns) as $row) {
            $rows[] = $row;
        }
        return $rows;
    }

    public static function sendAgain(int $id): bool
    {
        $again = ['refused' => 0, 'next' => 0, 'attempts' => 0];
        return Capsule::table(Tables::OUTBOX)->where('id', $id)->where('refused', '>', 0)->update($again) > 0;
    }

    public static function letGo(int $id): bool
    {
        return Capsule::table(Tables::OUTBOX)->where('id', $id)->where('refused', '>', 0)->delete() > 0;
    }

    /** @return \Illuminate\Database\Query\Builder */
    private static function waiting()
    {
        return Capsule::table(Tables::OUTBOX)->where('refused', 0);
    }

    private function send(object $row, int $milliseconds, int $now): Answer
    {
        $delivery = new Delivery((string) $row->delivery, (string) $row->body);
        $answer = $this->sender->post(self::PATH, $delivery, $milliseconds);
        Log::call((string) $row->hook, $delivery, $answer, $this->settings);
        State::note(!$answer->isTroubleOfAll(), $now);
        $this->settle($row, $answer, $now);
        return $answer;
    }

    private function settle(object $row, Answer $answer, int $now): void
    {
        $found = Capsule::table(Tables::OUTBOX)->where('id', $row->id);
        if ($answer->isTaken()) {
            $found->delete();
            return;
        }
        $words = trim($answer->words() . ' ' . $answer->detail());
        if ($answer->isRefusedForGood()) {
            $found->update(['refused' => $now, 'error' => substr($words, 0, 255)]);
            Log::activity("{$row->hook} ({$row->lane}) is not taken: $words");
            return;
        }
        $attempts = (int) $row->attempts + 1;
        $pauses = $answer->isTroubleOfAll() ? 0 : max(0, $attempts - self::ATTEMPTS_WITHOUT_PAUSE);
        $pause = $pauses > 0 ? min(self::LONGEST_PAUSE, self::FIRST_PAUSE * 2 ** min($pauses - 1, 10)) : 0;
        $found->update(['attempts' => $attempts, 'next' => $pause > 0 ? $now + $pause : 0, 'error' => substr($words, 0, 255)]);
    }
}
