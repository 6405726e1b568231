"""Figures stand inline in pages, so what may be in them is listed."""

import pytest

from domain.library.figures import MAX_BYTES, check_figure

ROOT = '<svg class="chart" viewBox="0 0 720 300" role="img" aria-label="An order">{}</svg>'


def faults(inside: str, root: str = ROOT) -> list[str]:
    return [str(p) for p in check_figure(root.replace("{}", inside), "f.svg")]


def test_a_sound_figure_has_no_fault() -> None:
    drawing = '<g class="c-ax"><path d="M0 0h9" fill="none"/></g><text x="1" class="t-b">CFR</text>'
    assert faults(drawing) == []


@pytest.mark.parametrize(
    ("inside", "word"),
    [
        ("<script>alert(1)</script>", "script"),
        ("<svg:script xmlns:svg='http://www.w3.org/2000/svg'>x</svg:script>", "script"),
        ("<foreignObject/>", "foreignObject"),
        ("<a href='x'/>", "a:"),
        ("<image href='x'/>", "image"),
        ("<use href='#a'/>", "use"),
        ("<style>*{}</style>", "style"),
        ("<animate attributeName='href'/>", "animate"),
        ("<path onload='alert(1)'/>", "onload"),
        ("<path style='fill:red'/>", "style"),
        ("<path id='main'/>", "id"),
        ("<path xlink:href='x' xmlns:xlink='http://www.w3.org/1999/xlink'/>", "href"),
        ("<path fill='#f00'/>", "colours"),
        ("<path stroke='url(#x)'/>", "colours"),
        ("<path xmlns='http://www.w3.org/1999/xhtml'/>", "xhtml"),
        ("<!--><script>alert(1)</script>-->", "comment"),
        ("<![CDATA[<script>]]>", "CDATA"),
        ("<?xml-stylesheet href='x'?>", "instruction"),
        ("<path>", "well-formed"),
        ("&nbsp;", "well-formed"),
    ],
)
def test_a_faulty_figure_is_refused_with_its_reason(inside: str, word: str) -> None:
    assert any(word in fault for fault in faults(inside))


def test_an_entity_bomb_is_refused_unread() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + ROOT
    assert "DOCTYPE" in faults("", bomb)[0]


@pytest.mark.parametrize(
    ("root", "word"),
    [
        ('<svg role="img" aria-label="x">{}</svg>', "viewBox"),
        ('<svg viewBox="0 0 1 1">{}</svg>', "aria-label"),
        ('<g viewBox="0 0 1 1" role="img" aria-label="x">{}</g>', "root"),
    ],
)
def test_the_root_says_what_it_is(root: str, word: str) -> None:
    assert word in faults("", root)[0]


def test_a_large_figure_is_refused() -> None:
    assert "larger" in faults(f'<path d="{"M0 0" * MAX_BYTES}"/>')[0]
