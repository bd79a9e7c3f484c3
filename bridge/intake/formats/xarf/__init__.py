"""XARF: JSON reports of versions 1 to 4, alone or inside mail, with the spellings that senders use."""

from bridge.intake.formats import Format
from bridge.intake.formats.xarf.inmail import read

FORMAT = Format(name="xarf", read=read, rank=10)
