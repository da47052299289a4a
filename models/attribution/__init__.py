"""The attribution tagger: who said what, learned from PolNeAR on the packaged MiniLM encoder."""
