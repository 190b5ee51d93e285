"""Two photographs inside scikit-learn, small and grey, to look at with a kernel."""

from functools import cache

import numpy as np

from datasets.packages import package_file

#: name: (file, left, top, size of the square that is cut out, in pixels of the original)
PHOTOS = {"temple": ("china.jpg", 20, 20, 400), "flower": ("flower.jpg", 130, 10, 400)}


@cache
def photo(name: str, size: int = 48) -> np.ndarray:
    """One of PHOTOS as grey values (size, size) float32 from 0 to 1, read-only."""
    from PIL import Image  # takes a while, and only a lesson needs it

    file, left, top, side = PHOTOS[name]
    with Image.open(package_file("sklearn", "datasets", "images", file)) as image:
        small = image.convert("L").resize((size, size), Image.Resampling.LANCZOS, (left, top, left + side, top + side))
    grey = np.asarray(small, np.float32) / 255
    grey.setflags(write=False)
    return grey
