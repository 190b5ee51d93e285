"""Classic small tables of measurements."""

from typing import ClassVar

import numpy as np

from datasets import bundled
from datasets.base import Source, sources
from datasets.split import fit_scale, stratified_split, streams
from engine.data import Dataset
from engine.knobs import Float


class TableSource(Source):
    """Rows of measurements: standardised on train, split by class."""

    group = "table"
    task = "multiclass"
    columns: ClassVar[tuple[str, ...]] = ()
    class_names: ClassVar[tuple[str, ...]] = ()
    target_name: ClassVar[str] = "class"

    train_fraction = Float(0.7, 0.1, 0.9, "Train share", "The share of the rows that the network learns from; "
                           "the rest only test it.", step=0.05)
    noise = Float(0.0, 0, 3, "Noise", "How much every measurement is blurred, in standard deviations.", step=0.05)

    def load(self, seed: int) -> Dataset:
        split, blur = streams(seed, 2)
        x, y = bundled.read(self.kind)
        train = stratified_split(np.zeros(len(y)) if self.task == "regression" else y, self.train_fraction, split)
        mean, std = fit_scale(x[train])
        x = (x - mean) / std + self.noise * blur.standard_normal(x.shape)
        y, target_scale = self.targets(y, train)
        x = x.astype(np.float32)
        return Dataset(self.label, self.task, x[train], y[train], x[~train], y[~train], self.columns,
                       self.class_names, self.target_name, target_scale=target_scale,
                       input_scale=np.stack([mean, std]))

    def targets(self, y: np.ndarray, train: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
        """Targets in the task's form, and the scale back to their own units."""
        return y.astype(np.int64), (0.0, 1.0)


@sources.register("iris", "Iris flowers")
class Iris(TableSource):
    """Four measurements of 150 flowers: which of three species of iris is it?"""

    columns = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    class_names = ("setosa", "versicolor", "virginica")
    target_name = "species"


@sources.register("wine", "Wine")
class Wine(TableSource):
    """Thirteen chemical measurements of 178 wines: which of three grape varieties is it?"""

    columns = ("alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols", "flavanoids",
               "nonflavanoid phenols", "proanthocyanins", "colour intensity", "hue", "OD280/OD315", "proline")
    class_names = ("variety 1", "variety 2", "variety 3")
    target_name = "variety"


@sources.register("breast_cancer", "Breast cancer")
class BreastCancer(TableSource):
    """Thirty measurements of cell nuclei in 569 samples: is the tumour malignant or benign?"""

    task = "binary"
    columns = tuple(f"{part} {of}" for part in ("mean", "error of", "worst") for of in (
        "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
        "symmetry", "fractal dimension"))
    class_names = ("malignant", "benign")
    target_name = "diagnosis"


@sources.register("diabetes", "Diabetes")
class Diabetes(TableSource):
    """Ten measurements of 442 patients: how far will their diabetes have gone in a year?"""

    task = "regression"
    columns = ("age", "sex", "body mass index", "blood pressure", "total cholesterol", "LDL", "HDL",
               "cholesterol / HDL", "log triglycerides", "blood sugar")
    target_name = "progression"

    def targets(self, y: np.ndarray, train: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
        mean, std = y[train].mean(), y[train].std()
        return ((y - mean) / std)[:, None].astype(np.float32), (float(mean), float(std))
