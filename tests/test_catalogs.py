"""The Chinese catalog is complete, agrees with its source, and is what the pages show."""

import io
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import Flask
from flask_babel import force_locale

from config import ROOT
from tests.blueprints.hiring.test_candidate_pages import agree, url
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.hiring import opening

Plant = Callable[[Catalog], object]

FOLDER = ROOT / "translations" / "zh_Hans" / "LC_MESSAGES"
MARKS = {"_l": None, "lazy_gettext": None}  # besides those that Babel knows by itself
PLACEHOLDER = re.compile(r"%\(\w+\)s|%.?")  # a lone per cent too: formatting stumbles over it
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9"}
SHORTEST = 13  # characters of a phrase that cannot stand in a Chinese page by chance
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}
SPOKEN = {"aria-label", "alt", "placeholder", "title"}

MAILS = ("join", "reset", "email", "invitation", "return_code", "test")
PAGES = {
    "": ("/", "/account/sign-in", "/account/forgotten"),
    "lin": (
        "/",
        "/learn/",
        "/learn/crossing-the-threshold/two-roles",
        "/assess/",
        "/profile/",
        "/profile/self-rating",
        "/account/settings",
        "/no-such-page",
    ),
    "tao": ("/author/", "/author/items", "/author/lessons/crossing-the-threshold/two-roles"),
    "min": ("/hiring/", "/hiring/positions/new"),
    "anna": ("/admin/", "/admin/audit", "/admin/mail", "/admin/backups", "/admin/system"),
}


def extracted() -> Catalog:
    """Every message that the code and the templates hold now."""
    with (ROOT / "translations" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog()
    for _, _, message, _, context in extract_from_dir(
        ROOT,
        methods,
        options,
        keywords={**DEFAULT_KEYWORDS, **MARKS},
        directory_filter=lambda path: not Path(path).name.startswith("."),
    ):
        found.add(message, context=context)
    return found


def committed() -> Catalog:
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def texts(message: Message) -> tuple[list[str], list[str]]:
    """The English forms and the Chinese ones."""
    english = [message.id] if isinstance(message.id, str) else list(message.id)
    given = message.string or ""
    return english, [given] if isinstance(given, str) else list(given)


def problems(source: Catalog, translated: Catalog) -> list[str]:
    """What is wrong with the translation of `source`, one line each."""
    found = [f"obsolete: {message.id!r}" for message in translated.obsolete.values()]
    found += [f"fuzzy: {message.id!r}" for message in translated if message.id and message.fuzzy]
    wanted = {(message.context, texts(message)[0][0]) for message in source if message.id}
    for message in translated:
        if message.id and (message.context, texts(message)[0][0]) not in wanted:
            found.append(f"in no page: {message.id!r}")
    for message in source:
        if message.id:
            found += _flaws(message, translated.get(message.id, message.context))
    return found


def _flaws(message: Message, entry: Message | None) -> list[str]:
    english = texts(message)[0][-1]
    if entry is None or not all(texts(entry)[1]):
        return [f"no Chinese: {english!r}"]
    return [
        f"placeholders differ: {english!r} and {chinese!r}"
        for chinese in texts(entry)[1]
        if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(chinese))
    ]


def compiled(catalog: Catalog) -> bytes:
    held = io.BytesIO()
    write_mo(held, catalog)
    return held.getvalue()


def test_every_message_has_its_chinese() -> None:
    assert problems(extracted(), committed()) == []


def test_the_compiled_catalog_is_what_the_text_says() -> None:
    assert (FOLDER / "messages.mo").read_bytes() == compiled(committed()), "run pybabel compile"


def test_the_header_says_how_chinese_counts() -> None:
    catalog = committed()
    assert (catalog.num_plurals, catalog.plural_expr) == (1, "0")


def put(english: str, chinese: str) -> Plant:
    """Give a message another translation."""
    return lambda catalog: setattr(catalog[english], "string", chinese)


