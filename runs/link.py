"""A link is a run's spec, compressed into the query string. What comes back is bounded and checked."""

import base64
import binascii
import json
import zlib

from engine import SpecError

LONGEST = 12_000           # characters in the link
LARGEST = 100_000          # bytes of the spec inside
BROKEN = "This link is broken or incomplete, so it was left aside. Ask for it again, or go on from here."


def encode(spec: dict) -> str:
    """The text for the query string."""
    data = json.dumps(spec, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).decode().rstrip("=")


def decode(text: str) -> dict:
    """The plain spec in a link's text, unchecked but for its size; SpecError if there is none."""
    if len(text) > LONGEST:
        raise SpecError(BROKEN)
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(packed, LARGEST)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise SpecError(BROKEN)
        spec = json.loads(data)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise SpecError(BROKEN) from error
    if not isinstance(spec, dict):
        raise SpecError(BROKEN)
    return spec
