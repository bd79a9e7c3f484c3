"""SpamCop: a source of spam, or the host of a site that spam advertises."""

from bridge.intake.formats import Format
from bridge.intake.formats.spamcop.reader import read

FORMAT = Format(name="spamcop", read=read, rank=5)