@pytest.mark.parametrize(
    ("plant", "caught"),
    [
        (lambda catalog: catalog.delete("Sign in"), "no Chinese: 'Sign in'"),
        (put("Sign in", ""), "no Chinese: 'Sign in'"),
        (put("Welcome, %(name)s", "欢迎，%(nome)s"), "placeholders differ: 'Welcome, %(name)s'"),
        (put("Sign in", "100% 登录"), "placeholders differ: 'Sign in'"),
        (lambda catalog: catalog["Sign in"].flags.add("fuzzy"), "fuzzy: 'Sign in'"),
        (lambda catalog: catalog.add("On no page", "哪里都没有"), "in no page: 'On no page'"),
        (
            lambda catalog: catalog.obsolete.update({"Old": Message("Old", "旧")}),
            "obsolete: 'Old'",
        ),
    ],
)
def test_a_planted_flaw_is_caught(plant: Plant, caught: str) -> None:
    sound = committed()
    source = Catalog()
    for message in sound:
        if message.id:
            source.add(message.id, context=message.context)
    plant(sound)
    found = problems(source, sound)
    assert len(found) == 1
    assert found[0].startswith(caught)


def test_a_forgotten_compilation_is_caught(tmp_path: Path) -> None:
    catalog = committed()
    before = compiled(catalog)
    catalog["Sign in"].string = "请登录"
    with (tmp_path / "messages.po").open("wb") as file:
        write_po(file, catalog)
    with (tmp_path / "messages.po").open("rb") as file:
        assert compiled(read_po(file, locale="zh_Hans")) != before


class Reader(HTMLParser):
    """What a page says in the page's own language: text, names and descriptions."""

    def __init__(self) -> None:
        super().__init__()
        self.page_lang = ""
        self.said: list[str] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        around = self._open[-1][1] if self._open else ""
        lang = given.get("lang") or around
        if tag == "html":
            self.page_lang = lang
        if lang == self.page_lang:
            self.said += [value for name, value in attrs if name in SPOKEN and value]
        if tag not in VOID:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, lang = self._open[-1] if self._open else ("", "")
        if lang == self.page_lang and tag not in ("script", "style") and data.strip():
            self.said.append(" ".join(data.split()))


def english_phrases() -> Iterator[str]:
    """The fixed parts of the English messages that have a Chinese of their own."""
    for message in committed():
        if message.id:
            english, chinese = texts(message)
            if english[0] == chinese[0]:
                continue
            for words in english:
                for part in PLACEHOLDER.split(words):
                    if len(part.strip()) >= SHORTEST:
                        yield part.strip()


def left_in_english(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    whole = "\n".join(reader.said)
    return [phrase for phrase in english_phrases() if phrase in whole]


@pytest.mark.parametrize(
    ("who", "url"), [(who, url) for who, urls in PAGES.items() for url in urls]
)
def test_a_chinese_page_is_chinese(caller: Callable[..., Caller], who: str, url: str) -> None:
    answer = caller(who or None).get(url, headers=CHINESE)
    assert answer.status_code == (404 if url == "/no-such-page" else 200)
    assert '<html lang="zh-Hans"' in answer.text
    assert left_in_english(answer.text) == []


def test_the_candidates_pages_are_chinese(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast), lang="zh_Hans")
    browser, link = caller(), url(invited)
    told = browser.get(link)
    pages = [told, agree(browser, link)]
    pages += [browser.get(path) for path in ("/candidate/", "/candidate/practice")]
    pages.append(caller().get(link))
    for page in pages:
        assert page.status_code == 200
        assert '<html lang="zh-Hans"' in page.text
        assert left_in_english(page.text) == []


@pytest.mark.parametrize("name", MAILS)
def test_a_chinese_mail_is_chinese(app: Flask, name: str) -> None:
    known = "name company site link sender position minutes days hours code"
    with app.app_context(), force_locale("zh_Hans"):
        page = app.jinja_env.get_template(f"email/{name}.txt")
        text = page.render(expires_at=NOW, **dict.fromkeys(known.split(), "7"))
    assert [phrase for phrase in english_phrases() if phrase in text] == []
    assert "您" in text


def test_an_english_sentence_in_a_chinese_page_is_caught(caller: Callable[..., Caller]) -> None:
    page = caller().get("/account/sign-in", headers=CHINESE).text
    planted = "Forgotten your password?"
    spoilt = page.replace("</main>", f"<p>{planted}</p></main>")
    assert left_in_english(spoilt) == [planted]
    quoted = page.replace("</main>", f'<p lang="en">{planted}</p></main>')
    assert left_in_english(quoted) == []
