"""Hostile and broken workbooks: none may take frist more than a moment or lead to more than one message.

Each file is written byte by byte here: bombs, forged counts, document types, archives that are cut or
twisted, nonsense where a number should be, other kinds of file under a wrong name. The tables say for
each what frist must answer. Whatever the file, a refusal is one message that names the file, no report
is left, and the run stays within two seconds and 256 MB. Some files only look odd and can be read; they
must be. Words after the binary select the files whose names contain one of them, and each run is printed.
"""

import os
import random
import re
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from common import binary_from_arguments

MOST_SECONDS = 2.0
MOST_MEMORY = 256 << 20
LONGEST_MESSAGE = 5_000
# Where a run is ended, so that one that breaks the rules does not take the machine with it.
LAST_SECOND = 10.0
ADDRESS_SPACE = 2 << 30

UNUSABLE_DATA = 65
MEGABYTE = 1 << 20

# What frist may answer.
ENCRYPTED = "workbook-encrypted"
DAMAGED = "workbook-damaged"
TOO_LARGE = "workbook-too-large"
BOMB = "workbook-bomb"
DOCTYPE = "workbook-doctype"
FORGED = "workbook-forged-count"
OTHER_FORMAT = "other-format"
NO_SHEET = "unknown-sheet"
TWO_SHEETS = "ambiguous-sheet"
UNKNOWN_HEADINGS = "unknown-headings"
NO_ROWS = "empty-file"
NO_ROW_USED = "nothing-usable"
# Where it is a matter of taste which limit is met first.
OVER_A_LIMIT = (BOMB, TOO_LARGE, DAMAGED)
# Words of a program that fell over.
FALLEN = (
    "panicked",
    "Internt fel",
    "Internal fault",
    "RUST_BACKTRACE",
    "memory allocation",
    "Traceback",
)


@dataclass(frozen=True)
class Hostile:
    """A file, and the codes that frist may answer with; none when it can be read."""

    name: str
    make: Callable[[], bytes]
    answers: tuple[str, ...]


def refused(name: str, make: Callable[[], bytes], *answers: str) -> Hostile:
    """A file that must be refused with one of the codes."""
    return Hostile(name, make, answers)


def readable(name: str, make: Callable[[], bytes]) -> Hostile:
    """A file that looks odd and can be read."""
    return Hostile(name, make, ())


# Archives


@dataclass(frozen=True)
class Packed:
    """Bytes as they stand in an archive."""

    data: bytes
    checksum: int
    length: int


@dataclass(frozen=True)
class Entry:
    """A file in an archive, and what its headers say of it."""

    name: str
    packed: Packed
    flags: int = 0
    method: int = zlib.DEFLATED
    packed_length: int | None = None

    def headers(self, offset: int) -> tuple[bytes, bytes]:
        """The header before the file, and the one in the central directory."""
        name = self.name.encode()
        length = len(self.packed.data) if self.packed_length is None else self.packed_length
        utf8_and_flags, day = 0x800 | self.flags, 0x21
        # A header has no room for more than 4 GiB.
        unpacked = min(self.packed.length, 0xFFFF_FFFF)
        sizes = (self.packed.checksum, length, unpacked, len(name), 0)
        common = struct.pack("<HHHHHIIIHH", 20, utf8_and_flags, self.method, 0, day, *sizes)
        where = struct.pack("<HHHII", 0, 0, 0, 0, offset)
        central = b"PK\x01\x02" + struct.pack("<H", 20) + common + where
        return b"PK\x03\x04" + common + name, central + name


def compressed(data: bytes, last: bool = True) -> bytes:
    """Raw deflate; more can follow unless it is the last."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def pack(part: str | bytes) -> Packed:
    """Compresses a part."""
    data = part.encode() if isinstance(part, str) else part
    return Packed(compressed(data), zlib.crc32(data), len(data))


def pack_swelling(head: str, unit: bytes, times: int, tail: str) -> Packed:
    """A part in which `unit` stands `times` times; it is compressed once."""
    begin, end = head.encode(), tail.encode()
    checksum = zlib.crc32(begin)
    for _ in range(times):
        checksum = zlib.crc32(unit, checksum)
    data = compressed(begin, last=False) + compressed(unit, last=False) * times + compressed(end)
    return Packed(data, zlib.crc32(end, checksum), len(begin) + len(unit) * times + len(end))


def directory_end(entries: int, length: int, offset: int) -> bytes:
    """What stands last in an archive, and says where its central directory is."""
    return b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, entries, entries, length, offset, 0)


def archive(entries: Iterable[Entry], with_directory: bool = True) -> bytes:
    """The entries as a zip file."""
    body, directory, count = bytearray(), bytearray(), 0
    for entry in entries:
        local, central = entry.headers(len(body))
        body += local + entry.packed.data
        directory += central
        count += 1
    end = directory + directory_end(count, len(directory), len(body)) if with_directory else b""
    return bytes(body + end)


def directory_of(whole: bytes) -> tuple[int, int, int]:
    """Entries, length and offset of an archive's central directory."""
    end = whole[whole.rindex(b"PK\x05\x06") + 4 :]
    *_, entries, length, offset, _ = struct.unpack("<HHHHIIH", end)
    return entries, length, offset


