"""Drafts, preview, publishing."""
