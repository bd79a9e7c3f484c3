<?php

declare(strict_types=1);

namespace Tipstaff;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * What the browser asked for. WHMCS escapes $_GET and $_POST, and PHP rewrites names in them: where the request itself
 * is at hand, it is read instead.
 */
final class Request
{
    /** Fields that belong to WHMCS and to this module, not to the page. */
    private const OURS = ['module', 'm', 'path', 'token', Csrf::FIELD];
    private const MOST_FIELDS = 2000;
    private const LONGEST_NAME = 256;
    private const LONGEST_PATH = 1000;
    private const LARGEST_UPLOAD = 5242880;
    private const MOST_FILES = 20;

    public string $method;
    public string $path;
    /** @var array<string, string|string[]> */
    public array $query;
    /** @var array<string, string|string[]> a name that is given several times has a list */
    public array $form;
    /** @var array<string, array<int, array{name: string, type: string, content: string}>> field => files, in base64 */
    public array $files = [];
    /** What is wrong with the request, in the viewer's language; empty where nothing is. */
    public string $problem = '';

    private string $token;

    public static function here(): self
    {
        $request = new self();
        $request->method = strtoupper((string) ($_SERVER['REQUEST_METHOD'] ?? 'GET')) === 'POST' ? 'POST' : 'GET';
        $query = self::pairs((string) ($_SERVER['QUERY_STRING'] ?? '')) ?: self::flat($_GET);
        $form = $request->method === 'POST' ? self::posted() : [];
        $path = substr(self::text($form['path'] ?? $query['path'] ?? ''), 0, self::LONGEST_PATH);
        $request->path = $path !== '' && $path[0] === '/' ? $path : "/$path";
        $request->token = self::text($form[Csrf::FIELD] ?? '');
        $request->query = array_diff_key($query, array_flip(self::OURS));
        $request->form = array_diff_key($form, array_flip(self::OURS));
        if ($request->method === 'POST') {
            $request->takeFiles();
        }
        return $request;
    }

    /**
     * A page that nobody asked for by a request of its own.
     *
     * @param array<string, string> $query
     */
    public static function get(string $path, array $query = []): self
    {
        $request = new self();
        [$request->method, $request->path, $request->query, $request->form, $request->token] = ['GET', $path, $query, [], ''];
        return $request;
    }

    public function isForged(string $viewer): bool
    {
        return $this->method === 'POST' && !Csrf::isRight($this->token, $viewer);
    }

    /** What a field of the form says; empty where it says nothing. */
    public function filled(string $name): string
    {
        return self::text($this->form[$name] ?? '');
    }

    /** @param string|string[] $value */
    private static function text($value): string
    {
        return is_array($value) ? (string) ($value[0] ?? '') : $value;
    }

    /** @return array<string, string|string[]> */
    private static function posted(): array
    {
        $type = strtolower((string) ($_SERVER['CONTENT_TYPE'] ?? ''));
        $isEncoded = strpos($type, 'application/x-www-form-urlencoded') === 0;
        $form = self::pairs($isEncoded ? (string) file_get_contents('php://input') : '');
        return $form !== [] ? $form : self::flat($_POST, true);
    }

    /**
     * The fields of an encoded query or form: a name given once has a text, one given more often, or as `name[]`, a list.
     *
     * @return array<string, string|string[]>
     */
    private static function pairs(string $encoded): array
    {
        $fields = [];
        foreach (array_slice(explode('&', $encoded), 0, self::MOST_FIELDS) as $pair) {
            [$name, $value] = explode('=', $pair, 2) + [1 => ''];
            $name = urldecode($name);
            $isList = substr($name, -2) === '[]';
            $name = $isList ? substr($name, 0, -2) : $name;
            if ($name === '' || strlen($name) > self::LONGEST_NAME) {
                continue;
            }
            $given = isset($fields[$name]) ? (array) $fields[$name] : [];
            $given[] = urldecode($value);
            $fields[$name] = $isList || count($given) > 1 ? $given : $given[0];
        }
        return $fields;
    }

    /**
     * The same out of what PHP made of it. A multipart form is to be had from PHP alone, with the escaping that WHMCS
     * puts on.
     *
     * @param array<array-key, mixed> $values
     * @return array<string, string|string[]>
     */
    private static function flat(array $values, bool $isPosted = false): array
    {
        $isEscaped = $isPosted && class_exists('WHMCS\Input\Sanitize');
        $fields = [];
        foreach (array_slice($values, 0, self::MOST_FIELDS, true) as $name => $value) {
            $given = [];
            foreach ((array) $value as $one) {
                if (is_scalar($one)) {
                    $given[] = $isEscaped ? html_entity_decode((string) $one, ENT_QUOTES, 'UTF-8') : (string) $one;
                }
            }
            if ($given !== []) {
                $fields[(string) $name] = is_array($value) ? $given : $given[0];
            }
        }
        return $fields;
    }

    private function takeFiles(): void
    {
        $size = 0;
        $count = 0;
        foreach ($_FILES as $field => $given) {
            foreach (array_keys((array) ($given['tmp_name'] ?? [])) as $place) {
                $error = (int) ((array) $given['error'])[$place];
                if ($error === UPLOAD_ERR_NO_FILE) {
                    continue;
                }
                $file = (string) ((array) $given['tmp_name'])[$place];
                $size += (int) ((array) $given['size'])[$place];
                if ($error !== UPLOAD_ERR_OK || !is_uploaded_file($file) || $size > self::LARGEST_UPLOAD || ++$count > self::MOST_FILES) {
                    $this->problem = Text::say('upload_too_large', (string) (self::LARGEST_UPLOAD >> 20));
                    return;
                }
                $this->files[(string) $field][] = [
                    'name' => substr((string) ((array) $given['name'])[$place], 0, 255),
                    'type' => substr((string) ((array) $given['type'])[$place], 0, 100),
                    'content' => base64_encode((string) file_get_contents($file)),
                ];
            }
        }
    }
}
