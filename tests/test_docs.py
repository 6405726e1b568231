"""The documents: links and pictures lead somewhere, and every command that they name exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import Context, Group

from cli import GROUPS
from config import ROOT

PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "content/README.md")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
BIGGEST_PICTURE = 150_000  # bytes
EXAMPLE = re.compile(r"(?ms)^```.*?^```|`[^`\n]*`|^ {4,}\S.*?$")
LINK = re.compile(r"\]\(([^)\s]+)")
CODE = re.compile(r"(?m)`([^`\n]+)`|^ {4,}(\S.*)$")
SCRIPT = re.compile(r"\bscripts/[\w-]+")
MODULE = re.compile(r"python -m (bench[\w.]*)")
COMMANDS = {group.name: group for group in GROUPS}


def dead_links(page: Path) -> list[str]:
    """The relative links and pictures of a page, examples aside, that lead nowhere."""
    targets = (found.partition("#")[0] for found in LINK.findall(EXAMPLE.sub("", page.read_text())))
    relative = [target for target in targets if target and "://" not in target]
    return [target for target in relative if not (page.parent / target).exists()]


def unknown_commands(text: str) -> list[str]:
    """What a page tells its readers to run that does not exist."""
    scripts = [name for name in SCRIPT.findall(text) if not (ROOT / name).is_file()]
    modules = [
        name
        for name in MODULE.findall(text)
        if not (ROOT / f"{name.replace('.', '/')}.py").is_file()
    ]
    return scripts + modules + [line for line in _lines(text) if not _is_command(line.split())]


def _lines(text: str) -> Iterator[str]:
    """Code that names one of our commands: after `flask --app app`, or by its group alone."""
    for found in CODE.finditer(text):
        code = (found[1] or found[2]).partition(" # ")[0].strip()
        _, flask, words = code.partition("flask --app app ")
        words = words or ("" if flask else code)
        is_ours = bool(flask) or (" " in words and words.split()[0] in COMMANDS)
        if is_ours and words and words != "…":
            yield words


def _is_command(words: list[str]) -> bool:
    """Whether `group command|command --option` stands; other words are arguments."""
    group = COMMANDS.get(words[0])
    named = words[1].split("|") if len(words) > 1 else []
    if group is None or not named or not all(name in _names(group) for name in named):
        return False
    options = {word for word in words[2:] if word.startswith("--")}
    return all(options <= _options(group, name) for name in named)


def _options(group: Group, name: str) -> set[str]:
    command = group.get_command(Context(group), name)
    assert command is not None
    return {option for parameter in command.params for option in parameter.opts}


def _names(group: Group) -> list[str]:
    return group.list_commands(Context(group))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_documents_lead_somewhere(page: Path) -> None:
    assert dead_links(page) == []
    assert unknown_commands(page.read_text()) == []


def test_every_role_has_its_guide() -> None:
    linked = LINK.findall((ROOT / "README.md").read_text())
    guides = [f"docs/guides/{path.name}" for path in (ROOT / "docs" / "guides").glob("*.md")]
    assert set(guides) <= set(linked)


def test_pictures_are_small_and_shown() -> None:
    shown = LINK.findall((ROOT / "README.md").read_text())
    for picture in (ROOT / "docs" / "images").iterdir():
        assert f"docs/images/{picture.name}" in shown
        assert picture.stat().st_size <= BIGGEST_PICTURE


def test_planted_flaws_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "`[example](example.md)` [gone](gone.md#part) ![drawn](drawn.png) [here](page.md) [away](https://a.test)"
    )
    assert dead_links(page) == ["gone.md", "drawn.png"]
    text = (
        "`flask --app app content vanish`, `content check|vanish`, `content check --vanish`, "
        "`content check`, `content/`, `scripts/vanish`, `python -m bench.vanish`\n\n"
        "    flask --app app vanish now   # said\n    flask --app app db upgrade   # said\n"
    )
    assert unknown_commands(text) == [
        "scripts/vanish",
        "bench.vanish",
        "content vanish",
        "content check|vanish",
        "content check --vanish",
        "vanish now",
    ]
