"""The house's rules that import-linter cannot say, as functions that give back what breaks them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FLOORS = ("app", "config", "cli", "blueprints", "jobs", "services", "models", "gateways", "domain")
LONGEST_FILE, LONGEST_FUNCTION = 450, 60
INLINE = re.compile(
    r"""\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|<script(?![^>]*\bsrc=)[^>]*>|\|\s*safe\b""", re.I
)
# What may skip escaping: HTML that the one renderer made and drawings that the check of figures let
# through, in records' fields of that name, and the drawings of the icons, which stand in one file.
MAY_BE_SAFE = re.compile(r"\b\w+\.(?:html|figure|svg)\|safe|\bPATHS\[name\]\|safe")


def python_files(root: Path) -> Iterator[Path]:
    """Every Python file of the floors."""
    for floor in FLOORS:
        yield from sorted((root / floor).rglob("*.py"))
        if (root / f"{floor}.py").exists():
            yield root / f"{floor}.py"


def hidden_imports(source: str, name: str) -> list[str]:
    """Imports of the project's own modules inside functions or under TYPE_CHECKING."""
    found = []
    for scope in ast.walk(ast.parse(source)):
        hides = isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(scope, ast.If) and "TYPE_CHECKING" in ast.unparse(scope.test)
        )
        if not hides:
            continue
        for node in ast.walk(scope):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules = [node.module]
            found += [
                f"{name}:{node.lineno} hides an import of {module}"
                for module in modules
                if module.split(".")[0] in FLOORS
            ]
    return sorted(set(found))


def long_things(source: str, name: str) -> list[str]:
    """Files and functions that no longer fit a screen or an idea."""
    found = []
    lines = source.count("\n")
    if lines > LONGEST_FILE:
        found.append(f"{name} has {lines} lines")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            if length > LONGEST_FUNCTION:
                found.append(f"{name}:{node.lineno} {node.name} has {length} lines")
    return found


def names_db_session(source: str, name: str) -> list[str]:
    """`db.session` outside services/session.py."""
    return [
        f"{name}:{node.lineno} names db.session"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr == "session"
        and isinstance(node.value, ast.Name)
        and node.value.id == "db"
    ]


def reads_the_clock(source: str, name: str) -> list[str]:
    """Clock, chance or files inside the domain."""
    forbidden = {
        "datetime.now", "datetime.utcnow", "dt.datetime.now", "date.today", "dt.date.today",
        "time.time", "random.random", "random.choice", "random.shuffle", "open",
    }  # fmt: skip
    return [
        f"{name}:{node.lineno} calls {ast.unparse(node.func)}()"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in forbidden
    ]


def inline_code(template: str, name: str) -> list[str]:
    """What a strict content security policy would refuse, and unescaped text."""
    return [
        f"{name}:{number} {match.group().strip()}"
        for number, line in enumerate(template.splitlines(), 1)
        for match in INLINE.finditer(MAY_BE_SAFE.sub("", line))
    ]
