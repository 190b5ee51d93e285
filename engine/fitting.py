"""Whether layers fit each other: the shapes that they give, before any array exists."""

from engine.errors import ShapeError
from engine.layers.base import Layer


def infer_shapes(stack: list[Layer], input_shape: tuple[int, ...]) -> list[tuple[int, ...] | ShapeError]:
    """Each layer's output shape, or why it doesn't fit, before any array exists."""
    shapes: list[tuple[int, ...] | ShapeError] = []
    shape: tuple[int, ...] | None = tuple(input_shape)
    for layer in stack:
        if shape is None:
            shapes.append(ShapeError("Waits for the layer before it to fit."))
            continue
        try:
            shape = layer.shape(shape)
            shapes.append(shape)
        except ShapeError as error:
            shapes.append(error)
            shape = None
    return shapes


def check_tie(stack: list[Layer], shapes: list) -> None:
    """Put a ShapeError in the place of the last shape when the output layer cannot share the embedding's table."""
    kinds = [layer.kind for layer in stack]
    if len(stack) < 2 or kinds[0] != "embedding" or kinds[-1] != "dense":
        complaint = "Tied weights need an embedding as the first layer and a dense layer as the last."
    elif isinstance(shapes[-1], ShapeError):
        return
    elif (shapes[-2][-1], stack[-1].units) != (stack[0].dim, stack[0].vocab):
        complaint = (f"The embedding's table ({stack[0].vocab}, {stack[0].dim}) cannot serve an output layer from "
                     f"{shapes[-2][-1]} features to {stack[-1].units}. Make these equal, or do not tie them.")
    else:
        return
    shapes[-1:] = [ShapeError(complaint)]
