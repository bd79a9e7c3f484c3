"""Opening mail: bytes into headers, parts and nested messages, bounded and without ever raising."""
