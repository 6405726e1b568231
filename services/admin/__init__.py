"""People management, audit, backup, demo."""
