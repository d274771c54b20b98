"""An Excel workbook as a book: its sheets, styles, shared texts, and the rows of one sheet, in one pass over its XML.

Why a pass of our own: a row keeps its true number and says whether it is hidden, `#N/A` and a formula without a saved
value are told apart from an empty cell, and a number shown as 00123 keeps its zeros. No reader at hand does all of
these, and a streamed pass is also the quickest.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache, partial

from auditapp.sheets.book import (
    LIMITS,
    Book,
    Fault,
    Row,
    Sheet,
    Unreadable,
    Value,
    date_of_serial,
    number_of,
    short_enough,
)
from auditapp.sheets.package import DAMAGED, LINKED, MACROS, Budget, Package, Reader, Stop


@dataclass(slots=True)
class _Link:
    kind: str
    target: str


@dataclass(slots=True)
class _Parts:
    """What the workbook says about itself."""

    sheets: list[tuple[str, bool, str]] = field(default_factory=list)
    since_1904: bool = False


def open_workbook(data: bytes) -> Book:
    """Open an .xlsx file: its sheets of cells in order, each read when it is asked for; raises Unreadable."""
    package, budget = Package(data), Budget()
    main = _main_part(package, budget)
    links = _links(package, main, budget)
    parts = _workbook(package, main, budget)
    if len(parts.sheets) > LIMITS.sheets:
        raise Unreadable(f"The workbook holds more than {LIMITS.sheets} sheets: copy those needed into a new one.")
    strings = cache(lambda: _shared_strings(package, _linked(links, "sharedStrings"), budget))
    styles = cache(lambda: _styles(package, _linked(links, "styles"), budget))
    sheets = []
    for name, hidden, key in parts.sheets:
        link = links.get(key)
        if link is not None and link.kind == "worksheet" and link.target in package.names:
            _links(package, link.target, budget)
            read = partial(_sheet_rows, package, link.target, name, strings, styles, parts.since_1904, budget)
            sheets.append(Sheet(name, hidden, read))
    if not sheets:
        raise Unreadable("The workbook holds no sheet with cells: choose the file that holds the table.")
    return Book(tuple(sheets), parts.since_1904)


def _main_part(package: Package, budget: Budget) -> str:
    links = _links(package, "", budget)
    main = _linked(links, "officeDocument") or "xl/workbook.xml"
    if main not in package.names or not main.startswith("xl/"):
        raise Unreadable("This is not an Excel workbook: save the table as .xlsx or as CSV.")
    return main


def _links(package: Package, part: str, budget: Budget) -> dict[str, _Link]:
    """Read a part's relationships; a link out of the file (hyperlinks apart, which are never followed) is refused."""
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    found: dict[str, _Link] = {}
    if name not in package.names:
        return found

    def relationship(attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = posixpath.join("/", folder, attributes.get("Target", ""))
        if attributes.get("TargetMode") == "External":
            if kind != "hyperlink":
                raise Unreadable(LINKED)
            return
        if kind.startswith("externalLink"):
            raise Unreadable(LINKED)
        if kind == "xlMacrosheet":
            raise Unreadable(MACROS)
        found[attributes.get("Id", "")] = _Link(
            kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        )

    reader = Reader(budget)
    reader.starts["Relationship"] = relationship
    reader.read_all(package.pieces(name))
    return found


def _linked(links: dict[str, _Link], kind: str) -> str:
    return next((link.target for link in links.values() if link.kind == kind), "")


def _workbook(package: Package, name: str, budget: Budget) -> _Parts:
    parts = _Parts()

    def properties(attributes: dict[str, str]) -> None:
        parts.since_1904 = attributes.get("date1904", "0") in ("1", "true")

    def sheet(attributes: dict[str, str]) -> None:
        key = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        hidden = attributes.get("state", "visible") != "visible"
        parts.sheets.append((attributes.get("name", "")[:200], hidden, key))

    reader = Reader(budget)
    reader.starts |= {"workbookPr": properties, "sheet": sheet}
    reader.read_all(package.pieces(name))
    return parts


DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
NOT_A_DATE_LETTER = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|general', re.IGNORECASE)
ONLY_ZEROS = re.compile(r"0{2,15}")
AS_DATE = -1


def _shape(code: str) -> int:
    """Say how a number format shows a number: AS_DATE, padded with zeros to so many digits, or (0) plainly."""
    first = code.split(";")[0]
    if ONLY_ZEROS.fullmatch(first):
        return len(first)
    letters = NOT_A_DATE_LETTER.sub("", first).casefold()
    return AS_DATE if "d" in letters or "y" in letters else 0


def _styles(package: Package, name: str, budget: Budget) -> list[int]:
    """Read how each cell style shows a number, as `_shape` says it."""
    formats: dict[str, int] = {str(number): AS_DATE for number in DATE_FORMATS}
    shapes: list[int] = []
    inside = [False]
    if name not in package.names:
        return shapes

    def number_format(attributes: dict[str, str]) -> None:
        formats[attributes.get("numFmtId", "")] = _shape(attributes.get("formatCode", "")[:255])
        room()

    def cell_style(attributes: dict[str, str]) -> None:
        if inside[0]:
            shapes.append(formats.get(attributes.get("numFmtId", "0"), 0))
            room()

    def room() -> None:
        if max(len(shapes), len(formats)) > LIMITS.styles:
            raise Unreadable("The workbook holds more cell styles than Excel allows: copy its values to a new one.")

    def stop() -> None:
        raise Stop

    reader = Reader(budget)
    reader.starts |= {"numFmt": number_format, "cellXfs": lambda _: inside.__setitem__(0, True), "xf": cell_style}
    reader.ends["cellXfs"] = stop
    reader.read_all(package.pieces(name))
    return shapes


ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    """Read the escapes in which Excel writes control characters; half a surrogate pair is no character."""
    if "_x" not in text:
        return text
    return (
        ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "ignore")
    )


