"""Tables: CSV and its kin inline, attached or zipped, pipes, JSON lines; a record for each address and offence."""

from bridge.intake.formats import Format
from bridge.intake.formats.table.reader import read

FORMAT = Format(name="table", read=read, rank=40)
