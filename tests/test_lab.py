"""The commands of lab.py that decide something themselves."""

import json
from subprocess import CompletedProcess

import pytest

import lab
from scripts import web

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


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """A function that lets npm end with this code and these words; returns the list of the tools that were called."""
    monkeypatch.setattr(web, "TOOLS", tmp_path / "web")

    def let(code: int, says: str = "") -> list[str]:
        called = []

        def run(name: str, *arguments: str, quiet: bool = False) -> CompletedProcess:
            called.append(name)
            return CompletedProcess(arguments, code if name == "npm" else 0, says)

        monkeypatch.setattr(web, "run", run)
        return called

    return let


def test_where_npm_cannot_be_reached_a_sentence_says_that_types_were_not_checked(npm, capsys):
    called = npm(1, "npm error code ENOTFOUND")
    assert web.types() == 0
    assert "types" in capsys.readouterr().out
    assert called == ["npm"]
    assert web.types() == 0                                  # the next call tries again
    assert called == ["npm", "npm"]


@pytest.mark.parametrize("code", web.OURS)
def test_a_lock_file_that_is_wrong_is_no_trouble_of_the_connection(npm, capsys, code):
    called = npm(1, f"npm error code {code}")
    assert web.types() == 1
    assert code in capsys.readouterr().out
    assert called == ["npm"]


def test_the_compiler_comes_once_and_again_when_the_lock_has_changed(npm, tmp_path, monkeypatch):
    called = npm(0)
    assert web.types() == web.types() == 0
    assert called == ["npm", "node", "node"]
    monkeypatch.setattr(web, "WEB", tmp_path)
    for name in web.LOCKED:
        (tmp_path / name).write_text("{}")
    assert web.types() == 0
    assert called[3:] == ["npm", "node"]


def test_what_the_linter_finds_fails_the_check_even_where_types_are_not_checked(npm, monkeypatch):
    npm(1, "npm error code ECONNREFUSED")
    monkeypatch.setattr(web, "lint", lambda: 1)
    assert web.check() == 1
