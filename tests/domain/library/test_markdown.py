"""The one renderer: what it shows, and that nothing unsafe comes through it."""

import contextlib
import time
from html.parser import HTMLParser

import markdown as python_markdown
import pytest

from domain.library.markdown import TAGS, Rendered, Unrenderable, render

FIGURE = '<svg class="chart" viewBox="0 0 9 9" role="img" aria-label="old"><path d="M0 0"/></svg>'
SVG = {"order.svg": FIGURE}

HOSTILE = [
    "<script>alert(1)</script>",
    "text <img src=x onerror=alert(1)> text",
    "<svg onload=alert(1)><desc><script>alert(1)</script></desc></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:msgbox)",
    "<javascript:alert(1)>",
    '[a](http://x.example "\\" onmouseover=alert(1) x=\\"")',
    "![a](javascript:alert(1))",
    '![" onload="alert(1)](figures/order.svg "\\" onload=alert(1)")',
    "![<script>alert(1)</script>](figures/order.svg)",
    "![&#34; onload=alert(1) &#34;](figures/order.svg)",
    "[r]\n\n[r]: javascript:alert(1) 'x'",
    "<a href='javascript:alert(1)'>x</a>\n\n<div style='position:fixed'>y</div>",
    "<form action=/admin><button>go</button></form>",
    '<p hx-get="/x" x-data="y" id="main">z</p>',
    "# Title {: onclick=alert(1) #main }",
    "/// case | <script>alert(1)</script>\n<b onclick=x>bold</b>\n///",
    "/// details | [a](javascript:alert(1))\n\n<iframe src=x></iframe>\n\n///",
    "/// check | <img src=x onerror=alert(1)>\n- [x] <script>a</script> :: <svg onload=x>\n///",
    "/// html | script\nalert(1)\n///",
    "/// case | a\n    attrs: {onclick: alert(1), style: 'x'}\n\nb\n///",
    '\ue000order.svg\ue000" onload=alert(1)\ue001',
    '&#xe000;order.svg&#xe000;" onload=alert(1) &#xe001;',
    "[a](http://x.example '&#xe000;order.svg&#xe000; onload=alert(1) &#xe001;')",
    "\x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03 \x0260\x03script\x0262\x03",
    "`<script>`\n\n    <script>alert(1)</script>\n\n```\n<script>alert(1)</script>\n```",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><!DOCTYPE html [<!ENTITY a 'b'>]>&a;",
    "| a | <script>alert(1)</script> |\n|:-:|--:|\n| <b style=x> | [y](javascript:z) |",
    "> " * 60 + "<script>alert(1)</script>",
    "".join("  " * depth + "- <img src=x onerror=y>\n" for depth in range(40)),
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;img onerror=x&amp;gt;",
    "<" * 300 + "script>",
    "//evil.example/ <//evil.example> [x](//evil.example 'y')",
]


