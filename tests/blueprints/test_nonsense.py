"""No nonsense, sent by anybody to any page or form, is an error of ours: a refusal, never a 5xx."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request

from app import make_app
from blueprints.shared.guards import access_of, public
from models.base import db
from tests.blueprints import nonsense
from tests.blueprints.nonsense import Target
from tests.blueprints.test_routes import MISSING, ROLE_OF, UNSAFE, calls
from tests.blueprints.test_scopes import BUILDERS, asked_by, sound_forms
from tests.building import settings_for
from tests.caller import Caller
from tests.conftest import Cast, _forget
from tests.services.hiring import opening

FEW = 2  # attacks on each target, where the proof tries all
ENDS = ("erase", "disable")  # after these there is somebody less: they come last


class Kept:
    """The database as it was before an attack, put back after one that changed it."""

    def __init__(self, app: Flask) -> None:
        self.app, self.settings = app, app.extensions["threshold.settings"]
        self.copy: Path | None = None
        if self.settings.is_sqlite:
            self._quiet()
            self.copy = Path(self.settings.instance) / "kept.sqlite3"
            shutil.copyfile(self.settings.sqlite_path, self.copy)

    def put_back(self) -> None:
        """On PostgreSQL attacks come one after the other; that too is how they come."""
        if self.copy:
            self._quiet()
            shutil.copyfile(self.copy, self.settings.sqlite_path)
            _forget()

    def _quiet(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.settings.sqlite_path}{suffix}").unlink(missing_ok=True)


@pytest.fixture
def listening(any_app: Flask) -> Iterator[None]:
    """Requests note the names that a view looks for."""
    usual, any_app.request_class = any_app.request_class, nonsense.ListeningRequest
    yield
    any_app.request_class = usual


def endured(cast: Cast, who: str | None, targets: list[Target], most: int | None) -> list[str]:
    """What broke."""
    kept, broken = Kept(cast.app), []
    for target in sorted(targets, key=_ends):
        names = [] if _ends(target) else nonsense.names_of(_caller(cast, who), target)
        kept.put_back()
        for attack in nonsense.chosen(target, names, most):
            status = nonsense.send(_caller(cast, who), target, attack.fields, attack)
            if status >= 500:
                broken.append(f"{who}: {target.name}: {attack.what}: {status}")
            if target.method in UNSAFE and status < 400:
                kept.put_back()
                if _ends(target) and not kept.copy:
                    return broken
    return broken


def _ends(target: Target) -> bool:
    return target.method in UNSAFE and target.endpoint.endswith(ENDS)


def _caller(cast: Cast, who: str | None) -> Caller:
    return Caller(cast.app, cast.ids[who] if who else None)


def starts(app: Flask, roles: frozenset[str] | None) -> list[str]:
    """Addresses without a variable that somebody with these roles may look at."""
    found = []
    for call in calls(app):
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        mine = access.public if roles is None else bool(access.roles & roles)
        if mine and call.method == "GET" and not call.rule.arguments:
            found.append(call.url)
    return found


def all_targets(app: Flask, cast: Cast, who: str | None) -> list[Target]:
    """Every page and form that somebody comes to; where no way leads, a made-up address."""
    roles = cast.actor(who).roles if who else None
    caller = _caller(cast, who)
    found = nonsense.look_around(caller, starts(app, roles))
    for call in calls(app):
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        mine = access.public if roles is None else bool(access.roles & roles)
        target = Target(call.rule.endpoint, call.method, call.url)
        if mine and call.rule.endpoint != "static" and target.name not in found:
            found[target.name] = target
    return [found[name] for name in sorted(found)]


@pytest.fixture(params=[FEW, pytest.param(None, marks=pytest.mark.proof)], ids=["few", "all"])
def most(request: pytest.FixtureRequest) -> int | None:
    """How many attacks each target has to stand; None: all that there are."""
    return request.param  # type: ignore[no-any-return]


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("who", [None, *ROLE_OF.values()])
def test_what_one_comes_to(who: str | None, most: int | None, any_app: Flask, cast: Cast) -> None:
    """A stranger and each role, on all that they come to from their own first page."""
    position = opening.open_position(any_app, cast)
    opening.sit(any_app, opening.invite(any_app, cast, position, "Ida Brandt"), keyed=4)
    opening.join_cast(cast, "sun", position)
    broken = endured(cast, who, all_targets(any_app, cast, who), most)
    assert not broken, "\n".join(broken)


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("name", BUILDERS)
def test_what_takes_an_object(name: str, most: int | None, any_app: Flask, cast: Cast) -> None:
    """Every route of a scope, at an object that is there, with the words that its form takes."""
    scope, build = BUILDERS[name]
    objects, forms, broken = build(cast), sound_forms(cast), []
    for who, call in asked_by(any_app, cast, scope, objects):
        url = call.url.replace(str(MISSING), str(objects.own), 1).replace(str(MISSING), "1")
        target = Target(call.rule.endpoint, call.method, url, forms.get(call.rule.endpoint, {}))
        broken += endured(cast, who, [target], most)
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("flaw", ["int(request.values['n'])", "request.get_json()['n'].split()"])
def test_a_planted_flaw_is_found(flaw: str, tmp_path: Path) -> None:
    """A view that trusts what it is sent."""
    app = make_app(settings_for(tmp_path))
    app.request_class = nonsense.ListeningRequest
    app.config["WTF_CSRF_ENABLED"] = False

    @app.post("/flaw")
    @public
    def trusting() -> str:
        if request.values.get("n") or request.is_json:
            return str(eval(flaw, {"request": request}))
        return ""

    caller, target = Caller(app), Target("trusting", "POST", "/flaw")
    names = nonsense.names_of(caller, target)
    assert names == ["n"]
    found = [nonsense.send(caller, target, a.fields, a) for a in nonsense.attacks(target, names)]
    assert 500 in found
