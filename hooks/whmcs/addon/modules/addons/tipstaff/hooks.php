<?php
/**
 * Which hooks of WHMCS are Tipstaff's business, and how. Every page loads this file: it reads nothing and calls nobody
 * before a hook runs.
 *
 *   tell  kept in the outbox, sent at once if possible, else by cron
 *   ask   the bridge may refuse; a bridge that is down is answered for by lib/Verdict.php
 *   tick  cron: holds are fetched, the outbox is emptied
 *   show  a piece of a page, made by the bridge
 *   note  what the page is about, where its own hook may add nothing: the piece comes with the page's head or foot
 */

declare(strict_types=1);

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

(static function (): void {
    $table = [
        'PreModuleUnsuspend' => 'ask',
        'PreModuleCreate' => 'ask',
        'ShoppingCartValidateCheckout' => 'ask',

        'AfterModuleCreate' => 'tell',
        'AfterModuleCreateFailed' => 'tell',
        'AfterModuleSuspend' => 'tell',
        'AfterModuleSuspendFailed' => 'tell',
        'AfterModuleUnsuspend' => 'tell',
        'AfterModuleUnsuspendFailed' => 'tell',
        'AfterModuleTerminate' => 'tell',
        'AfterModuleTerminateFailed' => 'tell',
        'AfterModuleChangePackage' => 'tell',
        'AfterModuleChangePackageFailed' => 'tell',
        'AfterModuleCustom' => 'tell',
        'AfterModuleCustomFailed' => 'tell',
        'ServiceEdit' => 'tell',
        'AdminServiceEdit' => 'tell',
        'ClientAdd' => 'tell',
        'ClientEdit' => 'tell',
        'AfterShoppingCartCheckout' => 'tell',
        'InvoicePaid' => 'tell',
        'InvoiceCancelled' => 'tell',
        'InvoiceRefunded' => 'tell',
        'AddTransaction' => 'tell',
        'TicketOpen' => 'tell',
        'TicketUserReply' => 'tell',

        'PreCronJob' => 'tick',
        'AfterCronJob' => 'tick',
        'DailyCronJob' => 'tick',

        'AdminHomepage' => 'show',
        'AdminAreaClientSummaryPage' => 'show',
        'AdminClientServicesTabFields' => 'show',
        'AdminAreaViewTicketPage' => 'show',
        'AdminInvoicesControlsOutput' => 'show',
        'ViewOrderDetailsPage' => 'note',
        'AdminAreaHeaderOutput' => 'show',
        'AdminAreaFooterOutput' => 'show',
    ];
    foreach ($table as $hook => $what) {
        add_hook($hook, 1, static function ($vars = []) use ($hook, $what) {
            require_once __DIR__ . '/lib/autoload.php';
            return \Tipstaff\Hooks::$what($hook, is_array($vars) ? $vars : []);
        });
    }
})();
