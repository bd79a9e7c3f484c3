"""ACNS: copyright notices with an XML block, whole, escaped, dash-escaped by PGP or broken."""

from bridge.intake.formats import Format
from bridge.intake.formats.acns.reader import read

FORMAT = Format(name="acns", read=read, rank=15)
