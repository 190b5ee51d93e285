"""The part of a PyTorch script that trains: its examples, inside the script or in a file beside it, and the loop."""

import base64
import io
import textwrap
from typing import Any

import numpy as np

from engine import Dataset, SpecError, Trainer

FILE = "data.npz"
INSIDE = 128 * 1024       # bytes of examples that are written into the script itself; more come in a file
MOST = 256 * 2**20        # bytes of examples that such a file may hold
EPOCHS = 10
SPLITS = ("x_train", "y_train", "x_test", "y_test")

BESIDE = f'''def examples():
    """The page's examples, from the file that its Code panel saves."""
    path = Path(__file__).with_name("{FILE}")
    if not path.exists():
        sys.exit(f"Save the data from the Code panel as {{path}}, and run this again.")
    return np.load(path)'''
WITHIN = '''def examples():
    """The page's examples: they stand at the end of this file."""
    return np.load(io.BytesIO(base64.b64decode(DATA)))'''
HIDE = '''def hide(x):
    """What is shown of tokens x (N, T), and which of them (N, T) have to be guessed (Devlin et al., 2018)."""
    hidden = (torch.rand(x.shape) < 0.15) & ~torch.isin(x, torch.tensor({special}))
    fate, words = torch.rand(x.shape), {words}[torch.randint({count}, x.shape)]
    seen = torch.where(hidden & (fate < 0.8), {mask}, x)
    return torch.where(hidden & (fate >= 0.8) & (fate < 0.9), words, seen), hidden'''


def shortened(data: Dataset) -> dict[str, np.ndarray]:
    """The examples of both splits, whole numbers in the smallest type that holds them."""
    arrays = {name: getattr(data, name) for name in SPLITS}
    return {name: array.astype(np.result_type(*map(np.min_scalar_type, (array.min(initial=0), array.max(initial=0)))))
            if np.issubdtype(array.dtype, np.integer) else array for name, array in arrays.items()}


def inside(data: Dataset) -> bool:
    """Whether the examples are few enough to stand in the script itself."""
    return sum(array.nbytes for array in shortened(data).values()) <= INSIDE


def packed(data: Dataset) -> bytes:
    """The examples as an .npz file; SpecError where they are too many for one."""
    arrays: dict[str, Any] = shortened(data)
    size = sum(array.nbytes for array in arrays.values())
    if size > MOST:
        raise SpecError(f"These examples take {size / 2**20:,.0f} MB; at most {MOST / 2**20:,.0f} can be saved. "
                        "Take fewer of them.")
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def imports(data: Dataset) -> str:
    """What the script's first lines import."""
    standard = "import base64\nimport io" if inside(data) else "import sys\nfrom pathlib import Path"
    return f"{standard}\n\nimport numpy as np\nimport torch\nfrom torch import nn\nfrom torch.nn import functional as F"


def running(trainer: Trainer, masked: bool) -> list[str]:
    """The functions that get the examples, train on them and say how well it goes; then the call, and the data."""
    data = trainer.dataset
    parts = [WITHIN if inside(data) else BESIDE]
    if data.task == "masked_token":
        parts.append(hiding(data))
    parts += [scoring(data, masked), passes(trainer, masked)]
    if inside(data):
        text = "\n".join(textwrap.wrap(base64.b64encode(packed(data)).decode(), 118))
        parts.append(f'DATA = """\n{text}\n"""')
    return [*parts, 'if __name__ == "__main__":\n    main()']


def hiding(data: Dataset) -> str:
    """The function that hides tokens, as the task does in each step."""
    vocabulary: Any = data.vocabulary
    special = [i for i in (vocabulary.pad, vocabulary.start, vocabulary.end) if i is not None]
    words = vocabulary.words
    whole = np.array_equal(words, np.arange(words[0], words[-1] + 1))
    listed = f"torch.arange({words[0]}, {words[-1] + 1})" if whole else f"torch.tensor({words.tolist()})"
    return HIDE.format(special=special, words=listed, count=len(words), mask=vocabulary.mask)


def batch(data: Dataset, masked: bool, split: str = "") -> tuple[list[str], str, str]:
    """The lines that make a batch a, b of some rows; what the loss is given of it; how many targets of it count."""
    lines, given, count = [f"a, b = x{split}[rows], y{split}[rows]"], "a, b", "b.numel()"
    if masked and data.vocabulary is not None:
        lines.append(f"real = a != {data.vocabulary.pad}              # False where a text is filled up")
        given += ", real"
    if data.task == "masked_token":
        lines.append("a, hidden = hide(a)")
        given, count = given + ", hidden", "hidden.sum().item()"
    elif data.written is not None and data.written.pad is not None:
        count = f"(b != {data.written.pad}).sum().item()"
    return lines, given, count


def scoring(data: Dataset, masked: bool) -> str:
    """The loss of the examples of a split, a part at a time."""
    lines, given, count = batch(data, masked)
    return "\n".join([
        "@torch.no_grad()", "def score(x, y):", '    """The mean loss of these examples."""', "    net.eval()",
        "    total, count = 0.0, 0", "    for rows in torch.arange(len(x)).split(500):",
        *(f"        {line}" for line in [*lines, f"total += loss_of({given}).item() * {count}", f"count += {count}"]),
        "    return total / max(count, 1)"])


def passes(trainer: Trainer, masked: bool) -> str:
    """The passes over the data."""
    data = trainer.dataset
    lines, given, _ = batch(data, masked, "_train")
    whole = {"x": data.vocabulary is not None, "y": data.task != "regression"}      # what PyTorch wants as int64
    return "\n".join([
        "def main():", "    data = examples()",
        *(f'    {name} = torch.tensor(data["{name}"]){".long()" * whole[name[0]]}' for name in SPLITS),
        f"    for epoch in range({EPOCHS}):",
        f"        for rows in torch.randperm(len(x_train)).split({trainer.training.batch_size}):",
        *(f"            {line}" for line in [*lines, f"step({given})"]),
        '        print("epoch", epoch + 1, "train loss", score(x_train, y_train), "test loss", score(x_test, y_test))'])
