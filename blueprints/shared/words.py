"""What services refuse, in the reader's language: services speak English and know no reader."""

from flask_babel import lazy_gettext as _l

from services.errors import Invalid

# A service's sentence or word -> what the error page shows. A test holds the services against it.
SENTENCES = {
    "The candidate has agreed already: their address stays.": _l(
        "The candidate has agreed already: their address stays."
    ),
    "This invitation has ended: make a new link instead.": _l(
        "This invitation has ended: make a new link instead."
    ),
    "There is nothing to remind of: the assessment has begun, or the link ended.": _l(
        "There is nothing to remind of: the assessment has begun, or the link ended."
    ),
    "waiting": _l("Your wish for time is not answered yet."),
    "headers": _l("The table lacks a column that is needed."),
    "decision": _l("Decide first that the candidate is hired."),
    "Somebody has decided anew.": _l("Somebody has decided anew."),
    "This scorecard was handed in.": _l("This scorecard was handed in."),
    "This cannot be taken back any more.": _l("This cannot be taken back any more."),
    "There are 20 webhooks already.": _l("There are 20 webhooks already."),
    "Your assessment has begun.": _l("Your assessment has begun."),
    "Your wish was answered already.": _l("Your wish was answered already."),
    "This assessment has begun: give time to the running one.": _l(
        "This assessment has begun: give time to the running one."
    ),
    "Nothing waits for an answer here.": _l("Nothing waits for an answer here."),
    "This position is a draft. Open it to invite somebody.": _l(
        "This position is a draft. Open it to invite somebody."
    ),
    "There is nothing to invite in this table. Bring it again.": _l(
        "There is nothing to invite in this table. Bring it again."
    ),
    "A member with this mail address exists already.": _l(
        "A member with this mail address exists already."
    ),
    "A second factor is on already.": _l("A second factor is on already."),
    "Begin again: there is nothing to confirm.": _l("Begin again: there is nothing to confirm."),
    "There is no second factor to recover.": _l("There is no second factor to recover."),
    "You cannot erase yourself: ask another admin.": _l(
        "You cannot erase yourself: ask another admin."
    ),
    "All breaks are taken.": _l("All breaks are taken."),
    "Answer the question first.": _l("Answer the question first."),
    "Choose a sentence for at least one practice.": _l(
        "Choose a sentence for at least one practice."
    ),
    "Decide about the newest answer to this question first.": _l(
        "Decide about the newest answer to this question first."
    ),
    "Extra time was given since this page was opened. Look again.": _l(
        "Extra time was given since this page was opened. Look again."
    ),
    "No clock runs that a break could stop.": _l("No clock runs that a break could stop."),
    "Nobody decides about their own answers.": _l("Nobody decides about their own answers."),
    "Nobody gives time to themselves.": _l("Nobody gives time to themselves."),
    "Open the hints one after the other.": _l("Open the hints one after the other."),
    "Somebody saved this position while you were writing.": _l(
        "Somebody saved this position while you were writing."
    ),
    "Take the exam first: this is another one after it.": _l(
        "Take the exam first: this is another one after it."
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
    "This answer was decided about before.": _l("This answer was decided about before."),
    "This attempt has no clock.": _l("This attempt has no clock."),
    "This attempt has no further part.": _l("This attempt has no further part."),
    "Twenty of your contests wait for an answer. Wait for one of them first.": _l(
        "Twenty of your contests wait for an answer. Wait for one of them first."
    ),
    "This question was struck out and counts for nothing.": _l(
        "This question was struck out and counts for nothing."
    ),
    "This attempt has not begun yet.": _l("This attempt has not begun yet."),
    "This attempt is not running.": _l("This attempt is not running."),
    "This attempt is over.": _l("This attempt is over."),
    "This form is being changed. Come back later.": _l(
        "This form is being changed. Come back later."
    ),
    "This part cannot be left now.": _l("This part cannot be left now."),
    "This person has joined already. Hand over a link for a new password.": _l(
        "This person has joined already. Hand over a link for a new password."
    ),
    "This position is closed. Open it again to invite somebody.": _l(
        "This position is closed. Open it again to invite somebody."
    ),
    "This question is closed.": _l("This question is closed."),
    "You are taking a break. End it first.": _l("You are taking a break. End it first."),
    "You cannot disable yourself.": _l("You cannot disable yourself."),
    "You cannot take the admin role from yourself.": _l(
        "You cannot take the admin role from yourself."
    ),
    "A calibration is under way.": _l("A calibration is under way."),
    "A placement may be taken again thirty days after the last one.": _l(
        "A placement may be taken again thirty days after the last one."
    ),
    "Take the placement first: practice must not use up its questions.": _l(
        "Take the placement first: practice must not use up its questions."
    ),
    "There are not enough questions for a parallel form yet.": _l(
        "There are not enough questions for a parallel form yet."
    ),
    "You have met almost all questions of this practice.": _l(
        "You have met almost all questions of this practice."
    ),
    "This work is under way.": _l("This work is under way."),
    "Choose one of the values in the list.": _l("Choose one of the values in the list."),
    "Choose the lesson that teaches this.": _l("Choose the lesson that teaches this."),
    "Choose what the questions are about.": _l("Choose what the questions are about."),
    "Say in words what the picture shows.": _l("Say in words what the picture shows."),
    "This picture is shown somewhere, so it stays.": _l(
        "This picture is shown somewhere, so it stays."
    ),
    "The source has up to 600 characters.": _l("The source has up to 600 characters."),
    "Choose a module of the course.": _l("Choose a module of the course."),
    "A title has 1 to 120 characters.": _l("A title has 1 to 120 characters."),
    "Something has this name already. Choose another one.": _l(
        "Something has this name already. Choose another one."
    ),
    "Use small Latin letters, digits and hyphens, up to 60 of them.": _l(
        "Use small Latin letters, digits and hyphens, up to 60 of them."
    ),
    "this lesson has no such section": _l(
        "This lesson has no such section any more. Open it again."
    ),
    "A norm group of this name exists already.": _l("A norm group of this name exists already."),
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
