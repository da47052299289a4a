"""Data, not code: default settings and sources."""
