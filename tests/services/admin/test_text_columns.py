"""Every column that can hold words says what kind of words: a new one is asked for here.

Names, addresses and what people wrote stand in `person` and `free_text`, and answers in `answer`;
test_erasing.py shows that these are emptied. All else must not need it, and says why.
"""

from collections.abc import Iterator

from flask import Flask
from sqlalchemy import JSON, Column, LargeBinary, String, select

from models.base import Base
from services.admin import tables
from services.session import reading
from tests.conftest import Cast
from tests.services.admin import canary

# Emptied, renamed or dropped with their person.
PERSONAL = {
    "person": ("subject", "name", "email", "pending_email", "locale", "theme"),
    "free_text": ("body",),
    "answer": ("response",),
    "evidence": ("subject",),
    "estimate": ("subject",),
    "voluntary_answer": ("subject", "question", "answer"),
    "attempt_opening": ("device",),
    "lesson_progress": ("sections", "last_section", "lesson_key"),
    "assignment": ("module_key",),
    "module_pass": ("module_key",),
    "unclear_mark": ("section",),
    "saved_view": ("query",),
    "self_rating": ("competency",),
    "person_role": ("role",),
}
# Hashes, and what is sealed with the installation's key: nobody reads anything in them.
SECRET = {
    "api_key": ("digest",),
    "application": ("return_code",),
    "bulk_action": ("once",),
    "credential": ("password_hash",),
    "erasure": ("mark",),
    "failed_check": ("key",),
    "recovery_code": ("digest",),
    "second_factor": ("secret",),
    "token": ("digest",),
    "webhook": ("secret",),
}
# What the company publishes or calls its things; who writes it is told not to write about people.
COMPANY = {
    "document": ("key", "path"),
    "draft": ("source",),
    "draft_save": ("source",),
    "import_batch": ("parsed",),
    "norm_group": ("name",),
    "picture": ("key", "alt"),
    "picture_file": ("data",),
    "position": ("title",),
    "revision": ("source", "title", "meta", "html"),
    "search_entry": ("part", "key", "title", "body", "heading", "words"),
    "webhook": ("url",),
}
# Words of closed lists, keys of authored things, digests of texts, ids and figures: said by code.
OURS = {
    "accommodation_request": ("state",),
    "answer": ("held",),
    "api_key": ("scopes",),
    "attempt": ("purpose", "form_key", "lang", "state", "open_key"),
    "attempt_grant": ("kind",),
    "attempt_item": ("competency", "option_order"),
    "bulk_action": ("kind",),
    "bulk_line": ("before",),
    "calibration_run": ("state", "report"),
    "candidacy": ("outcome",),
    "contest": ("state",),
    "decision": ("outcome", "reason_code"),
    "document": ("kind", "lang", "disk_digest"),
    "draft": ("tab", "editors"),
    "due_publication": ("digest", "asks", "state", "outcome"),
    "erasure": ("cause",),
    "estimate": ("scope_kind", "competency"),
    "evidence": ("competency", "source_kind"),
    "free_text": ("about_kind",),
    "import_batch": ("format", "options", "outcome"),
    "interview_rating": ("competency", "subtopic"),
    "invitation_import": ("state",),
    "invitation_reminder": ("rule",),
    "item_facts": ("kind", "pool", "competency", "subtopic"),
    "item_parameters": ("competency", "model", "thresholds", "errors"),
    "journal": ("event", "object_kind", "data", "request_id"),
    "line_comment": ("digest",),
    "newest_estimates": ("scope_kind",),
    "norm_group": ("competency", "thetas", "form_key"),
    "outbox": ("task", "data", "error"),
    "person": ("kind",),
    "picture": ("digest",),
    "picture_file": ("digest", "media_type"),
    "position": (
        "profile", "weights", "gates", "form_key", "state", "plan", "cut_method", "reminders",
    ),
    "position_member": ("part",),
    "position_words": ("kind", "key"),
    "publication": ("asks",),
    "rating": ("scores",),
    "review": ("digest", "state"),
    "revision": ("digest",),
    "search_entry": ("kind", "audience", "lang"),
    "statistic": ("kind", "key", "data"),
    "token": ("purpose",),
    "webhook": ("events", "disabled_why"),
    "webhook_delivery": ("event", "state", "error"),
    "work": ("task", "about", "state", "outcome"),
}  # fmt: skip
KINDS = (PERSONAL, SECRET, COMPANY, OURS)


def can_hold_words(column: Column[object]) -> bool:
    return isinstance(column.type, String | JSON | LargeBinary)


def named(kind: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for table, columns in kind.items():
        yield from (f"{table}.{column}" for column in columns)


def there() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if can_hold_words(column)
    }


def test_every_column_of_words_says_whose_words_they_are() -> None:
    said = [name for kind in KINDS for name in named(kind)]
    assert len(said) == len(set(said)), "one column, one kind"
    assert there() - set(said) == set(), "say here what words stand in it"
    assert set(said) - there() == set(), "there is no such column any more"


def test_a_persons_words_stand_where_erasure_looks_for_them(app: Flask, cast: Cast) -> None:
    """Somebody leaves traces everywhere that pages let them: they stand in these tables only."""
    canary.settle(app, cast)
    with app.app_context(), reading() as session:
        found = canary.traced(canary.dumped(session.connection()))
        assert set(found) == {"person", "free_text", "answer"}
        for table in tables.reflect(session.connection()):
            if table.name in found:
                words = {column.name for column in table.columns if can_hold_words(column)}
                for name in words - set(PERSONAL[table.name]):
                    texts = [str(one) for one in session.scalars(select(table.c[name]))]
                    assert not canary.traced({name: "\n".join(texts)}), f"{table.name}.{name}"
