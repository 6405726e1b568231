"""Floor 1, the trade: pure functions and frozen dataclasses.

No Flask, no SQL, no clock, no file, no hidden chance: what is needed comes in as an argument.
"""
