"""Positions, invitations, candidates, reports, decisions."""
