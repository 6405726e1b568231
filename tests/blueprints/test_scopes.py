"""Own, another's and a missing object, for every route that declares a scope and takes an id.

Another's object must look exactly like a missing one: the same status and the same bytes, but for
what differs from request to request anyway.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from blueprints.shared.guards import access_of
from services.assessment import delivery, starting, submission
from services.hiring import deciding, importing
from services.integration import keys
from services.integration.keys import KeyDraft
from services.learning import assignments
from services.session import writing
from tests.blueprints.test_routes import MISSING, UNSAFE, Call, calls
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.assessment import timed
from tests.services.assessment.sitting import Sitting, sit
from tests.services.authoring import bringing
from tests.services.hiring import opening
from tests.services.integration import listening
from tests.services.marking import answering
from tests.statements import written

CHANGING = re.compile(rb'value="[^"]*"|[0-9a-f]{16}|/\d+(?=[/"?])')


@dataclass(frozen=True)
class Objects:
    """Who asks, which object is theirs, which is somebody else's (None: they may see all).

    instead: who asks, as one that may see all, where a route is not for `who`.
    """

    who: str
    own: int
    other: int | None
    instead: str | None = None


def opened(cast: Cast, name: str, attempt_id: int, submitted: bool = False) -> int:
    """The attempt, opened on one device and perhaps handed in."""
    now = datetime.now(UTC)
    with cast.app.app_context(), writing() as session:
        delivery.open_attempt(session, cast.actor(name), attempt_id, "device", now)
    if submitted:
        with cast.app.app_context(), writing() as session:
            submission.submit(session, cast.actor(name), attempt_id, now)
    return attempt_id


def placement(cast: Cast, name: str, submitted: bool = False) -> int:
    with cast.app.app_context(), writing() as session:
        now = datetime.now(UTC)
        attempt_id = starting.start_form(session, cast.actor(name), "placement", "en", 7, now)
    return opened(cast, name, attempt_id, submitted)


def own_attempts(cast: Cast) -> Objects:
    return Objects("lin", placement(cast, "lin"), placement(cast, "eve"))


def ended_attempts(cast: Cast) -> Objects:
    return Objects("lin", placement(cast, "lin", True), placement(cast, "eve", True))


def candidates_attempts(cast: Cast) -> Objects:
    """Two candidates of one position."""
    position = opening.open_position(cast.app, cast)

    def begun(key: str, name: str) -> int:
        done = opening.join_cast(cast, key, position, name)
        return opened(cast, key, opening.begin(cast.app, done, datetime.now(UTC)))

    return Objects("sun", begun("sun", "Sun Yi"), begun("ida", "Ida Brandt"))


def positions(cast: Cast) -> Objects:
    own = opening.open_position(cast.app, cast)
    other = opening.open_position(cast.app, cast, title="Operations", owner_id=cast.omar)
    return Objects("lei", own, other, "min")


def applications(cast: Cast) -> Objects:
    """Invited, and nothing more."""
    theirs = positions(cast)
    assert theirs.other is not None
    own = opening.invite(cast.app, cast, theirs.own)
    other = opening.invite(cast.app, cast, theirs.other, "Ida Brandt")
    return Objects("lei", own.application_id, other.application_id, "min")


def results(cast: Cast) -> Objects:
    """Applications whose attempts have ended."""
    theirs = positions(cast)
    assert theirs.other is not None
    own = opening.invite(cast.app, cast, theirs.own)
    other = opening.invite(cast.app, cast, theirs.other, "Ida Brandt")
    own_id, other_id = (opening.sit(cast.app, one, keyed=1) for one in (own, other))
    return Objects("lei", own_id, other_id, "min")


def decided(cast: Cast) -> Objects:
    """Applications that somebody has decided about."""
    theirs = applications(cast)
    for about in (theirs.own, theirs.other):
        with cast.app.app_context(), writing() as session:
            deciding.decide(
                session, cast.actor("min"), about or 0, "hired", "fit", "Fits.", datetime.now(UTC)
            )
    return theirs


def members(cast: Cast) -> Objects:
    """An admin sees every member; a candidate is no member."""
    invited = opening.invite(cast.app, cast, opening.open_position(cast.app, cast))
    with cast.app.app_context():
        candidate = opening.person_of(invited)
    return Objects("anna", cast.lin, candidate)


def learners(cast: Cast) -> Objects:
    """A trainer sees every learner; a member who does not study is none."""
    day = (datetime.now(UTC) + timedelta(days=10)).date()
    with cast.app.app_context(), writing() as session:
        assignments.assign(session, cast.actor("tao"), cast.lin, "law", day, datetime.now(UTC))
    return Objects("tao", cast.lin, cast.mara)


def open_answers(cast: Cast) -> Objects:
    """A trainer marks what others wrote, and never their own."""
    return Objects("tao", answering.hand_in(cast, "lin"), answering.hand_in(cast, "tao"))


def contested_questions(cast: Cast) -> Objects:
    attempt_id = placement(cast, "lin", True)
    answering.contest(cast, "lin", attempt_id, 1)
    question = Sitting(cast.app, cast.actor("lin"), attempt_id).asked()[0]
    return Objects("tao", question.revision_id, None)


def running_attempts(cast: Cast) -> Objects:
    """Exams with parts, a break, hints and reasons at once."""
    now = datetime.now(UTC)
    lin, eve = (timed.helped_exam(cast, name, now) for name in ("lin", "eve"))
    return Objects("lin", lin.attempt_id, eve.attempt_id)


def running_exams(cast: Cast) -> Objects:
    """A trainer sees learners' exams; a candidate's is none of theirs."""
    now = datetime.now(UTC)
    lin = timed.helped_exam(cast, "lin", now)
    hiring = sit(cast, "eve", purpose="hiring", form_key="hiring-a", limit_s=600, now=now)
    return Objects("tao", lin.attempt_id, hiring.attempt_id)


def held_answers(cast: Cast) -> Objects:
    now = datetime.now(UTC)
    own = timed.offline_answer(cast, "lin", "exam", timed.EXAM, now)
    return Objects("tao", own, timed.offline_answer(cast, "eve", "hiring", "hiring-a", now))


def tables(cast: Cast) -> Objects:
    """Every recruiter sees every table that was brought."""
    position_id, now = opening.open_position(cast.app, cast), datetime.now(UTC)
    last = (now + timedelta(days=9)).date()
    with cast.app.app_context(), writing() as session:
        own = importing.read(
            session, cast.actor("min"), position_id, b"name,email\nAn,an@mail.example\n", "en",
            last, now,
        )  # fmt: skip
    return Objects("min", own, None)


def imports(cast: Cast) -> Objects:
    """A trainer sees every file that was read."""
    return Objects("tao", bringing.read_file(cast), None)


def api_keys(cast: Cast) -> Objects:
    """A recruiter sees their own keys; an admin sees all."""
    draft, made = KeyDraft("Tracking", ("positions:read",), 9, None), []
    for name in ("min", "anna"):
        with cast.app.app_context(), writing() as session:
            made.append(keys.make(session, cast.actor(name), draft, datetime.now(UTC)).id)
    return Objects("min", made[0], made[1], "anna")


def webhooks_of(cast: Cast) -> Objects:
    """Every recruiter sees every webhook; this one has sent one event."""
    return Objects("min", listening.hook_with_delivery(cast), None)


def pictures(cast: Cast) -> Objects:
    return Objects("tao", bringing.add_picture(cast), None)


BUILDERS: dict[str, tuple[str, Callable[[Cast], Objects]]] = {
    "a learner's attempt": ("own attempt", own_attempts),
    "a learner's ended attempt": ("own attempt", ended_attempts),
    "a candidate's attempt": ("own attempt", candidates_attempts),
    "a position": ("position", positions),
    "an invitation": ("application", applications),
    "a result": ("application", results),
    "a decided application": ("decided application", decided),
    "a table of candidates": ("table of candidates", tables),
    "a member": ("member", members),
    "a learner": ("learner", learners),
    "an open answer": ("open answer", open_answers),
    "a running attempt": ("running attempt", running_attempts),
    "a running exam": ("running exam", running_exams),
    "a held answer": ("held answer", held_answers),
    "a contested question": ("contested question", contested_questions),
    "a file to import": ("import", imports),
    "a picture": ("picture", pictures),
    "a key": ("api key", api_keys),
    "a webhook": ("webhook", webhooks_of),
}
# There is no result before the end.
NOT_YET = {
    ("a learner's attempt", "assessment.result"),
    ("a learner's attempt", "competencies.answers"),
    ("a learner's attempt", "assessment.contest"),
    ("a learner's attempt", "assessment.send_contest"),
    ("a candidate's attempt", "assessment.contest"),
    ("a candidate's attempt", "assessment.send_contest"),
    ("an invitation", "hiring.reveal"),
    ("an invitation", "hiring.report_json"),
    ("an invitation", "hiring.report_pdf"),
    ("an invitation", "hiring.ask_print"),
    ("an invitation", "hiring.prints"),
    ("an invitation", "hiring.decide_late"),
    ("a result", "hiring.decide_late"),
    ("an invitation", "hiring.interview"),
    ("an invitation", "hiring.rate"),
    # Nobody has done anything with many yet.
    ("a position", "hiring.undo_bulk"),
}
# The candidate's own application has no id in its address: the session names it.
WITHOUT_ID = {"own application"}


def sound_forms(cast: Cast) -> dict[str, dict[str, str]]:
    """What each form must hold so that it is not refused before its object is loaded."""
    day = (datetime.now(UTC) + timedelta(days=10)).date().isoformat()
    return {
        "assessment.save_answer": {"position": "1", "lease": "1"},
        "assessment.beat": {"lease": "1"},
        "assessment.flag": {"position": "1", "flag": "1"},
        "assessment.take_hint": {"position": "1", "hint": "1"},
        "assessment.show_reasons": {"position": "1"},
        "assessment.next_section": {"number": "1"},
        "assessment.extend": {"minutes": "5", "seen": "0"},
        "assessment.decide": {"verdict": "accept", "reason": "The line was down."},
        "assessment.send_contest": {"reason": answering.REASON},
        "assessment.mark_answer": {"points-a": "1", "points-b": "1"},
        "authoring.decide_contests": {"outcome": "dismiss", "answer": answering.ANSWER},
        "hiring.edit_position": {
            "version": "1", "title": "Sales", "profile": "sales", "form_key": "hiring-a",
            "minutes": "60", "retention_days": "180", "owner_id": str(cast.lei), "state": "open",
        },
        "hiring.invite": {
            "once": "x" * 32, "name": "Noor Haan", "email": "noor@mail.example", "way": "link",
            "lang": "en", "expires": day,
        },
        "hiring.save_view": {"view_name": "Finished ones", "column": "finished"},
        "hiring.do_bulk": {"action": "review", "whom": "all", "once": "x" * 32},
        "hiring.send_letter": {"decision": "1", "subject": "Your application", "body": "Hello."},
        "hiring.hire": {"email": "sun.yi@mail.example"},
        "hiring.bring_table": {
            "lang": "en", "expires": day, "pasted": "name,email\nAn,an@mail.example",
        },
        "hiring.decide_late": {"answer": "1", "verdict": "accept", "reason": "The line was down."},
        "hiring.correct_address": {"email": "sun.yi.2@mail.example"},
        "hiring.answer_wish": {"percent": "25"},
        "hiring.note": {"note": "Asked for the sheet of landed costs."},
        "hiring.decide": {"outcome": "hold", "reason_code": "evidence", "reason": "One more talk."},
        "hiring.extend": {"expires": day},
        "hiring.new_link": {"expires": day, "way": "link"},
        "authoring.begin_import": bringing.CHOSEN,
        "authoring.describe_picture": {"alt": "A crane over a quay"},
        "admin.change_roles": {"roles": "learner"},
        "learning.assign": {"module": "industry", "due_on": day},
    }  # fmt: skip


def scoped(app: Flask) -> list[tuple[str, Call]]:
    found = []
    for call in calls(app):
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        if access.scope and access.scope not in WITHOUT_ID:
            found.append((access.scope, call))
    return found


def test_every_scope_has_its_objects(app: Flask) -> None:
    assert {scope for scope, _ in scoped(app)} == {scope for scope, _ in BUILDERS.values()}
    with_ids = {c.rule.endpoint for c in calls(app) if str(MISSING) in c.url}
    declared = {c.rule.endpoint for _, c in scoped(app)}
    assert with_ids <= declared, f"take an id and declare no scope: {with_ids - declared}"


def asked_by(app: Flask, cast: Cast, scope: str, objects: Objects) -> list[tuple[str, Call]]:
    """Every route of the scope with who asks there; the looks come before the deeds."""
    found = []
    for _, call in [pair for pair in scoped(app) if pair[0] == scope]:
        access = access_of(app, call.rule.endpoint)
        assert access is not None
        fits = cast.actor(objects.who).roles & access.roles
        if who := objects.who if fits else objects.instead:
            found.append((who, call))
    return sorted(found, key=lambda pair: (pair[1].method in UNSAFE, _ends_others(pair[1])))


def _ends_others(call: Call) -> bool:
    """A new lease ends the old one, and nothing can be done after the end or an erasure."""
    return call.rule.endpoint in (
        "assessment.open", "assessment.submit", "admin.erase", "hiring.erase",
    )  # fmt: skip


@pytest.mark.parametrize("name", BUILDERS)
def test_own_other_and_missing(
    name: str, app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    scope, build = BUILDERS[name]
    objects, forms, wrong = build(cast), sound_forms(cast), []
    for who, call in asked_by(app, cast, scope, objects):
        form = forms.get(call.rule.endpoint, {})
        missing = ask(caller(who), call, MISSING, form)
        if missing[0] != 404:
            wrong.append(f"{call.name}: a missing one gives {missing[0]}")
        if objects.other is not None and who == objects.who:
            other = ask(caller(who), call, objects.other, form)
            if other != missing:
                wrong.append(f"{call.name}: another's differs from a missing one")
        own = ask(caller(who), call, objects.own, form)[0]
        if own not in ({404} if (name, call.rule.endpoint) in NOT_YET else {200, 302, 303}):
            wrong.append(f"{call.name}: their own gives {own}")
    assert not wrong, "\n".join(wrong)


def ask(caller: Caller, call: Call, object_id: int, form: dict[str, str]) -> tuple[int, bytes]:
    url = call.url.replace(str(MISSING), str(object_id), 1)
    url = url.replace(str(MISSING), "1")  # a second number is a place within the object
    if object_id == MISSING:
        url = call.url
    answer = caller.post(url, form) if call.method in UNSAFE else caller.get(url)
    return answer.status_code, CHANGING.sub(b"", answer.data)


@pytest.mark.parametrize("name", BUILDERS)
def test_looking_at_ones_own_changes_nothing(
    name: str, app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    """No GET route writes, but for the journal's line that somebody saw a result."""
    scope, build = BUILDERS[name]
    objects = build(cast)
    looks = [pair for pair in asked_by(app, cast, scope, objects) if pair[1].method == "GET"]
    with written(app) as sent:
        for who, call in looks:
            ask(caller(who), call, objects.own, {})
    assert not [s for s in sent if not s.startswith("INSERT INTO journal ")]
    # Who looks at a result or at figures of fairness is written down.
    assert bool(sent) == (name in ("a result", "a position"))
