"""The container of an Excel workbook: a zip file of XML parts, of which nothing is believed.

Sizes are checked before anything is inflated, and bytes are counted while they are. No part is ever followed outside
the file; no document type, entity or deep nesting is parsed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn

# Every parser made here refuses document types and entities.
from xml.parsers import expat

from auditapp.sheets.book import LIMITS, Unreadable

CHUNK = 64 * 1024
NOT_A_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    EOFError,
    KeyError,
)
DAMAGED = "The workbook is damaged and cannot be read: open it in Excel, save it again as .xlsx and try again."
MACROS = "The workbook holds macros: save it as an Excel workbook without macros (.xlsx)."
LINKED = "The workbook is linked to other files: in Excel choose Data, Edit Links, Break Link, and save it again."
TOO_LARGE = "The workbook unpacks to more than 50 MB: remove sheets that are not needed and save it again."


class Package:
    """The members of a workbook, each inflated in small pieces that are counted."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except NOT_A_ZIP as problem:
            raise Unreadable(DAMAGED) from problem
        _check_members(members)
        self.names = {member.filename for member in members}

        self._check_declarations()
        self._check_contents()

    def _check_contents(self) -> None:
        """Refuse what the workbook says it is made of, whatever its parts are called."""
        told = b"".join(self.pieces("[Content_Types].xml")).lower()
        if b"macroenabled" in told or b"vbaproject" in told:
            raise Unreadable(MACROS)
        if b"externallink" in told:
            raise Unreadable(LINKED)

    def _check_declarations(self) -> None:
        """Refuse document types and entities in any part, also in those that are never read."""
        for name in self.names:
            if name.endswith((".xml", ".rels", ".vml")):
                _check_beginning(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give a member's bytes in pieces; raises Unreadable when it is damaged or unpacks to more than it claimed."""
        inflated = 0
        try:
            with self._zip.open(name) as member:
                while piece := member.read(CHUNK):
                    inflated += len(piece)
                    if inflated > LIMITS.unpacked:
                        raise Unreadable(TOO_LARGE)
                    yield piece
        except NOT_A_ZIP as bad:
            raise Unreadable(DAMAGED) from bad


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Refuse by what the directory of the container says, before anything is inflated."""
    if len(members) > LIMITS.members:
        raise Unreadable(
            f"The workbook is made of more than {LIMITS.members} parts: copy the sheets needed into a new one."
        )
    if sum(member.file_size for member in members) > LIMITS.unpacked:
        raise Unreadable(TOO_LARGE)
    names = [member.orig_filename for member in members]
    if any(_is_path_trick(name) for name in names):
        raise Unreadable("The workbook holds parts with unsafe names: open it in Excel and save it again as .xlsx.")
    if len({name.casefold() for name in names}) < len(names):
        raise Unreadable("The workbook holds two parts of the same name: open it in Excel and save it again as .xlsx.")
    if any(member.flag_bits & 0x1 for member in members):
        raise Unreadable("The file is protected by a password: remove the password and save it again.")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise Unreadable("The file is packed in a way Excel does not use: open it in Excel and save it again as .xlsx.")
    _check_kind({name.casefold() for name in names})


def _is_path_trick(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in name.split("/")


def _check_kind(names: set[str]) -> None:
    """Refuse what is not a plain workbook, by the names of its parts."""
    if any(name.rsplit("/", 1)[-1].startswith("vbaproject") or "/macrosheets/" in name for name in names):
        raise Unreadable(MACROS)
    if any("/externallinks/" in name for name in names):
        raise Unreadable(LINKED)
    if "xl/workbook.bin" in names:
        raise Unreadable("This is a binary Excel workbook (.xlsb): open it in Excel and save it as .xlsx.")
    if "content.xml" in names:
        raise Unreadable("This is an OpenDocument file: open it and save it as an Excel workbook (.xlsx).")
    if "[content_types].xml" not in names:
        raise Unreadable("This is not an Excel workbook: save the table as .xlsx or as CSV.")


START = Callable[[dict[str, str]], None]
END = Callable[[], None]


class Stop(Exception):
    """Everything wanted from a member has been read."""


@dataclass(slots=True)
class Budget:
    """What is left to read of one book, across its members."""

    elements: int = LIMITS.elements
    cells: int = LIMITS.cells
    text: int = LIMITS.all_text

    def spend(self, elements: int) -> None:
        """Count elements that were parsed; raises Unreadable when they are too many."""
        self.elements -= elements
        if self.elements < 0:
            raise Unreadable(
                "The workbook holds far more detail than a table needs: copy the table's values into a new workbook."
            )


def _refuse_declarations(*_: object) -> NoReturn:
    raise Unreadable("The workbook holds declarations that Excel never writes: save it again from Excel as .xlsx.")


def _check_beginning(pieces: Iterator[bytes]) -> None:
    """Parse up to the first element: every declaration must stand before it."""

    def stop(*_: object) -> NoReturn:
        raise Stop

    parser = _safe_parser()
    parser.StartElementHandler = stop
    try:
        for _ in _fed_in(parser, pieces):
            pass
    except Stop:
        return


def _safe_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_declarations
    parser.EntityDeclHandler = _refuse_declarations
    parser.ExternalEntityRefHandler = _refuse_declarations
    return parser


def _fed_in(parser: expat.XMLParserType, pieces: Iterator[bytes]) -> Iterator[None]:
    """Feed a parser piece by piece; raises Unreadable when it is no XML, or when one tag or comment does not end.

    An endless tag would be scanned again with every piece, so that time would grow with its square.
    """
    fed = 0
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - max(parser.CurrentByteIndex, 0) > LIMITS.token:
                raise Unreadable(DAMAGED)
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as problem:
        raise Unreadable(DAMAGED) from problem
    yield


class Reader:
    """A parser that calls `starts` and `ends` by local name, and collects text while `listening`.

    Its handlers run for every element of a sheet, so they do as little as they can: what is counted is looked at after
    each piece, which can hold no more elements than it has bytes.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.starts: dict[str, START] = {}
        self.ends: dict[str, END] = {}
        self.text: list[str] = []
        self.listening = False
        self._depth = self._elements = 0
        self._start_of: dict[str, START | None] = {}
        self._end_of: dict[str, END | None] = {}

    def read(self, pieces: Iterator[bytes]) -> Iterator[None]:
        """Parse piece by piece, giving back control after each; raises Unreadable."""
        parser = _safe_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        try:
            for _ in _fed_in(parser, pieces):
                self.budget.spend(self._elements)
                self._elements = 0
                if self._depth > LIMITS.depth or len(self._start_of) > LIMITS.names:
                    raise Unreadable(DAMAGED)
                yield
        except Stop:
            yield

    def read_all(self, pieces: Iterator[bytes]) -> None:
        """Parse a whole member; raises Unreadable."""
        for _ in self.read(pieces):
            pass

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        try:
            handler = self._start_of[name]
        except KeyError:
            local = name.rpartition(":")[2]
            handler = self._start_of[name] = self.starts.get(local)
            self._end_of[name] = self.ends.get(local)
        if handler is not None:
            handler(attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        handler = self._end_of[name]
        if handler is not None:
            handler()

    def _data(self, text: str) -> None:
        if self.listening:
            self.text.append(text)
