"""The toys of the plane: each one a shape, a name and a sentence."""

import numpy as np

from datasets.base import sources
from datasets.plane import shapes
from datasets.plane.base import ClassSource, ValueSource, in_classes
from engine.knobs import Int


class RegionSource(ClassSource):
    """Points that fill regions of the plane: `classify` says which region is whose."""

    half = 5.0

    def place(self, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return shapes.by_region(len(labels), 2, self.half, rng, type(self).classify)


@sources.register("circle", "Circle")
class Circle(RegionSource):
    """A disc inside a ring: no straight line can part them."""

    class_names = ("ring", "disc")
    classify = staticmethod(shapes.circle_class)


@sources.register("xor", "Exclusive or")
class Xor(RegionSource):
    """Opposite quarters belong together: one neuron cannot learn it from x1 and x2."""

    classify = staticmethod(shapes.xor_class)


@sources.register("gaussian", "Two clouds")
class Gaussian(ClassSource):
    """Two round clouds: while there is little noise, a straight line parts them."""

    spread = 3.0

    def place(self, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return shapes.around_circle(labels, 2, 2.8) + 0.7 * rng.standard_normal((len(labels), 2))


@sources.register("spiral", "Spiral")
class Spiral(ClassSource):
    """Two arms wound into each other: the boundary has to wind up with them."""

    spread = 0.6

    def place(self, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return shapes.spiral(shapes.evenly(len(labels), 2, rng), labels, 2)


@sources.register("moons", "Moons")
class Moons(ClassSource):
    """Two half moons that reach into each other."""

    spread = 1.5

    def place(self, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return shapes.moons(shapes.evenly(len(labels), 2, rng), labels)


@sources.register("rings", "Rings")
class Rings(ClassSource):
    """Four thin rings, in turn of one class and the other."""

    spread = 0.6

    def place(self, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        t, angle = shapes.scatter(-(-len(labels) // 2), rng)[np.arange(len(labels)) // 2].T
        return shapes.rings(t, angle, labels)


@sources.register("checkerboard", "Checkerboard")
class Checkerboard(RegionSource):
    """Sixteen squares in turn of one class and the other: many small borders to find."""

    classify = staticmethod(shapes.checkerboard_class)


@sources.register("heart", "Heart")
class Heart(RegionSource):
    """A heart in a field: a border that is round, straight and pointed."""

    class_names = ("outside", "heart")
    half = 5.4
    classify = staticmethod(shapes.heart_class)


@sources.register("multi_spiral", "Many-armed spiral")
class MultiSpiral(ClassSource):
    """Three to five arms of a spiral, each a class of its own."""

    task = "multiclass"
    spread = 0.7
    classes = Int(3, 3, 5, "Arms", "How many arms the spiral has; each is a class.")

    def place(self, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        t = shapes.evenly(len(labels), self.classes, rng)
        return shapes.spiral(0.06 + 0.94 * t, labels, self.classes, turns=1.0)

    def names(self) -> tuple[str, ...]:
        return in_classes(self.classes)


@sources.register("blobs", "Blobs")
class Blobs(ClassSource):
    """Round clouds in a circle, each a class of its own."""

    task = "multiclass"
    spread = 2.5
    classes = Int(4, 2, 6, "Classes", "How many clouds there are; each is a class.")

    def place(self, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return shapes.around_circle(labels, self.classes, 3.6) + 0.5 * rng.standard_normal((len(labels), 2))

    def names(self) -> tuple[str, ...]:
        return in_classes(self.classes)


@sources.register("reg_plane", "Slope")
class Slope(ValueSource):
    """A tilted plane: the value rises from one corner to the other."""

    height = staticmethod(shapes.slope)


@sources.register("waves", "Waves")
class Waves(ValueSource):
    """Hills and hollows in a regular pattern, like an egg box."""

    height = staticmethod(shapes.waves)


@sources.register("reg_gaussian", "Bumps")
class Bumps(ValueSource):
    """Six bumps, up and down in turn, on a flat ground."""

    height = staticmethod(shapes.bumps)
