"""Lesson 3: the forward pass."""

from ui.explore.stacks import stack
from ui.lesson import Lesson, Try, dense

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "circle"},
        "network": {"layers": dense(1, 3, "tanh")},
        "training": {"optimizer": {"kind": "sgd", "lr": 0.3}, "batch_size": 10},
    },
    controls=("training.optimizer.lr", "network.layers.0.units", "network.layers.0.activation", "data.noise"),
    numbers=(("W₁[x₁, 1]", "weights.0.W", 0), ("W₁[x₁, 2]", "weights.0.W", 1), ("W₁[x₁, 3]", "weights.0.W", 2),
             ("b₁[1]", "weights.0.b", 0), ("L", "train_loss", 0)),
    panel="Forward",
    figures={"Three layers, or one?": stack},
    tries=(
        Try("Five linear layers", "Forty units, and none of them bends. The background can only be cut by a straight "
            "line, and no line parts a disc from its ring: the loss stays above 0.68.",
            {"network.layers": dense(5, 8, "linear"), "training.optimizer.lr": 0.1}),
        Try("The same five, bent", "Only the activation has changed, from nothing to tanh. Not one parameter more, and "
            "the ring closes within 1,500 steps.",
            {"network.layers": dense(5, 8, "tanh"), "training.optimizer.lr": 0.1}),
        Try("When a line is enough", "Five linear layers on two clouds. Within 300 steps at least 99 % of the test "
            "points come out right: depth without bends is no harm here, only no use.",
            {"network.layers": dense(5, 8, "linear"), "training.optimizer.lr": 0.1, "data.kind": "gaussian"}),
        Try("Two units", "Two bent lines can make a strip or a corner, not a closed ring: about a fifth of the points "
            "stay wrong. The third unit closes it.", {"network.layers": dense(1, 2, "tanh")}),
        Try("Other shapes", "Flowers instead of points: four measurements go in, three classes come out. Follow the "
            "shapes in the panel: (N, 4) · (4, 5) gives (N, 5), and (N, 5) · (5, 3) gives (N, 3).",
            {"data": {"kind": "iris"}, "network.layers": dense(1, 5, "tanh")}),
    ),
    source=("engine/network.py:Network.forward", "engine/layers/dense.py:Dense.forward",
            "engine/fitting.py:infer_shapes"),
).show()
