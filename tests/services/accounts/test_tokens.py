"""Secret links work once, however many hands reach for them at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.accounts import tokens
from services.errors import Gone, NotFound
from services.session import reading, writing
from tests.conftest import NOW, Cast


def issue(app: Flask, purpose: str, bound_id: int) -> str:
    with app.app_context(), writing() as session:
        return tokens.issue(session, purpose, bound_id, NOW)


def test_two_hands_at_once_and_one_of_them_gets_in(any_app: Flask) -> None:
    for round_ in range(5):
        raw, together = issue(any_app, "join", round_), Barrier(2)

        def redeem(raw: str = raw, together: Barrier = together) -> str:
            with any_app.app_context():
                together.wait()
                try:
                    with writing() as session:
                        tokens.redeem(session, "join", raw, NOW)
                except Gone:
                    return "gone"
                return "in"

        with ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(redeem) for _ in range(2)]
        assert sorted(future.result() for future in futures) == ["gone", "in"]


def test_looking_uses_nothing_up(app: Flask, cast: Cast) -> None:
    raw = issue(app, "join", cast.lin)
    with app.app_context():
        for _ in range(3):
            with reading() as session:
                link = tokens.look(session, "join", raw, NOW)
                assert (link.bound_id, link.usable, link.used) == (cast.lin, True, False)
        with writing() as session:
            assert tokens.redeem(session, "join", raw, NOW) == cast.lin


def test_the_secret_itself_is_not_kept(app: Flask, cast: Cast) -> None:
    raw = issue(app, "join", cast.lin)
    with app.app_context(), reading() as session:
        kept = session.connection().exec_driver_sql("SELECT * FROM token").all()
    assert raw not in repr(kept)


def test_a_link_for_one_purpose_opens_no_other(app: Flask, cast: Cast) -> None:
    raw = issue(app, "join", cast.lin)
    with app.app_context(), reading() as session:
        for purpose in set(tokens.LIFETIMES) - {"join"}:
            with pytest.raises(NotFound):
                tokens.look(session, purpose, raw, NOW)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=st.one_of(st.integers(0, 42), st.text(max_size=60)))
def test_nothing_but_the_very_token_is_one(app: Flask, change: int | str) -> None:
    """Cut anywhere, or replaced by any text: it is as if it had never been."""
    raw = issue(app, "join", 1)
    other = raw[:change] if isinstance(change, int) else change
    with app.app_context(), reading() as session, pytest.raises(NotFound):
        tokens.look(session, "join", other, NOW)


@pytest.mark.parametrize("purpose", sorted(set(tokens.LIFETIMES)))
def test_every_link_ends_at_its_time(app: Flask, purpose: str) -> None:
    raw, end = issue(app, purpose, 1), NOW + tokens.LIFETIMES[purpose]
    with app.app_context(), writing() as session:
        with pytest.raises(Gone, match="expired"):
            tokens.redeem(session, purpose, raw, end)
        assert tokens.redeem(session, purpose, raw, end - timedelta(seconds=1)) == 1


def test_taking_links_back_ends_those_of_one_person_and_purpose(app: Flask, cast: Cast) -> None:
    ends, stays, others = (
        issue(app, "reset", cast.lin),
        issue(app, "join", cast.lin),
        issue(app, "reset", cast.eve),
    )
    with app.app_context(), writing() as session:
        tokens.void(session, "reset", cast.lin, NOW)

        def usable(purpose: str, raw: str) -> bool:
            return tokens.look(session, purpose, raw, NOW).usable

        assert not usable("reset", ends)
        assert usable("join", stays)
        assert usable("reset", others)
