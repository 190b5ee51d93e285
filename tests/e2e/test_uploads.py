"""One's own table on the page: read, learned, refused."""

import pytest
from playwright.sync_api import expect

ROWS = "\n".join(f"{i % 17},{(i * 7) % 23},{'yes' if (i % 17) > 8 else 'no'}" for i in range(150))
GOOD = f"length,width,likes\n{ROWS}\n".encode()


def test_an_uploaded_table_is_learned(lab):
    lab.upload(GOOD)
    spec = lab.until_spec(lambda spec: spec["data"]["kind"] == "csv")
    assert spec["data"]["target"] == "likes"
    expect(lab.stage.get_by_role("listitem").first).to_contain_text("mine")
    before = lab.now()["loss"]
    at = lab.play(steps=500)
    assert at["loss"] < before
    expect(lab.page.get_by_role("combobox", name="Column to predict")).to_be_visible()
    lab.no_traceback()


def test_another_column_is_predicted(lab):
    lab.upload(GOOD)
    lab.until_spec(lambda spec: spec["data"]["kind"] == "csv")
    lab.choose("Column to predict", "width")
    lab.until_spec(lambda spec: spec["data"]["target"] == "width")
    lab.play(steps=20)
    lab.no_traceback()


@pytest.mark.parametrize(("data", "told"), [
    (b"", "This file is empty"),
    (b"\n\n  \n", "This file is empty"),
    (bytes(range(256)) * 40, "This file is not text"),
    (b"a\n1\n2\n3\n", "one column only"),
    (b"a,b,c\n", "no rows below it"),
    (b"a,b\n1,2\n3\n4,5,6\n", "Line 3 has 1 value"),
    (b"a,b\n1,2\n", "Only 1 row has a value in column 'b'"),
    (b"a,b\n,\n,\n,\n", "Only 0 rows have a value in column 'b'"),
], ids=["empty", "blank", "binary", "one column", "names only", "ragged", "one row", "all missing"])
def test_a_broken_file_is_a_sentence_and_nothing_is_lost(lab, data, told):
    before = lab.spec()
    lab.upload(data)
    expect(lab.page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    lab.no_traceback()
    assert lab.spec() == before
    lab.play(steps=20)


def test_a_file_that_is_too_large_is_a_sentence(lab):
    before = lab.spec()
    lab.upload(b"a,b\n" + b"1,2\n" * 3_000_000)
    expect(lab.page.get_by_text("MB").last).to_be_visible()
    lab.no_traceback()
    assert lab.spec() == before
    lab.play(steps=20)
