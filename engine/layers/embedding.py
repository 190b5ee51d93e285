"""An embedding gives every word of a vocabulary a place in space, and moves these places while it learns."""

import numpy as np

from engine.errors import ShapeError, SpecError
from engine.initializers import standard_normal
from engine.kernels.sequence import sum_rows_by_token
from engine.knobs import Int
from engine.layers.base import Layer, layers
from engine.views import View


@layers.register("embedding", "Embedding")
class Embedding(Layer):
    """Looks up a vector for each token: tokens (N, T) -> y (N, T, dim), y = E[tokens].

    E (vocab, dim) begins as N(0, 1), as in PyTorch. Bengio et al., 2003. Tokens have no gradient: backward is None.
    """

    formula = r"a_t = E_{\text{token } t}"
    takes_tokens = True
    group = "sequence"

    size_knob = "dim"
    dim = Int(16, 1, 1024, "Dimensions", "How many numbers describe a token.", slider=(1, 128))
    vocab = Int(1000, 1, 200_000, "Vocabulary", "How many different tokens there are.", scale="log",
                slider=(10, 20_000))

    def shape(self, in_shape):
        if len(in_shape) != 1:
            raise ShapeError(f"Embedding reads tokens, one whole number for each step, (T,), not {in_shape}. "
                             "Put it first, on text.")
        return (*in_shape, self.dim)

    def build(self, in_shape):
        self.parameter("E", (self.vocab, self.dim), standard_normal)
        self.directions = None                                                # of the last map

    def forward(self, x, ctx):
        self.tokens = checked_tokens(x, self.vocab).astype(np.int32, copy=False)
        out = self.scratch("a", (*x.shape, self.dim), self.E.dtype)
        self.a = np.take(self.E, self.tokens, axis=0, out=out, mode="clip")                       # (N, T, dim)
        return self.a

    def backward(self, dy):
        repeat = dy.shape[1] if dy.strides[1] == 0 else 1                     # one row for all steps: mean_over_time
        rows = dy[:, 0] if repeat > 1 else dy.reshape(-1, self.dim)
        sum_rows_by_token(self.tokens.reshape(-1), rows, self.dE, repeat)

    def views(self):
        return [*super().views(), View("points", "map", "Map of the tokens",
                                         ("first principal component", "second principal component"), self.map,
                                         "The table E seen from the side on which it is widest: what the network "
                                         "treats alike drifts together.")]

    def map(self):
        """Where each token lies (vocab, 2), seen from the same side as the last time."""
        points, self.directions = principal_plane(self.E, self.directions)
        return points


def checked_tokens(x: np.ndarray, vocab: int) -> np.ndarray:
    """x as whole numbers below vocab; SpecError if it isn't."""
    if not np.issubdtype(x.dtype, np.integer):
        whole = x.astype(np.int64)
        if not np.array_equal(whole, x):
            raise SpecError("Embedding reads tokens, which are whole numbers; these are not. Put it first, on text.")
        x = whole
    if x.size and (x.max() >= vocab or x.min() < 0):
        bad = x.max() if x.max() >= vocab else x.min()
        raise SpecError(f"Embedding knows the tokens 0 to {vocab - 1:,}, and got {bad:,}. "
                        f"Set its vocabulary to more than the largest token.")
    return x


def principal_plane(E: np.ndarray, before: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The rows of E (V, D) on their first two principal components (Pearson, 1901), (V, 2), and these (D, 2).

    A component may point either way. It points as the one `before` did, so that a map that is drawn again and again
    does not flip; without one, so that its largest weight is positive.
    """
    centred = E - E.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)                          # ascending
    plane = vectors[:, ::-1][:, :2]
    if before is not None and before.shape == plane.shape:
        plane = plane * np.where((plane * before).sum(axis=0) < 0, -1, 1)
    else:
        plane = plane * np.sign(plane[np.abs(plane).argmax(axis=0), np.arange(plane.shape[1])])
    points = np.zeros((len(E), 2), E.dtype)
    points[:, :plane.shape[1]] = centred @ plane
    return points, plane