def _shared_strings(package: Package, name: str, budget: Budget) -> list[str]:
    """Read the texts that cells point at; readings for East Asian scripts are left out."""
    strings: list[str] = []
    phonetic = [False]
    if name not in package.names:
        return strings
    reader = Reader(budget)

    def text(_: dict[str, str]) -> None:
        reader.listening = not phonetic[0]

    def text_ended() -> None:
        reader.listening = False

    def item_ended() -> None:
        strings.append(short_enough(_unescaped("".join(reader.text))))
        reader.text.clear()
        if len(strings) > LIMITS.strings:
            raise Unreadable("The workbook holds more than a million texts: copy its values into a new one.")

    reader.starts |= {"t": text, "rPh": lambda _: phonetic.__setitem__(0, True)}
    reader.ends |= {"t": text_ended, "si": item_ended, "rPh": lambda: phonetic.__setitem__(0, False)}
    reader.read_all(package.pieces(name))
    return strings


TOO_LONG = (
    "Sheet {sheet} reaches to row {row:,}, column {column:,}, far beyond a table of cases: "
    "delete the empty rows and columns around the table, or send fewer rows."
)
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@lru_cache(2_000)
def _column(letters: str) -> int:
    """Give a column's number, A being 1; raises Unreadable."""
    number = 0
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha() and letters.isupper()):
        raise Unreadable(DAMAGED)
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _place(reference: str) -> tuple[int, int]:
    """Read "AB12" as column 28, row 12; raises Unreadable."""
    found = REFERENCE.fullmatch(reference.replace("$", ""))
    if found is None:
        raise Unreadable(DAMAGED)
    return _column(found[1]), int(found[2])


def _sheet_rows(
    package: Package,
    part: str,
    name: str,
    strings: Callable[[], list[str]],
    styles: Callable[[], list[int]],
    since_1904: bool,
    budget: Budget,
) -> Iterator[Row]:
    sheet = _SheetReader(name, strings(), styles(), since_1904, budget)
    for _ in sheet.read(package.pieces(part)):
        yield from sheet.rows
        sheet.rows.clear()


