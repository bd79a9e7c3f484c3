{* The page is made, and escaped, by Tipstaff; it holds no script. *}
<div class="tipstaff">{$tipstaff_html nofilter}</div>
