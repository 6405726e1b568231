"""Shapes of what programs send and get."""
