"""The commands of lab.py that decide something themselves."""

import json

import pytest

import lab

FIRST, SECOND = "tests/e2e/test_run.py::test_a", "tests/e2e/test_run.py::test_b"


@pytest.fixture
def browser_runs(tmp_path, monkeypatch):
    """A function that lets the browser tests end with these codes, each leaving these failures in pytest's memory."""
    memory = tmp_path / ".pytest_cache" / "v" / "cache" / "lastfailed"
    memory.parent.mkdir(parents=True)
    monkeypatch.setattr(lab, "ROOT", tmp_path)

    def let(*runs: tuple[int, set[str]]) -> None:
        left = iter(runs)

        def call(*command: str) -> int:
            code, failed = next(left)
            memory.write_text(json.dumps(dict.fromkeys(failed, True)))
            return code

        monkeypatch.setattr(lab, "call", call)

    return let


def test_what_passes_only_when_tried_again_is_named(browser_runs, capsys):
    browser_runs((1, {FIRST, SECOND, "tests/test_other.py::test_c"}), (1, {SECOND, "tests/test_other.py::test_c"}))
    assert lab.in_browser() == 1
    assert capsys.readouterr().out.splitlines()[1:] == [f"  {FIRST}"]


def test_a_clean_run_names_nothing_and_a_crash_is_not_tried_again(browser_runs, capsys):
    browser_runs((0, set()))
    assert lab.in_browser() == 0
    browser_runs((3, set()))
    assert lab.in_browser() == 3
    assert capsys.readouterr().out == ""
