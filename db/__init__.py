"""The store: tables, mapping, unit of work, queries, engine and migrations."""
