"""Encoder and decoder: one network reads a sequence, the other writes one while looking at what was read."""

from collections.abc import Iterator, Mapping

import numpy as np

from engine.errors import ShapeError, SpecError
from engine.layers.base import Layer
from engine.network import Network, check_parameters
from engine.views import View

STACKS = ("encoder", "decoder")


class Seq2Seq:
    """Two stacks of layers over one flat theta, trained by teacher forcing (Sutskever et al., 2014).

    spec: `{"encoder": [...], "decoder": [...], ...}` with the settings of a network. The encoder turns the source into
    the memory (N, S, D); layers of the decoder read it: `decoder_block` and `cross_attention` (Vaswani et al., 2017),
    or `additive_cross_attention` behind a recurrent layer (Bahdanau et al., 2014; Luong et al., 2015).
    source_shape, target_shape: of one source and one target, without the batch axis; (S,) and (T,) for tokens.
    Everything else is as in `Network`; parameters are named "encoder.0.E", "decoder.1.attention.Wq" and so on.
    """

    def __init__(self, spec: Mapping, source_shape: tuple[int, ...], target_shape: tuple[int, ...], seed: int = 0,
                 dtype=np.float32, arrays: bool = True):
        settings = {name: value for name, value in check_seq2seq(spec).items() if name not in STACKS}
        untied = {name: value for name, value in settings.items() if name != "tie_embedding"}
        self.seed, self.dtype = seed, np.dtype(dtype)
        self.encoder = Network({**untied, "layers": spec["encoder"]}, source_shape, seed, dtype, arrays=arrays)
        memory = None if self.encoder.error else [tuple(source_shape), *self.encoder.shapes()][-1]
        self.decoder = Network({**settings, "layers": spec["decoder"]}, target_shape, seed, dtype, memory, arrays)
        self.error = self._complaint(memory)
        self._rng = np.random.default_rng([seed, 1])
        check_parameters(self.encoder.size + self.decoder.size)
        if arrays:
            self._join()
            if self.error is None:
                self.initialize()

    # -- construction ---------------------------------------------------------------------------------------------

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one source, without the batch axis."""
        return self.encoder.input_shape

    @property
    def layers(self) -> list[Layer]:
        """The encoder's layers, then the decoder's."""
        return [*self.encoder.layers, *self.decoder.layers]

    def _complaint(self, memory) -> ShapeError | None:
        if self.encoder.error:
            return self.encoder.error
        if len(memory) != 2:
            return ShapeError(f"The encoder must give a sequence (steps, features) for the decoder to look at, not "
                              f"{memory}. Let its last layer return sequences.")
        if self.decoder.error is None and not any(layer.takes_memory for layer in self.decoder.walk()):
            return ShapeError("The decoder never looks at the encoder's output. Give it a decoder block, "
                              "cross-attention or additive cross-attention.")
        return self.decoder.error

    def _join(self) -> None:
        """Give both networks their halves of common vectors."""
        parts = (self.encoder, self.decoder)
        names = ("theta", "grad", "decay", "state")
        vectors = [np.concatenate([getattr(net, name) for net in parts]) for name in names]
        self.theta, self.grad, self.decay, self.state = vectors
        if self.error is None:
            n, m = self.encoder.theta.size, self.encoder.state.size
            cuts = (n, n, n, m)
            self.encoder.bind(*(vector[:cut] for vector, cut in zip(vectors, cuts, strict=True)))
            self.decoder.bind(*(vector[cut:] for vector, cut in zip(vectors, cuts, strict=True)))

    def initialize(self) -> None:
        """Give every parameter its initial value again, the same for the same seed."""
        rng = np.random.default_rng([self.seed, 0])
        self.encoder.initialize(rng)
        self.decoder.initialize(rng)
        self._rng = np.random.default_rng([self.seed, 1])

    def copy(self, dtype=None) -> "Seq2Seq":
        """A second network with the same weights and running statistics and nothing shared, in dtype if given."""
        twin = Seq2Seq(self.to_dict(), self.input_shape, self.decoder.input_shape, self.seed, dtype or self.dtype)
        twin.load_state(self)
        return twin

    def to_dict(self) -> dict:
        """The spec with every setting filled in."""
        settings = self.decoder.knobs.to_dict()
        del settings["kind"]
        stacks = {name: [layer.to_dict() for layer in getattr(self, name).layers] for name in STACKS}
        return {**settings, **stacks}

    def load_state(self, other: "Seq2Seq") -> None:
        """Take over the parameters and running statistics of a network built from the same spec."""
        self.theta[...] = other.theta
        self.state[...] = other.state

    def walk(self) -> Iterator[Layer]:
        """Every layer, those inside others included."""
        yield from self.encoder.walk()
        yield from self.decoder.walk()

    def named_layers(self, inner: bool = False) -> Iterator[tuple[str, Layer]]:
        """As in `Network`: "encoder.0", "decoder.0" and so on."""
        for stack in STACKS:
            yield from ((f"{stack}.{name}", layer) for name, layer in getattr(self, stack).named_layers(inner))

    # -- forward and backward ---------------------------------------------------------------------------------------

    def forward(self, x: np.ndarray, train: bool = False, *, target_in: np.ndarray,
                rng: np.random.Generator | None = None, mask: np.ndarray | None = None,
                target_mask: np.ndarray | None = None, copy: bool = True) -> np.ndarray:
        """Logits (N, T, vocabulary) for sources x (N, S) and what the decoder reads, target_in (N, T).

        Teacher forcing: target_in is the true target, one step late, with a start token in front. mask (N, S) and
        target_mask (N, T): False where a token is padding.
        """
        memory = self.encode(x, train, rng=rng, mask=mask, copy=False)
        return self.decode(target_in, memory, train, rng=rng, mask=target_mask, memory_mask=mask, copy=copy)

    def encode(self, x: np.ndarray, train: bool = False, *, rng: np.random.Generator | None = None,
               mask: np.ndarray | None = None, copy: bool = True) -> np.ndarray:
        """The memory (N, S, D) that the encoder makes of sources x (N, S)."""
        if self.error is not None:
            raise self.error
        return self.encoder.forward(x, train, rng=rng or self._rng, mask=mask, copy=copy)

    def decode(self, target_in: np.ndarray, memory: np.ndarray, train: bool = False, *,
               rng: np.random.Generator | None = None, mask: np.ndarray | None = None,
               memory_mask: np.ndarray | None = None, copy: bool = True) -> np.ndarray:
        """Logits (N, T, vocabulary) of the decoder for target_in (N, T) and a memory from `encode`."""
        return self.decoder.forward(target_in, train, rng=rng or self._rng, mask=mask, memory=memory,
                                    memory_mask=memory_mask, copy=copy)

    def backward(self, dy: np.ndarray, *, needs_dx: bool = True, copy: bool = True) -> np.ndarray | None:
        """dL/dsource from dL/dlogits of the last forward; overwrites `grad`. None where the sources are tokens."""
        self.decoder.backward(dy, needs_dx=False)
        dmemory = [layer.dmemory for layer in self.decoder.walk() if layer.takes_memory]
        return self.encoder.backward(sum(dmemory[1:], dmemory[0]), needs_dx=needs_dx, copy=copy)

    # -- looking inside -----------------------------------------------------------------------------------------------

    def shapes(self) -> list[tuple[int, ...] | ShapeError]:
        """Per layer, the encoder's and then the decoder's: its output shape, or why it doesn't fit."""
        if self.encoder.error:
            return [*self.encoder.shapes(), *(ShapeError("Waits for the encoder to fit.") for _ in self.decoder.layers)]
        return [*self.encoder.shapes(), *self.decoder.shapes()]

    def parameters(self) -> dict[str, np.ndarray]:
        """Every parameter by name ("encoder.0.E"), as a view into theta."""
        return self._named(Network.parameters)

    def gradients(self) -> dict[str, np.ndarray]:
        """Every gradient by the same names, as a view into grad."""
        return self._named(Network.gradients)

    @property
    def slices(self) -> dict[str, slice]:
        """Where each parameter lies in theta."""
        n = self.encoder.theta.size
        return {f"encoder.{name}": part for name, part in self.encoder.slices.items()} | {
            f"decoder.{name}": slice(part.start + n, part.stop + n) for name, part in self.decoder.slices.items()}

    def _named(self, method) -> dict[str, np.ndarray]:
        return {f"{stack}.{name}": array for stack in STACKS for name, array in method(getattr(self, stack)).items()}

    def views(self, names: set[str] | None = None, kinds: set[str] | None = None) -> list[View]:
        """What can be drawn after a forward pass, by names such as "decoder.1.cross.attention"."""
        found = [view.inside(stack) for stack in STACKS for view in getattr(self, stack).views(kinds=kinds)]
        return [v for v in found if names is None or v.name in names]

    def frozen(self) -> list[slice]:
        """Where in theta the parameters of frozen layers lie."""
        n = self.encoder.theta.size
        return [*self.encoder.frozen(), *(slice(part.start + n, part.stop + n) for part in self.decoder.frozen())]

    def parameter_counts(self) -> list[int]:
        """How many parameters each layer has, the encoder's and then the decoder's."""
        return [*self.encoder.parameter_counts(), *self.decoder.parameter_counts()]


def check_seq2seq(spec: Mapping) -> Mapping:
    """The spec, or SpecError when it is not two lists of layers."""
    if not isinstance(spec, Mapping) or any(not isinstance(spec.get(name), list | tuple) for name in STACKS):
        raise SpecError("An encoder–decoder network is written as {'encoder': [...], 'decoder': [...]} with one entry "
                        "for each layer.")
    return spec
