"""Marks by people, contested questions, wrong keys."""
