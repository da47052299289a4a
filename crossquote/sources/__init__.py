"""Where articles come from: text files, saved pages, JSON lines, folders and http(s) URLs."""

from crossquote.sources.reader import SourceReader, read_text

__all__ = ["SourceReader", "read_text"]
