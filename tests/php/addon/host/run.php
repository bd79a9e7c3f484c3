<?php
/**
 * One run of WHMCS without a browser: does the steps given as JSON on standard input, one after another, and answers
 * with what each gave and how many milliseconds it took.
 *
 * {"constants": [...], "session": {...}, "script": "...", "steps": [{"do": ...}]}
 */

declare(strict_types=1);

use WHMCS\Database\Capsule;

$given = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
foreach ($given['constants'] ?? [] as $constant) {
    define($constant, true);
}
$_SESSION = $given['session'] ?? [];
$_SERVER['SCRIPT_NAME'] = $given['script'] ?? '/whmcs/admin/somewhere.php';

require_once $argv[1] . '/init.php';
require_once WHMCS_ROOT . '/modules/addons/tipstaff/tipstaff.php';

/** `{"__object": …}` becomes what WHMCS hands over and JSON cannot hold. */
function thing($value)
{
    if (!is_array($value)) {
        return $value;
    }
    switch ($value['__object'] ?? '') {
        case '':
            return array_map('thing', $value);
        case 'closure':
            return static function () {
                throw new LogicException('nobody calls this');
            };
        case 'resource':
            return fopen('php://memory', 'rb');
        case 'bytes':
            return hex2bin($value['hex']);
        case 'nan':
            return NAN;
        case 'endless':
            $deep = [];
            for ($level = 0; $level < 200; $level++) {
                $deep = ['deeper' => $deep, 'level' => $level];
            }
            return $deep;
        default:
            return new ArrayObject(['password' => 'inside an object']);
    }
}

$answers = [];
foreach ($given['steps'] as $step) {
    $started = microtime(true);
    $answer = null;
    switch ($step['do']) {
        case 'hook':
            for ($time = 0; $time < ($step['times'] ?? 1); $time++) {
                $answer = run_hook($step['name'], thing($step['vars'] ?? []));
            }
            break;
        case 'hooks':
            $answer = array_keys($GLOBALS['whmcs_hooks']);
            break;
        case 'call':
            $answer = ('tipstaff_' . $step['name'])($step['vars'] ?? []);
            break;
        case 'tables':
            $answer = array_column(Capsule::select("SELECT name FROM sqlite_master WHERE type = 'table'"), 'name');
            break;
        case 'rows':
            $answer = Capsule::select($step['query']);
            break;
        case 'sql':
            $answer = Capsule::connection()->statement($step['query']);
            break;
        case 'sleep':
            usleep($step['ms'] * 1000);
            break;
        case 'session':
            $_SESSION = $step['session'];
            break;
    }
    $answers[] = ['answer' => $answer, 'ms' => (microtime(true) - $started) * 1000];
}
echo json_encode($answers, JSON_THROW_ON_ERROR);
