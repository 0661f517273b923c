"""What the engine knows of TensorFlow: what is imported ahead, fixed, seeded and asked."""

import contextlib
import datetime
import importlib
import os
import platform
import random
import sys
from pathlib import Path

PRELOAD = ("tensorflow", "keras", "matplotlib.pyplot", "pandas", "sklearn.datasets")
"""What pages import most; ``TFNOTES_PRELOAD`` (names with commas) replaces it. Missing ones are
left out: a page that needs them says so itself."""

MEASURED = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "COLUMNS": "80",
    "LINES": "24",
    "NO_COLOR": "1",
    "TERM": "dumb",
    "TZ": "UTC",
    "TFNOTES_DATA_MODE": "stand-in",
}
"""What a capture fixes. Threads, oneDNN and the like stay as a reader has them."""

SAME_ARITHMETIC = (
    {
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    }
    if platform.machine().lower() in ("x86_64", "amd64")
    else {}
)
"""Holds x86 processors to what all of today's can do. Left alone, ``tf.matmul`` (oneDNN's kernel,
whatever ``TF_ENABLE_ONEDNN_OPTS`` says), NumPy's ``@`` (OpenBLAS) and its ``exp``, ``log`` and
``**`` take AVX-512 where there is one and round otherwise; some training steps later one picture
in a hundred is told otherwise, and a record made on one machine fails on the next."""

REPEATABLE = {
    **MEASURED,
    **SAME_ARITHMETIC,
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MATPLOTLIBRC": str(Path(__file__).with_name("style.mplstyle")),
    "LC_ALL": "C.UTF-8",
    "TFNOTES_SIZE": "small",
    # Records are of a CPU wherever they are made; what needs a GPU is captured.
    "CUDA_VISIBLE_DEVICES": "-1",
}
"""What is fixed before anything is imported, so that two machines print the same."""

PACKAGES = (
    "tensorflow",
    "keras",
    "numpy",
    "matplotlib",
    "pandas",
    "scikit-learn",
    "tf_keras",
    "keras-tuner",
    "tensorboard",
    "tensorflow-hub",
)
"""Packages whose version decides what a block prints."""

DECISIVE = ("tensorflow", "keras")
"""Those with another version of which a record counts as stale."""


def preload() -> None:
    """Imports what pages import most; it must create no tensor and touch no device."""
    chosen = os.environ.get("TFNOTES_PRELOAD")
    for name in PRELOAD if chosen is None else filter(None, chosen.split(",")):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def seed() -> None:
    """Gives every random generator that is already imported the seed that all pages begin with."""
    random.seed(0)
    with contextlib.suppress(ImportError):
        import numpy as np

        np.random.seed(0)  # what a page without a Generator of its own draws from
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(0)


def make_deterministic() -> None:
    """Lets TensorFlow, if it is imported, choose kernels that give the same result every time."""
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].config.experimental.enable_op_determinism()


def made() -> dict[str, str]:
    """Versions and device of this run; only what the page has imported is asked."""
    versions: dict[str, str] = {
        name: str(sys.modules[name].__version__)
        for name in ("tensorflow", "keras", "numpy")
        if name in sys.modules
    }
    device = "CPU"
    if "tensorflow" in sys.modules:
        from tensorflow.python.eager import context

        # Asking before the page has touched a device would take the choice away from it.
        if context.context()._initialized:
            gpus = sys.modules["tensorflow"].config.list_physical_devices("GPU")
            device = "GPU" if gpus else "CPU"
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return {"date": today, **versions, "python": platform.python_version(), "device": device}
