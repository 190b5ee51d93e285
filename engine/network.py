"""A network is a stack of layers whose parameters are all views into one flat vector, theta."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from engine.errors import ShapeError, SpecError
from engine.fitting import check_tie, infer_shapes
from engine.initializers import initializers, normal, ones, zeros
from engine.knobs import Choice, Declared, Flag
from engine.layers.base import Context, Layer, layers
from engine.views import View

MAX_LAYERS = 64
MAX_PARAMETERS = 20_000_000


class NetworkKnobs(Declared):
    """Settings of a network as a whole."""

    initializer = Choice("default", initializers, "Initial weights",
                         "How the weights begin. All zeros cannot learn: every unit would stay the same.")
    tie_embedding = Flag(False, "Tie embedding", "The output layer reads words with the same table that the embedding "
                         "writes them with: fewer weights, and what is learned of a word serves both.")


class Network:
    """Layers in a row, trained by hand-written backpropagation.

    spec: `{"layers": [{"kind": ...}, ...], "initializer": "default"}`; a bad kind or knob raises SpecError.
    input_shape: shape of one example, without the batch axis. seed: of the initial weights.
    memory_shape: (S, D) of the encoder's output that this network is given as `memory`, if it is a decoder.
    arrays=False makes a plan that cannot be run: it knows its shapes and sizes, and no weight of it exists.
    A layer that doesn't fit what reaches it does not raise here: `shapes()` tells, and `forward` raises ShapeError.
    """

    def __init__(self, spec: Mapping, input_shape: tuple[int, ...], seed: int = 0, dtype=np.float32,
                 memory_shape: tuple[int, ...] | None = None, arrays: bool = True):
        specs, knobs = check_network(spec)
        self.knobs = knobs
        self.input_shape, self.seed, self.dtype = tuple(input_shape), seed, np.dtype(dtype)
        self.layers: list[Layer] = [layers.build(s) for s in specs]
        self.memory_shape = memory_shape
        for layer in self.walk():
            layer.memory_shape = memory_shape
        self._shapes = infer_shapes(self.layers, self.input_shape)
        if knobs.tie_embedding:
            check_tie(self.layers, self._shapes)
        #: The first layer's complaint, if one doesn't fit.
        self.error = next((s for s in self._shapes if isinstance(s, ShapeError)), None)
        self.theta, self.grad, self.decay, self.state = (np.zeros(0, self.dtype) for _ in range(4))
        self._named, self._first_trained, self._tied = [], 0, ()
        self._rng = np.random.default_rng([seed, 1])
        if self.error is None:
            self._build()
            if arrays:
                self._allocate()

    # -- construction ---------------------------------------------------------------------------------------------

    def shapes(self) -> list[tuple[int, ...] | ShapeError]:
        """Per layer: its output shape without the batch axis, or the ShapeError that says why it doesn't fit.

        Layers behind one that doesn't fit have a ShapeError too.
        """
        return list(self._shapes)

    def _build(self) -> None:
        shape = self.input_shape
        for layer, out_shape in zip(self.layers, self._shapes, strict=True):
            layer.build(shape)
            shape = out_shape
        for layer in self.walk():                                 # from the outside in
            for inner in layer.children().values():
                inner.frozen = inner.frozen or layer.frozen
        self._named = [(f"{i}.{path}", layer, p) for i, top in enumerate(self.layers)
                       for path, layer, p in walk_parameters(top)]
        if self.knobs.tie_embedding:
            self._tie()
        self._first_trained = next((i for i, layer in enumerate(self.layers) if any(walk_parameters(layer))), 0)
        check_parameters(self.size)

    @property
    def size(self) -> int:
        """How many parameters it has."""
        return sum(math.prod(p.shape) for _, _, p in self._named)

    def _allocate(self) -> None:
        state = sum(np.size(v) for layer in self.walk() for v in layer.plan.state.values())
        self.bind(*(np.zeros(self.size, self.dtype) for _ in range(3)), np.zeros(state, self.dtype))
        self.initialize()

    def _tie(self) -> None:
        """The output layer's W becomes the embedding's E, turned round (Press and Wolf, 2017; as in GPT-2).

        E begins small then, with deviation 0.02: from N(0, 1) the first logits would be far too large.
        """
        embedding, output = self._tied = self.layers[0], self.layers[-1]
        self._named = [(name, layer, replace(p, initial=normal) if layer is embedding else p)
                       for name, layer, p in self._named if not (layer is output and p.name == "W")]

    def bind(self, theta: np.ndarray, grad: np.ndarray, decay: np.ndarray, state: np.ndarray) -> None:
        """Let every parameter be a view into theta, every gradient into grad, every running statistic into state.

        Running statistics, too, live in one flat vector, so that a snapshot is two copies.
        """
        self.theta, self.grad, self.decay, self.state = theta, grad, decay, state
        self.slices: dict[str, slice] = {}
        start = 0
        for name, layer, p in self._named:
            stop = start + int(np.prod(p.shape))
            self.slices[name] = slice(start, stop)
            setattr(layer, p.name, theta[start:stop].reshape(p.shape))
            setattr(layer, "d" + p.name, grad[start:stop].reshape(p.shape))
            decay[start:stop] = p.decay
            start = stop
        start = 0
        for layer in self.walk():
            layer._scratch.clear()                                # what is kept there may be views of the old vectors
            for name, value in layer.plan.state.items():
                stop = start + np.size(value)
                setattr(layer, name, state[start:stop].reshape(np.shape(value)))
                start = stop
        if self._tied:
            embedding, output = self._tied
            output.W, output.dW = embedding.E.T, np.zeros(embedding.E.T.shape, self.dtype)

    def copy(self, dtype=None) -> "Network":
        """A second network with the same weights and running statistics and nothing shared, in dtype if given."""
        spec = {"layers": [layer.to_dict() for layer in self.layers], **self.knobs.to_dict()}
        del spec["kind"]
        twin = Network(spec, self.input_shape, self.seed, dtype or self.dtype, self.memory_shape)
        twin.load_state(self)
        return twin

    def initialize(self, rng: np.random.Generator | None = None) -> None:
        """Give every parameter its initial value again, the same for the same seed, or from rng."""
        rng = rng or np.random.default_rng([self.seed, 0])
        chosen = initializers[self.knobs.initializer]
        for _, layer, p in self._named:
            if chosen is None or p.initial is ones:
                initial = p.initial
            else:
                initial = chosen if p.decay else zeros
            getattr(layer, p.name)[...] = initial(p.shape, p.fan_in, p.fan_out, rng)
        for layer in self.walk():
            for name, value in layer.plan.state.items():
                getattr(layer, name)[...] = value
        self._rng = np.random.default_rng([self.seed, 1])

    def load_state(self, other: "Network") -> None:
        """Take over the parameters and running statistics of a network built from the same spec."""
        self.theta[...] = other.theta
        self.state[...] = other.state

    def walk(self) -> Iterator[Layer]:
        """Every layer, those inside others included."""
        stack = list(reversed(self.layers))
        while stack:
            layer = stack.pop()
            yield layer
            stack += reversed(list(layer.children().values()))

    def named_layers(self, inner: bool = False) -> Iterator[tuple[str, Layer]]:
        """Each layer under the name that its parameters begin with, such as "0"; `inner` adds those inside others, such
        as "0.attention"."""
        for i, layer in enumerate(self.layers):
            yield from layer.named(str(i)) if inner else [(str(i), layer)]

    # -- forward and backward ---------------------------------------------------------------------------------------

    def forward(self, x: np.ndarray, train: bool = False, *, rng: np.random.Generator | None = None,
                mask: np.ndarray | None = None, memory: np.ndarray | None = None,
                memory_mask: np.ndarray | None = None, copy: bool = True) -> np.ndarray:
        """Output (N, ...) for x (N, *input_shape); keeps what `backward` needs.

        train: dropout and batch statistics are on, drawing from rng (the network's own if None).
        mask: (N, T) bool, False where a token is padding. copy=False hands out a buffer that the next call reuses.
        """
        if self.error is not None:
            raise self.error
        x = np.asarray(x)
        if x.shape[1:] != self.input_shape and not self._fits(x):
            raise ShapeError(f"The network takes examples of shape {self.input_shape}, not {x.shape[1:]}.")
        if x.dtype != self.dtype and not (self.layers and self.layers[0].takes_tokens):
            x = x.astype(self.dtype)
        ctx = Context(train, rng if rng is not None else self._rng, mask, memory, memory_mask)
        for layer in self.layers:
            x = layer.forward(x, ctx)
        return x.copy() if copy else x

    def _fits(self, x: np.ndarray) -> bool:
        """Sequences may be shorter or longer than declared: only the axes behind time must agree."""
        shape = x.shape[1:]
        return len(shape) == len(self.input_shape) and len(shape) in (1, 2) and shape[1:] == self.input_shape[1:] and (
            len(shape) == 2 or (self.layers[:1] and self.layers[0].takes_tokens))

    def backward(self, dy: np.ndarray, *, needs_dx: bool = True, copy: bool = True) -> np.ndarray | None:
        """dL/dx from dL/dy of the last forward; overwrites `grad`. None where the input is tokens.

        needs_dx=False fills `grad` only, as training needs it, and returns None: the first layer's dx is large.
        """
        dy = np.asarray(dy, self.dtype)
        first = 0 if needs_dx else self._first_trained
        if self.layers:
            self.layers[self._first_trained].needs_dx = needs_dx
        for i in range(len(self.layers) - 1, first - 1, -1):
            dy = self.layers[i].backward(dy)
        if self._tied:                                            # one table, two uses: their gradients add up
            embedding, output = self._tied
            embedding.dE += output.dW.T
        if not needs_dx:
            return None
        return dy.copy() if copy and dy is not None else dy

    # -- looking inside -----------------------------------------------------------------------------------------------

    def parameters(self) -> dict[str, np.ndarray]:
        """Every parameter by name ("0.W"), as a view into theta: write with `[...] =`."""
        return {name: getattr(layer, p.name) for name, layer, p in self._named}

    def gradients(self) -> dict[str, np.ndarray]:
        """Every gradient by the same names, as a view into grad."""
        return {name: getattr(layer, "d" + p.name) for name, layer, p in self._named}

    def views(self, names: set[str] | None = None, kinds: set[str] | None = None) -> list[View]:
        """What can be drawn after a forward pass, by names such as "0.neurons"; all of it, or only what is asked."""
        found = [view.inside(str(i)) for i, layer in enumerate(self.layers) for view in layer.views()]
        return [v for v in found if (names is None or v.name in names) and (kinds is None or v.kind in kinds)]

    def frozen(self) -> list[slice]:
        """Where in theta the parameters of frozen layers lie."""
        return [self.slices[name] for name, layer, _ in self._named if layer.frozen]

    def parameter_counts(self) -> list[int]:
        """How many parameters each layer has."""
        counts = [sum(int(np.prod(p.shape)) for _, _, p in walk_parameters(layer)) for layer in self.layers]
        if self._tied:
            counts[-1] -= self._tied[1].W.size
        return counts


def shapes(spec: Mapping, input_shape: tuple[int, ...]) -> list[tuple[int, ...] | ShapeError]:
    """Each layer's output shape without the batch axis, or the ShapeError that says why it doesn't fit.

    No array is made. SpecError if the spec is malformed or has more than MAX_PARAMETERS.
    """
    return Network(spec, input_shape, arrays=False).shapes()


def check_parameters(count: int) -> None:
    if count > MAX_PARAMETERS:
        raise SpecError(f"This network would have {count:,} parameters; at most {MAX_PARAMETERS:,} are allowed.")


def check_network(spec: Mapping) -> tuple[list, NetworkKnobs]:
    """The list of layer specs and the checked settings of `{"layers": [...], ...}`; SpecError if malformed."""
    if not isinstance(spec, Mapping) or not isinstance(spec.get("layers"), list | tuple):
        raise SpecError("A network is written as {'layers': [...]} with one entry for each layer.")
    if len(spec["layers"]) > MAX_LAYERS:
        raise SpecError(f"A network may have at most {MAX_LAYERS} layers, not {len(spec['layers'])}.")
    settings = {str(name): value for name, value in spec.items() if name != "layers"}
    return list(spec["layers"]), NetworkKnobs(**settings)


def walk_parameters(layer: Layer) -> Iterator[tuple[str, Layer, object]]:
    """(path, owner, Parameter) for a layer and those inside it: ("W", ...), ("attention.Wq", ...)."""
    for p in layer.plan.parameters:
        yield p.name, layer, p
    for prefix, child in layer.children().items():
        for path, owner, p in walk_parameters(child):
            yield f"{prefix}.{path}", owner, p
