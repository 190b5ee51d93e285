"""A run's network as a PyTorch module, with its loss and its optimizer, and a way to take over our weights."""

from typing import Any

from engine import Network, SpecError, Trainer, tasks
from runs.export import torch_run
from runs.export.naming import in_words
from runs.export.torch_layers import FIRST, Page

HELPERS = {
    "sinusoids": '''def sinusoids(steps, width):
    """Marks of the places of a sequence: waves of many lengths (Vaswani et al., 2017)."""
    columns = torch.arange(width)
    angles = torch.arange(steps)[:, None] * 10_000.0 ** (-(columns - columns % 2) / width)
    return torch.where(columns % 2 == 0, angles.sin(), angles.cos())''',
    "last_real": '''def last_real(x, mask):
    """The last step of each sequence that is not padding."""
    if mask is None:
        return x[:, -1]
    return x[torch.arange(len(x)), mask.sum(dim=1) - 1]''',
    "mean_of_real": '''def mean_of_real(x, mask):
    """The mean of the steps that are not padding."""
    if mask is None:
        return x.mean(dim=1)
    share = mask / mask.sum(dim=1, keepdim=True)
    return (share[..., None] * x).sum(dim=1)''',
    "ahead": '''def ahead(x):
    """True where a place of a sequence would look ahead."""
    return torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)''',
    "normalise": '''def normalise(norm, x):
    """Batch norm. One value of each feature has no variance: the running averages normalise it, and stay."""
    if norm.training and x.numel() == x.shape[1]:
        return F.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps)
    return norm(x)''',
    "gelu": '''def gelu(x):
    return F.gelu(x, approximate="tanh")''',
    "AdditiveAttention": '''class AdditiveAttention(nn.Module):
    """The last state asks, the steps that answer best count most (Bahdanau et al., 2014)."""

    def __init__(self, features, units):
        super().__init__()
        self.Wq, self.Wk = nn.Linear(features, units, bias=False), nn.Linear(features, units, bias=False)
        self.v = nn.Linear(units, 1, bias=False)

    def forward(self, x, mask):
        scores = self.v(torch.tanh(self.Wq(last_real(x, mask))[:, None] + self.Wk(x)))
        if mask is not None:
            scores = scores.masked_fill(~mask[..., None], -torch.inf)
        return (F.softmax(scores, dim=1) * x).sum(dim=1)''',
}
LOSSES = {"mse": "F.mse_loss({z}, {y})", "mae": "F.l1_loss({z}, {y})", "huber": "F.huber_loss({z}, {y}, delta={delta})",
          "binary_cross_entropy": "F.binary_cross_entropy_with_logits({z}, {y})",
          "cross_entropy": "F.cross_entropy({z}, {y})", "brier": "F.mse_loss({z}.sigmoid(), {y})",
          "brier shares": "({z}.softmax(1) - F.one_hot({y}, {z}.shape[1])).square().sum(1).mean()"}
OPTIMIZERS = {"sgd": "SGD", "momentum": "SGD", "nesterov": "SGD", "rmsprop": "RMSprop", "adagrad": "Adagrad",
              "adam": "Adam", "adamw": "AdamW"}


def torch_script(trainer: Trainer) -> str:
    """The text of the script; SpecError where the network can't be written in PyTorch here."""
    network, data = trainer.network, trainer.dataset
    if not isinstance(network, Network):
        raise SpecError("A network of an encoder and a decoder can't be written in PyTorch here yet.")
    task: Any = tasks[data.task]
    masked = task.prepares(data) and data.vocabulary is not None and data.vocabulary.pad is not None
    page, shape = Page(masked), network.input_shape
    if len(shape) == 3:
        page.do(f"{FIRST}          # channels first")
    for i, layer in enumerate(network.layers):
        shape = page.write(layer, str(i), f"network.layers[{i}]", shape)
    if network.knobs.tie_embedding:
        tie(page, len(network.layers) - 1)
    parts = [opening(trainer), *(HELPERS[name] for name in HELPERS if name in page.helpers), module(page, masked),
             training(trainer, masked), *torch_run.running(trainer, masked)]
    return "\n\n\n".join(parts) + "\n"


def opening(trainer: Trainer) -> str:
    """What the script is, what of the run it leaves out, and what it imports."""
    data, left = trainer.dataset, "\n".join(f"- {line}" for line in left_out(trainer))
    return (f'"""The network for {in_words(data.name)} in PyTorch. It runs alone.\n\nIt differs from the page\'s run:\n'
            f'{left}\n"""\n\n{torch_run.imports(data)}')


