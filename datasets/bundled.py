"""The small tables inside scikit-learn, read from its files: importing `sklearn.datasets` takes over a second."""

from functools import cache

import numpy as np

from datasets.packages import package_file

#: kind: (file with the inputs, file with the targets or None when they are its last column, delimiter, header lines)
FILES = {
    "iris": ("iris.csv", None, ",", 1),
    "wine": ("wine_data.csv", None, ",", 1),
    "breast_cancer": ("breast_cancer.csv", None, ",", 1),
    "digits": ("digits.csv.gz", None, ",", 0),
    "diabetes": ("diabetes_data_raw.csv.gz", "diabetes_target.csv.gz", None, 0),
}


@cache
def read(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (N, F) and targets (N,), float64, as they come, read-only."""
    try:
        x, y = read_files(kind)
    except FileNotFoundError:  # another version of scikit-learn may keep them elsewhere
        x, y = read_with_sklearn(kind)
    x.setflags(write=False)
    y.setflags(write=False)
    return x, y


def read_files(kind: str) -> tuple[np.ndarray, np.ndarray]:
    inputs, targets, delimiter, header = FILES[kind]
    table = np.loadtxt(package_file("sklearn", "datasets", "data", inputs), delimiter=delimiter, skiprows=header)
    if targets is None:
        return table[:, :-1], table[:, -1]
    return table, np.loadtxt(package_file("sklearn", "datasets", "data", targets))


def read_with_sklearn(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """The same arrays by the package's own loaders: what the files are held to in the tests."""
    from sklearn import datasets as sklearn_datasets

    unscaled = {"scaled": False} if kind == "diabetes" else {}
    x, y = getattr(sklearn_datasets, f"load_{kind}")(return_X_y=True, **unscaled)
    return x.astype(np.float64), y.astype(np.float64)
