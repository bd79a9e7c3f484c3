"""The JSON API: a blueprint per kind of thing."""