def left_out(trainer: Trainer) -> list[str]:
    """What of the run the script does otherwise, a line each."""
    settings: Any = trainer.training
    network: Any = trainer.network
    start, layers = network.knobs.initializer, list(network.walk())
    lines = ["Weights begin as PyTorch's own" + (
        f", not as the page's ({start})." if start != "default" else ", from other random numbers."),
        "The examples of each pass are shuffled by other random numbers."]
    if any(getattr(layer, "truncate", 0) for layer in layers):
        lines.append("The gradient flows through all steps of a sequence: on the page it is truncated.")
    if settings.patience:
        lines.append("No examples are held back, and it does not stop early: on the page patience "
                     f"is {settings.patience}.")
    if settings.schedule["kind"] != "constant":
        lines.append(f"The learning rate stays: on the page it follows a schedule ({settings.schedule['kind']}).")
    return lines


def tie(page: Page, last: int) -> None:
    """The output layer shares the embedding's table."""
    page.holds.append(f"self.layer{last}.weight = self.layer0.weight")
    page.takes = [line for line in page.takes if f'p["{last}.W"]' not in line]


def module(page: Page, masked: bool) -> str:
    """The class, from what has been written on the page."""

    def body(lines: list[str]) -> str:
        return "\n".join(f"        {line}" for line in lines)

    return "\n".join([
        "class Net(nn.Module):", "    def __init__(self):", "        super().__init__()", body(page.holds), "",
        f"    def forward(self, x{', mask=None' if masked else ''}):",
        *(['        """x: tokens (N, T); mask: True where a token is real, False where it is padding."""'] * masked),
        body(page.does), "        return x", "", "    @torch.no_grad()", "    def load(self, network):",
        '        """Take over the weights of the same network in LayerLab\'s engine, such as `trainer.network`."""',
        "        p = {name: torch.tensor(value) for name, value in network.parameters().items()}",
        body(page.takes)])


def training(trainer: Trainer, masked: bool) -> str:
    """The optimizer, the loss of a batch and one step."""
    settings: Any = trainer.training
    given = ", ".join(["x", "y", *["mask"] * masked, *["hidden"] * (trainer.dataset.task == "masked_token")])
    lines = ["net = Net()", *optimizer(trainer), "", "", f"def loss_of({given}):",
             f"    z = net(x{', mask' if masked else ''})", f"    return {loss(trainer)}", "", "",
             f"def step({given}):", "    net.train()", "    optimizer.zero_grad()", f"    loss = loss_of({given})"]
    weights = "for p in net.parameters() if p.ndim > 1)"
    if settings.l2:
        lines.append(f"    loss = loss + {settings.l2 / 2} * sum((p * p).sum() {weights}")
    if settings.l1:
        lines.append(f"    loss = loss + {settings.l1} * sum(p.abs().sum() {weights}")
    lines.append("    loss.backward()")
    if settings.clip_norm is not None:
        lines.append(f"    nn.utils.clip_grad_norm_(net.parameters(), {settings.clip_norm})")
    return "\n".join([*lines, "    optimizer.step()", "    return loss.item()"])


def loss(trainer: Trainer) -> str:
    """The loss of logits z against y. Of a text, padding does not count; of one with blanks, only what is hidden."""
    kind, data, y = trainer.loss.kind, trainer.dataset, "y"
    if data.task == "masked_token":
        return "F.cross_entropy(z[hidden], y[hidden])"
    if data.written is not None:
        ignored = "" if data.written.pad is None else f", ignore_index={data.written.pad}"
        return f"F.cross_entropy(z.flatten(0, 1), y.flatten(){ignored})"
    if data.task != "multiclass":
        y = "y.float().reshape(z.shape)"
    elif kind == "brier":
        kind = "brier shares"
    return LOSSES[kind].format(z="z", y=y, delta=getattr(trainer.loss, "delta", ""))


def optimizer(trainer: Trainer) -> list[str]:
    """The lines that make it. Weight decay acts on matrices alone, as ours does."""
    own: Any = trainer.optimizer
    settings = {name: getattr(own, name) for name in own.knobs if name not in ("weight_decay",)}
    settings = {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
    if own.kind == "nesterov":
        settings["nesterov"] = True
    listed = ", ".join(f"{name}={value!r}" for name, value in settings.items())
    if not own.weight_decay:
        groups = "net.parameters()"
        listed += ", weight_decay=0.0" if own.kind == "adamw" else ""
    else:
        groups = (f'[{{"params": [p for p in net.parameters() if p.ndim > 1], "weight_decay": {own.weight_decay}}},\n'
                  '     {"params": [p for p in net.parameters() if p.ndim < 2], "weight_decay": 0.0}]')
    return [f"optimizer = torch.optim.{OPTIMIZERS[own.kind]}(", f"    {groups}, {listed})"]
