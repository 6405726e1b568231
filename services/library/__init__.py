"""Published lessons, items and forms; loading and exporting content."""
