"""Lists of addresses under headings that each name an offence: several categories in one mail."""

from bridge.intake.formats import Format
from bridge.intake.formats.grouped.reader import read

FORMAT = Format(name="grouped", read=read, exact=False, rank=45)
