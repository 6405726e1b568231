"""Comparing candidates."""
