"""The examples in the engine's README run as they stand."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "engine" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def run(code: str) -> str:
    """What a fresh Python prints; a warning is an error."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_readme_has_a_training_script_and_a_layer():
    assert len(BLOCKS) == 2


def test_the_training_script_learns_xor():
    scores = ast.literal_eval(run(BLOCKS[0]))
    assert scores["accuracy"] > 0.9


def test_the_example_layer_is_complete_and_its_gradient_right():
    run(BLOCKS[1])
    with pytest.raises(AssertionError, match="assert"):
        run(BLOCKS[1].replace("return self.strength * self.g * dy", "return self.g * dy"))


def test_every_file_that_the_readme_names_exists():
    table = README.split("## Where things are")[1]
    for name in re.findall(r"`([\w./*]+(?:\.py|/))`", table):
        found = list((ROOT / "engine").glob(name.rstrip("/"))) or list(ROOT.glob(name.rstrip("/")))
        assert found, name
