"""A picture of many examples takes longer than a frame: it is made part by part, of weights that stay as they were."""

from collections.abc import Callable, Generator

from engine import Network
from engine.seq2seq import Seq2Seq
from live.protocol import Arrays


class Aside:
    """Works on one picture at a time, on its own copy of the network, while the run goes on."""

    def __init__(self, network: Network | Seq2Seq):
        self.network = network
        self.forget()

    def forget(self) -> None:
        """What was made is of other data."""
        self._work: Generator[None, None, Arrays] | None = None
        self._begun = self._finished = -1
        self._arrays: Arrays = {}

    def make(self, begin: Callable[[], Generator[None, None, Arrays]], weights: Network | Seq2Seq, version: int,
             enough: Callable[[], bool] | None) -> Arrays | None:
        """The picture of the weights, which are the same as long as `version` is; at once if they are known already.

        enough: asked after each part, whether the rest is left for the next call (then the answer is None). A picture
        that was begun is finished for the weights that it was begun with. Without `enough` it is made whole, of these.
        """
        if self._finished == version:
            return self._arrays
        if self._work is None or (enough is None and self._begun != version):
            self.network.load_state(weights)
            self._work, self._begun = begin(), version
        try:
            while True:
                next(self._work)
                if enough is not None and enough():
                    return None
        except StopIteration as done:
            self._work, self._finished, self._arrays = None, self._begun, done.value
        return self._arrays
