"""Uploaded files: what is read, and what is refused with which sentence."""

import csv
import io
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.csv import table as uploads
from datasets.csv.dataset import to_dataset
from datasets.csv.table import Table, check_size, read_table
from engine.errors import SpecError

ROWS = "".join(f"{i},{i / 2},{'ab'[i % 2]}\n" for i in range(12))


def read(text, encoding="utf-8"):
    return read_table(text.encode(encoding), "file.csv")


BROKEN = {
    "nothing": (b"", "empty"),
    "blank lines": (b"\n \n\r\n", "empty"),
    "byte order mark only": (b"\xef\xbb\xbf", "empty"),
    "too many bytes": (b"1,2\n" * 2_500_001, "10.0 MB; at most 10 MB"),
    "too many rows": (b"1,2\n" * 50_002, "more than 50,000 rows"),
    "one row too many under a header": (b"a,b\n" + b"1,2\n" * 50_001, "more than 50,000 rows"),
    "one row too many without a header": (b"1,2\n" * 50_001, "more than 50,000 rows"),
    "too many columns": (",".join(map(str, range(201))).encode(), "201 columns; at most 200"),
    "one column": (b"a\n1\n2\n", "one column only"),
    "prose": (b"Dear all\nthis is a letter\nbye\n", "one column only"),
    "header only": (b"a,b,c\n", "no rows"),
    "a long row": (b"a,b\n1,2\n1,2,3\n4,5\n", "Line 3 has 3 values, but line 1 has 2 values"),
    "a short row after blank lines": (b"a,b\n\n1,2\n\n1\n", "Line 5 has 1 value, but line 1 has 2 values"),
    "a ragged row after a cell of two lines": (b'a,b\n"x\ny",2\n1,2,3\n', "Line 4 has 3 values"),
    "quotes that never close": (b'a,b\n1,2\n3,"4\n5,6\n' + b"7,8\n" * 40_000, "Line 3 cannot be read"),
    "a huge cell": (b"a,b\n1," + b"x" * 200_000 + b"\n", "Line 2 cannot be read"),
    "binary": (bytes(range(256)) * 10, "not text"),
    "zero bytes": (b"a,b\n1,\x002\n", "not text"),
    "utf-16 without mark": ("a,b\n1,2\n".encode("utf-16-le"), "not text"),
    "broken utf-16": (b"\xff\xfea\x00,\x00b", "cannot be read"),
    "broken utf-8 after its mark": (b"\xef\xbb\xbfa,b\n\xff,2\n", "cannot be read"),
    "a workbook": (b"PK\x03\x04rest", "Excel workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0rest", "Excel workbook"),
    "a PDF": (b"%PDF-1.7", "a PDF"),
    "a picture": (b"\x89PNG\r\n", "a picture"),
    "compressed": (b"\x1f\x8b\x08", "compressed"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_and_told_why(case):
    data, sentence = BROKEN[case]
    with pytest.raises(SpecError) as error:
        read_table(data, "file.csv")
    assert sentence in str(error.value)
    assert str(error.value).endswith(".")
    assert len(str(error.value)) < 300


def test_a_file_is_refused_by_its_size_alone():
    check_size(uploads.MOST_BYTES)
    with pytest.raises(SpecError, match=r"200\.0 MB"):
        check_size(200_000_000)


def test_the_limits_themselves_are_allowed():
    assert read("a,b\n" + "1,2\n" * 50_000).rows == 50_000
    assert read("1,2\n" * 50_000).rows == 50_000
    assert len(read(",".join(map(str, range(200)))).names) == 200


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(encoding):
    table = read("größe,naïve\n1,é\n2,ü\n", encoding)
    assert table.names == ("größe", "naïve")
    assert table.columns[1] == ("é", "ü")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator, end):
    table = read(end.join(separator.join(row) for row in (["a", "b", "c"], ["1", "2", "x"], ["3", "4", "y"])))
    assert table.names == ("a", "b", "c")
    np.testing.assert_array_equal(table.column("b"), [2, 4])
    assert table.column("c") == ("x", "y")


def test_separators_inside_quotes_do_not_count():
    table = read('name,score\n"Doe; Jane, PhD",1\n"Roe; Max, MD",2\n')
    assert table.column("name") == ("Doe; Jane, PhD", "Roe; Max, MD")


def test_decimal_commas():
    table = read("a;b;c\n1,5;2;-1.234,5\n-0,25;3;12,0\n1;4;1.000.000\n")
    np.testing.assert_array_equal(table.column("a"), [1.5, -0.25, 1])
    np.testing.assert_array_equal(table.column("b"), [2, 3, 4])
    np.testing.assert_array_equal(table.column("c"), [-1234.5, 12, 1e6])


def test_decimal_points_beside_semicolons():
    np.testing.assert_array_equal(read("a;b\n1.5;2\n1.250;3\n").column("a"), [1.5, 1.25])


def test_decimal_commas_without_a_header():
    np.testing.assert_array_equal(read("1,5;2,5\n3,5;4,5\n").column("column2"), [2.5, 4.5])


@pytest.mark.parametrize("missing", ["", "NA", "n/a", "NaN", "?", "null", " "])
def test_missing_values(missing):
    table = read(f"a,b\n1,x\n{missing},{missing}\n3,y\n")
    np.testing.assert_array_equal(table.column("a"), [1, np.nan, 3])
    assert table.column("b") == ("x", "", "y")


@pytest.mark.parametrize(("text", "named"), [
    ("1,2\n3,4\n", False), ("a,b\n3,4\n", True), ("a,2\n3,4\n", False), ("kind,size\nx,big\nx,big\ny,small\n", True),
    ("x,big\nx,small\ny,big\n", False), ("kind,\nx,1\n", True), (",\n1,2\n", False)])
def test_a_header_is_told_from_values(text, named):
    table = read(text)
    lines = text.count("\n")
    assert table.rows == lines - named
    assert (table.names[0] == "column1") is not named
    assert any("first line holds values" in note for note in table.notes) is not named


def test_names_are_made_unique_and_complete():
    table = read("a,a,,a (2),a\n1,2,3,4,5\n")
    assert table.names[0] == "a"
    assert table.names[3] == "a (2)"
    assert len(set(table.names)) == 5
    assert all(table.names)
    assert sum("stands twice" in note for note in table.notes) == 2
    assert any("Column 3 has no name" in note for note in table.notes)
    assert read("a" * 90 + "," + "a" * 95 + "\n1,2\n").names == ("a" * 80, "a" * 80 + " (2)")


def test_a_few_strays_among_numbers_are_missing_and_named():
    table = read("a,b\n" + "1,2\n" * 30 + "oops,2\n" + "1,2\n" * 10)
    assert np.isnan(table.column("a")).tolist() == [False] * 30 + [True] + [False] * 10
    assert "'oops' on line 32" in table.notes[0]
    assert isinstance(read("a,b\n" + "1,2\noops,2\n" * 30).column("a"), tuple)


def test_long_texts_are_cut_and_noted():
    table = read("a,b\n1," + "x" * 500 + "\n")
    assert table.column("b") == ("x" * 100,)
    assert "cut to 100" in table.notes[0]


@pytest.mark.parametrize(("text", "target"), [
    ("a,b,c\n" + ROWS, "c"),
    ("c,a,b\n" + "".join(f"{'xy'[i % 2]},{i},{i / 3}\n" for i in range(12)), "c"),
    ("a,b\n" + "".join(f"{i},{i / 3}\n" for i in range(12)), "b"),
    ("a,b\n" + "".join(f"{i / 3},{i % 3}\n" for i in range(12)), "b"),
    ("a,b\n" + "".join(f"{i % 2},7\n" for i in range(12)), "a")])
def test_the_suggested_target(text, target):
    assert read(text).suggest_target() == target


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        table = read_table(data, "file.csv")
    except SpecError:
        return
    assert table.rows > 0
    assert len(set(table.names)) == len(table.names) == len(table.columns) > 1
    assert all(len(column) == table.rows for column in table.columns)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*"0123456789", *'",;\t|\n\r', "NA", "a", "-", ".", "e", "inf", "é", "\x0b", "_"]),
                max_size=120))
