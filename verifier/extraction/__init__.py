"""From an article to its statements: quotations, cues, sources, speakers, claims."""

from verifier.extraction.extractor import RuleExtractor, TaggedExtractor

__all__ = ["RuleExtractor", "TaggedExtractor"]
