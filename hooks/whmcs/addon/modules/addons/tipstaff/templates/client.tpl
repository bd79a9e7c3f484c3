{* The page is made, and escaped, by Tipstaff; it holds no script. *}
{$tipstaff_html nofilter}
