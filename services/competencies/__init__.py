"""Framework, evidence ledger, estimates, self-ratings."""
