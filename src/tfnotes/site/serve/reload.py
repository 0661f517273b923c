"""The web server of `tfnotes serve`: files, and a line to each browser that says when to reload."""

import json
import queue
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_EVENTS = "/.tfnotes/events"
_SCRIPT = "/.tfnotes/reload.js"
_CLIENT = """
const source = new EventSource("/.tfnotes/events");
const show = (text) => {
  let box = document.getElementById("tfnotes-problem");
  if (!box) {
    box = document.createElement("pre");
    box.id = "tfnotes-problem";
    box.setAttribute("role", "alert");
    box.style.cssText = "position:fixed;inset:auto 0 0 0;z-index:99;margin:0;padding:1rem;"
      + "max-height:40vh;overflow:auto;white-space:pre-wrap;background:#7a1d14;color:#fff";
    document.body.append(box);
  }
  box.textContent = text;
  box.hidden = !text;
};
source.onmessage = (event) => {
  const message = JSON.parse(event.data);
  if (message.reload) location.reload(); else show(message.problem);
};
addEventListener("pagehide", () => source.close());
"""


class Browsers:
    """The browsers that look at the site now."""

    def __init__(self) -> None:
        self._lines: set[queue.SimpleQueue[str]] = set()
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many there are."""
        with self._lock:
            return len(self._lines)

    def tell(self, **message: Any) -> None:
        """Sends a message to all of them: ``reload=True`` or ``problem="…"``."""
        with self._lock:
            for line in self._lines:
                line.put(json.dumps(message))

    def join(self) -> "queue.SimpleQueue[str]":
        """A new browser's line."""
        line: queue.SimpleQueue[str] = queue.SimpleQueue()
        with self._lock:
            self._lines.add(line)
        return line

    def leave(self, line: "queue.SimpleQueue[str]") -> None:
        """Ends a line."""
        with self._lock:
            self._lines.discard(line)


class Handler(SimpleHTTPRequestHandler):
    """Serves the site, with the reload script in every page."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, browsers: Browsers, **kwargs: Any) -> None:
        self.browsers = browsers
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        """Answers a request."""
        path = self.path.partition("?")[0]
        if path == _EVENTS:
            self._events()
        elif path == _SCRIPT:
            self._answer(200, _CLIENT.encode(), "text/javascript")
        else:
            self._file(path)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the terminal is for what is built and run."""

    def end_headers(self) -> None:
        """Adds that nothing is to be kept: the next version is a save away."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def _file(self, path: str) -> None:
        target = Path(self.translate_path(path))
        if target.is_dir() and path.endswith("/"):
            target /= "index.html"
        if target.suffix == ".html" and target.is_file():
            self._page(200, target)
        elif target.exists():
            super().do_GET()
        else:
            language = path.lstrip("/").partition("/")[0]
            missing = Path(self.directory) / language / "404.html"
            self._page(404, missing if missing.is_file() else Path(self.directory) / "404.html")

    def _page(self, status: int, target: Path) -> None:
        content = target.read_bytes() if target.is_file() else b"404"
        script = f'<script src="{_SCRIPT}" defer></script></body>'.encode()
        self._answer(status, content.replace(b"</body>", script, 1), "text/html; charset=utf-8")

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _events(self) -> None:
        line = self.browsers.join()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            while True:
                try:
                    text = f"data: {line.get(timeout=20)}\n\n"
                except queue.Empty:
                    text = ": still here\n\n"  # finds out that a browser has gone
                self.wfile.write(text.encode())
                self.wfile.flush()
        except OSError:
            pass
        finally:
            self.browsers.leave(line)
            self.close_connection = True


def start_server(folder: Path, host: str, port: int, browsers: Browsers) -> ThreadingHTTPServer:
    """Serves a folder from a thread of its own.

    Args:
        folder: What to serve.
        host: Address to listen at.
        port: Port; 0 for any that is free.
        browsers: Learns of the browsers that come.
    """
    handler = partial(Handler, directory=str(folder), browsers=browsers)
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
