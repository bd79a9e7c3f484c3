"""What comes in from the panels: signed hooks, translated into events."""
