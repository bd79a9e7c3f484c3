<?php
/**
 * A virtual server was removed from this node.
 */

declare(strict_types=1);

require_once __DIR__ . '/tipstaff.php';

if (!function_exists('__after_deletevps')) {
    /** @param array<string, mixed> $vps */
    function __after_deletevps($vps): void
    {
        tipstaff_tell('after_deletevps', $vps);
    }
}
