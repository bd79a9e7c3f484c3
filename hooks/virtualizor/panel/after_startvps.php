<?php
/**
 * A virtual server was started, by whomever: what suspends it may have been lifted, its addresses may be new.
 */

declare(strict_types=1);

require_once __DIR__ . '/tipstaff.php';

if (!function_exists('__after_startvps')) {
    /** @param array<string, mixed> $vps */
    function __after_startvps($vps): void
    {
        tipstaff_tell('after_startvps', $vps);
    }
}
