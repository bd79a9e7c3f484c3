<?php
/**
 * WHMCS's web side for `php -S`: the module's admin page, its client page in a real Smarty, the admin home page, and a
 * log-in that asks nothing.
 */

declare(strict_types=1);

require_once '/usr/share/php/smarty4/Smarty.class.php';

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$_SERVER['SCRIPT_NAME'] = $path;
if ($path === '/index.php') {
    define('CLIENTAREA', true);
} else {
    define('ADMINAREA', true);
}
session_save_path(getenv('WHMCS_ROOT_FOLDER'));
session_start();
ob_start();
require_once getenv('WHMCS_ROOT_FOLDER') . '/init.php';
require_once WHMCS_ROOT . '/modules/addons/tipstaff/tipstaff.php';

switch ($path) {
    case '/login':
        $_SESSION = array_merge($_SESSION, array_map('intval', $_GET));
        echo 'logged in';
        break;
    case '/admin/index.php':
        echo '<main>', implode('', run_hook('AdminHomepage')), '</main>';
        break;
    case '/admin/addonmodules.php':
        echo '<aside>', tipstaff_sidebar(['modulelink' => 'addonmodules.php?module=tipstaff']), '</aside><main>';
        tipstaff_output(['modulelink' => 'addonmodules.php?module=tipstaff', 'version' => '0.1.0', '_lang' => []]);
        echo '</main>';
        break;
    case '/index.php':
        $page = tipstaff_clientarea(['modulelink' => 'index.php?m=tipstaff']);
        $smarty = new Smarty();
        $smarty->setCompileDir(WHMCS_ROOT . '/templates_c');
        $smarty->assign($page['vars']);
        echo '<title>', $page['pagetitle'], '</title>';
        echo $smarty->fetch(WHMCS_ROOT . "/modules/addons/tipstaff/templates/{$page['templatefile']}.tpl");
        break;
    default:
        http_response_code(404);
}
