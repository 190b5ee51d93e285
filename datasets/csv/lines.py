"""Bytes to rows of cells: encoding, separator, and a refusal that names the line when a file is broken."""

import csv
import io
import itertools
from collections import Counter

from engine.errors import SpecError

SEPARATORS = ("\t", ";", "|", ",")  # of two that fit equally well the first is meant: "1,5;2,5" is two numbers
LOOKED_AT = 100  # lines that decide on the separator

_SIGNATURES = {
    b"PK\x03\x04": "an Excel workbook or a zip archive", b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file", b"SQLite format 3": "a database",
}
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ORDINARY_CONTROLS = set("\t\n\r\f\x1a")


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or Latin-1."""
    for start, what in _SIGNATURES.items():
        if data.startswith(start):
            raise SpecError(f"This is {what}, not a table in text form. Save it as CSV and upload that.")
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    text = None
    for encoding in [marked] if marked else ["utf-8", "latin-1"]:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None:
        raise SpecError("The letters of this file cannot be read. Save it as CSV in UTF-8 and upload that.")
    if _looks_binary(text):
        raise SpecError("This file is not text. Save the table as CSV and upload that.")
    return text


def _looks_binary(text: str) -> bool:
    start = text[:100_000]
    controls = sum(1 for letter in start if letter < " " and letter not in _ORDINARY_CONTROLS)
    return "\0" in text or controls > 0.01 * len(start)


def find_separator(text: str) -> str:
    """The separator by which most of the first lines split into the same number of cells, more than one."""
    start = list(itertools.islice(io.StringIO(text[:200_000], newline=""), LOOKED_AT))

    def agreement(separator: str) -> float:
        try:
            widths = [len(row) for row in _reader(start, separator) if not _is_blank(row)]
        except csv.Error:
            return 0.0
        width, count = Counter(widths).most_common(1)[0] if widths else (0, 0)
        return count / len(widths) if width > 1 else 0.0

    best = max(SEPARATORS, key=agreement)
    return best if agreement(best) > 0 else ","


def split_rows(text: str, separator: str, most_rows: int, most_columns: int) -> tuple[list[list[str]], list[int]]:
    """Rows of stripped cells, all of one width, and the line on which each begins. Blank lines are left out."""
    rows, lines = [], []
    reader = _reader(io.StringIO(text, newline=""), separator)
    line = 1
    try:
        for row in reader:
            if not _is_blank(row):
                rows.append([cell.strip() for cell in row])
                lines.append(line)
                _check_width(rows, lines, most_columns)
            if len(rows) > most_rows + 1:
                raise SpecError(f"This table has more than {most_rows:,} rows, the most that can be used here. "
                                "Keep fewer rows and upload it again.")
            line = reader.line_num + 1
    except csv.Error as error:
        raise SpecError(f"Line {line} cannot be read: one of its values is too long or its quotes never close. "
                        "Correct that line and upload the file again.") from error
    return rows, lines


def _check_width(rows: list[list[str]], lines: list[int], most_columns: int) -> None:
    expected, found = len(rows[0]), len(rows[-1])
    if expected > most_columns:
        raise SpecError(f"This table has {expected:,} columns; at most {most_columns} can be used here. "
                        "Remove some columns and upload it again.")
    if found != expected:
        raise SpecError(f"Line {lines[-1]} has {_values(found)}, but line {lines[0]} has {_values(expected)}. "
                        "Give every line the same number and upload the file again.")


def _reader(lines, separator: str):
    return csv.reader(lines, delimiter=separator, skipinitialspace=separator != "\t")


def _is_blank(row: list[str]) -> bool:
    return len(row) <= 1 and not "".join(row).strip()


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count:,} values"
