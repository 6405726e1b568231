"""Tables as files for spreadsheet programs: typed cells, never a formula."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from domain.exchange.tables import DANGEROUS

Cell = str | int | float | bool | date | datetime | None


def csv_lines(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """A CSV file (RFC 4180), line by line. Times are ISO 8601; what is not known is empty."""
    for row in (head, *rows):
        line = StringIO()
        csv.writer(line).writerow([_text(cell) for cell in row])
        yield line.getvalue()


def _text(cell: Cell) -> str:
    """A cell as text; words that would be read as a formula get a leading quote, numbers do not."""
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.startswith(DANGEROUS) else cell
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def xlsx_file(name: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """An XLSX file with one sheet of that name, a row at a time in memory."""
    # Imported here: it costs every web process 2 MB and 50 ms, and few ever export anything.
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has no types

    whole = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "remove_timezone": True,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    with Workbook(whole, options) as book:
        sheet = book.add_worksheet(name)
        bold = book.add_format({"bold": True})
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                match cell:
                    case None:
                        pass
                    case str():
                        sheet.write_string(number, column, cell)
                    case bool():
                        sheet.write_boolean(number, column, cell)
                    case date():
                        sheet.write_datetime(number, column, cell)
                    case _:
                        sheet.write_number(number, column, cell)
    return whole.getvalue()
