"""A document on paper: blocks of text, tables and bands, as a PDF with its own fonts.

    {"title": ..., "foot": ..., "lang": "en" or "zh_Hans", "blocks": [block, ...]}

A block is {"kind": "h1" | "h2" | "p" | "note" | "boxed", "text": ...}, or a table: {"kind":
"table", "head": [...], "widths": [parts of the width], "rows": [[cell, ...], ...]}. A cell is a
text, or {"band": [low95, low68, points, high68, high95], "cut": points or None}.

The drawing library and its font reader take 110 MB, so `draw` runs in the helper process of
gateways/rendering.py, which keeps them for a minute and then ends.
"""

import json
import re
from base64 import b64decode, b64encode
from itertools import groupby
from pathlib import Path
from typing import Any

from gateways.rendering import RenderingProcess

FONTS = Path(__file__).parent / "fonts"
SANS, CHINESE = "sans", "chinese"
INK, MUTED, CARE = (18, 38, 63), (90, 102, 120), (150, 60, 30)
LINE, PALE, BAND, DOT = (200, 205, 212), (216, 227, 238), (160, 190, 216), (24, 90, 140)
SECONDS = 20.0
LEFT, WIDTH, TOP, BOTTOM = 16.0, 178.0, 15.0, 277.0  # mm on A4
MM, LEADING = 0.3528, 1.4  # of a point; of a line in its size
CELL, PAD = 8.0, 1.5
# kind -> size in points, style, colour, room above in mm
STYLES = {
    "h1": (19.0, "B", INK, 0.0),
    "h2": (12.5, "B", INK, 4.0),
    "p": (9.5, "", INK, 0.5),
    "note": (8.0, "", MUTED, 0.5),
    "boxed": (9.0, "B", CARE, 2.0),
}
# Where a line may break: between words, and around every character of a script without spaces.
TOKEN = re.compile(r"\s+|[^\s\u2e80-\uffef]+|[\u2e80-\uffef]")

_process = RenderingProcess("gateways.paper:draw", seconds=SECONDS)


def pdf(document: dict[str, Any]) -> bytes:
    """The document as a PDF file; raises RenderingRefused when the helper cannot draw it."""
    return b64decode(_process({"source": json.dumps(document)})["pdf"])


def draw(request: dict[str, Any]) -> dict[str, Any]:
    """In the helper: draw the document that stands in `source` as JSON."""
    document = json.loads(request["source"])
    sheet = _Sheet(document)
    for block in document["blocks"]:
        if block["kind"] == "table":
            sheet.table(block)
        else:
            sheet.text(block["kind"], block["text"])
    return {"pdf": b64encode(sheet.whole()).decode()}


