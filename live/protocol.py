"""Messages as bytes: a JSON header and typed arrays behind it, one message a frame.

Layout: header length (uint32, little endian) | header (JSON, padded with spaces to a multiple of 8) | arrays, each
aligned to 8 bytes. The header lists the arrays as [name, dtype, shape, offset]; offsets count from the end of the
header. On a pipe, each message has its own length (uint32) in front.
"""

import json
import math
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

MAX_COMMAND = 256 * 1024            # bytes of one command from a page: a spec and 500 clicked points fit easily
DTYPES = {"float32": "f4", "float64": "f8", "uint8": "u1", "uint16": "u2", "int32": "i4"}

Arrays = dict[str, np.ndarray]


def pack(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray] | None = None) -> bytes:
    """One message. Numbers in the header that are not finite become null."""
    listed, parts, offset = [], [], 0
    for name, array in (arrays or {}).items():
        data = np.ascontiguousarray(array)
        listed.append([name, DTYPES[data.dtype.name], list(data.shape), offset])
        padding = -data.nbytes % 8
        parts += [data.tobytes(), b"\0" * padding]
        offset += data.nbytes + padding
    text = json.dumps(finite({**header, "arrays": listed}), separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return b"".join([struct.pack("<I", len(text)), text, *parts])


def unpack(message: bytes) -> tuple[dict, Arrays]:
    """The header and the arrays (read-only views) of a packed message."""
    (length,) = struct.unpack_from("<I", message)
    header = json.loads(message[4:4 + length])
    arrays = {}
    for name, dtype, shape, offset in header.pop("arrays"):
        count = math.prod(shape)
        arrays[name] = np.frombuffer(message, "<" + dtype, count, 4 + length + offset).reshape(shape)
    return header, arrays


def finite(value: Any) -> Any:
    """The same plain data with None in place of NaN and infinities."""
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [finite(v) for v in value]
    return value.item() if isinstance(value, np.generic) else value


def write_message(pipe: BinaryIO, message: bytes) -> None:
    pipe.write(struct.pack("<I", len(message)))
    pipe.write(message)
    pipe.flush()


def read_message(pipe: BinaryIO) -> bytes | None:
    """The next message, or None where the pipe has ended."""
    head = pipe.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack("<I", head)
    message = pipe.read(length)
    return message if len(message) == length else None
