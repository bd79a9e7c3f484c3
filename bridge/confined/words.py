"""What the process that reads says to the one that asked."""

READY = "ready"
READ = "read"
REFUSED = "refused"
FAILED = "failed"
