"""The text of a mail to admins, made harmless: WHMCS sends it as HTML and runs it through its template engine first."""

from __future__ import annotations

import html

_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})


def admin_mail_body(text: str) -> str:
    """`text` as HTML: escaped, braces as entities (no template tag survives), lines kept."""
    return html.escape(text).translate(_BRACES).replace("\r\n", "\n").replace("\n", "<br />\n")
