"""What services refuse, in the reader's language: services speak English and know no reader."""

from flask_babel import lazy_gettext as _l

from services.errors import Invalid

# A service's sentence or word -> what the error page shows. A test holds the services against it.
SENTENCES = {
    "A member with this mail address exists already.": _l(
        "A member with this mail address exists already."
    ),
    "Choose a sentence for at least one practice.": _l(
        "Choose a sentence for at least one practice."
    ),
    "Somebody saved this position while you were writing.": _l(
        "Somebody saved this position while you were writing."
    ),
    "Take the placement first: these questions narrow its result.": _l(
        "Take the placement first: these questions narrow its result."
    ),
    "The candidate has no return code yet: it is made when they consent.": _l(
        "There is no return code yet: it is made when the candidate consents."
    ),
    "The framework is not loaded: run `flask --app app content load`.": _l(
        "The course is not loaded yet. Whoever runs this site loads it with one command."
    ),
    "This address was invited to this position already.": _l(
        "This address was invited to this position already."
    ),
    "This attempt has not begun yet.": _l("This attempt has not begun yet."),
    "This person has joined already. Hand over a link for a new password.": _l(
        "This person has joined already. Hand over a link for a new password."
    ),
    "This position is closed. Open it again to invite somebody.": _l(
        "This position is closed. Open it again to invite somebody."
    ),
    "You cannot disable yourself.": _l("You cannot disable yourself."),
    "You cannot take the admin role from yourself.": _l(
        "You cannot take the admin role from yourself."
    ),
    "consent": _l("Your consent comes first. Open the link of your invitation again."),
    "consented": _l("You have consented already. Open the link of your invitation again."),
    "terms": _l("What you are told before you start has changed. Open the link again."),
}


def said(message: str) -> str:
    """A service's sentence in the reader's language; what a blueprint wrote is there already."""
    return str(SENTENCES.get(message, message))


def faults(error: Invalid) -> list[str]:
    """What is wrong with the fields, as far as there are words for a person.

    The rest is about fields that no page lets anybody fill in wrongly, and is said in JSON only.
    """
    return [str(SENTENCES[text]) for text in error.fields.values() if text in SENTENCES]
