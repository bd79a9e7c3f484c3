"""Pages, made here and shown by the panel: plain HTML that works without scripts."""
