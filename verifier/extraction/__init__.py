"""From an article to its statements by rules: quotations, cues, sources, speakers, claims."""

from verifier.extraction.extractor import RuleExtractor

__all__ = ["RuleExtractor"]
