"""Run ids that cannot be guessed or made up: 128 random bits and a signature of this server."""

import hashlib
import hmac
import os
import secrets

_VARIABLE = "LAYERLAB_SECRET"


def _sign(nonce: str) -> str:
    # The key lives in the process's environment, where it outlasts the reloading of edited modules.
    key = os.environ.setdefault(_VARIABLE, secrets.token_hex(32))
    return hmac.new(key.encode(), nonce.encode(), hashlib.sha256).hexdigest()[:32]


def mint() -> str:
    """A new run id."""
    nonce = secrets.token_hex(16)
    return nonce + _sign(nonce)


def known(run: str) -> bool:
    """Whether this server minted the id."""
    return len(run) == 64 and run.isascii() and hmac.compare_digest(_sign(run[:32]), run[32:])


def without_secret() -> dict[str, str]:
    """The environment for child processes, which need no key."""
    return {name: value for name, value in os.environ.items() if name != _VARIABLE}