def with_directory_64(whole: bytes, directory: bytes, entries: int) -> bytes:
    """An archive with another central directory, in the format that counts with 64 bits."""
    offset = directory_of(whole)[2]
    end = struct.pack(
        "<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, entries, entries, len(directory), offset
    )
    locator = struct.pack("<IIQI", 0x07064B50, 0, offset + len(directory), 1)
    return (
        whole[:offset] + directory + end + locator + directory_end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    )


# Workbooks

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

TYPES, ROOT, RELATIONS = "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"
WORKBOOK, STYLES, TEXTS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"

HEADINGS = ("Ärendenr", "Utredning inledd", "Utredning avslutad", "Enhet", "Notering")
HEADING_CELLS = [
    f'<c r="{"ABCDE"[index]}1" t="s"><v>{index}</v></c>' for index in range(len(HEADINGS))
]
HEADING_ROW = f'<row r="1">{"".join(HEADING_CELLS)}</row>'
START_CELL = '<c r="B2" s="1"><v>45302</v></c>'
END_CELL = '<c r="C2" s="1"><v>45402</v></c>'
UNIT_CELL = '<c r="D2" t="inlineStr"><is><t>Ängen</t></is></c>'
CELLS = f'<c r="A2" t="inlineStr"><is><t>B1</t></is></c>{START_CELL}{END_CELL}{UNIT_CELL}'
ROW = f'<row r="2">{CELLS}</row>'
SHEET_END = "</sheetData></worksheet>"


def types(begin: str = XML) -> str:
    """The kinds of the parts."""
    kinds = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{begin}<Types xmlns="{PACKAGE}/content-types">{kinds}</Types>'


def relation(number: int, target: str, kind: str = "worksheet") -> str:
    """A relation to another part."""
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def relations(inside: str, begin: str = XML) -> str:
    """The relations of a part."""
    return f'{begin}<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def sheet_line(number: int, name: str = "Blad", more: str = "") -> str:
    """A sheet in the workbook's list, found by the relation with its number."""
    return f'<sheet name="{name}" sheetId="{number}"{more} r:id="rId{number}"/>'


def workbook(sheets: str, begin: str = XML) -> str:
    """The workbook's list of sheets."""
    return (
        f'{begin}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    )


def styles(
    formats: str = '<xf numFmtId="0"/><xf numFmtId="14"/>', before: str = "", begin: str = XML
) -> str:
    """The cell formats, of which number 1 is a date."""
    return f'{begin}<styleSheet xmlns="{MAIN}">{before}<cellXfs>{formats}</cellXfs></styleSheet>'


def texts(more: str = "", counts: str = 'count="5" uniqueCount="5"', begin: str = XML) -> str:
    """The shared texts: the headings, and more behind."""
    headings = "".join(f"<si><t>{heading}</t></si>" for heading in HEADINGS)
    return f'{begin}<sst xmlns="{MAIN}" {counts}>{headings}{more}</sst>'


def sheet(rows: str = HEADING_ROW + ROW, before: str = "", begin: str = XML) -> str:
    """A sheet."""
    return f'{begin}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}{SHEET_END}'


# Each plain part, by how it begins.
MAKERS: dict[str, Callable[[str], str]] = {
    TYPES: types,
    ROOT: lambda begin: relations(relation(1, WORKBOOK, "officeDocument"), begin),
    WORKBOOK: lambda begin: workbook(sheet_line(1), begin),
    RELATIONS: lambda begin: relations(relation(1, "worksheets/sheet1.xml"), begin),
    STYLES: lambda begin: styles(begin=begin),
    TEXTS: lambda begin: texts(begin=begin),
    SHEET: lambda begin: sheet(begin=begin),
}

Parts = dict[str, str | bytes | Packed | None]


def entries(changes: Parts) -> list[Entry]:
    """The parts of a plain workbook, some changed, added or, when none, left out."""
    plain: Parts = {name: make(XML) for name, make in MAKERS.items()}
    parts = {name: part for name, part in (plain | changes).items() if part is not None}
    return [
        Entry(name, part if isinstance(part, Packed) else pack(part))
        for name, part in parts.items()
    ]


def book(changes: Parts | None = None) -> bytes:
    """A workbook with changed parts."""
    return archive(entries(changes or {}))


def with_rows(rows: str) -> bytes:
    """A workbook whose sheet has these rows."""
    return book({SHEET: sheet(rows)})


def with_row(cells: str) -> bytes:
    """A workbook with these cells below the headings."""
    return with_rows(f'{HEADING_ROW}<row r="2">{cells}</row>')


def with_start(cell: str) -> bytes:
    """A workbook whose only case has this cell as its start."""
    return with_row(CELLS.replace(START_CELL, cell))


def with_sheets(sheets: str, targets: str, changes: Parts | None = None) -> bytes:
    """A workbook with this list of sheets."""
    return book({WORKBOOK: workbook(sheets), RELATIONS: relations(targets), **(changes or {})})


def text_cell(text: str, at: str = "") -> str:
    """A cell that holds a text."""
    return f'<c{f" r={at!r}" if at else ""} t="inlineStr"><is><t>{text}</t></is></c>'


# Document types

LAUGHS = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 12))
FAR_BEHIND = f"{XML}<!--{' ' * (300 << 10)}-->"


def utf16(encoding: str, mark: bytes) -> bytes:
    """A workbook whose sheet hides a document type in another encoding."""
    begin = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]>'
    return book({SHEET: mark + sheet(begin=begin).encode(encoding)})


