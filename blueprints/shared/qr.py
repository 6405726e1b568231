"""QR codes as a drawing that a template writes out: no picture file, no inline style."""

from domain.records import frozen

QUIET = 4  # empty modules around the code, as ISO/IEC 18004 asks


@frozen
class Drawing:
    """size: width and height in modules, the quiet zone with them; path: of strokes 1 wide."""

    size: int
    path: str


def drawing(text: str) -> Drawing:
    """The QR code of a text, with the lowest correction of errors: it is read from a screen."""
    import segno  # 20 ms to load: for the few pages that show a code

    rows = [list(row) for row in segno.make_qr(text, error="l", boost_error=False).matrix]
    strokes = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                strokes.append(f"M{x + QUIET} {y + QUIET}.5h{length}")
            x += length or 1
    return Drawing(len(rows) + 2 * QUIET, "".join(strokes))