def test_anything_like_a_table_is_read_or_refused_and_then_encoded_or_refused(parts):
    with suppress(SpecError):
        table = read("".join(parts) * 3)
        for target in table.names:
            with suppress(SpecError):
                data = to_dataset(table, target, 0.7, 0)
                assert np.isfinite(data.x_train).all()
                assert np.isfinite(data.x_test).all()


words = st.text("abcdefgxyz éß,;|'\"\n", min_size=1, max_size=12).map(lambda word: "w" + word.strip() + "w")
numbers = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_written_table_is_read_back(data):
    rows = data.draw(st.integers(1, 8))
    kinds = data.draw(st.lists(st.sampled_from([words, numbers]), min_size=1, max_size=4))
    columns = [list(range(rows)), *(data.draw(st.lists(kind, min_size=rows, max_size=rows)) for kind in kinds)]
    names = [f"name {number}" for number in range(len(columns))]
    written = io.StringIO()
    csv.writer(written).writerows([names, *zip(*columns, strict=True)])
    table = read(written.getvalue())
    assert table.names == tuple(names)
    for ours, theirs in zip(table.columns, columns, strict=True):
        assert list(ours) == theirs


def test_a_table_is_frozen():
    with pytest.raises(AttributeError):
        Table("t", ("a",), ((1,),)).name = "other"
