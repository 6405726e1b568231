"""What the API gives, as shapes. The same shapes stand in the OpenAPI document."""

from domain.hiring.applications import Stage
from domain.hiring.pipeline import Column
from domain.integration.shapes import (
    DAY,
    FLAG,
    MOMENT,
    POINTS,
    Shape,
    maybe,
    number,
    record,
    rows,
    table,
    text,
    word,
)

ID = number(1)
WORD: Shape = {"type": "string"}
BAND = maybe(rows({"type": ["number", "null"]}, 2))


def page(item: Shape) -> Shape:
    """One page of a list; `next` is what `after` must be for the page behind it."""
    return record({"items": rows(item), "next": maybe(ID)})


HEALTH = record({"status": {"type": "string", "const": "ok"}})
POSITION = record(
    {
        "id": ID,
        "title": WORD,
        "profile": WORD,
        "state": word("draft", "open", "closed", "archived"),
        "weights": table(number(0, 100)),
        "gates": table(number(1, 5)),
        "minutes": number(1),
        "retention_days": number(1),
        "validated_for_selection": FLAG,
    }
)
APPLICATION = record(
    {
        "id": ID,
        "position": ID,
        "name": WORD,
        "email": maybe(WORD),
        "names_hidden": FLAG,
        "stage": word(*Stage),
        "column": word(*Column),
        "deadline": maybe(MOMENT),
        "ended_at": maybe(MOMENT),
        "address_refused": FLAG,
        "decision": maybe(WORD),
        "fit": maybe(
            record(
                {
                    "role": WORD,
                    "points": maybe(POINTS),
                    "standard_error": maybe(POINTS),
                    "band_95": BAND,
                }
            )
        ),
    }
)
DECISIONS = record(
    {
        "application": ID,
        "decisions": rows(
            record(
                {
                    "id": ID,
                    "outcome": WORD,
                    "reason_code": WORD,
                    "at": MOMENT,
                    "replaces": maybe(ID),
                }
            )
        ),
    }
)
INVITATION = record(
    {
        "name": text(200, 1),
        "email": text(300, example="sun.yi@mail.example"),
        "by_mail": FLAG,
        "lang": word("en", "zh_Hans"),
        "expires": DAY,
    },
    optional=("email",),
)
INVITED = record({"application": ID, "link": WORD, "mailed": FLAG, "expires_at": MOMENT})
_FIT = record(
    {
        "role": WORD,
        "points": maybe(POINTS),
        "standard_error": maybe(POINTS),
        "band_95": BAND,
        "not_measured": rows(WORD),
        "gates": rows(record({"practice": WORD, "level": number(1, 5), "verdict": WORD})),
    }
)
_PRACTICE = record(
    {
        "code": WORD,
        "name": WORD,
        "measured": FLAG,
        "points": maybe(POINTS),
        "standard_error": maybe(POINTS),
        "standard_error_today": maybe(POINTS),
        "band_68": BAND,
        "band_95": BAND,
        "levels": maybe(rows(number(1, 5), 2)),
        "provisional": FLAG,
        "answers": number(0),
        "percentile": maybe(POINTS),
        "norm_people": maybe(number(0)),
        "without_rapid_answers": maybe(record({"points": POINTS, "standard_error": POINTS})),
    }
)
_ANSWER = record(
    {
        "question": number(1),
        "practice": WORD,
        "subtopic": WORD,
        "kind": WORD,
        "answered": FLAG,
        "state": word("struck", "waiting", "marked"),
        "points": maybe(POINTS),
        "maximum": POINTS,
        "seconds": maybe(POINTS),
        "share_of_time": maybe(POINTS),
        "rapid": FLAG,
    }
)
_RESULT = record(
    {
        "ended_at": MOMENT,
        "minutes_worked": maybe(POINTS),
        "age_months": number(0),
        "provisional": FLAG,
        "adaptive": FLAG,
        "practices": rows(_PRACTICE),
        "fit": _FIT,
        "roles": rows(_FIT),
        "preference": maybe(
            record({"role": maybe(WORD), "difference": POINTS, "critical": POINTS})
        ),
        "norm": maybe(record({"group": WORD, "as_of": maybe(WORD)})),
        "answers": rows(_ANSWER),
        "facts": record(
            {
                "devices": number(0),
                "openings": rows(record({"device": number(1), "at": MOMENT})),
                "late_answers": number(0),
                "stale_answers": number(0),
                "prove_nothing": FLAG,
            }
        ),
    }
)
REPORT = record(
    {
        "format": WORD,
        "version": number(1),
        "application": ID,
        "candidate": record({"name": WORD, "email": maybe(WORD), "names_hidden": FLAG}),
        "position": record(
            {
                "id": ID,
                "title": WORD,
                "profile": WORD,
                "weights": table(number(0, 100)),
                "gates": table(number(1, 5)),
                "cut": maybe(
                    record(
                        {
                            "points": number(0, 100),
                            "method": maybe(WORD),
                            "set_on": maybe(DAY),
                            "judges": maybe(number(1)),
                            "informs_only": FLAG,
                        }
                    )
                ),
                "validated_for_selection": FLAG,
            }
        ),
        "stage": word(*Stage),
        "invited_at": MOMENT,
        "consented_at": maybe(MOMENT),
        "started_at": maybe(MOMENT),
        "kept_until": maybe(MOMENT),
        "result": maybe(_RESULT),
        "decisions": rows(
            record({"id": ID, "outcome": WORD, "reason": WORD, "at": MOMENT, "replaces": maybe(ID)})
        ),
    }
)
