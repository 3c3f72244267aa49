"""Ways to break text, tables, XML, zips and manifests; each takes the random generator first."""

from __future__ import annotations

import csv
import io
import random
import re

from adversary import seeds

Rows = list[list[str]]

ODD = (
    "", " ", "\u00a0", "\ufeff", "\u200b", "\u202egnp.exe", "\u2066x\u2069", "x\u0000y", "\x1b[31mred", "\x85",
    "\u2028", "\ufffe", "=1+1", "=cmd|' /C calc'!A0", "@SUM(1)", "-1", "+1", "1e400", "-1e-400", "NaN", "inf", "0x1F",
    "9" * 400, "1,5", "1.234,56", "1'000", "١٢٣", "½", "²", "31/12/2026", "12/31/2026", "1/2/26", "2026-02-30",
    "0000-00-00", "10000-01-01", "2026-W01", "45000", "2026-01-01T10:00:00+25:00", "24:00", "25:61", "#REF!", "#N/A",
    "NULL", "None", "yes;no", ";;;", "a;b;c", "true", "TRUE ", "x" * 5_000, "ß", "İ", "ﬁ", "e\u0301", "👩‍👩‍👧",
    "\U000e0041", "'; DROP TABLE people; --", "{{7*7}}", "<script>", "[red]x[/red]", "%s%n", "\\", "\"", "a\nb",
    "a\rb", "a\r\nb", "\t", "a,b", "P-0001", "p-0001 ", "ev-0", "../../x", "CON",
)  # fmt: skip
NAMES = (
    "", " ", "PERSON_ID", "person id", " person_id ", "person_id", "held_on", "row", "c0", "_row", "x_own", "rowid",
    "Name", "email", "select", "\"", "a\"b", "\u202e", "\x00", "x" * 3_000, "1", "=1", "ś",
    "select * from given.people", "null",
)  # fmt: skip
DELIMITERS = (";", "\t", "|", ":", " ", ",,")
ENCODINGS = (
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "latin-1", "cp037", "shift-jis", "utf-7",
)  # fmt: skip


# --- bytes --------------------------------------------------------------------------------------------------------


def bytes_(rng: random.Random, content: bytes) -> bytes:
    """Harm that knows nothing of what it breaks."""
    if not content:
        return rng.randbytes(rng.randrange(50))
    a, b = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    changed = bytearray(content)
    match rng.randrange(11):
        case 0:
            for _ in range(rng.choice([1, 1, 3, 30])):
                changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        case 1:
            return content[:a]
        case 2:
            return content[:a] + content[b:]
        case 3:
            return content[:b] + content[a:b] + content[b:]
        case 4:
            return content[:a] + rng.randbytes(rng.randrange(1, 40)) + content[a:]
        case 5:
            return content[:a] + bytes(min(b - a, 100)) + content[b:]
        case 6:
            return b""
        case 7:
            return (
                rng.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"\0", b"\n\n", b"sep=;\n"])
                + content
            )
        case 8:
            return content[b:] + content[:b]
        case 9:
            changed[a:b] = bytes(rng.choices(bytes(changed[a:b]) or b"x", k=b - a))
        case _:
            return content * rng.choice([2, 3])
    return bytes(changed)


# --- tables -------------------------------------------------------------------------------------------------------


