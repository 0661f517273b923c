"""Saves, heard in the background from the first moment: while something is built or run, too."""

import queue
import threading
from collections.abc import Iterable
from pathlib import Path

from watchfiles import watch

_NO_SOURCE = (".ipynb", ".lock")


class Saves:
    """What was saved and has not been dealt with."""

    def __init__(self) -> None:
        self._heard: queue.SimpleQueue[set[Path]] = queue.SimpleQueue()
        self._waiting: set[Path] = set()
        self._end = threading.Event()

    def follow(self, paths: Iterable[Path]) -> None:
        """Listens to files and folders from now on, besides those followed already."""
        there = [path for path in paths if path.exists()]
        if there:
            threading.Thread(target=self._listen, args=(there,), daemon=True).start()

    def newer(self) -> frozenset[Path]:
        """What was saved since the last `wait`."""
        while not self._heard.empty():
            self._waiting |= self._heard.get()
        return frozenset(self._waiting)

    def wait(self) -> set[Path]:
        """Waits until something is saved, and hands it out."""
        while not self.newer():
            try:
                # In short turns: on Windows a longer wait could not be interrupted.
                self._waiting |= self._heard.get(timeout=0.5)
            except queue.Empty:
                continue
        saved, self._waiting = self._waiting, set()
        return saved

    def close(self) -> None:
        """Listens no more."""
        self._end.set()

    def _listen(self, paths: list[Path]) -> None:
        # Short: a save that is dealt with at once must not wait for the next to come.
        for changes in watch(*paths, debounce=200, step=50, stop_event=self._end):
            saved = {Path(path) for _, path in changes}
            # A file that is being written has a hidden name of its own.
            kept = {p for p in saved if p.suffix not in _NO_SOURCE and p.name[:1] != "."}
            if kept:
                self._heard.put(kept)
