"""Collecting articles from the sources that a newsroom names: what is new since the last time, and nothing twice."""

from crossquote.collecting.collector import Collector
from crossquote.collecting.sources_file import Source, SourceKind, read_sources

__all__ = ["Collector", "Source", "SourceKind", "read_sources"]
