"""Stands before the rich that comes with a tool of the tests: people who run the site have none.

structlog takes it where it finds it, which costs 6 MB in each process that is measured here.
"""

raise ImportError("not installed with requirements.txt")
