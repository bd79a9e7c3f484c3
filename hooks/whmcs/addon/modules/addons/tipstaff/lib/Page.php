<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * A page that the bridge makes and the panel shows. The bridge is asked once; a page it sends us to must be our own.
 */
final class Page
{
    public int $status;
    public string $title;
    /** Made by the bridge for this purpose, escaped there; empty where there is none. */
    public string $html;
    /** Where to go instead, below our own base; empty: nowhere. */
    public string $location;
    /** @var array{name: string, type: string, content: string}|null a file to hand to the browser, content decoded */
    public ?array $download = null;

    private function __construct(int $status, string $title, string $html, string $location = '')
    {
        $this->status = $status;
        $this->title = $title;
        $this->html = $html;
        $this->location = $location;
    }

    /**
     * @param string $endpoint /panel or /client
     * @param array<string, string> $viewer id, name, role, locale
     */
    public static function ask(string $endpoint, array $viewer, Request $request, string $base, string $kind = Budget::ASK): self
    {
        $who = "{$viewer['role']} {$viewer['id']}";
        if ($request->isForged($who)) {
            return self::problem(403, Text::say('forged'));
        }
        if ($request->problem !== '') {
            return self::problem(413, $request->problem);
        }
        $settings = Settings::read();
        if (!$settings->areComplete()) {
            return self::problem(503, Text::say('not_set_up'));
        }
        $delivery = Delivery::of(self::body($viewer, $request, $base));
        $answer = (new Sender($settings))->post($endpoint, $delivery, Budget::left($kind, $settings->timeoutMs));
        Budget::use($kind, $answer);
        Log::call("$endpoint {$request->method}", $delivery, $answer, $settings);
        $made = $answer->json();
        if ($made === null || !isset($made['status']) || !is_int($made['status'])) {
            $words = $request->method === 'POST' ? Text::say('unclear') : Text::say('unreachable');
            return self::problem(503, "$words ({$answer->words()})");
        }
        return self::made($made, $who, $base);
    }

    /** The page as the browser is to see it: its status; a redirect or a file ends the script. */
    public function deliver(): string
    {
        if (headers_sent()) {
            return $this->html;
        }
        if ($this->location !== '') {
            header("Location: {$this->location}", true, 303);
            exit;
        }
        if ($this->download !== null) {
            self::handOver($this->download);
            exit;
        }
        http_response_code($this->status);
        return $this->html;
    }

    public static function problem(int $status, string $words): self
    {
        $html = '<div class="alert alert-warning" role="alert">' . Text::escape($words) . '</div>';
        return new self($status, 'Tipstaff', $html);
    }

    /** An address below `$base`, or the client area's own page of an invoice; anything else gives an empty text. */
    public static function below(string $base, string $location): string
    {
        if (preg_match('/[\x00-\x20\x7f-\xff"\'<>\\\\]/', $location) === 1) {
            return '';
        }
        if ($location === $base || strpos($location, "$base&") === 0 || strpos($location, "$base#") === 0) {
            return $location;
        }
        if (preg_match('~^viewinvoice\.php\?id=[0-9]{1,12}$~D', $location) === 1) {
            return $location;
        }
        $isPath = preg_match('~^/(?!/)[A-Za-z0-9/_.,:%@+-]*$~', $location) === 1;
        return $isPath ? "$base&path=" . rawurlencode(rawurldecode($location)) : '';
    }

    /** @param array<string, string> $viewer */
    private static function body(array $viewer, Request $request, string $base): string
    {
        $asked = [
            'viewer' => $viewer,
            'method' => $request->method,
            'path' => $request->path,
            'query' => (object) $request->query,
            'form' => (object) $request->form,
            'base' => $base,
        ];
        if ($request->files !== []) {
            $asked['files'] = $request->files;
        }
        return (string) json_encode($asked, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE);
    }

    /** @param array<array-key, mixed> $made */
    private static function made(array $made, string $who, string $base): self
    {
        $status = $made['status'] >= 200 && $made['status'] <= 599 ? $made['status'] : 502;
        $html = isset($made['html']) && is_string($made['html']) ? $made['html'] : '';
        $title = isset($made['title']) && is_string($made['title']) ? $made['title'] : 'Tipstaff';
        $location = isset($made['location']) && is_string($made['location']) ? self::below($base, $made['location']) : '';
        $page = new self($status, $title, Csrf::into($html, $who), $location);
        $file = $made['download'] ?? null;
        $content = is_array($file) && is_string($file['content'] ?? null) ? base64_decode($file['content'], true) : false;
        if ($content !== false) {
            $page->download = ['name' => self::plain($file, 'name'), 'type' => self::plain($file, 'type'), 'content' => $content];
        }
        return $page;
    }

    /** @param array<array-key, mixed> $file */
    private static function plain(array $file, string $field): string
    {
        $text = is_string($file[$field] ?? null) ? $file[$field] : '';
        return trim((string) preg_replace('~[^A-Za-z0-9._/+-]+~', '-', $text), '-');
    }

    /** @param array{name: string, type: string, content: string} $file */
    private static function handOver(array $file): void
    {
        while (ob_get_level() > 0) {
            ob_end_clean();
        }
        $isType = preg_match('~^[a-z]+/[A-Za-z0-9.+-]+$~', $file['type']) === 1;
        header('Content-Type: ' . ($isType ? $file['type'] : 'application/octet-stream'));
        header('Content-Disposition: attachment; filename="' . (basename($file['name']) ?: 'tipstaff') . '"');
        header('X-Content-Type-Options: nosniff');
        header('Content-Length: ' . strlen($file['content']));
        echo $file['content'];
    }
}
