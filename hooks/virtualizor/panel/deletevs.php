<?php
/**
 * On the master: a virtual server is gone for good, its addresses are free.
 */

declare(strict_types=1);

require_once __DIR__ . '/tipstaff.php';

if (!function_exists('__deletevs')) {
    /** @param array<string, mixed> $vps */
    function __deletevs($vps): void
    {
        tipstaff_tell('deletevs', $vps);
    }
}
