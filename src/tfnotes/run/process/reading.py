"""Which files of the checkout a page's code reads, imports or runs: Python tells of each it opens."""

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

from tfnotes.core.digests import is_input


class Reading:
    """Listens from now on, as long as the process lives.

    Args:
        root: Root of the checkout; what lies elsewhere does not count.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names: set[str] = set()
        sys.addaudithook(self._hear)

    def files(self, but: set[str]) -> list[str]:
        """What was read so far, relative to the root, sorted.

        Args:
            but: Files that do not count: those the blocks stand in.
        """
        found = set()
        for name in tuple(self._names):
            path = Path(_source_of(name))
            if is_input(self._root, path) and path.is_file():
                found.add(path.resolve().relative_to(self._root).as_posix())
        return sorted(found - but)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        # An exception here would be the reader's: nothing may go wrong.
        if event == "open":
            name, _, flags = arguments
            if not isinstance(name, str) or (flags or 0) & (os.O_WRONLY | os.O_RDWR):
                return
            self._names.add(os.path.abspath(name))
        elif event == "subprocess.Popen":
            words = arguments[1]
            for word in words if isinstance(words, list | tuple) else ():
                if isinstance(word, str) and os.sep in word and not word.startswith("-"):
                    self._names.add(os.path.abspath(word))


def _source_of(name: str) -> str:
    """The module that a compiled file was made from."""
    if not name.endswith(".pyc"):
        return name
    try:
        return importlib.util.source_from_cache(name)
    except (ValueError, NotImplementedError):
        return name
