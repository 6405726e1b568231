"""QTI packages: the manifest says which items there are; each is read by itself.

Source: IMS/1EdTech Question and Test Interoperability 2.1, 2.2 and 3.0; Content Packaging 1.1.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from domain.exchange.gift_answers import Refused
from domain.exchange.qti_items import read_item
from domain.exchange.qti_tree import resolve, tag
from domain.exchange.questions import MOST_QUESTIONS, Question, Reading, Refusal, Unreadable
from domain.exchange.xml_text import Element, children, parse, text_of

MANIFEST = "imsmanifest.xml"
KEYWORD = "threshold:"


def read_package(files: Mapping[str, bytes]) -> Reading:
    """Every item of a package (path -> bytes). Raises Unreadable where no item can be found."""
    manifest = next((path for path in sorted(files, key=len) if _is_manifest(path)), None)
    refusals: list[Refusal] = []
    notes: list[str] = []
    if manifest is None:
        paths: list[tuple[str, dict[str, str]]]
        paths = [(path, {}) for path in sorted(files) if _looks_like_item(path, files[path])]
        notes.append("The package has no imsmanifest.xml: every item file in it was read.")
        if not paths:
            raise Unreadable("holds no imsmanifest.xml and no assessmentItem")
    else:
        paths = list(_listed(parse(files[manifest]), manifest, files, refusals))
    questions: list[Question] = []
    for path, tags in paths[:MOST_QUESTIONS]:
        try:
            question = read_item(files[path], path, files)
        except Refused as refused:
            refusals.append(Refusal(path, refused.element, str(refused)))
        except Unreadable as error:
            refusals.append(Refusal(path, "file", str(error)))
        else:
            merged = {**question.tags, **tags}
            questions.append(replace(question, place=path, tags=merged))
    if len(paths) > MOST_QUESTIONS:
        why = f"a package may hold {MOST_QUESTIONS} items; the rest was left out"
        refusals.append(Refusal(MANIFEST, "package", why))
    return Reading("qti", tuple(questions), tuple(refusals), tuple(notes))


def read_single(data: bytes) -> Reading:
    """One assessmentItem that came alone."""
    return read_package({"item.xml": data})


def _is_manifest(path: str) -> bool:
    return path.rpartition("/")[2].lower() == MANIFEST


def _looks_like_item(path: str, data: bytes) -> bool:
    head = data[:4000]
    return path.lower().endswith(".xml") and (
        b"assessmentItem" in head or b"qti-assessment-item" in head
    )


_ITEMS = ("imsqti_item", "imsqti_apipitem")
_BESIDE = ("imsqti_stimulus", "associatedcontent/", "controlfile/", "resourcemetadata/")
_TESTS = ("imsqti_test", "imsqti_assessment", "imsqti_section")


def _listed(
    root: Element, manifest: str, files: Mapping[str, bytes], refusals: list[Refusal]
) -> Iterator[tuple[str, dict[str, str]]]:
    """(path, tags) of each item resource in the manifest; other resources are refused by name."""
    if tag(root) != "manifest":
        raise Unreadable("has an imsmanifest.xml that is no manifest")
    resources = [r for holder in children(root, "resources") for r in children(holder, "resource")]
    if not resources:
        raise Unreadable("has a manifest that lists no resources")
    listed: set[str] = set()
    for resource in resources:
        kind, href = resource.get("type") or "", resource.get("href") or ""
        if not href:
            file = next(children(resource, "file"), None)
            href = (file.get("href") or "") if file is not None else ""
        path = resolve(manifest, href, files)
        place = href[:120] or (resource.get("identifier") or "resource")[:120]
        if kind.startswith(_ITEMS):
            if path is None:
                refusals.append(Refusal(place, "item", "is listed and not in the package"))
            elif path not in listed:
                listed.add(path)
                yield path, _tags(resource)
        elif kind.startswith("imsqti_xmlv1"):
            refusals.append(Refusal(place, "item", "is QTI 1.2; save it as QTI 2.1, 2.2 or 3.0"))
        elif kind.startswith(_TESTS):
            why = "a test's order, parts and times are not imported; its items are"
            refusals.append(Refusal(place, "test", why))
        elif kind.startswith(_BESIDE) or kind in ("webcontent", "") or "css" in kind:
            continue  # comes in with the items that use it
        else:
            refusals.append(Refusal(place, kind[:60], "is a kind of resource not known here"))
    for path in sorted(set(files) - listed):
        if _looks_like_item(path, files[path]):
            refusals.append(Refusal(path, "item", "is in the package and not in its manifest"))


def _tags(resource: Element) -> dict[str, str]:
    """What this house wrote into the metadata when it exported the item."""
    found: dict[str, str] = {}
    for element in resource.iter():
        words = (element.text or "").strip()
        if words.startswith(KEYWORD):
            name, _, value = text_of(element).removeprefix(KEYWORD).partition("=")
            found[name] = value
    return found
