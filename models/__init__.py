"""The learned parts: embedder, NLI, registry, model cards, training recipes and deterministic fakes."""
