"""Settings for all tests: one BLAS thread, so that timing and rounding do not depend on the machine's other work."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
