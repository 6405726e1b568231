"""Forms, attempts, scoring."""
