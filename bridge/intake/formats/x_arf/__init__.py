"""X-ARF 0.1 and 0.2: a YAML report beside the readable text, as blocklist.de, Netcraft and many scripts send it."""

from bridge.intake.formats import Format
from bridge.intake.formats.x_arf.reader import read

FORMAT = Format(name="x_arf", read=read, rank=12)
