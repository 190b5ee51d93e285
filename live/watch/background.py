"""What is asked of many examples takes longer than a frame: it is done part by part, of weights that stay."""

from collections.abc import Callable

from engine import Network
from engine.evaluation import Parts
from engine.seq2seq import Seq2Seq


class Background:
    """Works on one thing at a time, on its own copy of the network, while the run goes on."""

    def __init__(self, network: Network | Seq2Seq):
        self.network = network
        self.forget()

    def forget(self) -> None:
        """What was found is of other data."""
        self._found: dict[str, tuple[int, dict]] = {}     # by name, with the version of the weights that it is of
        self._work: Parts | None = None
        self._at: tuple[str, int] = ("", -1)              # name and version of the work that has been begun

    def find(self, name: str, begin: Callable[[], Parts], weights: Network | Seq2Seq, version: int,
             enough: Callable[[], bool] | None) -> tuple[int, dict] | None:
        """The version of the weights, and what the work finds for them; at once if that is known already.

        The weights are the same as long as `version` is. enough: asked after each part, whether the rest is left for
        the next call (then the answer is None). Work that was begun, for this name or another, is finished first, for
        the weights that it was begun with: the answer may be of an older version. Without `enough` it is all done now,
        for these weights.
        """
        known = self._found.get(name)
        while known is None or known[0] != version:
            if self._work is None or (enough is None and self._at != (name, version)):
                self.network.load_state(weights)
                self._work, self._at = begin(), (name, version)
            try:
                next(self._work)
            except StopIteration as done:
                finished, of = self._at
                self._work, self._found[finished] = None, (of, done.value)
                if finished == name:
                    return of, done.value
            if enough is not None and enough():
                return None
        return known
