<?php
/**
 * The page about the connection. `$page` is what Admin\Connection gathered.
 *
 * @var array<string, mixed> $page
 */

declare(strict_types=1);

use Tipstaff\Text;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

$say = static function (string $key, string ...$values): string {
    return Text::escape(Text::say($key, ...$values));
};
$when = static function (int $time) use ($say): string {
    return $time === 0 ? $say('never') : Text::escape(gmdate('Y-m-d H:i:s', $time) . ' UTC');
};
$button = static function (string $do, string $label, int $row = 0) use ($page, $say): string {
    return '<form method="post" action="' . $page['action'] . '" style="display:inline">' . $page['token']
        . '<input type="hidden" name="do" value="' . $do . '"><input type="hidden" name="row" value="' . $row . '">'
        . '<button type="submit" class="btn btn-default btn-sm">' . $say($label) . '</button></form> ';
};
?>
<h2><?php echo $say('connection'); ?></h2>
<?php if ($page['notice'] !== '') { ?>
<div class="alert alert-info" role="status"><?php echo Text::escape($page['notice']); ?></div>
<?php } ?>
<?php if ($page['stale'] !== '') { ?>
<div class="alert alert-warning" role="alert"><?php echo Text::escape($page['stale']); ?></div>
<?php } ?>
<table class="table table-condensed">
    <tr><th scope="row"><?php echo $say('bridge'); ?></th><td><?php echo $page['settings']->bridgeUrl === '' ? $say('not_set') : Text::escape($page['settings']->bridgeUrl); ?></td></tr>
    <tr><th scope="row"><?php echo $say('secret'); ?></th><td><?php echo $say($page['settings']->areComplete() ? 'is_set' : 'not_set'); ?></td></tr>
    <tr><th scope="row"><?php echo $say('timeout'); ?></th><td><?php echo (int) $page['settings']->timeoutMs; ?> ms</td></tr>
    <tr><th scope="row"><?php echo $say('when_unreachable'); ?></th><td><?php echo $say($page['settings']->whenUnreachable); ?></td></tr>
    <tr><th scope="row"><?php echo $say('waiting'); ?></th><td><?php echo (int) $page['outbox']['count']; ?><?php echo $page['outbox']['count'] > 0 ? ' (' . $say('since', gmdate('Y-m-d H:i:s', $page['outbox']['since']) . ' UTC') . ')' : ''; ?></td></tr>
    <tr><th scope="row"><?php echo $say('holds'); ?></th><td><?php echo (int) $page['holds']['count']; ?> (<?php echo $say('read_at'); ?> <?php echo $when((int) $page['holds']['at']); ?>)</td></tr>
</table>
<p><?php echo $button('test', 'do_test'), $button('send', 'do_send'), $button('holds', 'do_holds'); ?></p>
<?php if ($page['refused'] !== []) { ?>
<h3><?php echo $say('refused_messages'); ?></h3>
<p><?php echo $say('refused_meaning'); ?></p>
<table class="table table-condensed">
    <thead><tr><th><?php echo $say('hook'); ?></th><th><?php echo $say('about'); ?></th><th><?php echo $say('when'); ?></th><th><?php echo $say('why'); ?></th><th></th></tr></thead>
    <tbody>
    <?php foreach ($page['refused'] as $row) { ?>
    <tr>
        <td><?php echo Text::escape($row->hook); ?></td>
        <td><?php echo Text::escape($row->lane); ?></td>
        <td><?php echo $when((int) $row->made); ?></td>
        <td><?php echo Text::escape($row->error); ?></td>
        <td><?php echo $button('again', 'do_again', (int) $row->id), $button('drop', 'do_drop', (int) $row->id); ?></td>
    </tr>
    <?php } ?>
    </tbody>
</table>
<?php } ?>
<p><a href="<?php echo $page['back']; ?>">Tipstaff</a></p>
