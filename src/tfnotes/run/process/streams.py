"""Capturing what a block produces, inside the process that runs it.

Text is taken at the level of file descriptors, because ``tf.print`` and TensorFlow's C++ code do
not go through ``sys.stdout``. It goes to files, not pipes: a block that prints without end then
cannot block itself, and the parent can watch the files grow.
"""

import base64
import contextlib
import ctypes
import io
import os
import re
import sys
from pathlib import Path
from typing import Any

from tfnotes.core.scrub import scrub

TEXT_LIMIT = 64 * 1024
"""Bytes of one stream that a record keeps."""
SVG_LIMIT = 200 * 1024
"""A figure larger than this as SVG is kept as WebP."""
PHOTO_LIMIT = 48 * 1024
"""The same for a figure that holds pixels: inside an SVG they are PNG, five times as large."""
INK = "#202428"
"""The text colour of style.mplstyle, which becomes the page's own."""


class Streams:
    """Both output streams of this process, sent to one file for good, so that their order is kept.

    What Python writes to ``sys.stderr`` (warnings, logging) is remembered as such; everything else,
    ``tf.print`` among it, counts as ordinary output wherever TensorFlow sends it.

    Args:
        folder: Where the file ``streams`` is made.
    """

    def __init__(self, folder: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._path = folder / "streams"
        self._file = os.open(self._path, flags, 0o600)
        self._position = 0
        self._warned: list[tuple[int, int]] = []
        self._out = self._new_out()
        self._err = _Stderr(self._file, self._warned, self._out)
        self.hold()

    def hold(self) -> None:
        """Makes both streams ours, whatever a block has put in their place or closed."""
        for number in (1, 2):
            os.dup2(self._file, number)
        if self._out.closed or self._err.closed:
            self._out = self._new_out()
            self._err = _Stderr(self._file, self._warned, self._out)
        sys.stdout, sys.stderr = self._out, self._err

    def _new_out(self) -> io.TextIOWrapper:
        # Line buffering keeps the order of Python's and TensorFlow's own writes.
        raw = os.fdopen(1, "wb", closefd=False)
        return io.TextIOWrapper(raw, "utf-8", "replace", line_buffering=True)

    def take(self, paths: dict[str, str]) -> list[dict[str, Any]]:
        """What was written since the last call, as nbformat stream outputs.

        Args:
            paths: Machine paths to write otherwise (see ``scrub``).
        """
        for stream in (sys.stdout, self._out):
            with contextlib.suppress(ValueError, OSError, AttributeError):
                stream.flush()  # it may be closed, or anything at all
        _flush_c()
        self.hold()
        start, self._position = self._position, os.fstat(self._file).st_size
        size = self._position - start
        with self._path.open("rb") as file:
            file.seek(start)
            raw = file.read(min(size, TEXT_LIMIT))
        pieces: list[tuple[str, bytes]] = []
        at = 0
        for first, last in self._warned:
            pieces += [
                ("stdout", raw[at : first - start]),
                ("stderr", raw[first - start : last - start]),
            ]
            at = last - start
        pieces.append(("stdout", raw[at:]))
        self._warned.clear()
        texts: list[tuple[str, str]] = []
        for name, part in pieces:
            if part and texts and texts[-1][0] == name:
                texts[-1] = (name, texts[-1][1] + part.decode("utf-8", "replace"))
            elif part:
                texts.append((name, part.decode("utf-8", "replace")))
        outputs = [
            {"output_type": "stream", "name": name, "text": scrubbed}
            for name, text in texts
            if (scrubbed := scrub(text, paths))
        ]
        if size > TEXT_LIMIT:
            note = f"\n[output cut: {size:,} bytes printed, the first {TEXT_LIMIT:,} kept]\n"
            if not outputs:  # what was kept was nothing but noise
                outputs.append({"output_type": "stream", "name": "stdout", "text": ""})
            outputs[-1]["text"] += note
        return outputs


def _flush_c() -> None:
    """Flushes what C and C++ code has buffered."""
    library = ctypes.CDLL(None) if os.name == "posix" else ctypes.CDLL("ucrtbase")
    library.fflush(None)


class _Stderr(io.TextIOBase):
    """``sys.stderr`` that remembers which bytes of the common file it wrote."""

    def __init__(self, file: int, warned: list[tuple[int, int]], out: io.TextIOWrapper) -> None:
        self._file = file
        self._warned = warned
        self._out = out

    def write(self, text: str) -> int:
        with contextlib.suppress(ValueError):  # a block may have closed it
            self._out.flush()
        before = os.fstat(self._file).st_size
        written = os.write(self._file, text.encode("utf-8", "replace"))
        if self._warned and self._warned[-1][1] == before:
            self._warned[-1] = (self._warned[-1][0], before + written)
        else:
            self._warned.append((before, before + written))
        return len(text)

    def fileno(self) -> int:
        return 2

    def isatty(self) -> bool:
        return False


def value_output(value: object, paths: dict[str, str]) -> dict[str, Any] | None:
    """The value of a block's last expression as an nbformat output.

    Args:
        value: Anything. None shows nothing, and neither do matplotlib's artists: the figure does.
        paths: Machine paths to write otherwise.
    """
    if value is None or _is_artist(value):
        return None
    data: dict[str, str] = {}
    for method, mime in (("_repr_html_", "text/html"), ("_repr_svg_", "image/svg+xml")):
        made = getattr(value, method, None)
        if callable(made) and not isinstance(value, type):
            content = made()
            if content:
                data[mime] = scrub(content, paths)
    picture = getattr(value, "_repr_png_", None)
    if callable(picture) and not isinstance(value, type) and picture():
        data["image/png"] = base64.b64encode(picture()).decode()
    text = scrub(repr(value), paths)
    if len(text) > TEXT_LIMIT:
        text = f"{text[:TEXT_LIMIT]}\n[value cut: {len(text):,} characters]"
    data["text/plain"] = text
    return {"output_type": "execute_result", "execution_count": None, "data": data, "metadata": {}}


def figure_outputs() -> list[dict[str, Any]]:
    """All open matplotlib figures as nbformat outputs; they are closed."""
    if "matplotlib.pyplot" not in sys.modules:
        return []
    import matplotlib.pyplot as plt

    outputs = []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        width, height = (round(float(inches) * 100) for inches in figure.get_size_inches())
        plain = f"<Figure size {width}x{height} with {len(figure.axes)} Axes>"
        svg = _svg(figure)
        small = len(svg) <= (PHOTO_LIMIT if "<image" in svg else SVG_LIMIT)
        data = {"image/svg+xml": svg} if small else {"image/webp": _webp(figure)}
        data["text/plain"] = plain
        outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    plt.close("all")
    return outputs


def _svg(figure: Any) -> str:
    buffer = io.StringIO()
    # No date: two runs of one figure must give the same bytes.
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = text.replace(INK, "currentColor")
    # The page's own font is used: what is named here need not exist on the reader's machine.
    text = re.sub(r"(['\"]?)DejaVu Sans\1(, [^;\"]*)?", "sans-serif", text)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _webp(figure: Any) -> str:
    from PIL import Image

    buffer, small = io.BytesIO(), io.BytesIO()
    figure.savefig(buffer, format="png", dpi=160, facecolor="white")
    Image.open(buffer).convert("RGB").save(small, "WEBP", quality=82, method=6)
    return base64.b64encode(small.getvalue()).decode()


def _is_artist(value: object) -> bool:
    if "matplotlib" not in sys.modules:
        return False
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple) and value:
        return all(_is_artist(item) for item in value)
    if type(value).__module__ == "numpy" and str(getattr(value, "dtype", "")) == "object":
        return all(_is_artist(item) for item in value.flat)  # type: ignore[attr-defined]
    return type(value).__module__.startswith(("matplotlib", "mpl_toolkits"))
