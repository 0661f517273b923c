"""Which TensorFlow releases are measured, with which Python, and what must be pinned beside them.

A release of 2019 does not say which later protobuf or NumPy breaks it: what is written here was
found by installing. Every pin has its reason.
"""

from dataclasses import dataclass

from tfnotes.core.errors import TfnotesError

OLD_HUB = ("tensorflow-hub==0.12.0",)
"""Of that time: it asks for no tf_keras, and its descriptors are protobuf 3's."""
PROTOBUF_3 = ("protobuf<3.21",)
"""Descriptors generated before protobuf 4 cannot be created by it."""
OF_PYTHON_37 = (*PROTOBUF_3, "numpy<1.19", "h5py<3", "pyyaml<6")
"""NumPy 1.19 warns about dtypes that these releases use; they decode what h5py 3 gives as text;
PyYAML 6 wants an argument that their model_from_yaml does not give. The Keras that was installed
beside them, when `import keras` did not come with TensorFlow, is pinned to its day."""
PKG_RESOURCES = ("setuptools<67",)
"""tensorflow_hub imports pkg_resources, which setuptools 81 does not have any more; later 67s warn
about it, which would be taken for what old code says."""
METADATA = ("tensorflow-metadata<1.16",)
"""tensorflow_datasets imports it; later ones were generated for a protobuf that is too new here."""
LEDGER = ("pillow", "scipy", "pandas", "scikit-learn")
"""What rows of the ledger import beside TensorFlow. Each release also gets the Addons and the
tuner of its day, if it had any: code that used them ran there."""
PAGES = (
    "gymnasium>=1.2",
    "importlib_resources>=6",
    "keras-tuner>=1.4.8",
    "matplotlib>=3.10",
    "pandas>=2.2",
    "pillow>=11",
    "psutil>=6",
    "rich>=13.9",
    "scikit-learn>=1.6",
    "tokenizers>=0.22",
    "typer>=0.15",
)
"""What pages import beside TensorFlow: of the ``run`` extra, what all releases can have,
and what the ``tfnotes`` command needs."""


@dataclass(frozen=True)
class Release:
    """A TensorFlow release and the environment it is measured in."""

    name: str
    """What people say: ``2.16``."""
    python: str
    """The Python that it gets, as ``major.minor``."""
    packages: tuple[str, ...]
    """Requirements for pip: TensorFlow itself, exactly, and what must be pinned beside it."""
    pages: bool = False
    """Whether all pages' blocks run on it too (needs Python 3.11 and Keras 3)."""
    pinned: bool = False
    """Whether it is the release of constraints.txt, whose versions it gets."""

    @property
    def requirements(self) -> tuple[str, ...]:
        """Everything that pip is asked for."""
        return self.packages + ((*PAGES, "scipy") if self.pages else LEDGER)


RELEASES = (
    Release(
        "1.15",
        "3.7",
        (
            "tensorflow==1.15.5",
            "keras==2.3.1",
            "tensorflow-datasets==3.2.1",  # later ones refuse TensorFlow 1
            *OF_PYTHON_37,
            *OLD_HUB,
            *PKG_RESOURCES,
        ),
    ),
    # Between 1.15 and it lies the first great break.
    Release(
        "2.0",
        "3.7",
        (
            "tensorflow==2.0.4",
            "keras==2.3.1",
            "tensorflow-datasets==4.5.2",
            *OF_PYTHON_37,
            *OLD_HUB,
            *PKG_RESOURCES,
        ),
    ),
    Release(
        "2.3",
        "3.7",
        (
            "tensorflow==2.3.4",
            "keras==2.4.3",
            "tensorflow-addons==0.12.1",
            "keras-tuner==1.0.2",
            "tensorflow-datasets==4.5.2",
            *OF_PYTHON_37,
            *OLD_HUB,
            *PKG_RESOURCES,
        ),
    ),
    Release(
        "2.8",
        "3.9",
        # NumPy 1.24 took away np.object and its like, which this release still uses.
        (
            "tensorflow==2.8.4",
            "tensorflow-addons==0.17.1",
            "keras-tuner==1.1.3",
            *PROTOBUF_3,
            "numpy<1.24",
            "tensorflow-datasets==4.8.3",
            *OLD_HUB,
            *PKG_RESOURCES,
        ),
    ),
    Release(
        "2.12",
        "3.11",
        # The last Hub before it asked for tf_keras, which this release does not have.
        (
            "tensorflow==2.12.1",
            "tensorflow-addons==0.20.0",
            "keras-tuner",
            "tensorflow-hub==0.15.0",
            "tensorflow-datasets==4.9.4",
            *METADATA,
            *PKG_RESOURCES,
        ),
    ),
    Release(
        "2.15",
        "3.11",
        (
            "tensorflow==2.15.1",
            "tensorflow-addons==0.23.0",
            "keras-tuner",
            "tf_keras==2.15.1",
            "tensorflow-hub",
            "tensorflow-datasets==4.9.4",
            *METADATA,
            *PKG_RESOURCES,
        ),
    ),
    Release(
        "2.16",
        "3.11",
        (
            "tensorflow==2.16.2",
            "tensorflow-text==2.16.1",
            "tf_keras==2.16.0",
            "tensorflow-hub",
            "tensorflow-datasets==4.9.4",
            *METADATA,
            *PKG_RESOURCES,
        ),
        pages=True,
    ),
    Release(
        "2.18",
        "3.11",
        (
            "tensorflow==2.18.1",
            "tensorflow-text==2.18.1",
            "tf_keras==2.18.0",
            "tensorflow-hub",
            "tensorflow-datasets==4.9.4",
            *METADATA,
            *PKG_RESOURCES,
        ),
        pages=True,
    ),
    Release(
        "2.20",
        "3.11",
        (
            "tensorflow==2.20.0",
            "keras-tuner",
            "tf_keras==2.20.1",
            "tensorflow-hub",
            "tensorflow-datasets",
            *PKG_RESOURCES,
        ),
    ),
    Release(
        "2.21",
        "3.11",
        (
            "tensorflow==2.21.0",
            "tensorflow-text==2.21.1",
            "tensorboard==2.21.0",  # does not come with TensorFlow any more
            "ai-edge-litert>=2.1",
            "tf_keras==2.21.0",
            "tensorflow-hub",
            "tensorflow-datasets",
            *PKG_RESOURCES,
        ),
        pages=True,
        pinned=True,
    ),
)
"""Oldest first. The last one is what the notes are pinned to."""


def choose(names: list[str], *, pages: bool = False) -> list[Release]:
    """The releases that names mean.

    Args:
        names: Names such as ``2.16``; all of them if empty.
        pages: Only those that pages run on.

    Returns:
        Releases, oldest first.

    Raises:
        TfnotesError: A name is not in the table.
    """
    possible = [release for release in RELEASES if release.pages or not pages]
    known = [release.name for release in possible]
    for name in names:
        if name not in known:
            what = "that pages run on" if pages else "in src/tfnotes/releases/table.py"
            raise TfnotesError(f"{name}: no release {what}; there are {', '.join(known)}")
    return [release for release in possible if not names or release.name in names]
