"""What one document says about others: each function lists the references that lead nowhere.

A document that is sound by itself may still name a subtopic, lesson, item or figure that does not
exist. `path` is only named in problems; a lesson is referred to as `module/lesson`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from domain.assessment.forms import Form
from domain.assessment.items import Item
from domain.competencies.framework import Competency
from domain.library.courses import Module
from domain.library.documents import Problem
from domain.library.lessons import LessonSource


def item_problems(
    item: Item, path: str, competencies: Sequence[Competency], lessons: Collection[str]
) -> tuple[Problem, ...]:
    """Competencies, subtopic and lesson of an item."""
    return tuple(_item(item, path, competencies, lessons))


def form_problems(form: Form, path: str, items: Mapping[str, Item]) -> tuple[Problem, ...]:
    """Items of a form: known, and of its pool."""
    return tuple(_item_refs(form.items, "items", path, items, form.pool))


def module_problems(module: Module, path: str, lessons: Collection[str]) -> tuple[Problem, ...]:
    """Lessons that a module lists."""
    refs = [f"{module.id}/{lesson}" for lesson in module.lessons]
    return tuple(_lesson_refs(refs, "lessons", path, lessons))


def lesson_problems(
    lesson: LessonSource,
    path: str,
    lessons: Collection[str],
    items: Mapping[str, Item],
    figures: Collection[str],
) -> tuple[Problem, ...]:
    """Prerequisites, links, quiz items and figures of a lesson.

    figures: the files of its module, as `figures/<name>.svg`. Quizzes show reasons, so their items
    are practice items.
    """
    missing = [figure for figure in lesson.figures if figure not in figures]
    return (
        *_lesson_refs(lesson.prerequisites, "prerequisites", path, lessons),
        *_lesson_refs(lesson.links, None, path, lessons),
        *_item_refs(lesson.quiz, "quiz", path, items, "practice"),
        *(Problem(path, None, None, f"the figure “{figure}” is missing") for figure in missing),
    )


def _item(
    item: Item, path: str, competencies: Sequence[Competency], lessons: Collection[str]
) -> Iterator[Problem]:
    subtopics = {c.code: [s.id for s in c.subtopics] for c in competencies}
    for code in item.competencies:
        if code not in subtopics:
            yield Problem(path, None, f"competencies.{code}", "is not in the framework")
    known = subtopics.get(item.home, [])
    if item.subtopic not in known:
        message = f"“{item.subtopic}” is not a subtopic of {item.home}: {', '.join(known)}"
        yield Problem(path, None, "subtopic", message)
    yield from _lesson_refs([item.lesson], "lesson", path, lessons)


def _lesson_refs(
    refs: Sequence[str], field: str | None, path: str, lessons: Collection[str]
) -> Iterator[Problem]:
    for ref in refs:
        if ref not in lessons:
            yield Problem(path, None, field, f"there is no lesson “{ref}”")


def _item_refs(
    refs: Sequence[str], field: str, path: str, items: Mapping[str, Item], pool: str
) -> Iterator[Problem]:
    for position, ref in enumerate(refs, start=1):
        found = items.get(ref)
        if found is None:
            yield Problem(path, None, f"{field}[{position}]", f"there is no item “{ref}”")
        elif found.pool != pool:
            message = f"“{ref}” is a {found.pool} item; only {pool} items belong here"
            yield Problem(path, None, f"{field}[{position}]", message)
