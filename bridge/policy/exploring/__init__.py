"""Exploring a pack: a bounded search through its own states, by the decisions that are made live."""
