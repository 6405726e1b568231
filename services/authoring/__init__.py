"""Drafts, preview, publishing: how lessons change in the site."""
