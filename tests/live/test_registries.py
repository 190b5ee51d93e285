"""What can be told, watched and asked is registered by its package alone, with what there is to know of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from live.instruments import instruments
from live.messages import FROM_PAGE, FROM_SERVER
from live.watch.picture import pictures
from live.worker.commands import command, commands, only_looks

ROOT = Path(__file__).parents[2]
PICTURES = {
    "neurons", "maps", "answer", "series", "saliency", "weights", "gradients", "boundary", "predictions", "flow",
}


def alone(package: str, registry: str) -> set[str]:
    """The names in a registry, "module:name", of a process that has imported one package and nothing else."""
    module, name = registry.split(":")
    code = f"import sys, {package}; print(*getattr(sys.modules['{module}'], '{name}'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_whoever_imports_what_is_watched_finds_every_picture():
    assert alone("live.watch", "live.watch.picture:pictures") == PICTURES == set(pictures)


def test_whoever_imports_the_instruments_finds_every_one():
    files = {path.stem for path in (ROOT / "live" / "instruments").glob("*.py")}
    assert alone("live.instruments", "live.instruments.registry:instruments") == set(instruments)
    assert files - {"__init__", "registry", "question", "answer_numbers"} <= set(instruments)


def test_every_declared_command_is_carried_out_and_no_other():
    assert set(commands) == FROM_PAGE | FROM_SERVER
    assert not FROM_PAGE & FROM_SERVER
    with pytest.raises(ValueError, match="fly"):
        command("fly")


def test_commands_say_what_follows_from_them():
    assert {name for name, known in commands.items() if known.looks} == {"credit", "probe", "watch", "ask"}
    assert {name for name, known in commands.items() if not known.redraws} == {"credit", "ask"}
    assert {name for name, known in commands.items() if known.follows} == {"spec", "set"}
    assert not any(map(only_looks, (None, {}, {"op": []}, {"op": "fly"}, {"op": "play"})))


def test_pictures_say_what_they_are_of():
    assert {name for name, known in pictures.items() if known.of_one} == {"maps", "answer", "saliency", "series"}
    assert {name for name, known in pictures.items() if known.in_parts} == {"predictions"}