class _Checker(HTMLParser):
    """Notes whatever a sanitised text must not hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.drawing = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.drawing += tag == "svg"
        if tag not in TAGS | ({"svg", "path"} if self.drawing else set()):
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith(("on", "hx-", "x-", "style", "src")):
                self.faults.append(f"{tag} {name}")
            if name == "id" and not text.startswith("s-"):
                self.faults.append(f"id {text}")
            if name == "href" and not text.startswith(("http:", "https:", "mailto:", "/learn/")):
                self.faults.append(f"href {text}")

    def handle_endtag(self, tag: str) -> None:
        self.drawing -= tag == "svg"

    def handle_comment(self, data: str) -> None:
        self.faults.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.faults.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.faults.append("instruction")


def faults_of(html: str) -> list[str]:
    checker = _Checker()
    checker.feed(html)
    checker.close()
    return checker.faults


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("frame", ["{}", "## Part\n\n{}", "/// case | t\n{}\n///"])
def test_nothing_unsafe_survives(text: str, frame: str) -> None:
    assert faults_of(render(frame.replace("{}", text), SVG).html) == []


def test_the_checker_sees_a_planted_flaw() -> None:
    caught = [t for t in HOSTILE if faults_of(python_markdown.markdown(t, extensions=["tables"]))]
    assert len(caught) > len(HOSTILE) // 2


def flat(html: str) -> str:
    return html.replace("\n", "")


def _render(text: str, lang: str = "en") -> Rendered:
    return render(text, SVG, lang)


def test_sections_are_cut_at_second_level_headings() -> None:
    rendered = _render(
        "Before.\n\n## What's “new” & *bold*\n\nA.\n\n### Below\n\n## What's new\n\nB."
    )
    assert [(s.anchor, s.title) for s in rendered.sections] == [
        ("s-what-s-new-bold", "What’s “new” & bold"),
        ("s-what-s-new", "What’s new"),
    ]
    assert rendered.html.count('<section class="part" id="s-') == 2
    assert rendered.html.startswith("<p>Before.</p>")


def test_equal_headings_get_different_anchors() -> None:
    anchors = [s.anchor for s in _render("## A\n\nx\n\n## A\n\ny\n\n## !\n\nz").sections]
    assert anchors == ["s-a", "s-a-2", "s-part"]


def test_chinese_headings_have_anchors_and_chinese_words_are_counted() -> None:
    rendered = _render("## 中文 标题\n\n三个字 and two words", "zh_Hans")
    assert rendered.sections[0].anchor == "s-中文-标题"
    assert rendered.words == 4 + 3 + 3


def test_a_figure_stands_inline_with_the_authors_words() -> None:
    html = _render('![An order, "step" by step](figures/order.svg "A caption")').html
    assert '<figure class="fig"><div class="fig__box"><svg class="chart"' in html
    assert 'aria-label="An order, &quot;step&quot; by step"' in html
    assert "<figcaption>A caption</figcaption>" in html


def test_a_missing_figure_is_named() -> None:
    assert _render("![x](figures/nowhere.svg)").missing_figures == ("nowhere.svg",)


def test_a_forged_place_of_a_figure_stays_text() -> None:
    assert "<svg" not in _render("&#xe000;order.svg&#xe000;x&#xe001;").html


def test_the_same_text_gives_the_same_bytes() -> None:
    text = "## A\n\n![x](figures/order.svg)\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert _render(text) == _render(text)


def test_links_to_lessons_become_addresses() -> None:
    assert (
        'href="/learn/trade-practice/who-pays"'
        in _render("[x](lesson:trade-practice/who-pays)").html
    )


def test_wide_tables_scroll_by_themselves_and_have_a_name() -> None:
    html = _render("| a | b |\n|---|--:|\n| 1 | 2 |").html
    assert '<div aria-label="Table 1" class="scroll" role="region" tabindex="0"><table>' in html
    assert '<th scope="col">a</th>' in html
    assert '<td align="right">2</td>' in html


def test_a_heading_without_words_is_an_ordinary_cell() -> None:
    html = _render("| | b |\n|---|---|\n| 1 | 2 |").html
    assert "<th></th>" not in html
    assert html.count("<th") == html.count('<th scope="col">b</th>') + html.count("<thead")


def test_a_check_opens_each_option_to_say_why() -> None:
    html = flat(
        _render("/// check | Why?\n- [ ] No :: Wrong *way*.\n- [x] Yes :: Right.\n///").html
    )
    assert (
        '<details class="opt"><summary>No</summary><p class="opt__why">Wrong <em>way</em>.' in html
    )
    assert '<details class="opt opt--key"><summary>Yes</summary>' in html
    assert "[x]" not in html


@pytest.mark.parametrize(
    ("lang", "word"), [("en", "Worked example"), ("zh_Hans", "算例"), ("xx", "Worked example")]
)
def test_callouts_carry_a_label_in_the_lessons_language(lang: str, word: str) -> None:
    html = flat(render("/// worked | Freight\n100 + 20\n///", {}, lang).html)
    assert f'<div class="call call--worked"><p class="call__t">{word}</p>' in html


def test_a_text_over_the_cap_is_refused() -> None:
    with pytest.raises(Unrenderable, match="200 KB"):
        render("中" * 70_000, {})


@pytest.mark.parametrize(
    "text", [">" * 5000 + " a", "".join("  " * n + "- a\n" for n in range(250))]
)
def test_nesting_without_end_is_refused_or_rendered_but_never_a_crash(text: str) -> None:
    with contextlib.suppress(Unrenderable):
        assert faults_of(render(text, {}).html) == []


def test_an_honest_lesson_of_3000_words_is_far_below_the_cap_of_two_seconds() -> None:
    part = (
        "## Part {n}\n\n" + ("The buyer asks for a price, a date and a place. " * 12 + "\n\n") * 3
    )
    case = "/// case | A story\nMr Okafor *asks* for **600**.\n///\n\n"
    block = case + "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    text = "".join((part + block).replace("{n}", str(n)) for n in range(8))
    started = time.process_time()
    assert render(text, SVG).words > 3000
    assert time.process_time() - started < 2
