"""How each layer is written in PyTorch: what it holds, what it does with x, and how it takes over our weights.

Pictures lie channels first in PyTorch. Where a layer works along the channels, x is turned round before and after.
"""

from collections.abc import Callable

from engine import Layer, SpecError

ACTIVATIONS = {
    "linear": "{x}", "relu": "F.relu({x})", "leaky_relu": "F.leaky_relu({x}, {alpha})", "elu": "F.elu({x}, {alpha})",
    "sigmoid": "torch.sigmoid({x})", "tanh": "torch.tanh({x})", "gelu": 'F.gelu({x}, approximate="tanh")',
    "silu": "F.silu({x})", "softplus": "F.softplus({x})", "softmax": "F.softmax({x}, dim={dim})",
}
LAST, FIRST = "x = x.permute(0, 2, 3, 1)", "x = x.permute(0, 3, 1, 2)"


class Page:
    """What is written of a module: `holds` in __init__, `does` in forward, `takes` in load, and `helpers` above it."""

    def __init__(self, masked: bool):
        self.masked = masked
        self.holds: list[str] = []
        self.does: list[str] = []
        self.takes: list[str] = []
        self.helpers: set[str] = set()

    def write(self, layer: Layer, name: str, place: str, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Write a layer called `name` ("2.0"), found at `place` in our network, on what has `shape`; its own shape."""
        if layer.kind not in writers:
            raise SpecError(f"{layer.label} can't be written in PyTorch here yet.")
        where = Where(name, place, shape)
        writers[layer.kind](self, layer, where)
        if layer.frozen and layer.plan.parameters:
            self.holds.append(f"self.{where.attribute}.requires_grad_(False)")
        return layer.shape(shape)

    def hold(self, where: "Where", module: str, **weights: str) -> None:
        """A module of PyTorch's, and where each of its tensors comes from."""
        self.holds.append(f"self.{where.attribute} = {module}")
        for tensor, source in weights.items():
            self.takes.append(f"self.{where.attribute}.{tensor.replace('__', '.')}.copy_({source})")

    def do(self, *lines: str, channels_last: bool = False) -> None:
        self.does += [LAST, *lines, FIRST] if channels_last else lines

    def help(self, name: str) -> str:
        self.helpers.add(name)
        return name


class Where:
    """A layer's place: its name, its attribute, how our network reaches it, and the shape that reaches it."""

    def __init__(self, name: str, place: str, shape: tuple[int, ...]):
        self.name, self.place, self.shape = name, place, shape
        self.attribute = "layer" + name.replace(".", "_")
        self.picture = len(shape) == 3

    def p(self, parameter: str) -> str:
        return f'p["{self.name}.{parameter}"]'


writers: dict[str, Callable[[Page, Layer, Where], None]] = {}


def writes(*kinds: str):
    """Register a function as the way to write layers of these kinds."""

    def add(function: Callable[[Page, Layer, Where], None]):
        writers.update(dict.fromkeys(kinds, function))
        return function

    return add


def bent(function, x: str, dim: int = -1) -> str:
    """An activation of ours on the expression x."""
    return ACTIVATIONS[function.kind].format(x=x, alpha=getattr(function, "alpha", ""), dim=dim)


def off(layer, dim: int) -> list[str]:
    """The line that silences units that are switched off."""
    units = [unit for unit in layer.off if unit < getattr(layer, layer.knobs["off"].of)]
    return [f"x = x.index_fill({dim}, torch.tensor({units}), 0.0)"] if units else []


def refuse_switches(layer) -> None:
    """SpecError where something inside a block of PyTorch's is switched off: it has no switch for that."""
    if layer.off or getattr(layer, "paths", "both") != "both":
        raise SpecError(f"{layer.label} has heads or paths that are switched off, which PyTorch's own block can't do. "
                        "Switch them on to see the network as PyTorch.")


@writes("dense")
def dense(page, layer, at):
    weights = {"weight": f"{at.p('W')}.T"} | ({"bias": at.p("b")} if layer.bias else {})
    page.hold(at, f"nn.Linear({at.shape[-1]}, {layer.units}{'' if layer.bias else ', bias=False'})", **weights)
    page.do(f"x = {bent(layer.f, f'self.{at.attribute}(x)')}", *off(layer, -1), channels_last=at.picture)


@writes("activation")
def activation(page, layer, at):
    page.do(f"x = {bent(layer.f, 'x', 1 if at.picture else -1)}")


@writes("conv2d")
def conv2d(page, layer, at):
    page.hold(at, f"nn.Conv2d({at.shape[-1]}, {layer.filters}, {layer.kernel}, stride={layer.stride}, "
                  f"padding={layer.pad})", weight=f"{at.p('W')}.permute(3, 2, 0, 1)", bias=at.p("b"))
    page.do(f"x = {bent(layer.f, f'self.{at.attribute}(x)', 1)}", *off(layer, 1))


@writes("max_pool2d", "avg_pool2d")
def pool(page, layer, at):
    page.do(f"x = F.{layer.kind}(x, {layer.size}, stride={layer.step})")


@writes("global_avg_pool")
def global_avg_pool(page, layer, at):
    page.do("x = x.mean(dim=(2, 3))")


@writes("flatten")
def flatten(page, layer, at):
    page.do(*([LAST] if at.picture else []), "x = x.flatten(1)")


@writes("dropout")
def dropout(page, layer, at):
    page.do(f"x = F.dropout(x, {layer.rate}, self.training)")


@writes("batch_norm")
def batch_norm(page, layer, at):
    kind, place = "2d" if at.picture else "1d", f"{at.place}.running"
    page.hold(at, f"nn.BatchNorm{kind}({at.shape[-1]}, eps={layer.eps}, momentum={layer.momentum})",
              weight=at.p("gamma"), bias=at.p("beta"), running_mean=f"torch.tensor({place}_mean)",
              running_var=f"torch.tensor({place}_var)")
    series = len(at.shape) == 2
    normed = f"{page.help('normalise')}(self.{at.attribute}, x{'.transpose(1, 2)' * series})"
    page.do(f"x = {normed}{'.transpose(1, 2)' * series}")


@writes("layer_norm")
def layer_norm(page, layer, at):
    page.hold(at, f"nn.LayerNorm({at.shape[-1]}, eps={layer.eps})", weight=at.p("gamma"), bias=at.p("beta"))
    page.do(f"x = self.{at.attribute}(x)", channels_last=at.picture)


@writes("embedding")
def embedding(page, layer, at):
    page.hold(at, f"nn.Embedding({layer.vocab}, {layer.dim})", weight=at.p("E"))
    page.do(f"x = self.{at.attribute}(x)")


@writes("positional")
def positional(page, layer, at):
    if layer.encoding == "learned":
        page.holds.append(f"self.{at.attribute} = nn.Parameter(torch.zeros{at.shape})")
        page.takes.append(f"self.{at.attribute}.copy_({at.p('P')})")
        page.do(f"x = x + self.{at.attribute}[:x.shape[1]]")
    else:
        page.do(f"x = x + {page.help('sinusoids')}(x.shape[1], x.shape[2])")


@writes("rnn", "lstm", "gru")
def recurrent(page, layer, at):
    bias = "torch.zeros_like(" + at.p("b") + ")"
    if layer.kind == "gru":
        bias = f"torch.cat([torch.zeros({2 * layer.units}), {at.p('bn')}])"
    page.hold(at, f"nn.{layer.kind.upper()}({at.shape[-1]}, {layer.units}, batch_first=True)",
              weight_ih_l0=f"{at.p('Wx')}.T", weight_hh_l0=f"{at.p('Wh')}.T", bias_ih_l0=at.p("b"), bias_hh_l0=bias)
    page.do(f"x, _ = self.{at.attribute}(x)")
    if not layer.return_sequences:
        last_step(page, layer, at)
    elif page.masked:
        page.do("x = x if mask is None else x * mask[..., None]")


@writes("last_step")
def last_step(page, layer, at):
    page.do(f"x = {page.help('last_real')}(x, mask)" if page.masked else "x = x[:, -1]")


@writes("mean_over_time")
def mean_over_time(page, layer, at):
    page.do(f"x = {page.help('mean_of_real')}(x, mask)" if page.masked else "x = x.mean(dim=1)")


def looks(page, causal: bool, of: str) -> str:
    """The arguments that tell attention where not to look."""
    return (f", {of}mask={page.help('ahead')}(x)" if causal else "") + (
        f", {of.replace('attn_', '')}key_padding_mask=None if mask is None else ~mask" if page.masked else "")


def projections(at, prefix: str = "") -> tuple[str, ...]:
    """Queries, keys and values as the one matrix and the one bias that PyTorch has."""
    return tuple("torch.cat([" + ", ".join(at.p(f"{prefix}{kind}{i}") + turn for i in "qkv") + "])"
                 for kind, turn in (("W", ".T"), ("b", "")))


@writes("self_attention")
def self_attention(page, layer, at):
    refuse_switches(layer)
    weight, bias = projections(at)
    page.hold(at, f"nn.MultiheadAttention({at.shape[-1]}, {layer.heads}, batch_first=True)", in_proj_weight=weight,
              in_proj_bias=bias, out_proj__weight=f"{at.p('Wo')}.T", out_proj__bias=at.p("bo"))
    page.do(f"x, _ = self.{at.attribute}(x, x, x{looks(page, layer.causal, 'attn_')})")


@writes("transformer_block")
def transformer_block(page, layer, at):
    refuse_switches(layer)
    weight, bias = projections(at, "attention.")
    tensors = {"self_attn__in_proj_weight": weight, "self_attn__in_proj_bias": bias,
               "self_attn__out_proj__weight": f"{at.p('attention.Wo')}.T",
               "self_attn__out_proj__bias": at.p("attention.bo")}
    for i in (1, 2):
        tensors |= {f"linear{i}__weight": f"{at.p(f'ff{i}.W')}.T", f"linear{i}__bias": at.p(f"ff{i}.b"),
                    f"norm{i}__weight": at.p(f"norm{i}.gamma"), f"norm{i}__bias": at.p(f"norm{i}.beta")}
    bend = "F.relu" if layer.activation == "relu" else page.help("gelu")
    page.hold(at, f"nn.TransformerEncoderLayer({at.shape[-1]}, {layer.heads}, {layer.ff}, dropout={layer.dropout}, "
                  f"activation={bend}, batch_first=True, norm_first={layer.norm_first})", **tensors)
    if layer.dropout:
        page.holds.append(f"self.{at.attribute}.self_attn.dropout = 0.0     # ours leaves the attention weights alone")
    page.do(f"x = self.{at.attribute}(x{looks(page, layer.causal, 'src_')})")


@writes("additive_attention")
def additive_attention(page, layer, at):
    page.hold(at, f"{page.help('AdditiveAttention')}({at.shape[-1]}, {layer.units})", Wq__weight=f"{at.p('Wq')}.T",
              Wk__weight=f"{at.p('Wk')}.T", v__weight=f"{at.p('v')}[None]")
    page.help("last_real")
    page.do(f"x = self.{at.attribute}(x, {'mask' if page.masked else 'None'})")


@writes("residual", "basic_block", "preact_block")
def shortcut(page, layer, at):
    skip, shape = f"skip{at.name.replace('.', '_')}", at.shape
    page.do(f"{skip} = x")
    if layer.bridge is not None:
        page.write(layer.bridge, f"{at.name}.projection", f'{at.place}.children()["projection"]', shape)
        page.do(f"{skip}, x = x, {skip}")
    for i, part in enumerate(layer.parts):
        shape = page.write(part, f"{at.name}.{i}", f'{at.place}.children()["{i}"]', shape)
    both = {"both": f"x + {skip}", "shortcut": skip, "layers": "x"}[layer.paths]
    page.do(f"x = {bent(layer.g, both, 1 if len(shape) == 3 else -1)}")
