"""The outer ring: settings, wiring, sources, the command line and the web."""
