"""ARF (RFC 5965): feedback loops, SpamCop's and others' machine-readable reports of one mail."""

from bridge.intake.formats import Format
from bridge.intake.formats.arf.reader import read

FORMAT = Format(name="arf", read=read, rank=20)
