"""Settings for all tests: one BLAS thread, so that timing and rounding do not depend on the machine's other work."""

import os

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(autouse=True, scope="session")
def _uploads_of_their_own(tmp_path_factory):
    """Uploads made by tests are kept apart from the person's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYERLAB_STORE", str(tmp_path_factory.mktemp("uploads")))
        yield
