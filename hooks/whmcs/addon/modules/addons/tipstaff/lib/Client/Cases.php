<?php

declare(strict_types=1);

namespace Tipstaff\Client;

use Tipstaff\Page;
use Tipstaff\Request;
use Tipstaff\Text;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * The customer's page in the client area: the bridge shows whoever is logged in their own cases, and nobody else's.
 */
final class Cases
{
    public const BASE = 'index.php?m=tipstaff';

    /**
     * @param array<string, mixed> $vars as WHMCS hands them to _clientarea
     * @return array<string, mixed> as WHMCS wants it back
     */
    public static function page(array $vars): array
    {
        $viewer = Viewer::here();
        if ($viewer === null) {
            return self::answer('', '');
        }
        try {
            $page = Page::ask('/client', $viewer, Request::here(), self::BASE);
            $html = $page->deliver();
            return self::answer($page->title, $html);
        } catch (\Throwable $trouble) {
            return self::answer('', Page::problem(500, Text::say('trouble'))->html);
        }
    }

    /** @return array<string, mixed> */
    private static function answer(string $title, string $html): array
    {
        $title = Text::escape($title === '' ? Text::say('abuse_cases') : $title);
        return [
            'pagetitle' => $title,
            'breadcrumb' => [self::BASE => $title],
            'templatefile' => 'client',
            'requirelogin' => true,
            'vars' => ['tipstaff_html' => $html],
        ];
    }
}
