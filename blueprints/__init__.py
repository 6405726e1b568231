"""Floor 4, HTTP only: parse, call one service, answer.

<area>/routes.py and forms.py; what all areas share is in `shared`. Blueprints never import each
other, query, compute or commit.
"""