class _SheetReader(Reader):
    """Turns a sheet's XML into rows; everything after the cells (merges, links, rules) is left unread."""

    def __init__(self, name: str, strings: list[str], styles: list[int], since_1904: bool, budget: Budget) -> None:
        super().__init__(budget)
        self.rows: list[Row] = []
        self._name_of_sheet = name
        self._strings, self._styles, self._since_1904 = strings, styles, since_1904
        self._row = self._column = self._read = 0
        self._hidden = self._formula = self._in_reading = False
        self._cells: list[Value] = []
        self._cell: dict[str, str] = {}
        self.starts |= {"dimension": self._claim, "row": self._row_starts, "c": self._cell_starts}
        self.starts |= {"v": self._on, "t": self._on, "f": self._formula_starts, "rPh": self._reading_starts}
        self.ends |= {
            "v": self._off,
            "t": self._off,
            "rPh": self._reading_ends,
            "c": self._cell_ends,
            "row": self._row_ends,
            "sheetData": self._stop,
        }

    def _claim(self, attributes: dict[str, str]) -> None:
        last = attributes.get("ref", "A1").rpartition(":")[2]
        column, row = _place(last)
        if row * column > LIMITS.claimed_cells or row > LIMITS.claimed_rows:
            raise self._too_far(row, column)

    def _too_far(self, row: int, column: int) -> Unreadable:
        return Unreadable(TOO_LONG.format(sheet=self._name_of_sheet, row=row, column=column))

    def _row_starts(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r")
        number = self._row + 1 if stated is None else int(stated) if stated.isdecimal() and len(stated) < 8 else 0
        if number <= self._row:
            raise Unreadable(DAMAGED)
        self._row, self._column, self._cells = number, 0, []
        self._hidden = attributes.get("hidden", "0") in ("1", "true")

    def _cell_starts(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r")
        self._column = self._column + 1 if stated is None else _column(stated.rstrip("0123456789"))
        self._cell, self._formula = attributes, False
        self.text.clear()

    def _formula_starts(self, _: dict[str, str]) -> None:
        self._formula = True

    def _on(self, _: dict[str, str]) -> None:
        self.listening = not self._in_reading

    def _off(self) -> None:
        self.listening = False

    def _reading_starts(self, _: dict[str, str]) -> None:
        self._in_reading = True

    def _reading_ends(self) -> None:
        self._in_reading = False

    def _stop(self) -> None:
        raise Stop

    def _cell_ends(self) -> None:
        value = self._value(self._cell.get("t", "n"), "".join(self.text))
        if value is None:
            return
        self.budget.cells -= 1
        self.budget.text -= len(value) if isinstance(value, str) else 0
        if self._column > LIMITS.columns or self._row > LIMITS.rows:
            raise self._too_far(self._row, self._column)
        if self.budget.cells < 0 or self.budget.text < 0:
            raise Unreadable("The workbook holds more cells or text than a table of cases needs: send fewer rows.")
        self._cells.extend([None] * (self._column - 1 - len(self._cells)))
        if len(self._cells) != self._column - 1:
            raise Unreadable(DAMAGED)
        self._cells.append(value)

    def _row_ends(self) -> None:
        if self._cells:
            self.rows.append(Row(self._row, self._cells, self._hidden))

    def _value(self, kind: str, raw: str) -> Value:
        if kind == "s":
            if not raw.strip().isdecimal() or len(raw) > 9 or int(raw) >= len(self._strings):
                raise Unreadable(DAMAGED)
            return self._strings[int(raw)] or None
        if kind in ("str", "inlineStr"):
            return short_enough(_unescaped(raw)) or None
        if kind == "b":
            return raw.strip() in ("1", "true")
        if kind == "e":
            return Fault(raw.strip()[:20] or "#N/A")
        if not raw.strip():
            return Fault() if self._formula else None
        return _iso_date(raw) if kind == "d" else self._number(raw.strip())

    def _number(self, raw: str) -> Value:
        number = number_of(raw)
        if number is None:
            return short_enough(raw)
        shape = self._shape()
        if shape == AS_DATE:
            return date_of_serial(number, self._since_1904) or number
        return str(number).zfill(shape) if shape and isinstance(number, int) and number >= 0 else number

    def _shape(self) -> int:
        style = self._cell.get("s", "0")
        known = style.isdecimal() and len(style) < 8 and int(style) < len(self._styles)
        return self._styles[int(style)] if known else 0


def _iso_date(raw: str) -> Value:
    try:
        return datetime.fromisoformat(raw.strip()).replace(tzinfo=None)
    except ValueError:
        return short_enough(raw)
