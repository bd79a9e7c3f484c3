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

    /** @param array<array-key, mixed> $vars */
    public static function of(string $hook, array $vars): string
    {
        $path = self::path($hook, $vars);
        $viewer = Viewer::here();
        if ($path === '' || $viewer === null || !Viewer::mayOpen((int) $viewer['id']) || State::isPausing(time())) {
            return '';
        }
        $page = Page::ask('/panel', $viewer, Request::get($path), Desk::BASE, Budget::SHOW);
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
