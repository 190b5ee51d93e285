"""What is asked of a network that reads and writes text: the next token, a hidden token, or an answer."""

from collections.abc import Callable

import numpy as np

from engine.activations import Softmax
from engine.data import Vocabulary
from engine.errors import SpecError
from engine.losses import losses
from engine.tasks.base import Batch, Task, tasks

CHOSEN = 0.15                  # share of the tokens that a masked language model has to guess
HIDDEN, SWAPPED = 0.8, 0.1     # of these: shown as the mask token, or as some other word; the rest is left as it is


class TextTask(Task):
    """A task whose targets are tokens (N, T), one class of the vocabulary at each place."""

    loss = "cross_entropy"

    def check(self, network, dataset):
        if len(network.shapes()[-1]) != 2:
            raise SpecError("This data needs a prediction at each place, and the network gives one for a whole text. "
                            "Let its recurrent layers return sequences, and leave out what sums a text up.")

    def prepares(self, dataset):
        return True

    def answers(self, logits):
        return Softmax().forward(logits)

    def classes(self, logits: np.ndarray) -> np.ndarray:
        """The likeliest token (N, T) at each place."""
        return logits.argmax(axis=-1)

    def scores(self, logits, y, counts=None):
        """accuracy: share of the tokens that count and are right. perplexity: e to the power of the loss."""
        right = self.classes(logits) == y
        loss, _ = losses[self.loss](logits, y, counts)
        accuracy = right.mean() if counts is None else right[counts].mean() if counts.any() else 0.0
        return {"accuracy": float(accuracy), "perplexity": float(np.exp(min(loss, 700.0)))}


@tasks.register("next_token", "Next token")
class NextToken(TextTask):
    """Predict at each place of a text what comes next (Bengio et al., 2003).

    The network must be causal: a place that sees the next one has nothing to learn.
    """

    metric = "perplexity"

    def check(self, network, dataset):
        super().check(network, dataset)
        refuse_looking_ahead(network.forward, dataset.x_train[:1])

    def prepare(self, x, y, dataset, rng):
        mask = real(x, dataset.vocabulary)
        return Batch(x, y, {"mask": mask}, real(y, dataset.written))


@tasks.register("masked_token", "Fill in the blank")
class MaskedToken(TextTask):
    """Guess hidden tokens of a text from what stands on both sides (Devlin et al., 2018).

    Of all tokens 15 % are chosen anew in each step; of these 80 % are hidden by the mask token, 10 % replaced by some
    word, and 10 % left as they are. Only they count.
    """

    metric = "accuracy"

    def prepare(self, x, y, dataset, rng):
        mask = real(x, dataset.vocabulary)
        seen, chosen = corrupt(x, dataset.vocabulary, rng)
        return Batch(seen, x, {"mask": mask}, chosen)


@tasks.register("seq2seq", "Sequence to sequence")
class SequenceToSequence(TextTask):
    """Write an answer to a text, token by token, while looking at the text (Sutskever et al., 2014).

    While it learns, the decoder is shown the true answer up to each place (teacher forcing). exact_match is the share
    of answers that are right from the first token to the end: just these does greedy decoding write without a fault.
    """

    metric, encodes = "exact_match", True

    def check(self, network, dataset):
        super().check(network, dataset)
        memory = network.encode(dataset.x_train[:1])
        refuse_looking_ahead(lambda tokens: network.decode(tokens, memory), dataset.y_train[:1])

    def prepare(self, x, y, dataset, rng):
        vocabulary = dataset.written
        if vocabulary.start is None:
            raise SpecError("The answers need a vocabulary with a start token.")
        target_in = np.concatenate([np.full((len(y), 1), vocabulary.start, y.dtype), y[:, :-1]], axis=1)
        inputs = {"target_in": target_in, "target_mask": real(target_in, vocabulary)}
        return Batch(x, y, inputs | {"mask": real(x, dataset.vocabulary)}, real(y, vocabulary))

    def scores(self, logits, y, counts=None):
        right = self.classes(logits) == y
        whole = right if counts is None else right | ~counts
        return super().scores(logits, y, counts) | {"exact_match": float(whole.all(axis=1).mean())}


def refuse_looking_ahead(forward: Callable[[np.ndarray], np.ndarray], tokens: np.ndarray) -> None:
    """SpecError if what `forward` says at the first places of tokens (1, T) depends on the last one."""
    other = tokens.copy()
    other[:, -1] = np.where(tokens[:, -1] == 0, 1, 0)
    if not np.allclose(forward(tokens)[:, :-1], forward(other)[:, :-1], rtol=1e-4, atol=1e-6):
        raise SpecError("The network sees the token that it should predict, because some place looks ahead. "
                        "Make its attention causal.")


def real(tokens: np.ndarray, vocabulary: Vocabulary | None) -> np.ndarray | None:
    """Mask, shaped as the tokens, of those that are not padding; None where texts are never padded."""
    return None if vocabulary is None or vocabulary.pad is None else tokens != vocabulary.pad


def corrupt(tokens: np.ndarray, vocabulary: Vocabulary, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """What a masked language model is shown of tokens (N, T), and which of them (N, T) it has to guess.

    Padding, start and end are never chosen. Where chance chooses nothing at all, one token is chosen.
    """
    if vocabulary.mask is None:
        raise SpecError("To hide tokens, the vocabulary needs a mask token.")
    special = [i for i in (vocabulary.pad, vocabulary.start, vocabulary.end) if i is not None]
    eligible = ~np.isin(tokens, special)
    chosen = (rng.random(tokens.shape) < CHOSEN) & eligible
    spare = rng.random(tokens.shape)
    if not chosen.any() and eligible.any():
        chosen.flat[(spare * eligible).argmax()] = True
    fate = rng.random(tokens.shape)
    words = rng.choice(vocabulary.words, tokens.shape)
    seen = np.where(chosen & (fate < HIDDEN), vocabulary.mask, tokens)
    return np.where(chosen & (fate >= HIDDEN) & (fate < HIDDEN + SWAPPED), words, seen).astype(tokens.dtype), chosen
