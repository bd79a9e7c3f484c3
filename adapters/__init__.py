"""One package per panel; each is the only place that knows its parameter names."""
