"""Series (N, T, F): sums of waves to continue, numbers to add, bits to count, waveforms to tell apart."""

import numpy as np

from datasets.base import sources
from datasets.example_input import as_numbers
from datasets.generated import Generated
from engine.knobs import Float, Int


class Series(Generated):
    """Numbers in the order of time."""

    group = "series"

    def encode(self, value, data):
        return as_numbers(value, data.input_shape)


@sources.register("sine_mix", "Mixed waves")
class SineMix(Series):
    """Two or three sine waves added up: how does the curve go on?"""

    task = "regression"
    features = ("value",)
    target_name = "what comes next"
    continues = True

    length = Int(40, 10, 200, "Length", "How many values the network sees.", slider=(10, 100))
    ahead = Int(1, 1, 10, "Steps ahead", "How many values the network has to predict.")
    noise = Float(0.05, 0, 1, "Noise", "How much every value that the network sees is blurred.", slider=(0, 0.5),
                  step=0.01)

    def draw(self, pattern, wobble):
        drawn = pattern.random((self.samples, 3, 3))
        period, phase, height = 8 + 24 * drawn[..., 0], drawn[..., 1], 0.3 + 0.7 * drawn[..., 2]  # (N, 3)
        height[:, 2] *= np.arange(self.samples) % 2  # every other curve is of two waves
        t = np.arange(self.length + self.ahead)
        waves = np.sin(2 * np.pi * (t / period[..., None] + phase[..., None]))
        curve = (height[..., None] * waves).sum(axis=1)  # (N, T + ahead)
        x = curve[:, :self.length] + self.noise * wobble.standard_normal((self.samples, self.length))
        return x[..., None], curve[:, self.length:]


@sources.register("adding", "Adding problem")
class Adding(Series):
    """Numbers pass by and two of them are marked: what is the sum of these two?"""

    task = "regression"
    features = ("number", "mark")
    target_name = "sum"
    target_scale = (1.0, 6 ** -0.5)  # of the sum of two numbers spread evenly from 0 to 1

    length = Int(30, 10, 100, "Length", "How many numbers pass by: the longer, the more must be remembered.")

    def draw(self, pattern, wobble):
        n, half, rows = self.samples, self.length // 2, np.arange(self.samples)
        drawn = pattern.random((n, self.length + 2))
        x = np.zeros((n, self.length, 2))
        x[:, :, 0] = drawn[:, 2:]
        x[rows, (drawn[:, 0] * half).astype(int), 1] = 1  # one mark in each half
        x[rows, half + (drawn[:, 1] * (self.length - half)).astype(int), 1] = 1
        mean, std = self.target_scale
        return x, ((x[..., 0] * x[..., 1]).sum(axis=1, keepdims=True) - mean) / std


@sources.register("parity", "Parity")
class Parity(Series):
    """Ones and zeros pass by: is the number of ones among the last few even or odd?"""

    task = "binary"
    features = ("bit",)
    class_names = ("even", "odd")
    target_name = "number of ones"

    length = Int(12, 2, 60, "Length", "How many bits pass by.", slider=(2, 30))
    counted = Int(4, 2, 16, "Counted bits", "How many of the last bits are counted (all, if fewer pass by).",
                  slider=(2, 10))

    def draw(self, pattern, wobble):
        bits = (pattern.random((self.samples, self.length)) < 0.5).astype(int)
        return 2.0 * bits[..., None] - 1, bits[:, -self.counted:].sum(axis=1) % 2


@sources.register("series_class", "Waveforms")
class Waveforms(Series):
    """Sine, square, triangle, saw and chirp, of any pitch and start: which waveform is it?"""

    task = "multiclass"
    features = ("value",)
    class_names = ("sine", "square", "triangle", "saw", "chirp")
    target_name = "waveform"

    length = Int(48, 16, 200, "Length", "How many values the network sees.", slider=(16, 100))
    noise = Float(0.1, 0, 1, "Noise", "How much every value is blurred.", slider=(0, 0.5), step=0.01)

    def draw(self, pattern, wobble):
        labels = np.arange(self.samples) % len(self.class_names)
        drawn = pattern.random((self.samples, 3, 1))
        turns, start, height = 2 + 2 * drawn[:, 0], drawn[:, 1], 0.6 + 0.4 * drawn[:, 2]
        t = np.arange(self.length) / self.length
        at = np.where(labels[:, None] == 4, turns * (0.4 * t + 1.2 * t * t), turns * t) + start  # turns made by time t
        saw = 2 * (at % 1) - 1
        forms = [np.sin(2 * np.pi * at), np.sign(saw), 2 * np.abs(saw) - 1, saw, np.sin(2 * np.pi * at)]
        x = height * np.select([labels[:, None] == i for i in range(5)], forms)
        return (x + self.noise * wobble.standard_normal(x.shape))[..., None], labels
