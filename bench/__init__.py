"""Benchmarks that a person can run: each prints a ratio against a floor of the same run."""
