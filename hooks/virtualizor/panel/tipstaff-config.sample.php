<?php
/**
 * Copy to tipstaff-config.php beside tipstaff.php, readable by root alone (chmod 600).
 */

return [
    // Where Tipstaff answers, as [server] listen and your proxy have it.
    'bridge_url' => 'https://tipstaff.example',
    // [server] hook_secret of tipstaff.toml.
    'secret' => 'whsec_…',
    // How long the panel may be kept waiting, at most 5000.
    'timeout_ms' => 1000,
    // The id of the WHMCS server this panel is, one of `servers` in tipstaff.toml; needed with several panels.
    'server' => '',
    // The certificate (or its CA) of bridge_url, where the system does not know it.
    'ca_file' => '',
];
