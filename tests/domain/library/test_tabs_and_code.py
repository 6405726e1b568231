"""Tabs in a lesson, and fenced code: what the check calls a block or code is shown as one."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.library.lesson_text import LessonText, read_text
from domain.library.markdown import render
from domain.library.outline import headings
from domain.library.panes import MOST

TWO = "/// tab | Hamburg\nNine o'clock.\n///\n\n/// tab | Shenzhen\nFour o'clock.\n///\n"


def faults(text: str) -> list[tuple[int, str]]:
    return list(read_text(text).faults)


def shown(text: str) -> str:
    return render(text, {}).html.replace("\n", "")


def test_tabs_that_follow_one_another_are_one_set_with_a_heading_each() -> None:
    html = shown(f"Open.\n\n## Clocks\n\n{TWO}")
    assert html.count('class="panes"') == 1
    assert 'aria-label="Hamburg / Shenzhen"' in html
    assert re.findall(r'<h3 class="pane__t">(\w+)</h3>', html) == ["Hamburg", "Shenzhen"]
    assert html.index("Nine o") < html.index("Shenzhen</h3>") < html.index("Four o")
    assert faults(f"Open.\n\n{TWO}") == []


@pytest.mark.parametrize(
    ("before", "level"),
    [("## A", 3), ("## A\n\n### B", 4), ("### B\n\n## A\n\n#### C", 4), ("", 2)],
)
def test_no_level_of_heading_is_left_out(before: str, level: int) -> None:
    assert f'<h{level} class="pane__t">Hamburg' in shown(f"Open.\n\n{before}\n\n{TWO}")


def test_a_tab_holds_what_a_lesson_holds_and_is_no_section() -> None:
    inside = "- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\n///\n```\n"
    text = f"Open.\n\n## Part\n\n/// tab | A\n{inside}\n///\n/// tab | B\nx\n///\n"
    html = shown(text)
    assert all(part in html for part in ("<ul>", "<table>", "<pre><code>///</code></pre>"))
    assert [section.title for section in render(text, {}).sections] == ["Part"]
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("/// tab | A\nx\n///\n\nProse.", 3, "one tab alone"),
        ("/// tab | A\nx\n///\n\n```\ncode\n```\n\n/// tab | B\ny\n///", 3, "one tab alone"),
        ("/// tab | A\nx\n///\n/// case | B\ny\n///\n/// tab | C\ny\n///", 3, "one tab alone"),
        (TWO.replace("Shenzhen", "Hamburg"), 7, "called “Hamburg” too"),
        ("".join(f"/// tab | {n}\nx\n///\n" for n in range(MOST + 1)), 21, f"up to {MOST}"),
    ],
)
def test_what_is_no_choice_is_named_with_its_line(text: str, line: int, said: str) -> None:
    found = faults(f"Open.\n\n{text}\n")
    assert found[0][0] == line
    assert said in found[0][1]


def test_titles_are_text() -> None:
    html = shown("/// tab | <script>alert(1)</script>\nx\n///\n/// tab | *B* & “c”\ny\n///")
    assert "<script" not in html
    assert "<em>B</em> &amp; “c”</h2>" in html


def test_fenced_code_is_shown_as_it_stands() -> None:
    code = "<b>&amp; *x*\n\n    /// case | no\n## no heading\n[a](lesson:x/y)"
    html = render(f"Open.\n\n```python\n{code}\n```\n\nEnd.", {}).html
    inner = "&lt;b&gt;&amp;amp; *x*\n\n    /// case | no\n## no heading\n[a](lesson:x/y)\n"
    assert f"<pre><code>{inner}</code></pre>" in html
    assert html.rstrip().endswith("<p>End.</p>")
    assert faults(f"Open.\n\n```python\n{code}\n```\n\nEnd.") == []


LINES = st.lists(
    st.sampled_from(
        [
            "```", "~~~", "````", "  ```", "    ```", "```py", "``` a`b", "```a``` b", "~~~ `x`",
            "\t```", "``` ", "## Part", "### Part", "words", "", "- item", "> quote", "\u2028```",
            "/// case | t", "/// tab | t", "/// tab | u", "///", "```\r",
        ]
    ),
    max_size=14,
)  # fmt: skip


class _Shown(HTMLParser):
    """Counts what is shown outside of code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.code = 0
        self.sections = 0
        self.fences = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag == "pre"
        self.fences += tag == "pre"
        self.sections += tag == "section"

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag == "pre"


@settings(max_examples=400, deadline=None)
@given(LINES)
def test_the_check_and_the_page_see_the_same_code(lines: list[str]) -> None:
    """Where the check finds no fault, its sections and fences are the page's."""
    text = "Open.\n\n" + "\n\n".join(lines) + "\n"
    found: LessonText = read_text(text)
    if found.faults:
        return
    page = _Shown(render(text, {}).html)
    indented = sum(line.startswith(("    ", "\t")) for line in lines)
    assert page.sections == len(found.sections)
    assert [h.title for h in headings(text) if h.depth == 2] == list(found.sections)
    if not indented:
        assert (page.fences > 0) == bool(_fences(text))


def _fences(text: str) -> list[str]:
    """Lines that open code by the words of the format, counted another way."""
    found, fence = [], ""
    for line in re.split(r"\r\n|\r|\n", text):
        border = re.fullmatch(r" {0,3}(`{3,}|~{3,})(.*)", line)
        if border is None or (border[1][0] == "`" and "`" in border[2]):
            continue
        if not fence:
            fence = border[1]
            found.append(line)
        elif border[1].startswith(fence) and not border[2].strip():
            fence = ""
    return found
