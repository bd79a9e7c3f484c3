<?php

declare(strict_types=1);

namespace Tipstaff\Admin;

use Tipstaff\Budget;
use Tipstaff\Page;
use Tipstaff\Request;
use Tipstaff\State;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * Pieces that the bridge adds to pages where admins look anyway: it is asked for /embed/…, and what it does not have
 * (anything but a 200) is not shown. Only for admins whose role may open the module.
 */
final class Pieces
{
    /** hook => path, and the variable that holds the id */
    private const PATHS = [
        'AdminHomepage' => ['/embed/home', ''],
        'AdminAreaClientSummaryPage' => ['/embed/clients/', 'userid'],
        'AdminClientServicesTabFields' => ['/embed/services/', 'id'],
        'AdminAreaViewTicketPage' => ['/embed/tickets/', 'ticketid'],
        'AdminInvoicesControlsOutput' => ['/embed/invoices/', 'invoiceid'],
    ];

    /** Pages whose own hook may add nothing: the piece is part of the head or, where that is out already, of the foot. */
    private const NOTED = ['ViewOrderDetailsPage' => ['/embed/orders/', 'orderid']];
    private const FRAME = ['AdminAreaHeaderOutput', 'AdminAreaFooterOutput'];

    /** What the page at hand is about, until it was shown. */
    private static string $noted = '';
    /** @var array<string, string> */
    private static array $asked = [];

    /** @param array<array-key, mixed> $vars */
    public static function note(string $hook, array $vars): void
    {
        [$path, $name] = self::NOTED[$hook] ?? ['', ''];
        $id = $vars[$name] ?? null;
        $client = $vars['userid'] ?? null;
        if (is_numeric($id) && (int) $id > 0 && is_numeric($client)) {
            self::$noted = $path . (int) $id;
            self::$asked = ['client' => (string) (int) $client];
        }
    }

    /** @param array<array-key, mixed> $vars */
    public static function of(string $hook, array $vars): string
    {
        $isNoted = in_array($hook, self::FRAME, true);
        $path = $isNoted ? self::$noted : self::path($hook, $vars);
        $asked = $isNoted ? self::$asked : [];
        if ($isNoted) {
            self::$noted = '';
        }
        $viewer = Viewer::here();
        if ($path === '' || $viewer === null || !Viewer::mayOpen((int) $viewer['id']) || State::isPausing(time())) {
            return '';
        }
        $page = Page::ask('/panel', $viewer, Request::get($path, $asked), Desk::BASE, Budget::SHOW);
        return $page->status === 200 && $page->location === '' ? $page->html : '';
    }

    /** @param array<array-key, mixed> $vars */
    private static function path(string $hook, array $vars): string
    {
        [$path, $name] = self::PATHS[$hook] ?? ['', ''];
        if ($name === '') {
            return $path;
        }
        $id = $vars[$name] ?? null;
        return is_numeric($id) && (int) $id > 0 ? $path . (int) $id : '';
    }
}
