"""What comes in from Virtualizor; `panel/` is what is copied onto the panel itself."""