def table(rng: random.Random, content: bytes) -> bytes:
    """Harm that people and their programs do to a table."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return bytes_(rng, content)
    if not rows or not rows[0]:
        return bytes_(rng, content)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        _change_rows(rng, rows)
    text = seeds.csv_of(rows, rng.choice([*DELIMITERS[:3], ",", ",", ",", ",", ",", ","]))
    if rng.random() < 0.15:
        text = _change_text(rng, text)
    return text


def _change_rows(rng: random.Random, rows: Rows) -> None:
    row, other = rng.choice(rows), rng.choice(rows)
    column = rng.randrange(max(len(rows[0]), 1))
    at = rng.randrange(len(rows) + 1)
    match rng.randrange(15):
        case 0 if row and other:
            i, j = rng.randrange(len(row)), rng.randrange(len(other))
            row[i], other[j] = other[j], row[i]
        case 1:
            for one in rows:
                del one[column : column + 1]
        case 2:
            for one in rows:
                one[column:column] = one[column : column + 1]
        case 3 if rows[0]:
            rows[0][column % len(rows[0])] = rng.choice(NAMES)
        case 4:
            rng.shuffle(rows)
        case 5:
            rows[at:at] = [[""] * rng.randrange(4)] * rng.choice([1, 2, 2000])
        case 6:
            rows[0:0] = [[rng.choice(ODD)], [], ["Exported on", "1 January"]][: rng.randrange(1, 4)]
        case 7 | 8 | 9:
            if row:
                row[rng.randrange(len(row))] = rng.choice(ODD)
        case 10:
            for one in rows[1:]:
                if column < len(one):
                    one[column] = rng.choice(ODD)
        case 11:
            row.extend([rng.choice(ODD)] * rng.choice([1, 3, 1200]))
        case 12:
            del row[rng.randrange(len(row) + 1) :]
        case 13:
            rows[at:at] = [list(rows[0])]
        case _:
            del rows[at : at + rng.randrange(1, 4)]
            if not rows:
                rows.append([])


def _change_text(rng: random.Random, text: bytes) -> bytes:
    at = rng.randrange(len(text) + 1)
    match rng.randrange(6):
        case 0:
            return text.replace(b"\n", rng.choice([b"\r", b"\r\n", b"\n\r", b"\r\r\n", b" \n", b",\n"]))
        case 1:
            return text[:at] + b'"' + text[at:]
        case 2:
            return text.replace(b"\n", b"\r\n", 2)
        case 3:
            return text[:at] + b"\0" * rng.choice([1, 5000]) + text[at:]
        case 4:
            try:
                return text.decode("utf-8").encode(rng.choice(ENCODINGS), "replace")
            except UnicodeError:
                return text
        case _:
            lines = text.split(b"\n")
            line = rng.randrange(len(lines))
            lines[line] = lines[line].replace(b"e", "é".encode(rng.choice(["cp1252", "utf-8", "utf-16-le"])))
            return b"\n".join(lines)


# --- manifest -----------------------------------------------------------------------------------------------------

VALUES = (
    "", "~", "[]", "{}", "[a, b]", "{a: b}", "5", "1" * 5_000, "2026-02-30", "2026-13-01", "yes", "no", "!!int 5",
    "!!python/object:os.system x", "&a b", "*a", "<<: {a: 1}", "|\n  long\n  text", ">-\n  folded", "\"\\u202e\"",
    "'it''s'", "\"open", "[" * 40, "[[[[[[1]]]]]]", "? x", "a: b: c", "2026-01-01", "1899-01-01", "9999-12-31",
    "core", "full", "everyone", "people; events", "[people, events, banners]", "%", "@", "`", "\t", "x" * 100_000,
    "1.0", "1.00", "٢", "{start: 2026-12-31, end: 2026-01-01}", "{start: 2026-01-01}", "null", "{<<: {a: b}, a: c}",
)  # fmt: skip
FILE_FORMS = (
    "{}", "[]", "people", "{people: {}}", "{people: people.csv}", "{nobody: {path: people.csv}}",
    "{people: {path: ../people.csv}}", "{people: {path: /etc/passwd}}", "{people: {path: 'a\\b.csv'}}",
    "{people: {path: groups.csv}}", "{people: {path: nowhere.csv}}", "{people: {header_row: 0}}",
    "{people: {header_row: 3}}", "{people: {header_row: -1}}", "{people: {header_row: 99999999999999999999}}",
    "{people: {encoding: utf-16}}", "{people: {encoding: rot13}}", "{people: {encoding: base64}}",
    "{people: {encoding: latin-1}}", "{people: {delimiter: ';'}}", "{people: {delimiter: ';;'}}",
    "{people: {delimiter: ''}}", "{people: {delimiter: \"\\n\"}}", "{people: {decimal_mark: ','}}",
    "{people: {decimal_mark: x}}", "{people: {date_format: DD/MM/YYYY}}", "{people: {date_format: '%d'}}",
    "{people: {date_format: YYYY}}", "{people: {date_format: ''}}", "{people: {date_format: DDDDDD}}",
    "{people: {yes: [x], no: [x]}}", "{people: {yes: ja, no: nein}}", "{people: {columns: {person_type: person_id}}}",
    "{people: {columns: {a: person_id, b: person_id}}}", "{people: {columns: {a: nothing}}}",
    "{people: {columns: []}}", "{people: {columns: {'': person_id}}}", "{people: {sheet: nowhere}}",
    "{people: {codes: {person_type: {constituent: staff}}}}", "{people: {codes: {nothing: {a: b}}}}",
    "{people: {codes: {person_type: {a: nothing}}}}", "{people: {codes: {person_type: x}}}", "{people: {unknown: 1}}",
    "{people: {path: people.csv, sheet: people}}", "{people: {path: people.csv}, groups: {path: people.csv}}",
)  # fmt: skip


def manifest(rng: random.Random, content: bytes) -> bytes:
    """Harm to the manifest."""
    lines = content.decode("utf-8", "replace").splitlines()
    for _ in range(rng.choice([1, 1, 2, 3])):
        at = rng.randrange(len(lines)) if lines else 0
        match rng.randrange(9):
            case 0 if lines:
                del lines[at]
            case 1 if lines:
                lines[at:at] = [lines[at]]
            case 2 | 3 if lines:
                lines[at] = lines[at].partition(":")[0] + ": " + rng.choice(VALUES)
            case 4:
                lines[at:at] = [rng.choice(NAMES) + ": " + rng.choice(VALUES)]
            case 5 | 6:
                lines.append("files: " + rng.choice(FILE_FORMS))
            case 7 if lines and rng.random() < 0.3:
                lines[at] = " " * rng.randrange(1, 5) + lines[at]
            case 8 if rng.random() < 0.3:
                return bytes_(rng, "\n".join(lines).encode())
            case _:
                lines.append("files: " + rng.choice(FILE_FORMS))
    return "\n".join([*lines, ""]).encode("utf-8", "replace")


# --- XML and zips -------------------------------------------------------------------------------------------------

_TAG = re.compile(rb"<[^<>]*>")
_VALUE = re.compile(rb'="([^"]*)"')
XML_VALUES = (
    b"", b"A0", b"A1", b"XFD1048576", b"ZZZZZ9", b"-1", b"0", b"1", b"4294967296", b"1e999", b"NaN", b"s", b"e", b"b",
    b"d", b"inlineStr", b"str", b"rId1", b"../../../etc/passwd", b"http://example.org/x", b"\xff", b"&lt;",
    b"&nothing;", b"&#0;", b"&#x10FFFF;", b"1:1048576", b"A1:XFD1048576", b"float", b"date", b"PT99999999999H",
    b"2026-02-30", b"1000000000",
)  # fmt: skip


def xml(rng: random.Random, content: bytes) -> bytes:
    """Harm to a part of a workbook."""
    tags = list(_TAG.finditer(content))
    values = list(_VALUE.finditer(content))
    match rng.randrange(7):
        case 0 if tags:
            tag = rng.choice(tags)
            return content[: tag.start()] + content[tag.end() :]
        case 1 if tags:
            tag, at = rng.choice(tags), rng.choice(tags).start()
            return content[:at] + tag[0] + content[at:]
        case 2 | 3 | 4 if values:
            value = rng.choice(values)
            return content[: value.start(1)] + rng.choice(XML_VALUES) + content[value.end(1) :]
        case 5 if rng.random() < 0.3:
            start = content.find(b"?>") + 2
            return content[:start] + b'<!DOCTYPE a [<!ENTITY b "c">]>' + content[start:]
        case _:
            return bytes_(rng, content)


def container(rng: random.Random, content: bytes) -> bytes:
    """Harm to a workbook that is a zip: to its parts, to which of them there are, and to the zip."""
    if rng.random() < 0.1:
        return bytes_(rng, content)
    files = seeds.unzipped(content)
    for _ in range(rng.choice([1, 1, 2, 5])):
        wanted = [
            name
            for name in files
            if "sheet" in name or name in ("content.xml", "xl/workbook.xml", "xl/sharedStrings.xml")
        ]
        name = rng.choice(wanted if wanted and rng.random() < 0.7 else list(files) or ["x"])
        match rng.randrange(10):
            case 0 if rng.random() < 0.5:
                files.pop(name, None)
            case 1 if rng.random() < 0.5:
                files[rng.choice(["x.xml", "../x.xml", name.upper(), "xl/worksheets/sheet9.xml"])] = files.pop(
                    name, b""
                )
            case 2:
                files[name] = files.get(rng.choice(list(files) or [name]), b"")
            case _:
                files[name] = xml(rng, files.get(name, b""))
    again = seeds.zipped(files, stored=rng.random() < 0.3)
    return bytes_(rng, again) if rng.random() < 0.1 else again
