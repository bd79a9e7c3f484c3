"""Policies as data: packs, their vocabulary, loading and checking them."""
