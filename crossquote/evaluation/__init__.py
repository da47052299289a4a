"""Evaluations that the command line prints: each reads a labelled file, asks the configured models, and measures."""
