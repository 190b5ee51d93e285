"""Uploads kept as private files, so that a worker process can read what the page received."""

import json
import os
import re
import secrets
import stat
import tempfile
import threading
from pathlib import Path

import numpy as np

from datasets.csv.table import Table
from engine.errors import SpecError

MOST_BYTES = 200_000_000
GONE = "This upload is no longer here. Upload the file again."
_OURS = re.compile(r"[0-9a-f]{32}\.(json|part)")
_one_at_a_time = threading.Lock()


def directory() -> Path:
    """Where uploads lie: LAYERLAB_STORE, or a directory of this user alone among the temporary files."""
    chosen = os.environ.get("LAYERLAB_STORE")
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    folder = Path(chosen) if chosen else Path(tempfile.gettempdir()) / f"layerlab-{user}"
    folder.mkdir(mode=0o700, parents=bool(chosen), exist_ok=True)
    if not chosen and not _is_private(folder):
        raise SpecError(f"Uploads cannot be kept safely: {folder} is open to others. "
                        "Remove it, or set LAYERLAB_STORE to a directory of your own.")
    return folder


def save(table: Table) -> str:
    """Keep a table and return its id, 32 hexadecimal digits that nobody can guess. The oldest make room for it."""
    columns = [column.tolist() if isinstance(column, np.ndarray) else list(column) for column in table.columns]
    record = {"name": table.name, "names": table.names, "columns": columns, "notes": table.notes}
    data = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    if len(data) > MOST_BYTES:
        raise SpecError("This table is too large to keep. Remove some rows or columns and upload it again.")
    identity = secrets.token_hex(16)
    with _one_at_a_time:
        folder = directory()
        _make_room(folder, len(data))
        handle = os.open(folder / f"{identity}.part", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(folder / f"{identity}.part", folder / f"{identity}.json")
    return identity


def load(identity: str) -> Table:
    """The table that was saved under an id; SpecError when it is not there (any more)."""
    if not isinstance(identity, str) or not re.fullmatch(r"[0-9a-f]{32}", identity):
        raise SpecError(GONE)
    file = directory() / f"{identity}.json"
    try:
        record = json.loads(file.read_bytes())
        columns = tuple(tuple(column) if isinstance(column[0], str) else np.array(column, dtype=np.float64)
                        for column in record["columns"])
        return Table(record["name"], tuple(record["names"]), columns, tuple(record["notes"]))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise SpecError(GONE) from error


def _is_private(folder: Path) -> bool:
    """True for a real directory of this user that nobody else can enter."""
    found = folder.lstat()
    if not hasattr(os, "getuid"):
        return stat.S_ISDIR(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _make_room(folder: Path, needed: int) -> None:
    """Remove the oldest uploads until `needed` bytes fit under MOST_BYTES. Files of other names are not touched."""
    files = sorted((file.stat().st_mtime_ns, file.stat().st_size, file)
                   for file in folder.iterdir() if _OURS.fullmatch(file.name))
    total = sum(size for _, size, _ in files)
    for _, size, file in files:
        if total + needed <= MOST_BYTES:
            return
        file.unlink(missing_ok=True)
        total -= size
