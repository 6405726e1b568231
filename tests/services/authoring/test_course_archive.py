"""A course out as an archive and in again: nothing is written over, conflicts are shown."""

import json
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask

from gateways import archives
from services.authoring import (
    course_export,
    course_import,
    importing,
    importing_work,
    reviewing,
)
from services.authoring.course_export import MANIFEST
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.authoring import bringing
from tests.services.library.publishing import put, text_of

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LESSON = "courses/industry/know-what-you-sell.md"


def exported(app: Flask, cast: Cast, *modules: str) -> dict[str, bytes]:
    with app.app_context(), writing() as session:
        data = course_export.export(session, cast.actor("tao"), modules, NOW)
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines(app: Flask, cast: Cast, files: dict[str, bytes]) -> dict[str, str]:
    read = importing.read_file(archives.write(files), "")
    with app.app_context(), reading() as session:
        found = course_import.lines(session, cast.actor("tao"), read)
    return {line.path: line.state for line in found}


def brought_in(app: Flask, cast: Cast, files: dict[str, bytes]) -> dict[str, object]:
    read = importing.read_file(archives.write(files), "")
    with app.app_context(), writing() as session:
        batch = importing.keep(session, cast.actor("tao"), read, NOW)
        work_id = importing.begin(session, cast.actor("tao"), batch, {}, NOW)
    with app.app_context():
        importing_work.run(work_id, lambda: NOW)
    with app.app_context(), reading() as session:
        page = importing.preview(session, cast.actor("tao"), batch, "en", 1)
    assert page.work is not None
    return {"state": page.work.state, **page.outcome}


def edited(files: dict[str, bytes], path: str, words: str) -> dict[str, bytes]:
    return files | {path: files[path] + f"\n{words}\n".encode()}


def test_out_and_in_again_changes_nothing(app: Flask, cast: Cast) -> None:
    files = exported(app, cast, "industry")
    assert LESSON in files
    assert json.loads(files[MANIFEST])["digests"].keys() == files.keys() - {MANIFEST}
    found = lines(app, cast, files)
    assert set(found.values()) == {"same"}


def test_a_change_comes_in_and_a_conflict_stays_out(any_app: Flask, cast: Cast) -> None:
    files = exported(any_app, cast, "industry")
    english = [p for p in sorted(files) if p.endswith(".md") and "zh_Hans" not in p]
    other = next(path for path in english if path != LESSON)
    put(any_app, other, text_of(any_app, other) + "\nWritten in the site.\n")
    sent = edited(edited(files, LESSON, "Written elsewhere."), other, "Written elsewhere too.")
    found = lines(any_app, cast, sent)
    assert (found[LESSON], found[other]) == ("changed", "conflict")
    outcome = brought_in(any_app, cast, sent)
    assert (outcome["state"], outcome["changed"], outcome["conflict"]) == ("done", 1, 1)
    assert text_of(any_app, LESSON).endswith("Written elsewhere.\n")
    assert text_of(any_app, other).endswith("Written in the site.\n")


def test_a_change_in_the_site_only_is_kept(app: Flask, cast: Cast) -> None:
    files = exported(app, cast, "industry")
    put(app, LESSON, text_of(app, LESSON) + "\nWritten in the site.\n")
    assert lines(app, cast, files)[LESSON] == "kept"


def test_one_fault_and_nothing_comes_in(app: Flask, cast: Cast) -> None:
    files = exported(app, cast, "industry")
    sent = edited(files, LESSON, "A link to [nowhere](lesson:no/where).")
    outcome = brought_in(app, cast, sent)
    assert (outcome["state"], len(outcome["problems"])) == ("failed", 1)  # type: ignore[arg-type]
    assert "nowhere" not in text_of(app, LESSON)


def test_the_framework_and_strange_files_stay_out(app: Flask, cast: Cast) -> None:
    files = exported(app, cast)
    strange = {"framework/standard.yaml": b"cuts: 1\n", "courses/a/run.sh": b"rm -r /\n"}
    found = lines(app, cast, {LESSON: files[LESSON], "items/X/x.yaml": b"a: 1\n", **strange})
    assert found == {
        LESSON: "same", "framework/standard.yaml": "refused", "courses/a/run.sh": "refused",
        "items/X/x.yaml": "refused",
    }  # fmt: skip


def test_pictures_travel_with_their_words(app: Flask, cast: Cast) -> None:
    bringing.add_picture(cast)
    put(app, LESSON, text_of(app, LESSON) + "\n![A crane](media:crane)\n")
    files = exported(app, cast, "industry")
    listed = json.loads(files["media/pictures.json"])
    assert listed == {"crane": {"file": "crane.png", "alt": "A crane"}}
    assert files["media/crane.png"].startswith(b"\x89PNG")
    assert lines(app, cast, files)[LESSON] == "same"


def test_where_texts_need_approval_no_course_is_published_at_once(app: Flask, cast: Cast) -> None:
    read = importing.read_file(archives.write(exported(app, cast, "industry")), "")
    anna, tao = cast.actor("anna"), cast.actor("tao")
    with app.app_context(), writing() as session:
        reviewing.set_approval(session, anna, True, NOW)
        batch = importing.keep(session, tao, read, NOW)
        with pytest.raises(importing.NeedsApproval):
            importing.begin(session, tao, batch, {}, NOW)
