"""The house has one direction: a package imports only from packages below it."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"engine", "figures", "datasets", "live", "runs", "explain", "ui", "pages", "app"}
DATA_PACKAGES = {"pandas", "sklearn", "babel", "PIL", "pyarrow"}

#: What each package may import besides itself. "stdlib" stands for the standard library.
MAY_IMPORT = {
    "engine": {"stdlib", "numpy"},
    "figures": {"stdlib", "numpy", "plotly", "engine"},
    "datasets": {"stdlib", "numpy", "engine"} | DATA_PACKAGES,
    "explain": {"stdlib", "numpy", "engine"},
    "runs": {"stdlib", "numpy", "engine", "datasets"},
    "live": {"stdlib", "numpy", "starlette", "engine", "datasets", "runs", "explain"},
    "ui": {"stdlib", "numpy", "pandas", "streamlit", "starlette", "plotly", "engine", "datasets", "figures", "runs",
           "explain", "live.server.ids"},
    "pages": {"stdlib", "streamlit", "ui", "figures"},
}
#: Inside live: what each floor imports nothing of.
FLOORS = {
    "live/messages": {"live.server", "live.worker", "live.watch", "live.instruments"},
    "live/server": {"live.worker", "live.watch", "live.instruments"},
    "live/watch": {"live.worker", "live.instruments", "live.server"},
    "live/instruments": {"live.worker", "live.server"},
    "live/worker": {"live.server"},
}
HOUSE = ("engine", "explain", "datasets", "runs", "live", "figures", "ui", "benchmarks")
LONGEST = {"engine": 300, "pages": 80}
GENERATORS = {"default_rng", "Generator", "SeedSequence", "PCG64"}        # all else of np.random is one global state


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(tree: ast.AST) -> list[tuple[int, str]]:
    """(line, dotted name) of everything that is imported, functions' own imports included."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.lineno, "." * node.level + (node.module or "")))
    return found


def allowed(name: str, package: str, may: set[str]) -> bool:
    top = name.split(".")[0]
    known = {top, name} & may or ("stdlib" in may and top in sys.stdlib_module_names)
    return name.startswith(".") or top == package or bool(known)


EXISTING = [package for package in MAY_IMPORT if (ROOT / package).is_dir() and files(package)]


def test_the_reader_of_imports_sees_every_form():
    tree = ast.parse("import a.b\nfrom c.d import e\ndef f():\n    import g\n    from . import h\nimport i as j")
    assert [name for _, name in imported(tree)] == ["a.b", "c.d", "i", "g", "."]
    assert not allowed("streamlit.x", "engine", MAY_IMPORT["engine"])
    assert not allowed("live", "engine", MAY_IMPORT["engine"])
    assert allowed("numpy.linalg", "engine", MAY_IMPORT["engine"])


@pytest.mark.parametrize("package", EXISTING)
def test_no_arrow_runs_up(package):
    wrong = [f"{path.relative_to(ROOT)}:{line} imports {name}" for path in files(package)
             for line, name in imported(parse(path)) if not allowed(name, package, MAY_IMPORT[package])]
    assert wrong == []


def test_every_package_has_its_rules():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages <= set(MAY_IMPORT)


@pytest.mark.parametrize("floor", FLOORS)
def test_the_floors_of_live_hold(floor):
    wrong = [f"{path.relative_to(ROOT)} imports {name}" for path in files(floor)
             for name in imports_of(path) if ".".join(name.split(".")[:2]) in FLOORS[floor]]
    assert files(floor)
    assert wrong == []


MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
           for package in HOUSE for path in files(package)}


def imports_of(path: Path) -> set[str]:
    """The house's own modules that a module imports, those for its type hints and inside functions included."""
    found = set()
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & set(MODULES)) | ({node.module} if inner - set(MODULES) else set())
    return found & set(MODULES)


def circles(arrows: dict[str, set[str]]) -> list[set[str]]:
    """The largest sets of modules each of which leads to all others of its set."""
    reached = {name: reach(name, arrows) for name in arrows}
    found = {frozenset({name} | {other for other in reached[name] if name in reached[other]})
             for name in arrows if name in reached[name]}
    return [set(circle) for circle in found]


def reach(name: str, arrows: dict[str, set[str]]) -> set[str]:
    """Everything that a module imports, whatever imports lie between."""
    found, ahead = set(), [name]
    while ahead:
        new = arrows[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def test_a_circle_is_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == [{"b", "c"}]
    assert imports_of(MODULES["live.worker.commands"]) >= {"live.worker.run"}          # for its type hints only


def test_no_modules_import_each_other_in_a_circle():
    found = circles({name: imports_of(path) for name, path in MODULES.items()})
    assert found == []


def calls(path: Path) -> list[tuple[int, str]]:
    """(line, dotted name) of everything that is called, or only mentioned with dots."""
    return [(node.lineno, ast.unparse(node)) for node in ast.walk(parse(path))
            if isinstance(node, ast.Attribute | ast.Name)]


@pytest.mark.parametrize("path", files("engine"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_engine_never_prints_evaluates_or_draws_from_a_global_generator(path):
    wrong = []
    for line, name in calls(path):
        if name in {"print", "input", "eval", "exec", "open", "__import__", "threading", "pickle", "random"}:
            wrong.append(f"{line}: {name}")
        if name.startswith(("np.random.", "numpy.random.")) and re.split(r"\W", name)[2] not in GENERATORS:
            wrong.append(f"{line}: {name}")
    assert wrong == []
    assert {name for _, name in imported(parse(path))} & {"random", "threading", "multiprocessing", "pickle"} == set()


@pytest.mark.parametrize("package", [package for package in LONGEST if package in EXISTING])
def test_files_stay_short(package):
    long = {str(path.relative_to(ROOT)): count for path in files(package)
            if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST[package]}
    assert long == {}


@pytest.mark.parametrize("package", EXISTING)
def test_a_module_opens_with_a_sentence_that_says_its_idea(package):
    silent = [str(path.relative_to(ROOT)) for path in files(package)
              if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(parse(path))]
    assert silent == []


@pytest.mark.parametrize("path", files("engine"), ids=lambda path: str(path.relative_to(ROOT)))
def test_public_classes_of_the_engine_say_what_they_are(path):
    silent = [node.name for node in parse(path).body
              if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)]
    assert silent == []
