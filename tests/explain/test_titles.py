"""Every layer has one name, counted from 1, wherever the page reads of it."""

import pytest

from engine import Network, layers
from explain.titles import layer_title, part_titles, short_title, titles
from live.worker.commands import handle
from tests.live.asking import ask
from tests.live.runs import scene, session, spec

EMBED = {"kind": "embedding", "dim": 8}
GRU = {"kind": "gru", "units": 8, "return_sequences": True}
BLOCK = {"kind": "transformer_block", "heads": 2, "ff": 8}
RUNS = {
    "dense": spec(network={"layers": [{"kind": "dense", "units": 4}, {"kind": "dense", "units": 3}]}),
    "convolution": spec(data={"kind": "digits"}, network={"layers": [
        {"kind": "conv2d", "filters": 3}, {"kind": "basic_block", "filters": 4}, {"kind": "max_pool2d"},
        {"kind": "flatten"}]}),
    "residual": spec(network={"layers": [{"kind": "residual", "layers": [
        {"kind": "dense", "units": 4}, {"kind": "residual", "layers": [{"kind": "dense", "units": 4}]}]}]}),
    "transformer": spec(data={"kind": "name_letters"}, network={"layers": [
        EMBED, {"kind": "positional"}, BLOCK | {"causal": True}]}),
    "encoder and decoder": spec(data={"kind": "dates"}, network={
        "encoder": [EMBED, GRU], "decoder": [EMBED, GRU, {"kind": "decoder_block", "heads": 2, "ff": 8}]}),
}
SHORT = {
    "dense": ["1 Dense", "2 Dense", "Output"],
    "convolution": ["1 Convolution", "2 ResNet block", "3 Max pooling", "4 Flatten", "Output"],
    "residual": ["1 Residual", "Output"],
    "transformer": ["1 Embedding", "2 Positional encoding", "3 Transformer block", "Output"],
    "encoder and decoder": ["Encoder 1 Embedding", "Encoder 2 GRU", "Decoder 1 Embedding", "Decoder 2 GRU",
                            "Decoder 3 Decoder block", "Output"],
}


def test_layers_are_counted_from_one_and_the_last_is_output():
    network = Network({"layers": [{"kind": "dense", "units": 2}, {"kind": "dropout"}]}, (2,), 0)
    (first, dense), (second, dropout) = network.named_layers()
    assert layer_title(first, dense, True) == "Layer 1: Dense"
    assert short_title(first, dense, True) == "1 Dense"
    assert layer_title(second, dropout, False) == short_title(second, dropout, False) == "Output"


def test_a_layer_of_a_stack_names_it():
    dense = next(layer for _, layer in Network({"layers": [{"kind": "dense", "units": 2}]}, (2,), 0).named_layers())
    assert layer_title("decoder.1", dense, True) == "Decoder layer 2: Dense"
    assert short_title("decoder.1", dense, True) == "Decoder 2 Dense"


def test_a_label_keeps_its_own_words():
    norm = layers.build({"kind": "layer_norm"})
    assert layer_title("4", norm, True) == "Layer 5: Layer normalisation"
    assert short_title("4", norm, True) == "5 Layer normalisation"


@pytest.mark.parametrize("kind", layers)
def test_the_parts_of_a_layer_have_words_of_their_own(kind):
    words = part_titles("0", layers.build({"kind": kind}))
    assert len(set(words.values())) == len(words)
    for title in words.values():
        assert title
        assert "  " not in title


def test_parts_are_named_inside_their_layer():
    network = Network({"layers": [BLOCK, {"kind": "residual", "layers": [{"kind": "residual"}]}]}, (3, 8), 0)
    found = titles(network, {"layers": [None, None]})
    assert found["0.attention"] == "Layer 1: Transformer block, attention"
    assert found["0.norm2"] == "Layer 1: Transformer block, norm 2"
    assert found["0.ff1"] == "Layer 1: Transformer block, feed-forward 1"
    assert found["1.0.0"] == "Layer 2: Residual, part 1 Residual, part 1 Dense"


@pytest.mark.parametrize("name", RUNS)
def test_whoever_speaks_of_a_layer_calls_it_the_same(name):
    run = session(RUNS[name])
    assert run.trainer, run.notice
    cards = scene(run)[0]["layers"]
    long, short = [card["title"] for card in cards], [card["short"] for card in cards]
    assert short == SHORT[name]
    assert ask(run, "forward", layer=0)[0][0]["stops"] == ["Input", *short, "Answer"]
    assert [ask(run, "forward", layer=i + 1)[0][0]["title"] for i in range(len(cards))] == long
    assert [layer["title"] for layer in ask(run, "cost")[0][0]["layers"]] == long
    known = titles(run.trainer.network, run.spec["network"])
    assert [title for place, title in known.items() if place in {card["name"] for card in cards}] == long
    listed = ask(run, "microscope")[0][0]["parameters"]
    for parameter in listed:
        owner, _, own = parameter["name"].rpartition(".")
        assert parameter["title"] == f"{known[owner]} · {own}"
        assert parameter["title"].startswith(tuple(long))
    assert len({parameter["title"] for parameter in listed}) == len(listed)
    for layer in ask(run, "window")[0][0]["layers"]:
        assert layer["title"] == known[layer["name"]]
    for card in cards:
        views = [(view["part"], view["title"]) for view in card["views"]]
        assert len(set(views)) == len(views)


def test_what_does_not_fit_is_named_as_on_its_card():
    run = session(spec(network={"layers": [{"kind": "dense"}, {"kind": "residual", "layers": ["dense", "conv2d"]}]}))
    assert run.notice.startswith("Layer 2: Residual does not fit. Its part 2 Convolution does not fit. Convolution")
    run = session(RUNS["encoder and decoder"] | {"network": {"encoder": [EMBED, "flatten"], "decoder": [EMBED]}})
    assert run.notice.startswith("The encoder must give a sequence")
    run = session(RUNS["encoder and decoder"] | {"network": {
        "encoder": [EMBED, GRU], "decoder": [EMBED, GRU | {"return_sequences": False}, "cross_attention"]}})
    assert run.notice.startswith("Decoder layer 3: Cross-attention does not fit.")


def test_a_weight_that_is_not_there_is_looked_for_in_its_layer():
    run = session()
    handle(run, {"op": "poke", "name": "0.W", "index": [9, 9], "value": 1})
    assert run.notice.startswith("There is no weight at [9, 9] of Layer 1: Dense · W, which has the shape")
