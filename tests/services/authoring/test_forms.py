"""What trainers see of forms, and forms that are assembled for them."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.assessment.adaptive_forms import is_adaptive
from domain.assessment.forms import parse_form
from models.library import Document, Revision
from services.authoring import forms
from services.authoring.forms import Wanted
from services.errors import Invalid, NotFound
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.assessment.calibrated import calibrate_all
from tests.services.assessment.grown import grow


def made(app: Flask, cast: Cast, wanted: Wanted) -> forms.NewForm:
    with app.app_context(), reading() as session:
        return forms.new_form(session, cast.actor("tao"), wanted, "en")


def test_every_form_stands_in_the_list_with_its_curves(app: Flask, cast: Cast) -> None:
    actor = cast.actor("tao")
    with app.app_context(), reading() as session:
        lines = {line.key: line for line in forms.forms_page(session, actor)}
        published = catalogue.published(session, "form")
    assert set(lines) == {form.key for form in published}
    for form in published:
        line = lines[form.key]
        assert (line.curves is None) == is_adaptive(form.key)
        if line.curves:
            assert -2 <= (line.b or 0) <= 2
            assert 0 <= (line.alpha or 0) < 1


def test_the_adaptive_form_for_hiring_says_what_to_expect_of_each_practice(
    app: Flask, cast: Cast
) -> None:
    actor = cast.actor("tao")
    with app.app_context(), writing() as session:
        grow(session, short={"C6": 4})
        page = forms.form_page(session, actor, "adaptive-hiring", "en")
    assert [leg.offer.competency for leg in page.legs] == [f"C{n}" for n in range(1, 8)]
    assert {leg.offer.competency: leg.offer.lacks for leg in page.legs if leg.offer.lacks} == {
        "C6": 4
    }
    for leg in page.legs:
        assert leg.outlook is not None
        assert 8 <= leg.outlook.items <= 14


def test_a_form_is_shown_practice_by_practice(app: Flask, cast: Cast) -> None:
    actor = cast.actor("tao")
    with app.app_context(), reading() as session:
        page = forms.form_page(session, actor, "placement", "zh_Hans")
    assert [part.code for part in page.parts] == [f"C{n}" for n in range(1, 8)]
    for part in page.parts:
        assert part.report.items == 6
        assert sum(cell.count for cell in part.report.subtopics) == 6
        assert all(cell.name in part.names for cell in part.report.subtopics)
    assert len({part.curves.tops for part in page.parts}) == 1, "drawings share one scale"


def test_an_adaptive_form_tells_what_to_expect(app: Flask, cast: Cast) -> None:
    actor = cast.actor("tao")
    with app.app_context(), reading() as session:
        before = forms.form_page(session, actor, "adaptive-c2", "en")
        again = forms.form_page(session, actor, "adaptive-c2", "en")
    assert before.outlook == again.outlook
    assert before.outlook is not None
    assert (before.outlook.items, before.outlook.reached, before.calibrated) == (20, 0, 0)
    assert before.hiring is not None
    assert not before.hiring.is_offered
    calibrate_all(app, "C2", "practice", a=2.2)
    with app.app_context(), reading() as session:
        after = forms.form_page(session, actor, "adaptive-c2", "en")
    assert after.outlook is not None
    assert after.outlook.items < 14
    assert after.outlook.reached > 0.9
    assert after.calibrated == after.bank


def test_a_new_form_follows_its_blueprint_and_is_a_document(app: Flask, cast: Cast) -> None:
    wanted = Wanted(("C1", "C5"), items=8, pool="practice", b=0.0, seed=5)
    found = made(app, cast, wanted)
    form = parse_form(found.source, "content/forms/new-form-5.yaml")
    assert Counter(key[:2] for key in form.items) == {"C1": 8, "C5": 8}
    assert [key[:2] for key in form.items[:4]] == ["C1", "C5", "C1", "C5"]
    for part in found.parts:
        assert all(cell.fits for cell in part.report.subtopics + part.report.cognitive)
        assert abs(part.report.b) <= 0.15 + 1e-9
    assert made(app, cast, wanted) == found
    assert made(app, cast, Wanted(("C1", "C5"), 8, "practice", 0.0, 6)).source != found.source


def test_secure_questions_make_a_hiring_form(app: Flask, cast: Cast) -> None:
    found = made(app, cast, Wanted(("C3",), pool="secure"))
    form = parse_form(found.source, "content/forms/new-form-1.yaml")
    assert form.purpose == "hiring"
    with app.app_context(), reading() as session:
        items = catalogue.published(session, "item", form.items)
    assert {item.meta["pool"] for item in items} == {"secure"}


def test_nothing_is_kept(app: Flask, cast: Cast) -> None:
    def count() -> tuple[int | None, int | None]:
        with app.app_context(), reading() as session:
            return (
                session.scalar(select(func.count(Document.id))),
                session.scalar(select(func.count(Revision.id))),
            )

    before = count()
    made(app, cast, Wanted(("C1",)))
    assert count() == before


def test_a_bank_that_falls_short_is_named(app: Flask, cast: Cast) -> None:
    found = made(app, cast, Wanted(("C7",), items=20, pool="secure", b=2.0))
    assert (found.source, found.parts) == ("", ())
    (refusal,) = found.refusals
    assert refusal.code == "C7"
    assert refusal.misses
    nothing = made(app, cast, Wanted())
    assert (nothing.source, nothing.refusals) == ("", ())


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(("C9",)),
        Wanted(items=0),
        Wanted(items=21),
        Wanted(pool="all"),
        Wanted(b=float("nan")),
        Wanted(seed=-1),
    ],
)
def test_nonsense_is_refused(app: Flask, cast: Cast, wanted: Wanted) -> None:
    with pytest.raises(Invalid):
        made(app, cast, wanted)


def test_forms_are_for_trainers(app: Flask, cast: Cast) -> None:
    actor = cast.actor("lin")
    with app.app_context(), reading() as session:
        for look in (
            lambda: forms.forms_page(session, actor),
            lambda: forms.form_page(session, actor, "placement", "en"),
            lambda: forms.new_form(session, actor, Wanted(), "en"),
        ):
            with pytest.raises(NotFound):
                look()
