"""A policy as a page that a customer can read, made from the pack: clauses, times, sums, what lifts what."""
