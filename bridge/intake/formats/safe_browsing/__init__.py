"""Safe Browsing alerts for owners of an autonomous system: XML as plain text, a link and an address in each row."""

from bridge.intake.formats import Format
from bridge.intake.formats.safe_browsing.reader import read

FORMAT = Format(name="safe_browsing", read=read, rank=25)
