"""A browser, a static host of the built site, and a page that keeps what went wrong on it."""

import os
import re
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Quiet(SimpleHTTPRequestHandler):
    """Answers as a static host does: 404.html from the root for what is not there."""

    def send_error(self, code, message=None, explain=None):
        content = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@contextmanager
def serving(folder):
    """A static host of a folder; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def address(site):
    with serving(site) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no chromium: .ci/run installs it")
        pytest.skip("no chromium on this machine (apt-get install chromium)")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page that keeps what went wrong on it."""

    def __init__(self, browser, own, **options):
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        self.page = self.context.new_page()
        self.abroad: list[str] = []
        self.errors: list[str] = []
        self.requests = 0
        self.page.on("request", lambda request: self._asked(request.url, own))
        self.page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", lambda r: r.status >= 400 and self.errors.append(r.url))

    def _asked(self, url, own):
        self.requests += 1
        if not url.startswith((own, "data:", "blob:")):
            self.abroad.append(f"{self.page.url}: {url}")


@pytest.fixture
def watched(browser, address):
    made = []

    def make(own=None, **options):
        made.append(Watched(browser, own or address, **options))
        return made[-1]

    yield make
    for one in made:
        one.context.close()


def addresses(site):
    for path in sorted(site.glob("*/**/index.html")):
        yield path.parent.relative_to(site).as_posix() + "/"


def search(page, words):
    """The addresses of what a search finds, in their order."""
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.locator(".md-search__input").fill(words)
    link = page.locator("#tf-results a")
    link.first.wait_for(timeout=15000)
    page.wait_for_timeout(300)
    return [
        re.sub(r"\?[^#]*", "", href) for href in link.evaluate_all("all => all.map(a => a.href)")
    ]