class _Sheet:
    """The paper and how far down it is written. Lengths in mm, sizes of letters in points."""

    def __init__(self, document: dict[str, Any]) -> None:
        # Imported here: it costs a second and 60 MB, in the helper process alone.
        from fpdf import FPDF

        self.foot = document["foot"]
        self.paper = paper = FPDF(format="A4", unit="mm")
        paper.set_auto_page_break(False)
        paper.set_title(document["title"])
        paper.set_lang("zh-Hans" if document["lang"] == "zh_Hans" else "en")
        paper.add_font(SANS, "", FONTS / "DejaVuSans-subset.ttf")
        paper.add_font(SANS, "B", FONTS / "DejaVuSans-Bold-subset.ttf")
        self.known = paper.fonts[SANS].cmap  # type: ignore[union-attr]  # a font from a file
        used = set(json.dumps(document, ensure_ascii=False))
        if any(ord(letter) not in self.known for letter in used if letter.isprintable()):
            paper.add_font(CHINESE, "", FONTS / "DroidSansFallbackFull.ttf")
        self.widths: dict[tuple[str, str], float] = {}
        self.y = TOP
        paper.add_page()

    def whole(self) -> bytes:
        """The file, once everything is written."""
        self._foot()
        return bytes(self.paper.output())

    def _foot(self) -> None:
        told = str(self.paper.page)
        self._put(LEFT, 287, self.foot, 7.5, "", MUTED)
        self._put(LEFT + WIDTH - self._wide(told, 7.5, ""), 287, told, 7.5, "", MUTED)

    def text(self, kind: str, text: str) -> None:
        """A paragraph, or a title, which never stands alone at the foot of a page."""
        size, style, colour, above = STYLES.get(kind, STYLES["p"])
        inset = 2.0 if kind == "boxed" else 0.0
        lines = self._lines(text, WIDTH - 2 * inset, size, style)
        tall = size * MM * LEADING
        self._room(above + len(lines) * tall + 2 * inset + (25 if kind == "h2" else 0))
        self.y += above
        if kind == "boxed":
            self.paper.set_draw_color(*CARE)
            self.paper.rect(LEFT, self.y, WIDTH, len(lines) * tall + inset)
            self.y += inset / 2
        for line in lines:
            self._put(LEFT + inset, self.y + size * MM, line, size, style, colour)
            self.y += tall
        self.y += 1.5 + inset / 2

    def table(self, block: dict[str, Any]) -> None:
        """Rows under their head, which stands again on each new page."""
        scale = WIDTH / sum(block["widths"])
        widths = [part * scale for part in block["widths"]]
        self._row(block["head"], widths, "B", MUTED)
        for row in block["rows"]:
            page = self.paper.page
            self._room(self._height(row, widths, ""))
            if self.paper.page != page:
                self._row(block["head"], widths, "B", MUTED)
            self._row(row, widths, "", INK)
        self.y += 2

    def _room(self, height: float) -> None:
        if self.y + height > BOTTOM and self.y > TOP:
            self._foot()
            self.paper.add_page()
            self.y = TOP

    def _height(self, row: list[Any], widths: list[float], style: str) -> float:
        lines = [
            len(self._lines(cell, width - PAD, CELL, style))
            for cell, width in zip(row, widths, strict=True)
            if isinstance(cell, str)
        ]
        return max([1, *lines]) * CELL * MM * LEADING + 2

    def _row(
        self, row: list[Any], widths: list[float], style: str, colour: tuple[int, int, int]
    ) -> None:
        height, left = self._height(row, widths, style), LEFT
        for cell, width in zip(row, widths, strict=True):
            if isinstance(cell, str):
                y = self.y + 1 + CELL * MM
                for line in self._lines(cell, width - PAD, CELL, style):
                    self._put(left, y, line, CELL, style, colour)
                    y += CELL * MM * LEADING
            else:
                self._band(cell, left, self.y + height / 2, width - 2 * PAD)
            left += width
        self.y += height
        self.paper.set_draw_color(*LINE)
        self.paper.line(LEFT, self.y, LEFT + WIDTH, self.y)

    def _band(self, cell: dict[str, Any], left: float, middle: float, width: float) -> None:
        """The scale from 0 to 100 with both bands, the point and, as an upright line, the cut."""
        paper = self.paper
        low95, low68, value, high68, high95 = (left + width * at / 100 for at in cell["band"])
        paper.set_draw_color(*LINE)
        paper.line(left, middle, left + width, middle)
        paper.set_fill_color(*PALE)
        paper.rect(low95, middle - 1.5, high95 - low95, 3, style="F")
        paper.set_fill_color(*BAND)
        paper.rect(low68, middle - 1.5, high68 - low68, 3, style="F")
        paper.set_fill_color(*DOT)
        paper.circle(x=value, y=middle, radius=0.9, style="F")
        if cell.get("cut") is not None:
            at = left + width * cell["cut"] / 100
            paper.set_draw_color(*INK)
            paper.line(at, middle - 2.2, at, middle + 2.2)

    def _put(
        self, x: float, y: float, text: str, size: float, style: str, colour: tuple[int, int, int]
    ) -> None:
        """One line with its foot at y. Each letter comes from the first font that has it."""
        self.paper.set_text_color(*colour)
        for known, letters in groupby(text, key=lambda letter: ord(letter) in self.known):
            run = "".join(letters)
            self.paper.set_font(SANS if known else CHINESE, style if known else "", size)
            self.paper.text(x, y, run)
            x += self._wide(run, size, style)

    def _lines(self, text: str, width: float, size: float, style: str) -> list[str]:
        """The text broken into lines of a width; a word that is too long is cut."""
        lines, line, used = [], "", 0.0
        for token in TOKEN.findall(text):
            wide = self._wide(token, size, style)
            parts = [token] if wide <= width else list(token)
            for part in parts:
                wide = self._wide(part, size, style)
                if used + wide > width and line:
                    lines.append(line.rstrip())
                    line, used = "", 0.0
                    if part.isspace():
                        continue
                line, used = line + part, used + wide
        return [*lines, line.rstrip()]

    def _wide(self, text: str, size: float, style: str) -> float:
        return sum(self._letter(letter, style) for letter in text) * size

    def _letter(self, letter: str, style: str) -> float:
        """The width of a letter at a size of one point."""
        found = self.widths.get((letter, style))
        if found is None:
            known = ord(letter) in self.known
            self.paper.set_font(SANS if known else CHINESE, style if known else "", 100)
            found = self.paper.get_string_width(letter) / 100
            self.widths[letter, style] = found
        return found
