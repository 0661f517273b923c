"""TeX to HTML at build time: KaTeX runs in a small JavaScript engine inside Python.

The reader's browser gets finished HTML and MathML, no script; the builder needs no Node.
"""

import atexit
import hashlib
import json
from pathlib import Path
from typing import Any

from tfnotes.core.errors import TfnotesError
from tfnotes.core.files import write_atomic

SCRIPT = Path(__file__).parent / "vendor" / "katex" / "katex.min.js"
_RENDER = """(tex, display) => {
  const options = {displayMode: display, throwOnError: true, strict: "error", trust: false};
  try { return JSON.stringify({html: katex.renderToString(tex, options)}); }
  catch (error) { return JSON.stringify({error: String(error.message || error)}); }
}"""


class Katex:
    """Renders formulas and remembers them.

    Args:
        cache: The file that keeps rendered formulas between builds.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._known: dict[str, str] | None = None
        self._fresh: dict[str, str] = {}
        self._call: Any = None
        self._version = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:12]

    def render(self, tex: str, display: bool) -> str:
        """The HTML of a formula.

        Args:
            tex: The formula without its delimiters.
            display: Whether it stands in a line of its own.

        Raises:
            TfnotesError: KaTeX does not understand it.
        """
        if self._known is None:
            self._known = self._read()
            atexit.register(self.save)
        text = f"{self._version}\0{display}\0{tex}"
        key = hashlib.sha256(text.encode()).hexdigest()[:24]
        if key not in self._known:
            answer = json.loads(self._engine()(tex, display))
            if "error" in answer:
                raise TfnotesError(f"formula {tex!r}: {answer['error']}; mend the TeX")
            self._known[key] = self._fresh[key] = answer["html"]
        return self._known[key]

    def save(self) -> None:
        """Adds what was rendered since to the cache file, where that can be written."""
        if not self._fresh:
            return
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            # Read again: the other language's build may have written meanwhile.
            write_atomic(self._cache, json.dumps({**self._read(), **self._fresh}))
        except OSError:
            pass
        self._fresh = {}

    def _read(self) -> dict[str, str]:
        try:
            content = json.loads(self._cache.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def _engine(self) -> Any:
        if self._call is None:
            import quickjs

            self._context = quickjs.Context()
            self._context.eval(SCRIPT.read_text(encoding="utf-8"))
            self._call = self._context.eval(_RENDER)
        return self._call
