"""Psychometrics over many people: calibration, item and test statistics, DIF, agreement, norms.

Pure functions on tables of marks, people in rows and items in columns, NaN or -1 where an item was
not seen. Modules that need numpy say so by importing it: jobs, commands and benches may load them,
a web process may not. `ladder`, `norms` and `change` do without it.
"""
