<?php
/**
 * A virtual server was made: its owner and its addresses are to be read.
 */

declare(strict_types=1);

require_once __DIR__ . '/tipstaff.php';

if (!function_exists('__after_createvps')) {
    /** @param array<string, mixed> $vps */
    function __after_createvps($vps): void
    {
        tipstaff_tell('after_createvps', $vps);
    }
}
