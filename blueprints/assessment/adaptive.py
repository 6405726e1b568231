"""The ways into tests that are made for the person: adaptive practice, the second placement.

Their answers come in as all others do, see answering.
"""

import secrets

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.assessment.blueprint import bp
from blueprints.assessment.starting import SEED_BITS
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from services.assessment import adaptive, retest
from services.session import reading, writing


@bp.post("/adaptive/<key>")
@allow("learner")
def start_adaptive(key: str) -> ResponseReturnValue:
    """Start adaptive practice on a competency, or go on with it, and open it on this device."""
    seed = secrets.randbits(SEED_BITS)
    with writing() as session:
        attempt_id = adaptive.start(session, actor(), key, language(), seed, now())
    return redirect(url_for(".open", attempt_id=attempt_id), 307)


@bp.post("/retest")
@allow("learner")
def start_retest() -> ResponseReturnValue:
    """Start the placement a second time, on a parallel form, and open it on this device."""
    seed, moment = secrets.randbits(SEED_BITS), now()
    with reading() as session:  # assembled before the writers' queue: it takes a second
        form = retest.parallel_form(session, actor(), seed, moment)
    with writing() as session:
        attempt_id = retest.start(session, actor(), form, language(), seed, moment)
    return redirect(url_for(".open", attempt_id=attempt_id), 307)
