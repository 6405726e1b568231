"""Floor 3, what can be done: load, ask the domain, keep.

Session, actor and time come in as arguments. A service guards what it loads, writes its journal
entry in the same transaction and gives back frozen records; ORM rows never leave this floor.
"""
