"""From probabilities to text: a network says what may come next, and something has to choose."""

from collections.abc import Callable

import numpy as np

from engine.errors import SpecError
from engine.network import Network
from engine.seq2seq import Seq2Seq


def probabilities(logits: np.ndarray, temperature: float = 1.0, top_k: int | None = None,
                  top_p: float | None = None) -> np.ndarray:
    """What `sample` draws from: (..., V) float64 shares for logits (..., V), zero for what is ruled out.

    temperature divides the logits: below 1 the likely becomes likelier, 0 leaves the likeliest alone. top_k keeps the
    k likeliest (Fan et al., 2018). top_p then keeps the fewest that together reach p (Holtzman et al., 2019). The first
    of equals counts as the likelier.
    """
    if temperature < 0 or (top_k is not None and top_k < 1) or (top_p is not None and not 0 < top_p <= 1):
        raise SpecError("The temperature must not be negative, top-k at least 1, and top-p above 0 and at most 1.")
    z = np.asarray(logits, np.float64)
    if temperature == 0:
        top_k, temperature = 1, 1.0
    order = np.argsort(-z, axis=-1, kind="stable")
    z = np.take_along_axis(z, order, axis=-1)                              # likeliest first
    shares = np.exp((z - z[..., :1]) / temperature)
    if top_k is not None:
        shares[..., top_k:] = 0
    shares /= shares.sum(axis=-1, keepdims=True)
    if top_p is not None:
        reached = np.cumsum(shares, axis=-1)
        shares[..., 1:][reached[..., :-1] >= top_p - 1e-12] = 0            # what comes after enough have been kept
        shares /= shares.sum(axis=-1, keepdims=True)
    found = np.empty_like(shares)
    np.put_along_axis(found, order, shares, axis=-1)
    return found


def sample(logits: np.ndarray, rng: np.random.Generator, temperature: float = 1.0, top_k: int | None = None,
           top_p: float | None = None) -> np.ndarray:
    """One token (...,) for each row of logits (..., V), drawn as `probabilities` says."""
    rising = np.cumsum(probabilities(logits, temperature, top_k, top_p), axis=-1)
    total = rising[..., -1:]
    drawn = rng.random(rising.shape[:-1])[..., None] * total
    return (rising <= np.minimum(drawn, np.nextafter(total, 0))).sum(axis=-1)


def generate(network: Network, tokens: np.ndarray, count: int, rng: np.random.Generator, *, temperature: float = 1.0,
             top_k: int | None = None, top_p: float | None = None, end: int | None = None,
             at_least: int = 0, window: int | None = None) -> np.ndarray:
    """Continue texts (N, T), T >= 1, by `count` tokens, each drawn from what a causal network says comes next.

    The network sees the last `window` tokens (as many as it was built for). After the token `end` a text is filled up
    with `end`; when all have ended it stops early. None ends before it has `at_least` new tokens. Returns (N, T + at
    most count).
    """
    tokens = np.asarray(tokens, np.int64)
    window = window or network.input_shape[0]
    ended = np.zeros(len(tokens), bool)
    for done in range(count):
        logits = network.forward(tokens[:, -window:])[:, -1]               # (N, V)
        if end is not None and done < at_least:
            logits[:, end] = -np.inf
        drawn = sample(logits, rng, temperature, top_k, top_p)
        if end is not None:
            drawn = np.where(ended, end, drawn)
            ended |= drawn == end
        tokens = np.concatenate([tokens, drawn[:, None]], axis=1)
        if ended.all():
            break
    return tokens


def greedy(network: Seq2Seq, source: np.ndarray, start: int, end: int, longest: int,
           mask: np.ndarray | None = None) -> list[list[int]]:
    """The answer to each source (N, S), always taking the likeliest next token, without start and end tokens.

    mask: (N, S), False where a source is padded. longest: where to stop if `end` never comes.
    """
    memory = network.encode(source, mask=mask)
    tokens = np.full((len(memory), 1), start)
    ended = np.zeros(len(memory), bool)
    while tokens.shape[1] <= longest and not ended.all():
        best = network.decode(tokens, memory, memory_mask=mask, copy=False)[:, -1].argmax(axis=-1)
        tokens = np.concatenate([tokens, best[:, None]], axis=1)
        ended |= best == end
    return [until(row[1:], end) for row in tokens.tolist()]


def beam(network: Seq2Seq, source: np.ndarray, start: int, end: int, longest: int, width: int = 4,
         length_penalty: float = 0.0, mask: np.ndarray | None = None) -> list[tuple[list[int], float]]:
    """The best answers to one source (S,), as (tokens without start and end, score), best first; see `beam_search`."""
    mask = None if mask is None else np.asarray(mask)[None]
    memory = network.encode(np.asarray(source)[None], mask=mask)

    def logits(prefixes):
        rows = len(prefixes)
        looked_at = None if mask is None else np.repeat(mask, rows, axis=0)
        return network.decode(prefixes, np.repeat(memory, rows, axis=0), memory_mask=looked_at, copy=False)[:, -1]

    return beam_search(logits, start, end, longest, width, length_penalty)


def beam_search(logits: Callable[[np.ndarray], np.ndarray], start: int, end: int, longest: int, width: int = 4,
                length_penalty: float = 0.0) -> list[tuple[list[int], float]]:
    """The `width` most probable sequences that it finds, as (tokens without start and end, score), best first.

    logits: from prefixes (B, L) that begin with start to logits (B, V) of the next token. A sequence ends with `end`
    or after `longest` tokens. Its score is its log-probability over ((5 + length) / 6) ** length_penalty, with `end`
    counted in the length (Wu et al., 2016, equation 14).
    """
    def score(total: float, length: int) -> float:
        return total / ((5 + length) / 6) ** length_penalty

    prefixes, totals, finished = np.array([[start]]), np.zeros(1), []
    for length in range(1, longest + 1):
        ahead = totals[:, None] + log_softmax(logits(prefixes))            # (B, V)
        vocabulary = ahead.shape[1]
        alive = []
        for place in np.argsort(-ahead, axis=None, kind="stable")[:2 * width]:
            row, token = divmod(int(place), vocabulary)
            total = float(ahead[row, token])
            if token == end or length == longest:
                tokens = prefixes[row, 1:].tolist() + ([] if token == end else [token])
                finished.append((tokens, score(total, length)))
            elif len(alive) < width:
                alive.append((row, token, total))
        finished = sorted(finished, key=lambda found: -found[1])[:width]
        if not alive or (len(finished) == width and finished[-1][1] >= score(alive[0][2], longest)):
            break                                                          # none that goes on can come in any more
        rows, tokens, totals = (np.array(column) for column in zip(*alive, strict=True))
        prefixes = np.concatenate([prefixes[rows], tokens[:, None]], axis=1)
    return finished


def log_softmax(z: np.ndarray) -> np.ndarray:
    """ln softmax(z) along the last axis, in float64."""
    z = np.asarray(z, np.float64)
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def until(tokens: list[int], end: int) -> list[int]:
    """The tokens before the first `end`."""
    return tokens[:tokens.index(end)] if end in tokens else tokens
