"""Files that nobody should send: each must be answered with one sentence, quickly and in little memory."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from openpyxl import Workbook

HEADINGS = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)", "Date of Contact"]
HEADINGS += ["Contact Source"]
CONTENT = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def good(rows: int = 3) -> bytes:
    """Give a sound workbook with one list 1, to be spoilt."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("List 1")
    sheet.append(HEADINGS)
    for number in range(rows):
        sheet.append([str(1000 + number), "F", "WBRI", "01/02/2015", 9, "03/08/2026", "Police"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(members: dict[str, bytes] | list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    pairs = members.items() if isinstance(members, dict) else members
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in pairs:
            package.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    return packed({**parts(good()), name: data})


def changed(name: str, old: bytes, new: bytes) -> bytes:
    members = parts(good())
    assert old in members[name]
    return packed({**members, name: members[name].replace(old, new, 1)})


def sheet(inner: bytes) -> bytes:
    head = b'<?xml version="1.0"?><worksheet xmlns="' + MAIN.encode() + b'">'
    return with_part(SHEET, head + inner + b"</worksheet>")


def lying_header() -> bytes:
    """Claim that a member of 40 MB unpacks to 100 bytes, in both of its headers."""
    data = bytearray(packed({**parts(good()), SHEET: b"<worksheet>" + b" " * 40_000_000 + b"</worksheet>"}))
    truth = struct.pack("<I", 40_000_023)
    for place in (at for at in range(len(data) - 4) if data[at : at + 4] == truth):
        data[place : place + 4] = struct.pack("<I", 100)
    return bytes(data)


def encrypted_member() -> bytes:
    data = bytearray(good())
    place = data.find(b"PK\x01\x02")
    while place != -1:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def old_container(inside: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + inside.encode("utf-16-le") + b"\0" * 2000


def entities() -> bytes:
    levels = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">' + levels + b"]><worksheet>&a9;</worksheet>"


def strings_bomb() -> bytes:
    """A text of 32,000 characters that 100,000 cells point at: 3 GB, were each to be copied."""
    members = parts(good())
    text = b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>"
    cells = b"".join(b'<row r="%d">%s</row>' % (n, b'<c t="s"><v>0</v></c>' * 100) for n in range(1, 1001))
    members[SHEET] = b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>"
    rels = "xl/_rels/workbook.xml.rels"
    link = b'<Relationship Id="s" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    members[rels] = members[rels].replace(b"</Relationships>", link)
    return packed({**members, "xl/sharedStrings.xml": text})


def external(kind: str) -> bytes:
    rel = (
        '<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{kind}" Target="file://server/share/x.xlsx" TargetMode="External"/></Relationships>'
    )
    return with_part("xl/worksheets/_rels/sheet1.xml.rels", rel.encode())


def many_styles() -> bytes:
    members = parts(good())
    members["xl/styles.xml"] = b"<styleSheet><cellXfs>" + b'<xf numFmtId="0"/>' * 1_500_000 + b"</cellXfs></styleSheet>"
    return packed(members)


def damaged() -> bytes:
    """Spoil the bytes of the sheet itself, and of nothing else."""
    data = good(300)
    place = data.find(SHEET.encode()) + len(SHEET) + 60
    return data[:place] + b"\xff" * 50 + data[place + 50 :]


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "an empty file": ("a.xlsx", lambda: b""),
    "only noughts": ("a.csv", lambda: b"\0" * 5000),
    "not a zip at all": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    "a zip cut short": ("a.xlsx", lambda: good()[:-300]),
    "damaged in the middle": ("a.xlsx", lambda: damaged()),
    "a zip that is no workbook": ("a.xlsx", lambda: packed({"readme.txt": b"hello"})),
    "more than 5 MB": ("a.xlsx", lambda: b"PK\x03\x04" + b"x" * 6_000_000),
    "a bomb of one member": ("a.xlsx", lambda: sheet(b" " * 200_000_000)),
    "a bomb of many members": (
        "a.xlsx",
        lambda: packed({**parts(good()), **{f"p{n}": b"0" * 9_000_000 for n in range(9)}}),
    ),
    "a lying header": ("a.xlsx", lying_header),
    "a thousand members": ("a.xlsx", lambda: packed({**parts(good()), **{f"x{n}": b"" for n in range(1000)}})),
    "a path that climbs": ("a.xlsx", lambda: with_part("../../etc/passwd", b"x")),
    "an absolute path": ("a.xlsx", lambda: with_part("/etc/passwd", b"x")),
    "a part twice": ("a.xlsx", lambda: packed([*parts(good()).items(), ("XL/Worksheets/sheet1.xml", b"<worksheet/>")])),
    "a password on the members": ("a.xlsx", encrypted_member),
    "an encrypted workbook": ("a.xlsx", lambda: old_container("EncryptedPackage")),
    "an old workbook": ("a.xls", lambda: old_container("Workbook")),
    "a binary workbook": ("a.xlsb", lambda: packed({CONTENT: b"<Types/>", "xl/workbook.bin": b"\x01"})),
    "an OpenDocument file": ("a.ods", lambda: packed({"mimetype": b"application/x", "content.xml": b"<x/>"})),
    "macros": ("a.xlsm", lambda: with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")),
    "macros under another name": (
        "a.xlsx",
        lambda: changed(CONTENT, b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml"),
    ),
    "a link that is only declared": (
        "a.xlsx",
        lambda: changed(
            "xl/_rels/workbook.xml.rels",
            b"</Relationships>",
            b'<Relationship Id="x" Type="http://x/externalLink" Target="other.xml"/></Relationships>',
        ),
    ),
    "links to other workbooks": ("a.xlsx", lambda: with_part("xl/externalLinks/externalLink1.xml", b"<externalLink/>")),
    "a link out of the sheet": ("a.xlsx", lambda: external("oleObject")),
    "entities that multiply": ("a.xlsx", lambda: with_part(SHEET, entities())),
    "an entity that reads a file": (
        "a.xlsx",
        lambda: with_part(
            "xl/sharedStrings.xml",
            b'<!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst><si><t>&e;</t></si></sst>',
        ),
    ),
    "a document type in UTF-16": ("a.xlsx", lambda: with_part(SHEET, entities().decode().encode("utf-16"))),
    "a claimed dimension": ("a.xlsx", lambda: changed(SHEET, b'ref="A1:G4"', b'ref="A1:XFD1048576"')),
    "a cell in the last row": (
        "a.xlsx",
        lambda: sheet(b'<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'),
    ),
    "a cell in the last column": (
        "a.xlsx",
        lambda: sheet(b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>'),
    ),
    "rows that go backwards": (
        "a.xlsx",
        lambda: sheet(b'<sheetData><row r="9"><c r="A9"><v>1</v></c></row><row r="2"/></sheetData>'),
    ),
    "a shared text that is not there": (
        "a.xlsx",
        lambda: sheet(b'<sheetData><row r="1"><c r="A1" t="s"><v>999999</v></c></row></sheetData>'),
    ),
    "shared texts that multiply": ("a.xlsx", strings_bomb),
    "XML a million deep": ("a.xlsx", lambda: sheet(b"<a>" * 1_000_000)),
    "one tag of 20 MB": ("a.xlsx", lambda: sheet(b'<row r="' + b"9" * 20_000_000 + b'"/>')),
    "a number of a million digits": (
        "a.xlsx",
        lambda: sheet(b'<sheetData><row r="1"><c r="A1"><v>' + b"9" * 1_000_000 + b"</v></c></row></sheetData>"),
    ),
    "too many styles": ("a.xlsx", many_styles),
    "half a million merges": ("a.xlsx", lambda: sheet(b"<sheetData/>" + b'<mergeCell ref="A1:B2"/>' * 500_000)),
    "a thousand sheets": (
        "a.xlsx",
        lambda: changed(
            "xl/workbook.xml", b"<sheets>", b"<sheets>" + b'<sheet name="x" sheetId="9" r:id="rId1"/>' * 1000
        ),
    ),
    "a CSV with noughts": ("a.csv", lambda: b"Child Unique ID,Gender\n1\x00,F\n"),
    "a CSV with an open quotation mark": ("a.csv", lambda: b'Child Unique ID,Gender\n"1,F\n' + b"2,M\n" * 50_000),
    "a CSV of one endless line": ("a.csv", lambda: b"a," * 2_000_000),
    "a CSV with one endless cell": ("a.csv", lambda: b"Child Unique ID\n" + b"a" * 1_000_000),
    "a CSV of a million rows": ("a.csv", lambda: b"1,2\n" * 1_000_000),
}
