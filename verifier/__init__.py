"""The domain: articles, statements, pairs and verdicts, and the use cases over them.

Standard library and numpy only.
"""
