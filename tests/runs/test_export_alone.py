"""The exported PyTorch script runs alone: no LayerLab beside it, whatever the data, the layers and the settings."""

import ast
import io
import subprocess
import sys

import numpy as np
import pytest

from engine import Dataset
from runs.export import FILE, inside, packed
from runs.export.naming import in_words
from tests.live.asking import ask
from tests.live.runs import session, spec

EMBED = {"kind": "embedding", "dim": 8}
NORMED = [{"kind": "dense", "units": 6}, {"kind": "batch_norm"}]
CASES = {
    "two classes of the plane": {},
    "several classes of a table": {"data": {"kind": "iris"}},
    "numbers to predict": {"data": {"kind": "adding"}, "network": {"layers": [{"kind": "lstm", "units": 4}]}},
    "pictures, in a file": {"data": {"kind": "digits"}, "network": {"layers": [
        {"kind": "conv2d", "filters": 2, "stride": 2}, {"kind": "flatten"}]}},
    "texts": {"data": {"kind": "names_sex"}, "network": {"layers": [EMBED, {"kind": "gru", "units": 4}]}},
    "the next letter": {"data": {"kind": "name_letters"}, "network": {"layers": [
        EMBED, {"kind": "rnn", "units": 4, "return_sequences": True}]}},
    "hidden words": {"data": {"kind": "review_words", "sentences": 500}, "network": {"layers": [EMBED]}},
    "a last batch of one under batch norm": {"data": {"kind": "xor", "samples": 202}, "network": {"layers": NORMED},
                                             "training": {"batch_size": 50}},
    "batches of one under batch norm": {"data": {"kind": "xor", "samples": 100}, "network": {"layers": NORMED},
                                        "training": {"batch_size": 1}},
}


def exported(of: dict) -> tuple[dict, Dataset]:
    run = session(spec(**of))
    assert run.notice == ""
    ((header, _),) = ask(run, "code")
    assert header["torch_error"] == ""
    return header, run.trainer.dataset


def alone(folder, script: str) -> subprocess.CompletedProcess:
    """Run a script in a folder of its own, with nothing of LayerLab on the path."""
    (folder / "network.py").write_text(script, encoding="utf-8")
    return subprocess.run([sys.executable, "-I", str(folder / "network.py")], cwd=folder, capture_output=True,
                          text=True, timeout=300)


@pytest.mark.parametrize("name", CASES)
def test_a_script_imports_nothing_of_layerlab_and_holds_or_names_its_data(name):
    header, data = exported(CASES[name])
    modules = {alias.name.split(".")[0] for node in ast.walk(ast.parse(header["torch"])) if isinstance(node, ast.Import)
               for alias in node.names} | {node.module.split(".")[0] for node in ast.walk(ast.parse(header["torch"]))
                                           if isinstance(node, ast.ImportFrom)}
    assert modules <= {"base64", "io", "sys", "pathlib", "numpy", "torch"}
    assert header["file"] == ("" if inside(data) else FILE)
    assert ("DATA = " in header["torch"]) == inside(data)
    assert max(map(len, header["torch"].splitlines())) < 200


@pytest.mark.parametrize("name", CASES)
def test_a_script_trains_alone(name, tmp_path):
    pytest.importorskip("torch", reason="PyTorch is not installed: nothing to run it with")
    header, data = exported(CASES[name])
    if header["file"]:
        missing = alone(tmp_path, header["torch"])
        assert missing.returncode == 1
        assert FILE in missing.stderr
        assert "Traceback" not in missing.stderr
        (tmp_path / FILE).write_bytes(packed(data))
    done = alone(tmp_path, header["torch"])
    assert done.returncode == 0, done.stderr
    losses = [float(line.split()[4]) for line in done.stdout.splitlines()]
    assert len(losses) == 10
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("name", CASES)
def test_the_file_of_examples_holds_them_exactly(name):
    _, data = exported(CASES[name])
    found = np.load(io.BytesIO(packed(data)))
    for split in ("x_train", "y_train", "x_test", "y_test"):
        np.testing.assert_array_equal(found[split], getattr(data, split))


@pytest.mark.parametrize(("change", "says"), [
    ({"data": {"kind": "adding"}, "network": {"layers": [{"kind": "rnn", "units": 4, "truncate": 5}]}}, "truncated"),
    ({"training": {"patience": 3}}, "patience is 3"),
    ({"network": {"layers": [{"kind": "dense", "units": 3}], "initializer": "he_normal"}}, "he_normal"),
    ({"training": {"schedule": {"kind": "cosine"}}}, "schedule (cosine)"),
])
def test_a_script_says_what_it_leaves_out(change, says):
    header, _ = exported(change)
    plain, _ = exported({})
    assert says in ast.get_docstring(ast.parse(header["torch"]))
    assert says not in ast.get_docstring(ast.parse(plain["torch"]))


@pytest.mark.parametrize("name", ['"""\nimport os; os.abort()\n"""', "a\\", "x" * 10_000, "\u2028print(1)"])
def test_the_name_of_a_file_is_no_code(name):
    kept = in_words(name)
    assert len(kept) <= 80
    assert ast.literal_eval(f'"""{kept}"""') == kept
    assert len(f'"""{kept}"""'.splitlines()) == 1


def test_the_examples_come_as_a_file_of_the_page():
    run = session(spec(**CASES["pictures, in a file"]))
    ((header, arrays),) = ask(run, "examples")
    assert header["file"] == FILE
    assert arrays["bytes"].tobytes() == packed(run.trainer.dataset)
