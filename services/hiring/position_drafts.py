"""What a recruiter types about a position, and what of it may be kept."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.adaptive_forms import is_adaptive
from domain.hiring import wording
from domain.hiring.cut_scores import CutScore
from domain.hiring.profiles import SEVEN, gate_faults, reason_faults, weight_faults
from domain.hiring.reminding import rule_fault
from domain.records import frozen
from models.accounts import Person, PersonRole
from services.errors import Invalid
from services.hiring import planning
from services.hiring.wordings import Place
from services.library import catalogue

STANDARD_PROFILES = ("operations", "sales")
MIXED, OWN = "mixed", "own"
STATES = ("draft", "open", "closed", "archived")
LANGUAGES = ("en", "zh_Hans")
LIMIT_MINUTES = (5, 300)
RETENTION_DAYS = (1, 1095)
NO_GATE = 0
MOST_REASON, MOST_RECORD = 500, 2000


@frozen
class PositionDraft:
    """What a recruiter typed.

    weights: used by an own profile only, a standard one brings its own. gates: code to level; a
    code that is left out is gated as in the role profile, NO_GATE takes that gate away.
    reasons: code -> why it weighs so much, for an own profile. analysis, analysed_on: by whom and
    when the job was analysed, which together are the validation statement; study: a local study.
    consents, subjects, mails: language -> own words. before, silence: days of reminders.
    """

    title: str
    profile: str
    weights: Mapping[str, int]
    gates: Mapping[str, int]
    form_key: str
    minutes: int
    retention_days: int
    state: str
    owner_id: int
    reviewer_ids: tuple[int, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)
    plan: str = "form"
    cut: CutScore | None = None
    analysis: str = ""
    analysed_on: date | None = None
    study: str = ""
    consents: Mapping[str, str] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)
    mails: Mapping[str, str] = field(default_factory=dict)
    before: tuple[int, ...] = ()
    silence: tuple[int, ...] = ()

    def words(self) -> dict[Place, str]:
        """Everything that stands in versions; an empty text takes the words away."""
        own = self.profile == OWN
        found = {("weight", code): self.reasons.get(code, "") if own else "" for code in SEVEN}
        found[("cut", "")] = self.cut.words if self.cut else ""
        found[("analysis", "")], found[("study", "")] = self.analysis, self.study
        for lang in LANGUAGES:
            found[("consent", lang)] = self.consents.get(lang, "")
            found[("subject", lang)] = self.subjects.get(lang, "")
            found[("mail", lang)] = self.mails.get(lang, "")
        return found


@frozen
class Choice:
    """An entry of a select: a value, and its words."""

    value: str
    label: str


@frozen
class FormLine:
    """A hiring form: its key, title and the minutes that its authors planned for it."""

    key: str
    title: str
    minutes: int
    items: int


def hiring_forms(session: Session, lang: str) -> tuple[FormLine, ...]:
    """The published forms made for hiring, without the adaptive one: see planning."""
    return tuple(
        FormLine(
            form.key,
            form.meta["title"].get(lang, form.meta["title"]["en"]),
            int(form.meta["minutes"]),
            len(form.meta["items"]),
        )
        for form in catalogue.published(session, "form")
        if form.meta["purpose"] == "hiring" and not is_adaptive(form.key)
    )


def managers(session: Session) -> tuple[Choice, ...]:
    """The hiring managers, who may own or review a position."""
    rows = session.execute(
        select(Person.id, Person.name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == "manager", Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return tuple(Choice(str(row.id), row.name) for row in rows)


def checked(session: Session, draft: PositionDraft, today: date) -> PositionDraft:
    """The draft as it may be kept; raises Invalid naming every field that is wrong.

    An adaptive plan brings its own form in the place of the one that was chosen.
    """
    title = " ".join("".join(c if c.isprintable() else " " for c in draft.title).split())
    faults: dict[str, str] = {}
    if not 1 <= len(title) <= 200:
        faults["title"] = "must have 1 to 200 characters"
    faults |= _profile_faults(draft)
    form_key, plan_faults = _form_of(session, draft)
    faults |= plan_faults
    if not LIMIT_MINUTES[0] <= draft.minutes <= LIMIT_MINUTES[1]:
        faults["minutes"] = "must be {} to {} minutes".format(*LIMIT_MINUTES)
    if not RETENTION_DAYS[0] <= draft.retention_days <= RETENTION_DAYS[1]:
        faults["retention_days"] = "must be {} to {} days".format(*RETENTION_DAYS)
    if draft.state not in STATES:
        faults["state"] = "choose draft, open, closed or archived"
    known = {int(choice.value) for choice in managers(session)}
    if draft.owner_id not in known:
        faults["owner_id"] = "choose a hiring manager"
    reviewers = tuple(dict.fromkeys(i for i in draft.reviewer_ids if i != draft.owner_id))
    if not known.issuperset(reviewers):
        faults["reviewer_ids"] = "choose hiring managers"
    faults |= _record_faults(draft, today) | _words_faults(draft)
    if faults:
        raise Invalid(fields=faults)
    return replace(draft, title=title, reviewer_ids=reviewers, form_key=form_key)


def _profile_faults(draft: PositionDraft) -> dict[str, str]:
    faults: dict[str, str] = {}
    if draft.profile not in (*STANDARD_PROFILES, MIXED, OWN):
        faults["profile"] = "choose one of operations, sales, mixed, own"
    if draft.profile == OWN:
        found = weight_faults(draft.weights)
        faults |= {f"weight_{key}" if key in SEVEN else key: f for key, f in found.items()}
        silent = reason_faults(draft.weights, draft.reasons)
        faults |= {f"reason_{code}": fault for code, fault in silent.items()}
    kept = {code: level for code, level in draft.gates.items() if level != NO_GATE}
    return faults | {f"gate_{code}": fault for code, fault in gate_faults(kept).items()}


def _form_of(session: Session, draft: PositionDraft) -> tuple[str, dict[str, str]]:
    """The form that the plan comes to, and what is wrong with it.

    A position that invites nobody any more may stay adaptive, whatever became of the bank.
    """
    if draft.plan == planning.ADAPTIVE:
        plan = planning.adaptive_plan(session)
        fault = planning.fault(plan) if draft.state in ("draft", "open") or not plan else None
        return plan.key if plan else "", {"plan": fault} if fault else {}
    faults = {} if draft.plan == planning.FORM else {"plan": "choose a form"}
    if draft.form_key not in {form.key for form in hiring_forms(session, "en")}:
        faults["form_key"] = "choose a hiring form"
    return draft.form_key, faults


def _record_faults(draft: PositionDraft, today: date) -> dict[str, str]:
    """Cut score and validation statement: each whole or not at all."""
    faults = draft.cut.faults(today) if draft.cut else {}
    if draft.cut and len(draft.cut.words) > MOST_RECORD:
        faults["cut_words"] = f"must have at most {MOST_RECORD} characters"
    for name, text in (("analysis", draft.analysis), ("study", draft.study)):
        if len(text) > MOST_RECORD:
            faults[name] = f"must have at most {MOST_RECORD} characters"
    if draft.analysed_on is not None and draft.analysed_on > today:
        faults["analysed_on"] = "must be a day that has been"
    if bool(draft.analysis.strip()) != bool(draft.analysed_on):
        faults["analysis" if draft.analysed_on else "analysed_on"] = "say by whom and when"
    if draft.study.strip() and not draft.analysed_on:
        faults["study"] = "a study needs the analysis that it rests on"
    return faults


def _words_faults(draft: PositionDraft) -> dict[str, str]:
    """Own words: their length, their placeholders; and the days of reminders."""
    faults = {
        f"reason_{code}": f"must have at most {MOST_REASON} characters"
        for code, text in draft.reasons.items()
        if len(text) > MOST_REASON
    }
    for lang in LANGUAGES:
        consent, mail = draft.consents.get(lang, ""), draft.mails.get(lang, "")
        subject = draft.subjects.get(lang, "")
        if len(consent) > wording.MOST_CONSENT:
            faults[f"consent_{lang}"] = f"must have at most {wording.MOST_CONSENT} characters"
        if len(mail) > wording.MOST_MAIL:
            faults[f"mail_{lang}"] = f"must have at most {wording.MOST_MAIL} characters"
        elif unknown := wording.unknown(mail):
            faults[f"mail_{lang}"] = f"unknown placeholder: {unknown[0][:40]}"
        elif mail.strip() and not wording.holds(mail, wording.LINK):
            faults[f"mail_{lang}"] = "the link is missing"
        if len(subject) > wording.MOST_SUBJECT or not subject.strip().isprintable():
            faults[f"subject_{lang}"] = f"is one line of at most {wording.MOST_SUBJECT} characters"
        elif unknown := wording.unknown(subject):
            faults[f"subject_{lang}"] = f"unknown placeholder: {unknown[0][:40]}"
        elif wording.holds(subject, wording.LINK):
            faults[f"subject_{lang}"] = "the link does not belong in a subject"
    for name, days in (("before", draft.before), ("silence", draft.silence)):
        if fault := rule_fault(days):
            faults[name] = fault
    return faults
