"""The API actions, a file per family."""
