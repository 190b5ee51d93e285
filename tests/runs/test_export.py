"""A run as code: the script gives the page's loss to the last digit, and PyTorch answers as the engine does."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import engine
from live.worker.commands import handle
from runs.export.torch_layers import writers
from tests.live.asking import ask
from tests.live.runs import frame, session, spec, step

ROOT = Path(__file__).parents[2]
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
BETWEEN_LANGUAGES = {"cross_attention", "additive_cross_attention", "decoder_block"}         # they need an encoder

CNN = spec(data={"kind": "digits"}, training={"optimizer": {"kind": "adam", "lr": 0.01}, "batch_size": 32},
           network={"layers": [{"kind": "conv2d", "filters": 4}, {"kind": "max_pool2d"}, {"kind": "dropout"},
                               {"kind": "flatten"}]})
LETTERS = spec(data={"kind": "name_letters"}, network={"layers": [
    {"kind": "embedding", "dim": 8, "vocab": 29}, {"kind": "gru", "units": 8, "return_sequences": True}]})


def code(run) -> dict:
    ((header, _),) = ask(run, "code")
    return header


def run_script(text: str, tmp_path: Path) -> dict[str, float]:
    """What the script prints, run by a Python of its own."""
    path = tmp_path / "run.py"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-W", "error", str(path)], cwd=ROOT, capture_output=True, text=True,
                          env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=300)
    assert done.returncode == 0, done.stderr
    return {name: float(value) for name, value in re.findall(r"(.+) (\S+)\n", done.stdout)}


def on_screen(of: dict, course: list) -> tuple[str, dict]:
    """The script and the newest frame of a run in a worker with one thread, as on the page."""
    driver = ("import json, sys; from tests.live.runs import *; from tests.live.asking import ask\n"
              "of, course = json.load(sys.stdin); run = session(of)\n"
              "for command in course: handle(run, command)\n"
              "print(json.dumps([ask(run, 'code')[0][0], frame(run)[0]]))")
    done = subprocess.run([sys.executable, "-c", driver], input=json.dumps([of, course]), cwd=ROOT, text=True,
                          capture_output=True, env=os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}, timeout=300)
    assert done.returncode == 0, done.stderr
    answer, newest = json.loads(done.stdout)
    return answer["numpy"], newest


STEPS = {"op": "step", "count": 70}
FASTER = {"op": "set", "path": ["training", "optimizer", "lr"], "value": 0.4}
FREEZE = {"op": "set", "path": ["network", "layers", 0, "frozen"], "value": True}
COURSES = {
    "plain": (spec(), [STEPS]),
    "pictures": (CNN, [STEPS]),
    "texts": (LETTERS, [{"op": "step", "count": 20}]),
    "a rate that was changed": (spec(), [STEPS, FASTER, STEPS]),
    "more noise": (spec(), [STEPS, {"op": "set", "path": ["data", "noise"], "value": 0.3}, STEPS]),
    "a frozen layer": (spec(), [STEPS, FREEZE, STEPS]),
    "back in time and on": (spec(), [STEPS, FASTER, STEPS, {"op": "scrub", "step": 30}, STEPS]),
    "rewound": (spec(), [STEPS, {"op": "set", "path": ["training", "l2"], "value": 0.01}, {"op": "rewind"}, STEPS]),
}


@pytest.mark.parametrize("name", list(COURSES))
def test_the_script_ends_with_the_loss_on_screen_to_the_last_digit(name, tmp_path):
    script, shown = on_screen(*COURSES[name])
    assert "not quite" not in script
    assert run_script(script, tmp_path) == {"step": shown["step"], "train loss": shown["train_loss"],
                                            "test loss": shown["test_loss"]}


def test_a_run_that_cannot_be_repeated_says_so():
    run = session(spec())
    step(run, 5)
    assert code(run)["broken"] == ""
    handle(run, {"op": "poke", "name": "0.W", "index": [0, 0], "value": 3.0})
    assert "by hand at step 5" in code(run)["broken"]
    assert "by hand at step 5" in code(run)["numpy"]
    handle(run, {"op": "rewind"})
    assert code(run)["broken"] == ""


def test_the_script_is_of_the_step_that_is_shown():
    run = session(spec())
    step(run, 40)
    handle(run, {"op": "scrub", "step": 10})
    assert f"train_until({frame(run)[0]['step']})" in code(run)["numpy"]


def test_an_encoder_and_decoder_are_told_not_written():
    run = session(spec(data={"kind": "dates"}, network={
        "encoder": [{"kind": "embedding", "vocab": 44}], "decoder": [{"kind": "embedding", "vocab": 44}, {
            "kind": "decoder_block"}]}))
    answer = code(run)
    assert "trainer" in answer["numpy"] or not answer["torch"]
    assert answer["torch_error"].endswith(".")


# -- PyTorch ---------------------------------------------------------------------------------------------------------

PLANE, IMAGE, SERIES = {"kind": "xor"}, {"kind": "digits"}, {"kind": "series_class"}
EMBED = {"kind": "embedding", "dim": 8, "vocab": 27}
TEXT, LETTER = {"kind": "names_sex"}, {"kind": "name_letters"}
CASES = {
    "dense": (PLANE, [{"kind": "dense", "units": 5, "activation": f} for f in (
        "tanh", "gelu", "elu", "softplus", "silu")]),
    "no bias, one off": (PLANE, [{"kind": "dense", "units": 5, "bias": False, "off": [1, 9], "frozen": True}]),
    "activation": (PLANE, [{"kind": "dense"}, *({"kind": "activation", "function": f, "alpha": 0.2} for f in (
        "leaky_relu", "elu", "sigmoid", "softmax"))]),
    "conv2d": (IMAGE, [{"kind": "conv2d", "filters": 3, "kernel": 5, "stride": 2, "activation": "softmax"},
                       {"kind": "conv2d", "filters": 2, "kernel": 2, "padding": "valid", "off": [0]},
                       {"kind": "flatten"}]),
    "max_pool2d": (IMAGE, [{"kind": "conv2d"}, {"kind": "max_pool2d", "size": 3, "stride": 2}, {"kind": "flatten"}]),
    "avg_pool2d": (IMAGE, [{"kind": "avg_pool2d"}, {"kind": "dense", "units": 3}, {"kind": "flatten"}]),
    "global_avg_pool": (IMAGE, [{"kind": "conv2d"}, {"kind": "layer_norm"}, {"kind": "global_avg_pool"}]),
    "dropout": (PLANE, [{"kind": "dense"}, {"kind": "dropout"}]),
    "batch_norm": (PLANE, [{"kind": "dense"}, {"kind": "batch_norm"}, {"kind": "layer_norm"}]),
    "batch_norm of pictures": (IMAGE, [{"kind": "conv2d"}, {"kind": "batch_norm"}, {"kind": "flatten"}]),
    "batch_norm of series": (SERIES, [{"kind": "dense"}, {"kind": "batch_norm"}, {"kind": "last_step"}]),
    "residual": (PLANE, [{"kind": "residual", "layers": [{"kind": "dense", "units": 6}], "activation": "relu"},
                         {"kind": "residual", "paths": "shortcut"}, {"kind": "residual", "layers": [
                             {"kind": "residual", "layers": [{"kind": "dense", "units": 6}]}]}]),
    "basic_block": (IMAGE, [{"kind": "basic_block", "filters": 4, "stride": 2}, {"kind": "global_avg_pool"}]),
    "preact_block": (IMAGE, [{"kind": "preact_block", "filters": 4}, {"kind": "flatten"}]),
    "rnn": (SERIES, [{"kind": "rnn", "units": 5}]),
    "lstm": (SERIES, [{"kind": "lstm", "units": 5, "return_sequences": True}, {"kind": "lstm", "units": 4}]),
    "gru": (TEXT, [EMBED, {"kind": "gru", "units": 5, "return_sequences": True}, {"kind": "mean_over_time"}]),
    "gru's last": (TEXT, [EMBED, {"kind": "gru", "units": 5}]),
    "last_step": (TEXT, [EMBED, {"kind": "last_step"}]),
    "mean_over_time": (SERIES, [{"kind": "dense"}, {"kind": "mean_over_time"}]),
    "positional": (TEXT, [EMBED, {"kind": "positional"}, {"kind": "positional", "encoding": "learned"},
                          {"kind": "mean_over_time"}]),
    "self_attention": (TEXT, [EMBED, {"kind": "self_attention", "heads": 2}, {"kind": "mean_over_time"}]),
    "self_attention, causal": (LETTER, [EMBED | {"vocab": 29}, {"kind": "self_attention", "causal": True}]),
    "transformer_block": (TEXT, [EMBED, {"kind": "transformer_block", "ff": 12}, {
        "kind": "transformer_block", "ff": 12, "norm_first": False, "activation": "relu", "dropout": 0.3},
        {"kind": "mean_over_time"}]),
    "transformer_block, causal": (LETTER, [EMBED | {"vocab": 29}, {"kind": "transformer_block", "ff": 12,
                                                                   "causal": True}]),
    "additive_attention": (TEXT, [EMBED, {"kind": "additive_attention", "units": 6}]),
    "embedding": (TEXT, [EMBED, {"kind": "flatten"}]),
    "flatten": (SERIES, [{"kind": "flatten"}]),
}


def test_every_layer_is_written_or_known_not_to_be():
    assert set(writers) | BETWEEN_LANGUAGES == set(engine.layers)
    tried = {layer["kind"] for _, stack in CASES.values() for layer in stack}
    assert set(writers) <= tried | {"embedding"}


def torch_net(run):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: nothing to compare with")
    answer = code(run)
    assert answer["torch_error"] == ""
    names = {"__name__": "exported"}
    exec(compile(answer["torch"], "network_torch.py", "exec"), names)
    names["net"].load(run.trainer.network)
    return torch, names


@pytest.mark.parametrize("name", list(CASES))
def test_pytorch_answers_as_the_engine_does(name):
    data, stack = CASES[name]
    run = session(spec(data=data, network={"layers": stack}))
    assert run.notice == ""
    step(run, 3)
    torch, names = torch_net(run)
    trainer = run.trainer
    batch = run.observer.probe.batch(trainer.dataset.x_test[:9], trainer.dataset.y_test[:9])
    expected = trainer.network.forward(batch.x, **batch.inputs)
    extra = [torch.tensor(mask) for mask in batch.inputs.values()]
    with torch.no_grad():
        found = names["net"].eval()(torch.tensor(batch.x), *extra).numpy()
    if trainer.dataset.written is not None:                       # what is said of padding does not count
        found, expected = found[batch.inputs["mask"]], expected[batch.inputs["mask"]]
    np.testing.assert_allclose(found, expected, atol=2e-5, rtol=1e-4)


OPTIMIZERS = [{"kind": kind} for kind in engine.optimizers] + [
    {"kind": "sgd", "momentum": 0.5, "weight_decay": 0.01}, {"kind": "rmsprop", "momentum": 0.5}]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: "-".join(map(str, o.values())))
@pytest.mark.parametrize("data", ["xor", "iris", "waves"])
def test_a_step_of_pytorch_is_a_step_of_the_engine(optimizer, data):
    training = {"optimizer": optimizer, "l2": 0.02, "l1": 0.001, "clip_norm": 0.5, "batch_size": 10_000}
    run = session(spec(data={"kind": data}, training=training))
    torch, names = torch_net(run)
    dataset = run.trainer.dataset
    x, y = torch.tensor(dataset.x_train), torch.tensor(dataset.y_train)
    for _ in range(3):
        names["step"](x, y)
        run.trainer.step()
    own = [p.detach().T if p.ndim > 1 else p.detach() for p in names["net"].parameters()]
    found = torch.cat([p.reshape(-1) for p in own]).numpy()
    np.testing.assert_allclose(found, run.trainer.network.theta, atol=2e-5)


@pytest.mark.parametrize("data", ["name_letters", "names_sex", "review_words"])
def test_texts_train_in_pytorch_too(data):
    vocab = {"name_letters": 29, "names_sex": 27, "review_words": 1000}[data]
    after = [{"kind": "mean_over_time"}] if data == "names_sex" else []
    run = session(spec(data={"kind": data}, network={"layers": [EMBED | {"vocab": vocab}, *after]}))
    torch, names = torch_net(run)
    dataset = run.trainer.dataset
    batch = run.trainer.task.prepare(dataset.x_train[:20], dataset.y_train[:20], dataset, np.random.default_rng(0))
    loss, _ = run.trainer.loss(run.trainer.network.forward(batch.x, **batch.inputs), *batch.targets)
    hidden = [torch.tensor(batch.counts)] if data == "review_words" else []
    x, y, mask = torch.tensor(batch.x), torch.tensor(batch.y).long(), torch.tensor(batch.inputs["mask"])
    found = names["step"](x, y, mask, *hidden)
    assert found == pytest.approx(loss, rel=1e-4)
