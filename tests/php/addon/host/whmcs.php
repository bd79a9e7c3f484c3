<?php
/**
 * Stands in for WHMCS: only what its developer documentation promises an addon module, on Debian's own Illuminate and
 * SQLite. Included by the installation's init.php, which names the folder by WHMCS_ROOT.
 *
 * What the module does wrong (a warning, a notice, a deprecated call) is written to errors.log and fails the test.
 */

declare(strict_types=1);

namespace {
    const WHMCS = true;

    require_once '/usr/share/php/Illuminate/Database/autoload.php';

    error_reporting(E_ALL);
    set_error_handler(static function (int $level, string $words, string $file, int $line): bool {
        if (strpos($file, WHMCS_ROOT . '/modules/') === 0 && (error_reporting() & $level) !== 0) {
            file_put_contents(WHMCS_ROOT . '/errors.log', "$words at $file:$line\n", FILE_APPEND);
        }
        return true;
    });

    $GLOBALS['whmcs_hooks'] = [];

    function add_hook($name, $priority, $function)
    {
        $GLOBALS['whmcs_hooks'][$name][$priority][] = $function;
    }

    /** @return list<mixed> what the hooks answered */
    function run_hook($name, array $vars = [])
    {
        $answers = [];
        $hooks = $GLOBALS['whmcs_hooks'][$name] ?? [];
        ksort($hooks);
        foreach ($hooks as $functions) {
            foreach ($functions as $function) {
                $answers[] = $function($vars);
            }
        }
        return $answers;
    }

    function logActivity($text, $client = 0)
    {
        whmcs_log('activity', ['text' => $text, 'client' => $client]);
    }

    function logModuleCall($module, $action, $request, $response, $processed = '', $replace = [])
    {
        whmcs_log('module', [
            'module' => $module, 'action' => $action, 'request' => $request, 'response' => $response,
            'processed' => $processed, 'replace' => $replace,
        ]);
    }

    function whmcs_log($name, array $entry)
    {
        file_put_contents(WHMCS_ROOT . "/$name.log", json_encode($entry) . "\n", FILE_APPEND);
    }
}

namespace WHMCS\Database {
    class Capsule extends \Illuminate\Database\Capsule\Manager
    {
    }
}

namespace WHMCS\Authentication {
    class CurrentUser
    {
        public function client()
        {
            $id = $_SESSION['uid'] ?? 0;
            return $id ? \WHMCS\Database\Capsule::table('tblclients')->where('id', $id)->first() : null;
        }
    }
}

namespace {
    use WHMCS\Database\Capsule;

    $capsule = new Capsule();
    $capsule->addConnection(['driver' => 'sqlite', 'database' => WHMCS_ROOT . '/whmcs.sqlite']);
    $capsule->setAsGlobal();
    Capsule::connection()->statement('PRAGMA busy_timeout = 10000');
    Capsule::connection()->statement('PRAGMA synchronous = OFF');

    if (!Capsule::schema()->hasTable('tbladdonmodules')) {
        Capsule::schema()->create('tbladdonmodules', static function ($table): void {
            $table->increments('id');
            $table->string('module');
            $table->string('setting');
            $table->text('value');
        });
        Capsule::schema()->create('tbladmins', static function ($table): void {
            $table->increments('id');
            $table->integer('roleid');
            $table->string('username');
            $table->string('firstname');
            $table->string('lastname');
        });
        Capsule::schema()->create('tblclients', static function ($table): void {
            $table->increments('id');
            $table->string('firstname');
            $table->string('lastname');
        });
        Capsule::table('tbladmins')->insert([
            ['id' => 3, 'roleid' => 1, 'username' => 'ada', 'firstname' => 'Ada', 'lastname' => 'Admin'],
            ['id' => 4, 'roleid' => 2, 'username' => 'sam', 'firstname' => 'Sam', 'lastname' => 'Sales'],
        ]);
        Capsule::table('tblclients')->insert([
            ['id' => 7, 'firstname' => 'Cleo', 'lastname' => 'O&#039;Client'],
            ['id' => 8, 'firstname' => 'Otto', 'lastname' => 'Other'],
        ]);
    }

    $module = WHMCS_ROOT . '/modules/addons/tipstaff';
    if (Capsule::table('tbladdonmodules')->where('module', 'tipstaff')->exists()) {
        require_once "$module/hooks.php";
    }
}
