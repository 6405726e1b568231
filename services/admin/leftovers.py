"""Files of the installation that may name a person: sent mail in the folder, and exports."""

from email import message_from_bytes
from email.errors import MessageError
from email.policy import default
from pathlib import Path

from services.accounts.keeping import Leaving

MAILS = "outbox"
# Made for one reader and one day, and made again in a minute: whatever lies there goes.
EXPORTS = ("exports",)


def remove(instance: Path, who: Leaving) -> int:
    """Delete every mail that names the person, to whomever it went, and all exports; how many."""
    named = [path for path in _files(instance / MAILS) if _names(path, who)]
    made = [path for folder in EXPORTS for path in _files(instance / folder)]
    for path in named + made:
        path.unlink(missing_ok=True)
    return len(named) + len(made)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []


def _names(path: Path, who: Leaving) -> bool:
    """Whether name or address stands in a mail as its reader sees it, in the head or below.

    A half-written one of a job that died is read as far as it goes.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return False  # another job was quicker
    texts = [raw.decode("utf-8", "replace")]
    try:
        mail = message_from_bytes(raw, policy=default)
        texts += [str(value) for value in mail.values()]
        texts += [
            str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"
        ]
    except (MessageError, LookupError, ValueError, KeyError):
        pass
    return any(who.pattern.search(text) for text in texts)
