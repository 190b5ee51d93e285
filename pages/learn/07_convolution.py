"""Lesson 7: convolution."""

from ui.explore.convolution import slide
from ui.lesson import Lesson, Try

CONV = {"kind": "conv2d", "filters": 8, "kernel": 3, "stride": 1, "padding": "same", "activation": "relu"}
POOL = {"kind": "max_pool2d", "size": 2}
MAPS = [CONV, POOL, CONV | {"filters": 16}, POOL, {"kind": "flatten"}]
DENSE = [{"kind": "flatten"}, {"kind": "dense", "units": 64, "activation": "relu"},
         {"kind": "dense", "units": 32, "activation": "relu"}]

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "digits"},
        "network": {"layers": MAPS},
        "training": {"optimizer": {"kind": "adam", "lr": 0.003}, "batch_size": 32},
    },
    controls=("training.optimizer.lr", "network.layers.0.filters", "network.layers.0.kernel",
              "network.layers.0.stride"),
    numbers=(("L", "train_loss", 0), ("accuracy on test pictures", "test_score", 0)),
    panel="Window",
    figures={"Slide a kernel": slide},
    tries=(
        Try("Shapes, anywhere", "Circles, squares, triangles, crosses and rings, at any place and size. With 2,533 "
            "parameters this network is right more than 90 times in 100 on shapes that it has never seen, after a few "
            "seconds. Watch which map lights up on corners and which on round edges.", {"data": {"kind": "shapes"}}),
        Try("The same without kernels", "A dense network with seven times as many parameters. Play until the train "
            "loss is small: it learns the training pictures by heart, but on test pictures it stays below 85 in 100, "
            "however long it plays. "
            "What it has learned in one corner it doesn't know in another.",
            {"data": {"kind": "shapes"}, "network.layers": DENSE}),
        Try("A single kernel", "All that the output sees now is one feature map. It learns far more slowly, and is "
            "behind the eight kernels however long you wait.",
            {"network.layers": [CONV | {"filters": 1}, POOL, {"kind": "flatten"}]}),
        Try("Stride 2 instead of pooling", "The first layer skips every other place: its maps are 4 × 4 at once and no "
            "pooling follows. It is nearly as good, for a quarter of the work in that layer.",
            {"network.layers": [CONV | {"stride": 2}, CONV | {"filters": 16}, POOL, {"kind": "flatten"}]}),
        Try("Textures, wherever they are", "Here each map is averaged to one number, so place is thrown away "
            "altogether. 125 parameters are enough for stripes, checks and dots: right more than 95 times in 100 "
            "within 1,000 steps. The kernels become what they look for: small pieces of stripes.",
            {"data": {"kind": "textures"}, "network.layers": [CONV, {"kind": "global_avg_pool"}],
             "training.optimizer.lr": 0.03}),
    ),
    source=("engine/layers/conv.py:Conv2D", "engine/layers/pool.py:MaxPool2D"),
).show()
