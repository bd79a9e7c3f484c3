<?php

declare(strict_types=1);

namespace Tipstaff\Admin;

use Tipstaff\Page;
use Tipstaff\Request;
use Tipstaff\Text;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * The module's page in the admin area: the bridge's pages, and one of our own about the connection.
 */
final class Desk
{
    public const BASE = 'addonmodules.php?module=tipstaff';
    private const PAGES = [
        '/' => 'overview', '/actions' => 'approvals', '/cases' => 'cases', '/reviews' => 'reviews', '/policy' => 'policy',
        '/audit' => 'audit',
    ];

    /** @param array<string, mixed> $vars as WHMCS hands them to _output */
    public static function page(array $vars): string
    {
        $viewer = Viewer::here();
        if ($viewer === null) {
            return Page::problem(403, Text::say('no_admin'))->html;
        }
        $base = self::base($vars);
        $request = Request::here();
        try {
            if ($request->path === Connection::PATH) {
                return Connection::page($request, "admin {$viewer['id']}", $base);
            }
            $html = Page::ask('/panel', $viewer, $request, $base)->deliver();
        } catch (\Throwable $trouble) {
            $where = basename($trouble->getFile()) . ':' . $trouble->getLine();
            $html = Page::problem(500, Text::say('trouble') . ' (' . get_class($trouble) . " $where)")->html;
        }
        return $html . self::foot($base);
    }

    /** @param array<string, mixed> $vars */
    public static function sidebar(array $vars): string
    {
        $base = self::base($vars);
        $links = '';
        foreach (self::PAGES + [Connection::PATH => 'connection'] as $path => $key) {
            $links .= '<li><a href="' . self::link($base, $path) . '">' . Text::escape(Text::say($key)) . '</a></li>';
        }
        return '<span class="header">Tipstaff</span><ul class="menu">' . $links . '</ul>';
    }

    public static function link(string $base, string $path): string
    {
        return Text::escape("$base&path=" . rawurlencode($path));
    }

    /** @param array<string, mixed> $vars */
    private static function base(array $vars): string
    {
        $link = $vars['modulelink'] ?? '';
        return is_string($link) && preg_match('~^[A-Za-z0-9_./-]*addonmodules\.php\?module=tipstaff$~', $link) === 1 ? $link : self::BASE;
    }

    private static function foot(string $base): string
    {
        return '<p><small><a href="' . self::link($base, Connection::PATH) . '">' . Text::escape(Text::say('connection')) . '</a></small></p>';
    }
}