def with_doctype(part: str) -> Callable[[], bytes]:
    """A workbook with a document type in one part."""
    return lambda: book({part: MAKERS[part](f"{XML}<!DOCTYPE a>")})


def document_types() -> list[Hostile]:
    """Document types, which can make a reader fetch files or run out of memory."""
    laughs = f'{XML}<!DOCTYPE sst [<!ENTITY l0 "ha">{LAUGHS}]>'
    outside = f'{XML}<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    entity = f'{HEADING_ROW}<row r="2">{CELLS}{text_cell("&e;")}</row>'
    app = f"{XML}<!DOCTYPE a><Properties/>"
    return [
        *(
            refused(f"doctype-{index}.xlsx", with_doctype(part), DOCTYPE)
            for index, part in enumerate(MAKERS)
        ),
        refused(
            "doctype-far-behind.xlsx",
            lambda: book({SHEET: sheet(begin=f"{FAR_BEHIND}<!dOcTyPe a>")}),
            DOCTYPE,
        ),
        refused("doctype-in-other-part.xlsx", lambda: book({"docProps/app.xml": app}), DOCTYPE),
        refused(
            "billion-laughs.xlsx",
            lambda: book({TEXTS: texts("<si><t>&l11;</t></si>", begin=laughs)}),
            DOCTYPE,
        ),
        refused(
            "external-entity.xlsx", lambda: book({SHEET: sheet(entity, begin=outside)}), DOCTYPE
        ),
        refused("undeclared-entity.xlsx", lambda: with_rows(entity), DAMAGED),
        refused("utf-16-le.xlsx", lambda: utf16("utf-16-le", b"\xff\xfe"), DAMAGED, DOCTYPE),
        refused("utf-16-be.xlsx", lambda: utf16("utf-16-be", b"\xfe\xff"), DAMAGED, DOCTYPE),
        refused("utf-16-without-mark.xlsx", lambda: utf16("utf-16-le", b""), DAMAGED, DOCTYPE),
        refused("utf-32.xlsx", lambda: utf16("utf-32-le", b"\xff\xfe\x00\x00"), DAMAGED, DOCTYPE),
    ]


# Bombs

BLANKS = b" " * MEGABYTE
GIGABYTE = 1100


