"""Benchmarks that a person can run: each prints a ratio against a floor measured in the same run."""
