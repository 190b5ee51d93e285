"""Files that lie inside installed packages, found without importing the packages: some take seconds to import."""

from importlib.util import find_spec
from pathlib import Path

from engine.errors import SpecError


def package_file(package: str, *parts: str) -> Path:
    """The path of a file in a package; SpecError that says what to install when the package is not there."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SpecError(f"This data comes with the package '{package.replace('_', '-')}', which is not installed. "
                        "Install what requirements.txt lists and start again.")
    return Path(spec.submodule_search_locations[0]).joinpath(*parts)
