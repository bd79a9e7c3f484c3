<?php

declare(strict_types=1);

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

$_ADDONLANG['overview'] = '概览';
$_ADDONLANG['approvals'] = '审批';
$_ADDONLANG['cases'] = '案件';
$_ADDONLANG['reviews'] = '复核';
$_ADDONLANG['policy'] = '政策';
$_ADDONLANG['audit'] = '审计';
$_ADDONLANG['connection'] = '连接';
$_ADDONLANG['abuse_cases'] = '滥用案件';
$_ADDONLANG['later'] = '目前无法核实，请几分钟后再试。';
$_ADDONLANG['refused'] = '无法接受此订单，请联系客服。';
$_ADDONLANG['no_admin'] = '请以管理员身份登录。';
$_ADDONLANG['forged'] = '表单已过期，未执行任何操作；请重新打开页面再试。';
$_ADDONLANG['not_set_up'] = '尚未设置桥接地址或密钥，或其不可用。';
$_ADDONLANG['unreachable'] = 'Tipstaff 没有响应，请稍后再试。';
$_ADDONLANG['unclear'] = 'Tipstaff 没有响应，无法确定是否已收到。重新发送前请先查看页面。';
$_ADDONLANG['trouble'] = '无法显示此页面。';
$_ADDONLANG['upload_too_large'] = '文件无法接收。所有文件合计不得超过 %s MiB。';
$_ADDONLANG['bridge'] = '桥接';
$_ADDONLANG['secret'] = '密钥';
$_ADDONLANG['is_set'] = '已设置';
$_ADDONLANG['not_set'] = '未设置';
$_ADDONLANG['timeout'] = '最长等待';
$_ADDONLANG['when_unreachable'] = '桥接不可达时的开通';
$_ADDONLANG['allow'] = '允许';
$_ADDONLANG['refuse'] = '拒绝';
$_ADDONLANG['waiting'] = '等待桥接的消息';
$_ADDONLANG['since'] = '自 %s';
$_ADDONLANG['holds'] = '本地保存的限制';
$_ADDONLANG['read_at'] = '读取于：';
$_ADDONLANG['never'] = '从未';
$_ADDONLANG['stale'] = '此处保存的暂停已有 %s 分钟未读取：WHMCS 的 cron 在运行吗？';
$_ADDONLANG['never_read'] = '从未读取过暂停：WHMCS 的 cron 在运行吗？';
$_ADDONLANG['do_test'] = '测试连接';
$_ADDONLANG['do_send'] = '发送等待的消息';
$_ADDONLANG['do_holds'] = '重新读取所有限制';
$_ADDONLANG['do_again'] = '重新发送';
$_ADDONLANG['do_drop'] = '放弃';
$_ADDONLANG['refused_messages'] = '桥接不接受的消息';
$_ADDONLANG['refused_meaning'] = '它们被保留且不妨碍其他消息。原因解决后可重新发送，或放弃。';
$_ADDONLANG['hook'] = '钩子';
$_ADDONLANG['about'] = '关于';
$_ADDONLANG['when'] = '时间';
$_ADDONLANG['why'] = '原因';
$_ADDONLANG['sent'] = '已发送 %s 条消息。';
$_ADDONLANG['holds_read'] = '已读取所有限制。';
$_ADDONLANG['will_be_sent'] = '已等待重新发送。';
$_ADDONLANG['dropped'] = '已放弃。';
$_ADDONLANG['gone'] = '它已不存在。';
$_ADDONLANG['test_good'] = '桥接已响应且密钥正确（%s 毫秒）。';
$_ADDONLANG['test_plain'] = '地址为 http：消息未加密传输，请使用 https。';
$_ADDONLANG['test_secret'] = '桥接已响应，但密钥与其 hook_secret 不同。';
$_ADDONLANG['test_clock'] = '桥接已响应，但时钟相差 %s 秒；最多允许 300 秒。';
$_ADDONLANG['test_none'] = '桥接没有响应：%s';
$_ADDONLANG['test_other'] = '该地址有响应，但不像桥接：%s';
