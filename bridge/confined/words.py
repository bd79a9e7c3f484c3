"""What the process that reads says to the one that asked."""

READY = "ready"
READ = "read"
REFUSED = "refused"
FAILED = "failed"

EXHAUSTED = "exhausted"
"""The kernel ended it: its processor time for the message was used up."""
LOST = "lost"
"""It did not answer in time, or ended for reasons that may not be the message's."""
