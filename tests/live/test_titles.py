"""Every layer has one name, counted from 1."""

import pytest

from engine import Network, layers
from live.observe import named_layers
from live.titles import layer_title, part_title, short_title


def test_layers_are_counted_from_one_and_the_last_is_output():
    network = Network({"layers": [{"kind": "dense", "units": 2}, {"kind": "dropout"}]}, (2,), 0)
    (first, dense), (second, dropout) = named_layers(network)
    assert layer_title(first, dense, True) == "Layer 1: Dense"
    assert short_title(first, dense, True) == "1 Dense"
    assert layer_title(second, dropout, False) == short_title(second, dropout, False) == "Output"


def test_a_layer_of_a_stack_names_it():
    dense = next(layer for _, layer in named_layers(Network({"layers": [{"kind": "dense", "units": 2}]}, (2,), 0)))
    assert layer_title("decoder.1", dense, True) == "Decoder layer 2: Dense"
    assert short_title("decoder.1", dense, True) == "Decoder 2 Dense"


def test_a_label_keeps_its_own_words():
    norm = layers.build({"kind": "layer_norm"})
    assert layer_title("4", norm, True) == "Layer 5: Layer normalisation"
    assert short_title("4", norm, True) == "5 Layer normalisation"


@pytest.mark.parametrize(("path", "words"), [
    ("activations", ""), ("attention.Wq", "Self-attention"), ("attention.Wq.values", "Self-attention"),
    ("norm1.gamma", "Layer normalisation 1"), ("norm2.beta.values", "Layer normalisation 2"), ("ff2.W", "Dense 2")])
def test_parts_of_a_layer_have_names_in_words(path, words):
    block = layers.build({"kind": "transformer_block"})
    block.build((5, 8))
    assert part_title(block, path) == words


def test_parts_in_a_list_have_their_place():
    inner = {"kind": "residual", "layers": [{"kind": "dense", "units": 3}, {"kind": "dense", "units": 3}]}
    outer = layers.build({"kind": "residual", "layers": [{"kind": "dense", "units": 3}, inner]})
    outer.build((3,))
    assert part_title(outer, "1.0.W") == "2 Residual, 1 Dense"