def noisy(unit: bytes, noise: int = 5_000) -> bytes:
    """A megabyte of one text, which compresses a little worse than it could."""
    comment = f"<!--{random.Random(noise).randbytes(noise).hex()}-->".encode()
    return comment + unit * ((MEGABYTE - len(comment)) // len(unit))


def bomb(part: str, unit: bytes = BLANKS, times: int = GIGABYTE) -> Packed:
    """A plain part that swells before its last tag."""
    text = MAKERS[part](XML)
    cut = text.rindex("</")
    return pack_swelling(text[:cut], unit, times, text[cut:])


def swelling_sheet(head: str, unit: bytes, times: int, tail: str) -> Callable[[], bytes]:
    """A workbook whose sheet swells between its cells."""
    begin = sheet("").removesuffix(SHEET_END)
    return lambda: book({SHEET: pack_swelling(begin + head, unit, times, tail + SHEET_END)})


def with_bomb(part: str) -> Callable[[], bytes]:
    """A workbook in which one part swells."""
    return lambda: book({part: bomb(part)})


def bomb_by_another_name() -> bytes:
    """A bomb in a part that is a sheet only because the relations say so."""
    targets = relations(relation(1, "worksheets/sheet1.dat"))
    begin = sheet(HEADING_ROW + ROW).removesuffix(SHEET_END)
    return book(
        {
            RELATIONS: targets,
            "xl/worksheets/sheet1.dat": pack_swelling(begin, BLANKS, GIGABYTE, SHEET_END),
        }
    )


def bomb_with_forged_length() -> bytes:
    """A bomb whose headers say that it is hardly compressed."""
    forged = Entry(SHEET, bomb(SHEET), packed_length=900 * MEGABYTE)
    return archive([*entries({SHEET: None}), forged])


SMALL_BOMB = pack_swelling("<a>", BLANKS, 9, "</a>")


def bomb_of_many_parts() -> bytes:
    """Parts that are each below the size at which the ratio is looked at."""
    return archive(
        [*entries({}), *(Entry(f"xl/part{number}.xml", SMALL_BOMB) for number in range(1_500))]
    )


def bomb_of_overlapping_parts() -> bytes:
    """Many entries in the central directory that all mean the same bytes."""
    whole = archive([*entries({}), Entry("xl/part.xml", SMALL_BOMB)])
    count, length, offset = directory_of(whole)
    directory = whole[offset : offset + length]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    directory += b"".join(last.replace(b"part", b"%04d" % number) for number in range(1_500))
    return whole[:offset] + directory + directory_end(count + 1_500, len(directory), offset)


def million_entries() -> bytes:
    """A central directory that takes more memory than the file."""
    whole = book()
    count, length, offset = directory_of(whole)
    directory = whole[offset : offset + length]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    begin, end = last.split(b"sheet1.xml")
    more = b"".join(b"%b%010d%b" % (begin, number, end) for number in range(1_000_000))
    return with_directory_64(whole, directory + more, count + 1_000_000)


def forged_directory() -> bytes:
    """A central directory that says it has as many entries as can be said."""
    whole = book()
    _, length, offset = directory_of(whole)
    return with_directory_64(whole, whole[offset : offset + length], (1 << 62) - 1)


def long_style(before: str) -> Callable[[], bytes]:
    """Twenty thousand cell formats that share one text of half a megabyte."""
    shared = '<xf numFmtId="200" fontId="0"/>' * 20_000
    formats = f'<xf numFmtId="0"/><xf numFmtId="14"/>{shared}'
    return lambda: book({STYLES: styles(formats, before.replace("LONG", "0" * 500_000))})


def endless_texts() -> bytes:
    """As many texts as can be had for the least bytes."""
    head, tail = texts().removesuffix("</sst>"), "</sst>"
    return book({TEXTS: pack_swelling(head, noisy(b"<si><t>a</t></si>"), 120, tail)})


def endless_sheets() -> bytes:
    """Two thousand sheets that are all the same part."""
    sheets = "".join(sheet_line(1, f"Blad {number}") for number in range(2_000))
    return with_sheets(sheets, relation(1, "worksheets/sheet1.xml"))


def forged_texts(counts: str, begin: str = XML) -> Callable[[], bytes]:
    """A workbook that says it has other numbers of texts than it has."""
    return lambda: book({TEXTS: texts(counts=counts, begin=begin)})


def bombs() -> list[Hostile]:
    """Small files that want to be large."""
    swelling = (SHEET, TEXTS, STYLES, WORKBOOK, RELATIONS, ROOT, TYPES)
    cell_begin, cell_end = '<row r="1"><c r="A1" t="inlineStr"><is><t>', "</t></is></c></row>"
    comment = noisy(b"x").replace(b"-", b"y")
    font = '<fonts><font><name val="LONG"/></font></fonts>'
    number = '<numFmts><numFmt numFmtId="200" formatCode="LONG"/></numFmts>'
    most, too_many = 'uniqueCount="18446744073709551615"', 'count="5" uniqueCount="4000000000"'
    relation_lines = "".join(f'<Relationship Id="r{index}"/>' for index in range(300_000))
    return [
        *(
            refused(f"bomb-{index}.xlsx", with_bomb(part), BOMB, TOO_LARGE)
            for index, part in enumerate(swelling)
        ),
        refused(
            "bomb-in-other-part.xlsx", lambda: book({"xl/other.xml": bomb(SHEET)}), *OVER_A_LIMIT
        ),
        refused("bomb-by-another-name.xlsx", bomb_by_another_name, *OVER_A_LIMIT),
        refused(
            "bomb-of-one-cell.xlsx",
            swelling_sheet(cell_begin, b"A" * MEGABYTE, GIGABYTE, cell_end),
            *OVER_A_LIMIT,
        ),
        refused("bomb-with-forged-length.xlsx", bomb_with_forged_length, *OVER_A_LIMIT),
        refused("bomb-of-many-parts.xlsx", bomb_of_many_parts, *OVER_A_LIMIT),
        refused("bomb-of-overlapping-parts.xlsx", bomb_of_overlapping_parts, *OVER_A_LIMIT),
        refused(
            "bomb-below-ratio.xlsx",
            swelling_sheet("", noisy(b"<row/>"), GIGABYTE, ""),
            *OVER_A_LIMIT,
        ),
        refused(
            "long-comment.xlsx", swelling_sheet("<!--", comment, 300, "-->"), NO_ROWS, *OVER_A_LIMIT
        ),
        refused("long-font.xlsx", long_style(font), *OVER_A_LIMIT),
        refused("long-number-format.xlsx", long_style(number), *OVER_A_LIMIT),
        refused(
            "endless-styles.xlsx",
            lambda: book({STYLES: styles("<xf/>" * 1_900_000)}),
            *OVER_A_LIMIT,
        ),
        refused("endless-texts.xlsx", endless_texts, *OVER_A_LIMIT),
        refused(
            "endless-relations.xlsx",
            lambda: book({RELATIONS: relations(relation_lines)}),
            *OVER_A_LIMIT,
        ),
        refused("endless-sheets.xlsx", endless_sheets, TWO_SHEETS, *OVER_A_LIMIT),
        refused("million-entries.xlsx", million_entries, *OVER_A_LIMIT),
        refused("forged-directory.xlsx", forged_directory, *OVER_A_LIMIT),
        refused("forged-texts.xlsx", forged_texts(too_many), FORGED),
        refused("forged-texts-most.xlsx", forged_texts(most), FORGED),
        refused(
            "forged-texts-far-behind.xlsx", forged_texts(too_many, FAR_BEHIND), FORGED, DAMAGED
        ),
        readable("forged-uses-of-texts.xlsx", forged_texts('count="4000000000"')),
    ]


# Archives that are cut, twisted or strange

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
OTHER_SHEET = sheet(HEADING_ROW + ROW.replace("45402", "45502"))


def encrypted_container() -> bytes:
    """The beginning of what Excel writes when it protects a workbook."""
    return OLE + "EncryptedPackage".encode("utf-16-le") + bytes(4_000)


def with_more(*more: Entry) -> Callable[[], bytes]:
    """A workbook with more entries behind."""
    return lambda: archive([*entries({}), *more])


def with_headers(**headers: int) -> Callable[[], bytes]:
    """A workbook whose headers say something else of every part."""
    return lambda: archive(Entry(entry.name, entry.packed, **headers) for entry in entries({}))


def with_checksums_wrong() -> bytes:
    """A workbook whose parts are not what their checksums say."""
    packed = ((entry.name, entry.packed) for entry in entries({}))
    return archive(
        Entry(name, Packed(part.data, part.checksum ^ 1, part.length)) for name, part in packed
    )


def garbled() -> bytes:
    """A workbook with zeros in the middle of its sheet."""
    data = entries({})[-1].packed.data
    return book().replace(data[20:60], bytes(40))


def first_part(per_cent: int) -> Callable[[], bytes]:
    """The beginning of a workbook."""
    return lambda: book()[: len(book()) * per_cent // 100]


def archives() -> list[Hostile]:
    """Archives that do not hold together."""
    nothing = pack("")
    pictures = [Entry(f"xl/media/{number}.png", nothing) for number in range(10_000)]
    most = [Entry(f"{number}", nothing) for number in range(65_000)]
    return [
        refused("encrypted.xlsx", encrypted_container, ENCRYPTED),
        refused("encrypted.csv", encrypted_container, ENCRYPTED),
        refused("encrypted-entries.xlsx", with_headers(flags=1), ENCRYPTED),
        *(
            refused(f"first-{share}-per-cent.xlsx", first_part(share), DAMAGED)
            for share in (10, 50, 90, 99)
        ),
        refused("no-directory.xlsx", lambda: archive(entries({}), with_directory=False), DAMAGED),
        refused("empty-archive.xlsx", lambda: archive([]), OTHER_FORMAT, DAMAGED),
        refused("signature-only.xlsx", lambda: b"PK\x03\x04", DAMAGED),
        refused("signature-and-zeros.xlsx", lambda: b"PK\x03\x04" + bytes(20 * MEGABYTE), DAMAGED),
        refused("longer-than-any.xlsx", lambda: b"PK\x03\x04" + bytes(201 * MEGABYTE), TOO_LARGE),
        refused("ten-thousand-entries.xlsx", with_more(*pictures), TOO_LARGE),
        refused("most-entries.xlsx", with_more(*most), TOO_LARGE),
        refused("same-name-twice.xlsx", with_more(Entry(SHEET, pack(OTHER_SHEET))), DAMAGED),
        refused(
            "same-name-in-capitals.xlsx",
            with_more(Entry(SHEET.upper(), pack(OTHER_SHEET))),
            DAMAGED,
        ),
        readable("upward-name.xlsx", with_more(Entry("../../../../tmp/frist.xml", pack("<a/>")))),
        readable("absolute-name.xlsx", with_more(Entry("/tmp/frist.xml", pack("<a/>")))),
        refused("compressed-said-stored.xlsx", with_headers(method=0), DAMAGED),
        refused("unknown-compression.xlsx", with_headers(method=97), DAMAGED),
        refused("wrong-checksums.xlsx", with_checksums_wrong, DAMAGED),
        refused("garbled.xlsx", garbled, DAMAGED),
        readable("something-behind.xlsx", lambda: book() + b"\n"),
    ]


# Parts that do not fit together


def without(part: str) -> Callable[[], bytes]:
    """A workbook that lacks a part."""
    return lambda: book({part: None})


def related_to(target: str) -> Callable[[], bytes]:
    """A workbook whose sheet is said to stand elsewhere."""
    return lambda: book({RELATIONS: relations(relation(1, target))})


def two_sheets(first: str, second: str, more: str = "") -> Callable[[], bytes]:
    """A workbook with two sheets that hold the same."""
    lines = sheet_line(1, first, more) + sheet_line(2, second, more)
    targets = "".join(relation(number, "worksheets/sheet1.xml") for number in (1, 2))
    return lambda: with_sheets(lines, targets)


def chart_sheet() -> bytes:
    """A workbook with nothing but a chart."""
    part = {"xl/chartsheets/sheet1.xml": f'<chartsheet xmlns="{MAIN}"/>', SHEET: None}
    return with_sheets(sheet_line(1), relation(1, "chartsheets/sheet1.xml", "chartsheet"), part)


def parts() -> list[Hostile]:
    """Workbooks whose parts are missing or lead nowhere."""
    to_itself = relations(relation(1, ROOT, "officeDocument"))
    secret = sheet_line(1, more=' state="secret"')
    escapes = text_cell("_x001B_[31mx&#27;[2J")
    return [
        refused("no-workbook.xlsx", without(WORKBOOK), OTHER_FORMAT, DAMAGED),
        *(
            refused(f"no-part-{index}.xlsx", without(part), DAMAGED)
            for index, part in enumerate((SHEET, ROOT, RELATIONS, TEXTS))
        ),
        *(
            refused(f"empty-part-{index}.xlsx", lambda part=part: book({part: ""}), DAMAGED)
            for index, part in enumerate((SHEET, ROOT, RELATIONS, TEXTS, WORKBOOK))
        ),
        refused("relation-to-nothing.xlsx", related_to("nowhere.xml"), DAMAGED),
        refused("relation-outside.xlsx", related_to("../../../etc/passwd"), DAMAGED),
        refused("relation-to-itself.xlsx", related_to("_rels/workbook.xml.rels"), DAMAGED),
        refused("relation-to-workbook.xlsx", related_to("workbook.xml"), DAMAGED),
        refused("root-to-itself.xlsx", lambda: book({ROOT: to_itself}), DAMAGED),
        refused(
            "unknown-relation.xlsx", lambda: book({WORKBOOK: workbook(sheet_line(7))}), DAMAGED
        ),
        refused("unknown-state.xlsx", lambda: book({WORKBOOK: workbook(secret)}), DAMAGED),
        refused("no-sheets.xlsx", lambda: book({WORKBOOK: workbook("")}), NO_SHEET),
        refused("hidden-sheets.xlsx", two_sheets("A", "B", ' state="hidden"'), NO_SHEET),
        refused("very-hidden-sheets.xlsx", two_sheets("A", "B", ' state="veryHidden"'), NO_SHEET),
        refused("chart-sheet.xlsx", chart_sheet, NO_SHEET),
        readable("two-sheets.xlsx", two_sheets("A", "B")),
        refused(
            "escapes-in-names.xlsx",
            two_sheets("A&#27;[2J&#10;B", "C\x1b[31m\x07"),
            TWO_SHEETS,
            DAMAGED,
        ),
        refused("long-names.xlsx", two_sheets("A" * 100_000, "B" * 100_000), TWO_SHEETS, DAMAGED),
        refused(
            "escapes-in-headings.xlsx",
            lambda: with_rows(f'<row r="1">{escapes}</row>'),
            UNKNOWN_HEADINGS,
        ),
    ]


# Sheets that are broken or hold nonsense

REFERENCES = {
    "A0": DAMAGED,
    "1A": DAMAGED,
    "A": DAMAGED,
    "7": DAMAGED,
    "A-2": DAMAGED,
    "ÅÄÖ2": DAMAGED,
    "A99999999999": DAMAGED,
    # 2 in 32 bits.
    "E4294967298": DAMAGED,
    "XFD2": TOO_LARGE,
    "ZZZZZZ2": TOO_LARGE,
}
NO_DATES = ("NaN", "inf", "1e308", "-1", "-0.5", "1e-320", "2958466", "0x1F")
NUMBERS_OTHERWISE = ("<![CDATA[45402]]>", "<!-- -->45402", "&#52;5402")
LAST_ROW = '<row r="1048576">{}</row>'


def dates_of(number: str) -> Callable[[], bytes]:
    """A case whose dates are this number, formatted as a date."""
    return lambda: with_row(CELLS.replace("45302", number).replace("45402", number))


def end_written(number: str) -> Callable[[], bytes]:
    """A case whose end is written in a way of XML that no program uses for numbers."""
    return lambda: with_row(CELLS.replace("45402", number))


def deep(depth: int = 100_000) -> str:
    """Elements inside each other."""
    return "<a>" * depth + "</a>" * depth


def long_text() -> str:
    """50 MB that do not compress well."""
    return random.Random(50).randbytes(25 * MEGABYTE).hex()


def long_shared_text() -> bytes:
    """A cell with a long text that stands among the shared ones."""
    unit = '<c r="D2" t="s"><v>5</v></c>'
    changed = sheet(HEADING_ROW + ROW.replace(UNIT_CELL, unit))
    return book({TEXTS: texts(f"<si><t>{long_text()}</t></si>"), SHEET: changed})


def without_end(cut: str) -> Callable[[], bytes]:
    """A sheet that ends before this text."""
    return lambda: book({SHEET: sheet()[: sheet().index(cut)]})


def changed_sheet(old: str, new: str) -> Callable[[], bytes]:
    """A sheet with another text in one place."""
    return lambda: book({SHEET: sheet().replace(old, new)})


def cells() -> list[Hostile]:
    """Cells in places that do not exist, and cells that hold what they cannot."""
    first_cell = f'<row r="1">{text_cell("x")}</row>'
    beyond = f'<row r="4294967295"></row><row>{text_cell("x")}</row>'
    return [
        *(
            refused(
                f"reference-{index}.xlsx",
                lambda at=at: with_row(CELLS + text_cell("x", at)),
                answer,
            )
            for index, (at, answer) in enumerate(REFERENCES.items())
        ),
        refused(
            "corner-cells.xlsx",
            lambda: with_rows(first_cell + LAST_ROW.format(text_cell("x", "XFD1048576"))),
            TOO_LARGE,
        ),
        refused(
            "first-and-last-row.xlsx",
            lambda: with_rows(first_cell + LAST_ROW.format(text_cell("x"))),
            UNKNOWN_HEADINGS,
        ),
        readable(
            "case-and-last-row.xlsx", lambda: with_rows(HEADING_ROW + ROW + LAST_ROW.format("<c/>"))
        ),
        refused(
            "rows-backwards.xlsx",
            lambda: with_rows(HEADING_ROW + ROW.replace("2", "3") + ROW),
            DAMAGED,
        ),
        refused(
            "row-beyond-excel.xlsx",
            lambda: with_rows(HEADING_ROW + ROW + ROW.replace("2", "1048577")),
            DAMAGED,
        ),
        refused("row-beyond-numbers.xlsx", lambda: with_rows(HEADING_ROW + beyond), DAMAGED),
        refused(
            "dimension-backwards.xlsx",
            lambda: book({SHEET: sheet(before='<dimension ref="D9:A1"/>')}),
            DAMAGED,
        ),
        refused(
            "dimension-nonsense.xlsx",
            lambda: book({SHEET: sheet(before='<dimension ref="A1:B2:C3"/>')}),
            DAMAGED,
        ),
        refused(
            "text-out-of-range.xlsx", lambda: with_start('<c r="B2" t="s"><v>4711</v></c>'), DAMAGED
        ),
        refused(
            "text-negative.xlsx",
            lambda: with_start('<c r="B2" t="s"><v>-1</v></c>'),
            NO_ROW_USED,
            DAMAGED,
        ),
        refused(
            "text-of-a-word.xlsx",
            lambda: with_start('<c r="B2" t="s"><v>x</v></c>'),
            NO_ROW_USED,
            DAMAGED,
        ),
        readable(
            "style-out-of-range.xlsx", lambda: with_start('<c r="B2" s="4711"><v>45302</v></c>')
        ),
        readable("style-negative.xlsx", lambda: with_start('<c r="B2" s="-1"><v>45302</v></c>')),
        refused("unknown-type.xlsx", lambda: with_start('<c r="B2" t="q"><v>1</v></c>'), DAMAGED),
        refused("unknown-element.xlsx", lambda: with_start('<c r="B2"><q>1</q></c>'), DAMAGED),
        *(
            refused(f"no-date-{index}.xlsx", dates_of(number), NO_ROW_USED)
            for index, number in enumerate(NO_DATES)
        ),
        # Read as nothing, the end would make an open case of a closed one.
        *(
            refused(f"end-{index}.xlsx", end_written(number), DAMAGED, NO_ROW_USED)
            for index, number in enumerate(NUMBERS_OTHERWISE)
        ),
        # A cell of Excel holds 32,767 characters.
        refused("long-cell.xlsx", lambda: with_row(CELLS + text_cell(long_text())), TOO_LARGE),
        refused("long-shared-text.xlsx", long_shared_text, TOO_LARGE),
    ]


def sheets() -> list[Hostile]:
    """Sheets that are too wide, too deep or not well-formed."""
    attributes = " ".join(f'a{number}=""' for number in range(200_000))
    return [
        refused("no-rows.xlsx", lambda: with_rows(""), NO_ROWS),
        refused("wide-row.xlsx", lambda: with_row(text_cell("x") * 1_000_000), BOMB, TOO_LARGE),
        refused(
            "wide-row-of-blanks.xlsx", lambda: with_row("<c/>" * 1_000_000), NO_ROWS, TOO_LARGE
        ),
        refused(
            "wide-headings.xlsx",
            lambda: with_rows(f"<row>{text_cell('x') * 20_000}</row>"),
            TOO_LARGE,
        ),
        refused(
            "same-cell-again.xlsx", lambda: with_row(text_cell("x", "A2") * 100_000), TOO_LARGE
        ),
        readable("deep-before-cells.xlsx", lambda: book({SHEET: sheet(before=deep())})),
        readable("deep-between-rows.xlsx", lambda: with_rows(HEADING_ROW + deep() + ROW)),
        refused("deep-in-cell.xlsx", lambda: with_row(f"{CELLS}<c>{deep()}</c>"), DAMAGED),
        refused(
            "many-attributes.xlsx", lambda: with_row(f"{CELLS}<c {attributes}/>"), TOO_LARGE
        ),
        refused("cut-in-row.xlsx", without_end(UNIT_CELL), DAMAGED),
        refused("cut-in-tag.xlsx", without_end("45402"), DAMAGED),
        refused("cut-behind-row.xlsx", without_end(SHEET_END), DAMAGED),
        # Not well-formed, but what is in the cells is as clear as before.
        readable("tags-crossed.xlsx", changed_sheet("</c></row>", "</row></c>")),
        refused("tag-not-closed.xlsx", changed_sheet("</c></row>", "</row>"), DAMAGED),
        refused("bare-ampersand.xlsx", changed_sheet("Ängen", "Ängen & Åby"), DAMAGED),
        refused("attribute-not-quoted.xlsx", changed_sheet('r="C2"', "r=C2"), DAMAGED),
        refused("not-utf-8.xlsx", lambda: book({SHEET: sheet().encode("latin-1")}), DAMAGED),
        readable("zero-byte-in-text.xlsx", changed_sheet("Ängen", "Än\0gen")),
        refused("prose.xlsx", lambda: book({SHEET: "Det här är inget kalkylblad."}), DAMAGED),
    ]


# Other kinds of file

DOCX = {"word/document.xml": "<w:document/>", TYPES: types()}
ODS = {
    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
    "content.xml": "<office:document-content/>",
}
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
PAGE = "<html><body><table><tr><td>x</td></tr></table></body></html>"
XML_2003 = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'


def of_parts(parts: dict[str, str]) -> Callable[[], bytes]:
    """An archive of any parts."""
    return lambda: archive(Entry(name, pack(part)) for name, part in parts.items())


def other_files() -> list[Hostile]:
    """Other kinds of file, most of them under a name that is not theirs."""
    noise = random.Random(1).randbytes(5_000)
    return [
        refused(
            "binary.xlsb", lambda: book({WORKBOOK: None, "xl/workbook.bin": "x"}), OTHER_FORMAT
        ),
        refused("open-document.ods", of_parts(ODS), OTHER_FORMAT),
        refused("old.xls", lambda: OLE + bytes(4_000), OTHER_FORMAT),
        refused("old.xlsx", lambda: OLE + bytes(4_000), OTHER_FORMAT),
        refused("old-cut-off.xls", lambda: OLE[:8], OTHER_FORMAT),
        refused("letter.xlsx", of_parts(DOCX), OTHER_FORMAT),
        refused("print.xlsx", lambda: PDF, OTHER_FORMAT),
        refused("page.xls", lambda: PAGE.encode(), OTHER_FORMAT),
        refused("page-utf-16.xls", lambda: b"\xff\xfe" + PAGE.encode("utf-16-le"), OTHER_FORMAT),
        refused("xml-2003.xls", lambda: XML_2003.encode(), OTHER_FORMAT),
        refused("columns.csv", lambda: b"PAR1" + noise + b"PAR1", OTHER_FORMAT),
        refused("archive.csv", of_parts({"export.csv": "a;b\n1;2\n"}), OTHER_FORMAT),
        refused("gzip.csv", lambda: b"\x1f\x8b\x08" + bytes(200), OTHER_FORMAT),
        refused(
            "picture.csv", lambda: b"\x89PNG\r\n\x1a\n" + noise, UNKNOWN_HEADINGS, OTHER_FORMAT
        ),
        refused("nothing.xlsx", lambda: b"", NO_ROWS),
        refused("zeros.xlsx", lambda: bytes(5 * MEGABYTE), NO_ROWS, OTHER_FORMAT),
        readable("workbook.csv", book),
        readable("plain.xlsx", book),
    ]


# Running


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    said: str
    seconds: float
    memory: int

    def first_line(self) -> str:
        """The beginning of what it said."""
        return self.said.partition("\n")[0][:200]


def be_bounded() -> None:
    """Called in the process that becomes frist."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_bounded(binary: Path, path: Path, out: Path) -> Ended:
    """Runs frist on a file, and measures."""
    command = [
        binary,
        "run",
        path,
        "--as-of",
        "2024-08-31",
        "--out",
        out,
        "--forms",
        "md",
        "--format",
        "json",
        "--lang",
        "en",
    ]
    with tempfile.TemporaryFile() as said:
        begin = time.monotonic()
        # With a function to call in between, Python forks. Otherwise its own peak would count as frist's.
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            preexec_fn=be_bounded,
        )
        status, used = wait_for(process, begin + LAST_SECOND)
        seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        message = said.read().decode("utf-8", errors="replace")
    return Ended(process.returncode, message, seconds, used.ru_maxrss * 1024)


def wait_for(process: subprocess.Popen, last: float) -> tuple[int, resource.struct_rusage]:
    """Waits, but not for ever; returns the status and what was used."""
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            return status, used
        if time.monotonic() > last:
            process.kill()
        time.sleep(0.002)


def run_fairly(binary: Path, path: Path, out: Path) -> Ended:
    """Runs frist on a file; once more when it was slow, which can be another program's doing."""
    first = run_bounded(binary, path, out)
    if not MOST_SECONDS < first.seconds < LAST_SECOND:
        return first
    shutil.rmtree(out, ignore_errors=True)
    second = run_bounded(binary, path, out)
    return second if second.seconds < first.seconds else first


def rules_broken(file: Hostile, ended: Ended, left_report: bool) -> Iterator[str]:
    """What a run did that it must not do."""
    wanted = UNUSABLE_DATA if file.answers else 0
    if ended.code != wanted:
        yield f"exit code {ended.code} and not {wanted}: {ended.first_line()!r}"
    elif file.answers:
        codes = re.findall(r"^Error \(([a-z-]+)\): ", ended.said, re.MULTILINE)
        # The edition, and how a file is read, are said before what is wrong in it.
        before = re.compile(r"^Edition: | is read as ")
        told = [line for line in ended.said.splitlines() if not before.search(line)]
        if len(codes) != 1 or not told[0].startswith("Error"):
            yield f"not one message: {ended.said[:300]!r}"
        if file.name not in ended.said:
            yield f"the message does not name the file: {ended.first_line()!r}"
        if not set(codes) & set(file.answers):
            yield f"the code should be {' or '.join(file.answers)}: {ended.first_line()!r}"
    if file.answers and left_report:
        yield "it left a report"
    if any(word in ended.said for word in FALLEN):
        yield f"it fell over: {ended.first_line()!r}"
    if any(letter != "\n" and not letter.isprintable() for letter in ended.said):
        yield f"it printed control characters: {ended.first_line()!r}"
    if len(ended.said) > LONGEST_MESSAGE:
        yield f"it said {len(ended.said)} characters"
    if ended.seconds > MOST_SECONDS:
        yield f"it took {ended.seconds:.1f} s"
    if ended.memory > MOST_MEMORY:
        yield f"it took {ended.memory >> 20} MB"


def main() -> int:
    """Runs the check; returns the exit code."""
    binary, words = binary_from_arguments(), sys.argv[2:]
    tables = (document_types(), bombs(), archives(), parts(), cells(), sheets(), other_files())
    files = [file for table in tables for file in table]
    files = [file for file in files if not words or any(word in file.name for word in words)]
    broken, slowest, largest = 0, 0.0, 0
    with tempfile.TemporaryDirectory() as name:
        for file in files:
            path, out = Path(name) / file.name, Path(name) / "out"
            path.write_bytes(file.make())
            ended = run_fairly(binary, path, out)
            if words:
                print(
                    f"{file.name}: code {ended.code}, {ended.seconds:.2f} s, {ended.memory >> 20} MB"
                )
                print(f"    {ended.first_line()}")
            for rule in rules_broken(file, ended, out.exists()):
                print(f"{file.name}: {rule}", flush=True)
                broken += 1
            slowest, largest = max(slowest, ended.seconds), max(largest, ended.memory)
            path.unlink()
            shutil.rmtree(out, ignore_errors=True)
    print(
        f"hostile_xlsx: {len(files)} files, at most {slowest:.1f} s and {largest >> 20} MB, "
        f"{broken} rules broken"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
