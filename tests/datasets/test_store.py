"""Uploads kept as files: private, bounded, found by their id alone."""

import os
import stat
import tempfile

import numpy as np
import pytest

import datasets
from datasets.csv import store
from datasets.csv.table import Table, read_table
from engine.errors import SpecError

TABLE = Table("t.csv", ("a", "b"), (np.array([1.5, np.nan, np.inf]), ("x", "", "é\n")), ("A note.",))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LAYERLAB_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


def test_a_table_comes_back_as_it_was(folder):
    again = store.load(store.save(TABLE))
    assert (again.name, again.names, again.notes) == (TABLE.name, TABLE.names, TABLE.notes)
    np.testing.assert_array_equal(again.columns[0], TABLE.columns[0])
    assert again.columns[1] == TABLE.columns[1]


def test_ids_cannot_be_guessed_and_files_are_private(folder):
    ids = {store.save(TABLE) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(identity) == 32 and set(identity) <= set("0123456789abcdef") for identity in ids)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert {file.name for file in folder.iterdir()} == {f"{identity}.json" for identity in ids}


@pytest.mark.parametrize("identity", ["", "0" * 31, "0" * 33, "0" * 32, "A" * 32, "../" + "0" * 29, "0" * 32 + "\n",
                                      "g" * 32, None, 3, b"0" * 32, ["0" * 32]])
def test_a_bad_id_is_refused(folder, identity):
    store.save(TABLE)
    with pytest.raises(SpecError, match=r"no longer here\. Upload the file again\."):
        store.load(identity)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"name":1}',
                                     '{"name":"","names":["a"],"columns":[[]],"notes":[]}'])
def test_a_damaged_file_is_as_good_as_gone(folder, content):
    identity = store.save(TABLE)
    (folder / f"{identity}.json").write_text(content)
    with pytest.raises(SpecError, match="Upload the file again"):
        store.load(identity)


def test_the_oldest_make_room_and_the_bound_holds(folder, monkeypatch):
    first = store.save(TABLE)
    size = (folder / f"{first}.json").stat().st_size
    monkeypatch.setattr(store, "MOST_BYTES", 3 * size + 10)
    (folder / "letter.txt").write_text("not an upload, and never touched")
    ids = [first]
    for age in range(5):
        for older, identity in enumerate(ids):
            if (folder / f"{identity}.json").exists():
                os.utime(folder / f"{identity}.json", (1000 + older, 1000 + older))
        ids.append(store.save(TABLE))
        kept = [file for file in folder.iterdir() if file.suffix == ".json"]
        assert sum(file.stat().st_size for file in kept) <= store.MOST_BYTES
        assert {file.stem for file in kept} == set(ids[-3:]), age
    assert (folder / "letter.txt").exists()


def test_a_table_larger_than_the_store_is_refused_and_costs_nobody_else(folder, monkeypatch):
    kept = store.save(TABLE)
    monkeypatch.setattr(store, "MOST_BYTES", 50)
    with pytest.raises(SpecError, match="too large"):
        store.save(TABLE)
    assert store.load(kept).rows == 3


def test_without_a_chosen_directory_it_is_private_to_the_user(tmp_path, monkeypatch):
    monkeypatch.delenv("LAYERLAB_STORE", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = store.directory()
    assert folder.parent == tmp_path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert store.load(store.save(TABLE)).rows == 3
    folder.chmod(0o755)
    with pytest.raises(SpecError, match="open to others"):
        store.directory()


def test_a_link_in_place_of_the_directory_is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv("LAYERLAB_STORE", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    name = store.directory().name
    (tmp_path / name).rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SpecError, match="open to others"):
        store.directory()


def test_an_upload_is_loaded_by_its_spec(folder):
    text = "size,kind,price\n" + "".join(f"{i * i % 13},{'ab'[i % 2]},{i * 1.5}\n" for i in range(30))
    upload = store.save(read_table(text.encode(), "prices.csv"))
    spec = {"kind": "csv", "upload": upload}
    assert datasets.load(spec).target_name == "kind"
    data = datasets.load(spec | {"target": "price", "train_fraction": 0.5})
    assert (data.task, data.name, len(data.x_train)) == ("regression", "prices.csv", 15)
    assert data.feature_names == ("size", "kind = a", "kind = b")
    assert datasets.load(spec | {"target": "kind", "goal": "classification"}).class_names == ("a", "b")


@pytest.mark.parametrize(("spec", "sentence"), [
    ({}, "Upload a CSV file first"), ({"upload": "../../etc/passwd"}, "Upload the file again"),
    ({"upload": "x" * 65}, "upload"), ({"goal": "guess"}, "goal")])
def test_a_table_that_is_not_there_is_refused(folder, spec, sentence):
    with pytest.raises(SpecError, match=sentence):
        datasets.load({"kind": "csv", **spec})
