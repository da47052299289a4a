"""Data, not code: default settings, sources and logging."""
