"""Benchmarks (`python -m bench`) and the demonstration (`make demo`).

Timings are ratios against a baseline in the same process.
"""
