<?php

declare(strict_types=1);

namespace Tipstaff;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * The holds and bars that the bridge last told of: they answer for it while it cannot be asked. Methods throw what the
 * database throws.
 */
final class Holds
{
    private const PATH = '/hooks/holds';
    private const CURSOR = 'holds_cursor';
    private const MOST_PAGES = 200;
    /** The bridge does not know our cursor: all holds are read again. */
    private const CURSOR_UNKNOWN = [400, 404, 409, 410, 422];

    private Settings $settings;
    private Sender $sender;

    public function __construct(Settings $settings, Sender $sender)
    {
        $this->settings = $settings;
        $this->sender = $sender;
    }

    /** Read what changed since the last time; the last answer, for its status. */
    public function fetch(int $now, int $milliseconds): Answer
    {
        $cursor = State::get(self::CURSOR);
        for ($page = 0; $page < self::MOST_PAGES; $page++) {
            $answer = $this->read($cursor, $milliseconds);
            if ($cursor !== '' && in_array($answer->status, self::CURSOR_UNKNOWN, true)) {
                return $this->fetchAnew($now, $milliseconds);
            }
            $changes = self::changes($answer);
            if ($changes === null) {
                return $answer;
            }
            $next = self::cursor($answer, $cursor);
            Capsule::connection()->transaction(static function () use ($changes, $next): void {
                self::note($changes);
                State::set(self::CURSOR, $next);
            });
            if ($changes === [] || $next === $cursor) {
                break;
            }
            $cursor = $next;
        }
        State::set('holds_at', (string) $now);
        return $answer;
    }

    /** Read all holds and put them in place of those here; a bridge that does not answer leaves these alone. */
    public function fetchAnew(int $now, int $milliseconds): Answer
    {
        $all = [];
        $cursor = '';
        for ($page = 0; $page < self::MOST_PAGES; $page++) {
            $answer = $this->read($cursor, $milliseconds);
            $changes = self::changes($answer);
            if ($changes === null) {
                return $answer;
            }
            $all = array_merge($all, $changes);
            $next = self::cursor($answer, $cursor);
            if ($changes === [] || $next === $cursor) {
                break;
            }
            $cursor = $next;
        }
        Capsule::connection()->transaction(static function () use ($all, $cursor): void {
            Capsule::table(Tables::HOLDS)->delete();
            self::note($all);
            State::set(self::CURSOR, $cursor);
        });
        State::set('holds_at', (string) $now);
        return $answer;
    }

    /** @return array{held: bool, barred: bool, clause: string} what stands against releasing a service */
    public static function of(string $service): array
    {
        $found = ['held' => false, 'barred' => false, 'clause' => ''];
        foreach (Capsule::table(Tables::HOLDS)->where('service', $service)->orderBy('bar', 'desc')->get() as $row) {
            $found['held'] = true;
            $found['barred'] = $found['barred'] || (bool) $row->bar;
            $found['clause'] = $found['clause'] === '' ? (string) $row->clause : $found['clause'];
        }
        return $found;
    }

    /** @return array{count: int, at: int} how many are known, and when they were last read (Unix seconds; 0: never) */
    public static function state(): array
    {
        return ['count' => (int) Capsule::table(Tables::HOLDS)->count(), 'at' => (int) State::get('holds_at')];
    }

    private function read(string $cursor, int $milliseconds): Answer
    {
        $answer = $this->sender->get(self::PATH . '?since=' . rawurlencode($cursor), $milliseconds);
        Log::call('holds', new Delivery("since $cursor", ''), $answer, $this->settings);
        return $answer;
    }

    /** @return array<int, array<string, mixed>>|null null where the answer is none */
    private static function changes(Answer $answer): ?array
    {
        $read = $answer->json();
        if ($read === null || !isset($read['holds'], $read['cursor']) || !is_array($read['holds'])) {
            return null;
        }
        return array_values(array_filter($read['holds'], 'is_array'));
    }

    private static function cursor(Answer $answer, string $before): string
    {
        $cursor = $answer->json()['cursor'] ?? $before;
        return is_scalar($cursor) ? substr((string) $cursor, 0, 255) : $before;
    }

    /** @param array<int, array<string, mixed>> $changes in the order they came about */
    private static function note(array $changes): void
    {
        foreach ($changes as $change) {
            $service = self::text($change, 'service');
            if ($service === '') {
                continue;
            }
            $clause = self::text($change, 'clause');
            $id = self::text($change, 'id');
            $hold = sha1($id === '' ? "$service\n$clause" : "id\n$id");
            $row = Capsule::table(Tables::HOLDS)->where('hold', $hold);
            $row->delete();
            if (self::text($change, 'status') !== 'ended') {
                Capsule::table(Tables::HOLDS)->insert([
                    'hold' => $hold,
                    'service' => substr($service, 0, 64),
                    'clause' => Text::ascii($clause, 100),
                    'bar' => !empty($change['bar']),
                ]);
            }
        }
    }

    /** @param array<string, mixed> $change */
    private static function text(array $change, string $name): string
    {
        $value = $change[$name] ?? '';
        return is_string($value) || is_int($value) ? (string) $value : '';
    }
}
