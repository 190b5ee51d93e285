"""Every layer has one name, counted from 1."""

from engine import Network
from live.observe import named_layers
from live.titles import layer_title, short_title


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
