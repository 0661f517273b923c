"""tfnotes: the TensorFlow notes that do not rot.

What a snippet may import is small: the helpers that get data (``tfnotes.data``), measure
(``tfnotes.timing``), draw (``tfnotes.draw``) and run programs (``tfnotes.programs``). Everything
else serves the pages:
``core`` reads them, ``run`` executes them, ``captures`` measures them, ``site`` and ``parts`` show
them, ``check`` reviews them; ``ledger``, ``releases`` and ``doctor`` are about other releases.
"""

from typing import TYPE_CHECKING as _TYPE_CHECKING

__version__ = "0.1.0"

if not _TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """``from tfnotes import data`` says in a line what to install where NumPy is missing."""
        from importlib import import_module

        if name.startswith("_"):
            raise AttributeError(f"module 'tfnotes' has no attribute {name!r}")
        try:
            return import_module(f"tfnotes.{name}")
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("tfnotes"):
                raise AttributeError(f"module 'tfnotes' has no attribute {name!r}") from None
            needs = f'tfnotes.{name} needs {error.name}; pip install "tfnotes[run]", or {error.name} alone'
            raise ModuleNotFoundError(needs, name=error.name) from None
