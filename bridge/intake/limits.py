"""Bounds on what one message may cost: whatever it holds, reading it ends soon and in little memory."""

from __future__ import annotations

MESSAGE = 12 * 1024 * 1024
"""Bytes of a message that are looked at; the rest is digested and kept by the caller, not read."""

HEADERS = 256 * 1024
"""Bytes of one header block."""

HEADER_LINES = 400
"""Header fields of one block."""

HEADER_VALUE = 8 * 1024
"""Characters of one header's value."""

DEPTH = 8
"""How deep messages, multiparts and archives may nest."""

PARTS = 120
"""Leaf parts of one message, archive members included."""

PART_TEXT = 2 * 1024 * 1024
"""Bytes of a part that are decoded to text."""

HTML = 512 * 1024
"""Bytes of HTML that are turned into text."""

UNPACKED = 32 * 1024 * 1024
"""Bytes that all archives of one message may unpack to."""

MEMBERS = 20
"""Files taken out of one archive."""

PROSE = 160 * 1024
"""Characters of running text that the general reader looks at."""

DECLARING = 20_000
"""Characters of a text in which a zone may be declared for its times."""

LINE = 2000
"""Characters of one line that the general reader looks at."""

MENTIONS = 1500
"""Addresses, URLs or times of one kind that are weighed in one text."""

TIMES = 500
"""Lines with a time that are looked at in one text."""

INCIDENTS = 10_000
"""Incidents taken from one message; a note says where more were stated."""

ROWS = 25_000
"""Rows of tables that are read in one message; of those outside our networks, where we know them, far more pass."""

LINES = 250_000
"""Lines of one attached file, or of a text, that are looked at for tables."""

STRAYS = 60_000
"""Lines of one text that are looked at because they might begin a table."""

URLS = 200
"""URLs or domains kept for one incident."""

EXCERPT = 400
"""Characters quoted for the desk."""
